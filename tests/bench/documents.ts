/**
 * The two kinds of document that are measured: full layers (20 of 4096 x 4096 px), where nothing can be skipped, and sparse ones (50
 * of 8192 x 8192 px). Painted by formulas, without noise: gradients, waves and the weave of a canvas, so that tiles pack about as well
 * as a painting's do. No two tiles are the same.
 */
import { rename } from 'node:fs/promises'
import {
  addRasterLayer,
  type BlendMode,
  type DocumentStore,
  newDocument,
  setBlendMode,
  setFrame,
  setOpacity,
  tileSide,
} from '../../src/document/index.ts'
import { PackedTiles, writeOra } from './write-ora.ts'

export interface Extent {
  /** Of the canvas, in px. */
  readonly side: number
  readonly layers: number
}

export interface MadeDocument {
  readonly what: string
  readonly width: number
  readonly height: number
  readonly layers: number
  readonly tiles: number
  readonly fileBytes: number
}

/** Modes of the layers above the first, one after the other. */
const modes: readonly BlendMode[] = ['normal', 'multiply', 'screen', 'normal', 'overlay', 'soft-light', 'normal']
/** Tiles are packed by several threads. */
const atOnce = 4

/**
 * Layers that each have all their tiles. All but the lowest let something through in every px, so that each stroke has to be
 * blended with all of them.
 */
export async function makeFull(path: string, { side, layers }: Extent): Promise<MadeDocument> {
  const store = newDocument({ width: side, height: side })
  const tiles = new PackedTiles()
  for (let i = 0; i < layers; i++) {
    await addPainted(store, tiles, i, allKeys(side / tileSide))
  }
  return await written(path, store, tiles, 'all layers full, all but the lowest translucent, seven blend modes')
}

/** The lowest layer is full; the others have some 60 tiles each, around places all over the picture. */
export async function makeSparse(path: string, { side, layers }: Extent): Promise<MadeDocument> {
  const across = side / tileSide
  const store = newDocument({ width: side, height: side })
  const tiles = new PackedTiles()
  for (let i = 0; i < layers; i++) {
    const [x, y] = [(i * 13) % across, (i * 29) % across]
    const radius = 4 + (i % 3) / 2
    const near = (key: string): boolean => {
      const [column = 0, row = 0] = key.split(',').map(Number)
      return Math.hypot(column - x, row - y) <= radius
    }
    await addPainted(store, tiles, i, i === 0 ? allKeys(across) : allKeys(across).filter(near))
  }
  return await written(path, store, tiles, 'the lowest layer full, the others in a round part of the picture each')
}

async function written(path: string, store: DocumentStore, tiles: PackedTiles, what: string): Promise<MadeDocument> {
  const { width, height } = store.canvas
  // What the model draws into while a person paints.
  setFrame(store, { x: width / 2 - 128, y: height / 2 - 128, width: 256, height: 256 })
  const fileBytes = await writeOra(`${path}.part`, store, tiles, { isBare: true })
  await rename(`${path}.part`, path)
  const layers = store.records.size - 1
  return { what, width, height, layers, tiles: tiles.ids.length, fileBytes }
}

function allKeys(across: number): string[] {
  return Array.from({ length: across * across }, (_, i) => `${i % across},${Math.floor(i / across)}`)
}

async function addPainted(
  store: DocumentStore,
  tiles: PackedTiles,
  layer: number,
  keys: readonly string[],
): Promise<void> {
  const named: Record<string, string> = {}
  const paint = painter(layer)
  for (let at = 0; at < keys.length; at += atOnce) {
    const some = keys.slice(at, at + atOnce)
    for (const key of some) named[key] = tiles.put(paint(key))
    await Promise.all(some.map((key) => tiles.packed(named[key] ?? '')))
  }
  const id = addRasterLayer(store, { name: `Layer ${layer + 1}`, surface: { channels: 4, tiles: named } })
  if (layer === 0) return
  setBlendMode(store, id, modes[(layer - 1) % modes.length] ?? 'normal')
  setOpacity(store, id, 0.5 + (layer % 5) / 10)
}

/** A formula for each layer, as tables of its rows and columns: a px costs some additions. */
function painter(layer: number): (key: string) => Uint8Array {
  const longest = 8192
  const wave = (length: number, phase: number, strength: number) =>
    Float32Array.from({ length: longest }, (_, i) => strength * Math.sin((i / length) * 2 * Math.PI + phase))
  const across = [0, 1, 2].map((c) => wave(900 + 370 * c + 41 * layer, layer + c, 45))
  const down = [0, 1, 2].map((c) => wave(1300 - 210 * c + 57 * layer, 2 * layer + c, 45))
  const [alphaAcross, alphaDown] = [wave(700 + 29 * layer, layer, 30), wave(1100 - 31 * layer, -layer, 30)]
  const base = [0, 1, 2].map((c) => 90 + ((layer * 53 + c * 71) % 90))
  // The weave of every second layer: lighter and darker threads, four px wide. The others are washes.
  const weave = (x: number, y: number) => (layer % 2 === 0 ? 0 : (((x >> 2) + (y >> 2)) & 1) === 0 ? 3 : -3)
  return (key) => {
    const [column = 0, row = 0] = key.split(',').map(Number)
    const bytes = new Uint8ClampedArray(tileSide * tileSide * 4)
    for (let y = 0, at = 0; y < tileSide; y++) {
      const py = row * tileSide + y
      for (let x = 0; x < tileSide; x++, at += 4) {
        const px = column * tileSide + x
        const thread = weave(px, py)
        for (let c = 0; c < 3; c++) bytes[at + c] = base[c]! + across[c]![px]! + down[c]![py]! + thread
        bytes[at + 3] = layer === 0 ? 255 : 62 + alphaAcross[px]! + alphaDown[py]! + thread
      }
    }
    return new Uint8Array(bytes.buffer)
  }
}
