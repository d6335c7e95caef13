/** `paella parity`: is a golden what this engine computes too? What a golden is of shows in its configuration, not its name. */
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { checkByT5 } from './byt5.ts'
import { checkFiles, filesHead } from './checkpoint-files.ts'
import { checkClip } from './clip.ts'
import type { Comparison } from './compare.ts'
import { checkDenoiser } from './denoise-unet.ts'
import { checkDevice } from '../runtime/device.ts'
import { type Golden, goldenBroken, type GoldenHead, readGolden } from './golden.ts'
import { checkPaellaV3 } from './paella-v3.ts'
import { checkPrior } from './prior.ts'
import { checkSampler } from './sampler.ts'
import { checkSamplerV3 } from './sampler-v3.ts'
import { checkVQModel } from './vq-model.ts'
import { checkVqgan } from './vqgan-f8.ts'

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
  if ('d_kv' in config) return checkByT5
  if ('clip_r' in config) return checkPrior
  if ('ddconfig' in config) return checkVqgan
  if ('bottleneck_blocks' in config) return checkVQModel
  if ('text' in config || 'vision' in config) return checkClip
  if ('num_labels' in config && 'c_clip' in config && !('loss' in config))
    return 'cases' in head ? checkSampler : checkDenoiser
  return undefined
}

/** golden.json of other things that are recorded in the same place, and what they are. */
const others: readonly { readonly is: string; readonly schema: z.ZodType }[] = [
  { is: 'steps of training', schema: z.object({ config: z.object({ loss: z.array(z.number()) }) }) },
]

/** What a folder's golden is of, where that is no network's output; undefined where `checkGolden` can tell. */
export async function notOfANetwork(dir: string): Promise<string | undefined> {
  const head = (await readFile(join(dir, 'golden.json'), 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)) as unknown
  return others.find(({ schema }) => schema.safeParse(head).success)?.is
}

/**
 * Runs our networks on a golden's inputs, in float32; of files of weights, reads them.
 * @param dir a folder with golden.json, weights.safetensors and io.safetensors
 * @param device as runtime/device.ts has it
 * @throws StudioError 'file-not-found' or 'golden-broken' where the folder is no golden that can be checked,
 *   'checkpoint-mismatch' (its detail lists the weights by name) where its weights are not those of its network
 */
export async function checkGolden(dir: string, device = 'cpu'): Promise<ParityResult> {
  const files = await filesHead(dir)
  if (files) return resultOf(basename(resolve(dir)), checkFiles(dir, files))
  checkDevice(device)
  const golden = await readGolden(dir, device === 'auto' ? 'cpu' : device)
  const check = checkerOf(golden.head)
  if (!check) throw goldenBroken(dir, 'its configuration is of no network that is checked here')
  const comparisons = await check(golden)
  if (comparisons.length === 0) throw goldenBroken(dir, 'io.safetensors holds no output to compare with')
  return resultOf(golden.name, comparisons)
}

function resultOf(name: string, comparisons: readonly Comparison[]): ParityResult {
  return {
    name,
    passed: comparisons.every(({ passed }) => passed),
    lines: comparisons.map(({ line }) => line),
    largestError: Math.max(...comparisons.map(({ error }) => error)),
  }
}
