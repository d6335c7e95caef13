/** The white background of a new document, as tiles: at most four different ones, however large the canvas is. */
import { type Surface, tileSide } from '../../../document/index.ts'
import type { Size } from '../../../shared/geometry/rect.ts'

export interface BlankLayer {
  readonly surface: Surface
  /** To be stored before anything names them. */
  readonly tiles: readonly Uint8Array[]
}

export async function whiteLayer({ width, height }: Size): Promise<BlankLayer> {
  const tiles: Record<string, string> = {}
  const made = new Map<string, { readonly id: string; readonly bytes: Uint8Array }>()
  for (let row = 0; row * tileSide < height; row++) {
    for (let column = 0; column * tileSide < width; column++) {
      const part = {
        width: Math.min(tileSide, width - column * tileSide),
        height: Math.min(tileSide, height - row * tileSide),
      }
      const kind = `${part.width} ${part.height}`
      const tile = made.get(kind) ?? (await whiteTile(part))
      made.set(kind, tile)
      tiles[`${column},${row}`] = tile.id
    }
  }
  return { surface: { channels: 4, tiles }, tiles: [...made.values()].map(({ bytes }) => bytes) }
}

async function whiteTile({ width, height }: Size): Promise<{ id: string; bytes: Uint8Array }> {
  const bytes = new Uint8Array(tileSide * tileSide * 4)
  for (let y = 0; y < height; y++) bytes.fill(255, y * tileSide * 4, (y * tileSide + width) * 4)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return { id: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''), bytes }
}
