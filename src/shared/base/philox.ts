/**
 * Random numbers that are the same on every machine and in any order: Philox4x32-10, a counter-based generator (Salmon et al.,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A number depends on the seed and on its place alone (purpose,
 * step, position), so one cell's draw never shifts another's, and a run can be taken up at any step.
 */

const rounds = 10

/** High and low half of a 32 x 32 bit product, by 16-bit parts: a double cannot hold it. */
function multiply(a: number, b: number): [high: number, low: number] {
  const [ah, al, bh, bl] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff]
  const middle = ah * bl + Math.floor((al * bl) / 0x10000)
  const carry = al * bh + (middle % 0x10000)
  return [(ah * bh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0, Math.imul(a, b) >>> 0]
}

/** Four 32-bit numbers for a counter of four words under a key of two. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [a, b, c, d] = counter
  let [k0, k1] = key
  for (let round = 0; round < rounds; round++) {
    const [high0, low0] = multiply(0xd2511f53, a)
    const [high1, low1] = multiply(0xcd9e8d57, c)
    ;[a, b, c, d] = [(high1 ^ b ^ k0) >>> 0, low1, (high0 ^ d ^ k1) >>> 0, low0]
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  return [a, b, c, d]
}

/**
 * `count` uniforms in [0, 1), each a multiple of 2^-24 and so exact in float32.
 * @param seed up to 2^53
 * @param place purpose and step: each pair is a sequence of its own
 */
export function uniforms(
  seed: number,
  place: { readonly purpose: number; readonly step: number },
  count: number,
): Float32Array {
  const key: [number, number] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
  const values = new Float32Array(count)
  for (let position = 0; position < count; position += 4) {
    const words = philox4x32([position / 4, place.step, place.purpose, 0], key)
    words.forEach((word, lane) => {
      if (position + lane < count) values[position + lane] = (word >>> 8) * 2 ** -24
    })
  }
  return values
}
