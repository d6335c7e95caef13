/**
 * Surfaces at half, a quarter, an eighth of their size and so on, as surfaces of tiles that need not exist yet: here are only
 * their names. A name stands for the tiles it is made of, so what did not change keeps its name and is not made again.
 */
import type { TileSurface } from '../../../raster/tiles.ts'

/** A tile that is four others, halved. */
export interface Mip {
  readonly level: number
  readonly channels: 1 | 4
  /** Top left, top right, bottom left, bottom right; undefined where there is none. */
  readonly children: readonly (string | undefined)[]
}

export class Pyramid {
  readonly #mips = new Map<string, Mip>()
  readonly #names = new Map<string, string>()
  readonly #levels = new WeakMap<TileSurface, TileSurface[]>()

  /** The surface at 1 / 2^level of its size; its tiles are those of the surface itself, or mips. */
  at(surface: TileSurface, level: number): TileSurface {
    if (level === 0) return surface
    let known = this.#levels.get(surface)
    if (known === undefined) this.#levels.set(surface, (known = []))
    return (known[level] ??= this.#halved(this.at(surface, level - 1), level))
  }

  /** Undefined for a tile of a surface itself. */
  mip(id: string): Mip | undefined {
    return this.#mips.get(id)
  }

  #halved({ channels, tiles }: TileSurface, level: number): TileSurface {
    const fours = new Map<string, (string | undefined)[]>()
    for (const [key, id] of Object.entries(tiles)) {
      const comma = key.indexOf(',')
      const column = Number(key.slice(0, comma))
      const row = Number(key.slice(comma + 1))
      const parent = `${column >> 1},${row >> 1}`
      let four = fours.get(parent)
      if (four === undefined) fours.set(parent, (four = [undefined, undefined, undefined, undefined]))
      four[(row & 1) * 2 + (column & 1)] = id
    }
    const halved: Record<string, string> = {}
    for (const [key, children] of fours) halved[key] = this.#name({ level, channels, children })
    return { channels, tiles: halved }
  }

  #name(mip: Mip): string {
    const content = `${mip.channels} ${mip.children.join(' ')}`
    const known = this.#names.get(content)
    if (known !== undefined) return known
    const name = `mip ${this.#mips.size}`
    this.#names.set(content, name)
    this.#mips.set(name, mip)
    return name
  }
}
