/** The uses that start from a whole picture: structural morphing (restyle) and variations. */
import { resize } from '../../raster/resize.ts'
import { toRgb } from '../../raster/composite.ts'
import type { Pixels } from '../../shared/contract/picture.ts'
import type { ResolvedRequest, Use } from '../../shared/contract/request.ts'
import { decodePicture, encodePng } from '../images/codec.ts'
import { everywhere, mix } from '../conditions.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { type Draws, toTokens } from '../sampler/draws.ts'
import { noiseShare } from '../sampler/plan.ts'
import { areaOf, gridFor, readPrompt, type Warn } from './parts.ts'
import type { PictureTask } from './task.ts'

type Of<Name extends Use['use']> = Extract<Use, { use: Name }>

/**
 * Tokens noised to step T (1 - strength), then sampled on with another prompt: the masses stay, the matter changes. The recipe
 * keeps the picture at the size it was worked on.
 */
export async function restyleTask(
  model: LoadedModel,
  use: Of<'restyle'>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<(draws: Draws) => PictureTask> {
  const grid = gridFor(model, request.size)
  const area = areaOf(model, grid)
  const worked = resize(toRgb(await decodePicture(use.image, 'the picture')), area, 'bicubic')
  const tokens = await model.encode(worked)
  const condition = everywhere(await readPrompt(model, use.prompt, warn))
  const { steps } = request.sampling
  const firstStep = Math.round(steps * (1 - use.strength))
  const remembered = { ...use, image: await asFile(worked) }
  return (draws) => ({
    grid,
    condition,
    before: tokens,
    tokens: noised(tokens, firstStep / steps, model.labels, draws),
    firstStep,
    area,
    finish: (decoded) => decoded,
    remembered,
  })
}

/** Each token becomes random with the probability of the share of noise at cleanness r; at r = 1 none does. */
function noised(tokens: Int32Array, r: number, labels: number, draws: Draws): Int32Array {
  const share = r >= 1 ? 0 : noiseShare(r)
  const random = toTokens(draws.take('start', 0, tokens.length), labels)
  const coins = draws.take('renoise', beforeFirstStep, tokens.length)
  return tokens.map((token, cell) => ((coins[cell] ?? 1) < share ? (random[cell] ?? 0) : token))
}

/** A step no plan has: keeps the coins of the start apart from those of every renoising. */
const beforeFirstStep = 0xffff

/** What CLIP sees in the picture steers, alone or mixed with a prompt. */
export async function variationTask(
  model: LoadedModel,
  use: Of<'vary'>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<PictureTask> {
  const square = model.clipSquare(toRgb(await decodePicture(use.image, 'the picture')))
  const seen = await model.image(square)
  const meaning =
    use.promptWeight > 0 && use.prompt !== ''
      ? mix(seen, await readPrompt(model, use.prompt, warn), use.promptWeight)
      : seen
  const grid = gridFor(model, request.size)
  return {
    grid,
    area: areaOf(model, grid),
    condition: everywhere(meaning),
    firstStep: 0,
    finish: (decoded) => decoded,
    remembered: { ...use, image: await asFile(square) },
  }
}

const asFile = async (pixels: Pixels) => ({ kind: 'file' as const, bytes: await encodePng(pixels) })
