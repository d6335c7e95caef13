/** Colours weighted by their alpha: what resampling may mix, as what nobody sees then counts for nothing. */

/** @param data RGBA bytes with straight alpha -> values 0..255 */
export function premultiplied(data: Uint8Array): Float32Array {
  const values = new Float32Array(data.length)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!
    for (let c = 0; c < 3; c++) values[i + c] = (data[i + c]! * alpha) / 255
    values[i + 3] = alpha
  }
  return values
}
