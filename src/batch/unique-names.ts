/**
 * Items that a template gives one name are told apart by a number: the second 'apple' is 'apple-2'. It depends on nothing but the
 * order of the items, so every run and every shard finds the same. 'Apple' and 'apple' are one name: Windows and macOS say so.
 */
import { hash } from 'node:crypto'

export class UniqueNames {
  /** Hashes of 52 bits: a million names take some 40 MB. Where two collide, a name has a number that it did not need. */
  readonly #taken = new Map<number, number>()

  /** Without its ending, '/' between folders. */
  take(name: string): string {
    const key = hashed(name)
    const times = this.#taken.get(key)
    if (times === undefined) {
      this.#taken.set(key, 1)
      return name
    }
    for (let number = times + 1; ; number++) {
      const candidate = `${name}-${number}`
      const other = hashed(candidate)
      if (this.#taken.has(other)) continue
      this.#taken.set(key, number)
      this.#taken.set(other, 1)
      return candidate
    }
  }
}

/** The name as a file system that knows no case would compare it. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase()

function hashed(name: string): number {
  const digest = hash('sha1', nameKey(name), 'buffer')
  return digest.readUIntBE(0, 6) * 16 + ((digest[6] ?? 0) >> 4)
}
