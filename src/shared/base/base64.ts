/** Bytes as text and back (RFC 4648, section 4), for rooms that have neither btoa nor Buffer. */

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Map(Array.from(letters, (letter, value) => [letter, value]))

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]]
    const bits = (a << 16) | (b << 8) | c
    for (const shift of [18, 12, 6, 0]) text += letters[(bits >> shift) & 63]
  }
  const missing = (3 - (bytes.length % 3)) % 3
  return missing === 0 ? text : text.slice(0, -missing) + '='.repeat(missing)
}

/** Undefined for a text that is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (text.length % 4 !== 0) return undefined
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  const last = text.length - padding
  for (let at = 0, to = 0; at < text.length; at += 4) {
    let bits = 0
    for (let i = at; i < at + 4; i++) {
      const value = i < last ? values.get(text[i] ?? '') : 0
      if (value === undefined) return undefined
      bits = (bits << 6) | value
    }
    for (const shift of [16, 8, 0]) if (to < bytes.length) bytes[to++] = (bits >> shift) & 255
  }
  return bytes
}
