/**
 * What is drawn in place of a layer's own px while a person is at it: a stroke, a transform. Its tiles have names of their own,
 * are made when the display comes to them, and never leave the worker.
 */
import type { Overrides } from './level-tree.ts'

export interface Live {
  /** The surfaces that stand in at a level. They stay the same objects; what they name may grow. */
  overrides(level: number): Overrides
  /** Whether what is seen is what will be, byte for byte. */
  isExact(level: number): boolean
  /** To be called before a tile of the display is looked at: what stands in for it is named. */
  touch(level: number, key: string): void
  /** Tiles of the document that have to be in memory before `settle`. */
  needs(level: number, key: string): Iterable<string>
  /** Brings its own px in a tile of the display up to date. */
  settle(level: number, key: string): void
  owns(id: string): boolean
  /** Its own tiles, settled ones; undefined for others. */
  get(id: string): Uint8Array | undefined
}

let names = 0

/** A name that no tile ever had. */
export function liveName(): string {
  names += 1
  return `live ${names}`
}
