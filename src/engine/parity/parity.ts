/** `paella parity`: is a golden what this engine computes too? What a golden is of shows in its configuration, not its name. */
import { checkClip } from './clip.ts'
import type { Comparison } from './compare.ts'
import { checkDenoiser } from './denoise-unet.ts'
import { type Golden, goldenBroken, type GoldenHead, readGolden } from './golden.ts'
import { checkPaellaV3 } from './paella-v3.ts'
import { checkSampler } from './sampler.ts'
import { checkSamplerV3 } from './sampler-v3.ts'
import { checkVQModel } from './vq-model.ts'

export interface ParityResult {
  readonly name: string
  readonly passed: boolean
  /** One comparison a line: what, and how far off. */
  readonly lines: string[]
  /** Largest difference as a share of the largest value; of integers the share that differs. */
  readonly largestError: number
}

type Checker = (golden: Golden) => Promise<Comparison[]>

function checkerOf({ config, ...head }: GoldenHead): Checker | undefined {
  if ('byt5_embd' in config) return 'cases' in head ? checkSamplerV3 : checkPaellaV3
  if ('bottleneck_blocks' in config) return checkVQModel
  if ('text' in config || 'vision' in config) return checkClip
  if ('num_labels' in config && 'c_clip' in config && !('loss' in config))
    return 'cases' in head ? checkSampler : checkDenoiser
  return undefined
}

/**
 * Runs our networks on a golden's inputs, on the CPU in float32.
 * @param dir a folder with golden.json, weights.safetensors and io.safetensors
 * @throws StudioError 'file-not-found' or 'golden-broken' where the folder is no golden that can be checked,
 *   'checkpoint-mismatch' (its detail lists the weights by name) where its weights are not those of its network
 */
export async function checkGolden(dir: string): Promise<ParityResult> {
  const golden = await readGolden(dir)
  const check = checkerOf(golden.head)
  if (!check) throw goldenBroken(dir, 'its configuration is of no network that is checked here')
  const comparisons = await check(golden)
  if (comparisons.length === 0) throw goldenBroken(dir, 'io.safetensors holds no output to compare with')
  return {
    name: golden.name,
    passed: comparisons.every(({ passed }) => passed),
    lines: comparisons.map(({ line }) => line),
    largestError: Math.max(...comparisons.map(({ error }) => error)),
  }
}
