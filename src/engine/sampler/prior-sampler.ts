/**
 * From noise to CLIP's features of a picture, for a caption's (models/prior.ts): at each of a few steps the prior says what is
 * noise, and a share of it is taken off. The share of the picture falls along a cosine (Nichol and Dhariwal, arXiv 2102.09672).
 */
import type { Runner } from '../runtime/session.ts'
import { float32, floats } from '../tensor/tensor.ts'
import type { Draws } from './draws.ts'

export interface PriorPlan {
  readonly steps: number
  /** Weight of the caption against no caption. */
  readonly guidance: number
  /** 'ddpm' puts a little fresh noise back after every step but the last, 'ddim' none. */
  readonly method: 'ddpm' | 'ddim'
}

/** As the authors ran it. */
export const priorDefaults: PriorPlan = { steps: 60, guidance: 3, method: 'ddpm' }

/** Share of the picture, by variance, at time t: 1 = all noise. Never quite all nor nothing, so that it may be divided by. */
function pictureShare(t: number): number {
  const shift = 0.008
  const cosine = (time: number): number => Math.cos((((time + shift) / (1 + shift)) * Math.PI) / 2) ** 2
  return Math.min(Math.max(cosine(t) / cosine(0), 0.0001), 0.9999)
}

/**
 * @param session of `prior`
 * @param text CLIP's features of the caption, [clip]
 * @param normals standard normal numbers, as many as `text` has: 0 = to start from, 1 + i = put back after step i
 * @returns features of a picture, [clip]
 */
export async function samplePrior(
  session: Runner,
  text: Float32Array,
  { steps, guidance, method }: PriorPlan,
  normals: (index: number) => Float32Array,
): Promise<Float32Array> {
  const size = text.length
  const pair = (first: Float32Array, second: Float32Array) => {
    const rows = new Float32Array(2 * size)
    rows.set(first)
    rows.set(second, size)
    return float32(rows, [2, size])
  }
  const captions = pair(text, new Float32Array(size))
  let x = normals(0)
  for (let step = 0; step < steps; step++) {
    // The authors' first time is not 1, where the picture's share is next to nothing and would be divided by.
    const [time, nextTime] = [(steps - step) / (steps + 1), (steps - step - 1) / (steps + 1)]
    const predicted = await session.run({
      x: pair(x, x),
      time: float32(Float32Array.of(time, time), [2]),
      text: captions,
    })
    const rows = floats(predicted.noise)
    const found = x.map((_, i) => {
      const without = rows[size + i] ?? 0
      return without + guidance * ((rows[i] ?? 0) - without)
    })
    const [now, next] = [pictureShare(time), pictureShare(nextTime)]
    if (method === 'ddim') x = ddim(x, found, now, next)
    else x = ddpm(x, found, now, next, nextTime === 0 ? undefined : normals(1 + step))
  }
  return x
}

/** The mean of what stood there a step earlier, and noise of its deviation (Ho et al., arXiv 2006.11239). */
function ddpm(x: Float32Array, noise: Float32Array, now: number, next: number, fresh: Float32Array | undefined) {
  const kept = now / next
  const deviation = Math.sqrt(((1 - kept) * (1 - next)) / (1 - now))
  const mean = (value: number, i: number): number =>
    (value - ((1 - kept) * (noise[i] ?? 0)) / Math.sqrt(1 - now)) / Math.sqrt(kept)
  return x.map((value, i) => mean(value, i) + deviation * (fresh?.[i] ?? 0))
}

/** The clean picture as it looks now, under the same noise but less of it (Song et al., arXiv 2010.02502). */
function ddim(x: Float32Array, noise: Float32Array, now: number, next: number) {
  const clean = (value: number, i: number): number => (value - Math.sqrt(1 - now) * (noise[i] ?? 0)) / Math.sqrt(now)
  return x.map((value, i) => Math.sqrt(next) * clean(value, i) + Math.sqrt(1 - next) * (noise[i] ?? 0))
}

/** The normals of a run, `count` for each index (Box and Muller). */
export function seededNormals(draws: Draws, count: number): (index: number) => Float32Array {
  return (index) => {
    const u = draws.take('prior', index, 2 * count)
    return Float32Array.from({ length: count }, (_, i) => {
      const [radius = 0, angle = 0] = [u[2 * i], u[2 * i + 1]]
      return Math.sqrt(-2 * Math.log(1 - radius)) * Math.cos(2 * Math.PI * angle)
    })
  }
}
