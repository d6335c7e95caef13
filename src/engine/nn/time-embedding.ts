/**
 * How a network is told the time: as sines and cosines of it, of falling frequency. The angles reach 10,000, and a graphics
 * device may be off by half a unit in the sine of such an angle, so the host computes them: some numbers a step. They
 * are rounded where PyTorch rounds, as an angle of 10,000 makes much of a frequency's last bit.
 */
import type { Value } from '../onnx/graph.ts'
import { float32, floats, type Tensor } from '../tensor/tensor.ts'

/**
 * Sines, then cosines, of the share of noise at the times t: [n] -> [n, channels]; an odd width ends with a zero.
 * @param t an input
 * @param share of noise at a time, 0 to 1
 */
export const timeEmbedding = (t: Value, channels: number, share: (time: number) => number = (time) => time): Value =>
  t.graph.hostInput(`${t.name}.embedding`, 'float32', [...t.shape, channels], t, (times) =>
    embed(Array.from(floats(times), share), channels),
  )

function embed(shares: readonly number[], channels: number): Tensor {
  const { fround } = Math
  const half = Math.floor(channels / 2)
  const fall = fround(-Math.log(10_000) / (half - 1))
  const frequencies = Array.from({ length: half }, (_, i) => fround(Math.exp(fround(i * fall))))
  const result = new Float32Array(shares.length * channels)
  for (const [row, share] of shares.entries()) {
    const angles = frequencies.map((frequency) => fround(fround(fround(share) * 10_000) * frequency))
    result.set([...angles.map(Math.sin), ...angles.map(Math.cos)], row * channels)
  }
  return float32(result, [shares.length, channels])
}
