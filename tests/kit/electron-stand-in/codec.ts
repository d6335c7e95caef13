/**
 * What Electron's IPC clones, as text: for the one way into a page that its content policy does not see. Runs on both sides, so the
 * function that makes it uses nothing from outside of itself.
 */
export interface Codec {
  /** @throws for what is no plain data */
  write(value: unknown): string
  read(text: string): unknown
}

export function makeCodec(): Codec {
  const kinds = { Uint8Array, Uint8ClampedArray, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array }
  type Kind = keyof typeof kinds
  // Newer than the types.
  type Bytes = typeof Uint8Array & { fromBase64(text: string): Uint8Array<ArrayBuffer> }
  type Base64 = { toBase64(): string }

  const toText = (bytes: Uint8Array): string =>
    typeof Buffer === 'undefined'
      ? (bytes as unknown as Base64).toBase64()
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

  function toBytes(text: string): Uint8Array<ArrayBuffer> {
    if (typeof Buffer === 'undefined') return (Uint8Array as Bytes).fromBase64(text)
    // A copy: small buffers are views of a pool that others use too.
    return new Uint8Array(Buffer.from(text, 'base64'))
  }

  function mark(value: unknown): unknown {
    if (value === undefined) return { $: 'undefined' }
    if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', text: String(value) }
    if (value === null || typeof value !== 'object') {
      if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
        throw new Error('An object could not be cloned.')
      }
      return value
    }
    if (Array.isArray(value)) return value.map(mark)
    if (ArrayBuffer.isView(value)) {
      const kind = value instanceof Uint8Array ? 'Uint8Array' : value.constructor.name
      return { $: 'array', kind, text: toText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) }
    }
    return { $: 'record', entries: Object.entries(value).map(([key, entry]) => [key, mark(entry)]) }
  }

  function unmark(marked: unknown): unknown {
    if (marked === null || typeof marked !== 'object') return marked
    if (Array.isArray(marked)) return marked.map(unmark)
    const { $, kind, text, entries } = marked as { $: string; kind: Kind; text: string; entries: [string, unknown][] }
    if ($ === 'undefined') return undefined
    if ($ === 'number') return Number(text)
    if ($ === 'array') return new kinds[kind](toBytes(text).buffer)
    return Object.fromEntries(entries.map(([key, entry]) => [key, unmark(entry)]))
  }

  return { write: (value) => JSON.stringify(mark(value)), read: (text) => unmark(JSON.parse(text)) }
}
