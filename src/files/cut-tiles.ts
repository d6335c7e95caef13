/** A decoded picture as tiles of a surface: RGBA, row of tiles by row of tiles, so that little is in memory twice. */
import { setImmediate as pause } from 'node:timers/promises'
import { type Surface, tileSide } from '../document/records.ts'
import { type PutTile, type TileSurface, writeRect } from '../raster/tiles.ts'
import { assert } from '../shared/base/assert.ts'
import type { Pixels } from '../shared/contract/picture.ts'

/** Where tiles go, such as a TileStore. */
export interface TileSink {
  readonly put: PutTile
  /** Brings what was put to the disk, so that memory can let go of it. */
  sync(): Promise<void>
}

/** Of tiles that may wait in memory for the disk, in bytes. */
const mostWaiting = 128 * 2 ** 20

/**
 * @param at where the top left px lies in the surface; may be negative
 * @throws StudioError 'write-failed' where the tiles of a large picture find no room
 */
export async function cutTiles(pixels: Pixels, at: { x: number; y: number }, sink: TileSink): Promise<Surface> {
  const noTile = (): never => assert(false, 'strips of whole rows of tiles read no tile') as never
  let surface: TileSurface = { channels: 4, tiles: {} }
  let waiting = 0
  for (let y = 0; y < pixels.height; ) {
    // Up to the next border of tiles, so that each tile is written once.
    const height = Math.min(pixels.height - y, tileSide - modulo(at.y + y, tileSide))
    const strip = rgba(pixels, y, height)
    surface = writeRect(surface, strip, { x: at.x, y: at.y + y }, noTile, sink.put)
    y += height
    waiting += strip.data.length
    if (waiting > mostWaiting) {
      await sink.sync()
      waiting = 0
    }
    await pause()
  }
  return { channels: 4, tiles: surface.tiles }
}

/** Some rows in memory of their own, with an alpha. */
function rgba({ width, channels, data }: Pixels, y: number, height: number): Pixels {
  const start = y * width
  const count = width * height
  if (channels === 4) {
    return { width, height, channels: 4, data: data.subarray(start * 4, (start + count) * 4) }
  }
  const colour = channels === 3
  const result = new Uint8Array(count * 4)
  for (let i = 0, from = start * channels; i < count * 4; i += 4, from += channels) {
    result[i] = data[from]!
    result[i + 1] = data[from + (colour ? 1 : 0)]!
    result[i + 2] = data[from + (colour ? 2 : 0)]!
    result[i + 3] = 255
  }
  return { width, height, channels: 4, data: result }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by
