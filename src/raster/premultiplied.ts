/** Colours weighted by their alpha: what resampling may mix, as what nobody sees then counts for nothing. */

/** @param data RGBA bytes with straight alpha -> values 0..255 */
export function premultiplied(data: Uint8Array): Float32Array {
  const values = new Float32Array(data.length)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!
    if (alpha === 0) continue
    values[i] = (data[i]! * alpha) / 255
    values[i + 1] = (data[i + 1]! * alpha) / 255
    values[i + 2] = (data[i + 2]! * alpha) / 255
    values[i + 3] = alpha
  }
  return values
}
