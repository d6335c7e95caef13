/**
 * The JSON of a safetensors header, read as strictly as the format asks. JSON.parse would keep the last of two equal keys, round
 * large numbers, descend 200,000 levels and, copied into an object, let a tensor named __proto__ vanish: all of them known attacks.
 */

import { shown } from './byte-source.ts'

/** Strings, whole numbers from 0 to 2^53 - 1, lists and maps: a header holds nothing else that counts. */
export type HeaderValue = string | number | readonly HeaderValue[] | ReadonlyMap<string, HeaderValue>

/** Header, entry, list of offsets; one more for what somebody may add. */
const deepest = 4

/** @throws HeaderFault with what is wrong, in a few words */
export function parseHeaderJson(text: string, mostKeys: number): ReadonlyMap<string, HeaderValue> {
  const reader = new Reader(text, mostKeys)
  const value = reader.value(0)
  reader.end()
  if (!(value instanceof Map)) throw new HeaderFault('its header is not a JSON object')
  return value as ReadonlyMap<string, HeaderValue>
}

export class HeaderFault extends Error {}

const space = /[ \t\n\r]*/y
// oxlint-disable-next-line no-control-regex -- which JSON forbids in text
const string = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y
const number = /-?\d[\d.eE+-]*/y

class Reader {
  readonly #text: string
  readonly #mostKeys: number
  #at = 0

  constructor(text: string, mostKeys: number) {
    this.#text = text
    this.#mostKeys = mostKeys
  }

  value(depth: number): HeaderValue {
    if (depth > deepest) throw new HeaderFault('its header is nested too deep')
    this.#take(space)
    const first = this.#text[this.#at]
    if (first === '{') return this.#map(depth)
    if (first === '[') return this.#list(depth)
    if (first === '"') return this.#string()
    const digits = this.#take(number)
    if (digits === undefined) throw notJson()
    const value = Number(digits)
    if (!/^(?:0|[1-9]\d*)$/.test(digits) || !Number.isSafeInteger(value))
      throw new HeaderFault(`its header holds ${shown(digits)}, which is no size`)
    return value
  }

  end(): void {
    this.#take(space)
    if (this.#at !== this.#text.length) throw notJson()
  }

  #map(depth: number): ReadonlyMap<string, HeaderValue> {
    const found = new Map<string, HeaderValue>()
    this.#items('}', () => {
      this.#take(space)
      const key = this.#string()
      if (found.has(key)) throw new HeaderFault(`its header names ${shown(key)} twice`)
      if (found.size >= this.#mostKeys) throw new HeaderFault(`its header has more than ${this.#mostKeys} entries`)
      this.#take(space)
      if (this.#text[this.#at] !== ':') throw notJson()
      this.#at++
      found.set(key, this.value(depth + 1))
    })
    return found
  }

  #list(depth: number): readonly HeaderValue[] {
    const found: HeaderValue[] = []
    this.#items(']', () => {
      if (found.length >= 64) throw new HeaderFault('its header holds an endless list')
      found.push(this.value(depth + 1))
    })
    return found
  }

  /** What stands between a bracket and its end, with commas between. */
  #items(end: string, item: () => void): void {
    this.#at++
    this.#take(space)
    if (this.#text[this.#at] === end) {
      this.#at++
      return
    }
    for (;;) {
      item()
      this.#take(space)
      const next = this.#text[this.#at++]
      if (next === end) return
      if (next !== ',') throw notJson()
    }
  }

  #string(): string {
    const literal = this.#take(string)
    if (literal === undefined) throw notJson()
    try {
      return JSON.parse(literal) as string
    } catch {
      throw notJson()
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }
}

const notJson = (): HeaderFault => new HeaderFault('its header is not JSON')
