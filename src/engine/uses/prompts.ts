/** The uses that need words alone: text to image, interpolation, a gradient of prompts, regions. */
import { StudioError } from '../../shared/contract/errors.ts'
import type { ResolvedRequest, Use } from '../../shared/contract/request.ts'
import type { Size } from '../../shared/geometry/rect.ts'
import { encodePng } from '../images/codec.ts'
import { everywhere, layOut, type Meaning, mix } from '../conditions.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { areaOf, gridFor, readCellMask, readPrompt, type Warn } from './parts.ts'
import type { PictureTask } from './task.ts'

type Of<Name extends Use['use']> = Extract<Use, { use: Name }>

const fromNoise = (model: LoadedModel, grid: Size, use: Use) => ({
  grid,
  area: areaOf(model, grid),
  firstStep: 0,
  finish: <T>(decoded: T): T => decoded,
  remembered: use,
})

export async function textTask(
  model: LoadedModel,
  use: Of<'text'>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<PictureTask> {
  return {
    ...fromNoise(model, gridFor(model, request.size), use),
    condition: everywhere(await readPrompt(model, use.prompt, warn)),
  }
}

/** Frame 0 is the first prompt, the last frame the second; all frames share their random numbers. */
export async function interpolationTasks(
  model: LoadedModel,
  use: Of<'interpolate'>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<PictureTask[]> {
  if (use.frame !== undefined && use.frame >= use.frames) {
    throw new StudioError(
      'bad-request',
      `use.frame: there is no frame ${use.frame} among ${use.frames}. Give 0 to ${use.frames - 1}.`,
    )
  }
  const from = await readPrompt(model, use.prompt, warn)
  const to = await readPrompt(model, use.to, warn)
  const grid = gridFor(model, request.size)
  const frames = use.frame === undefined ? Array.from({ length: use.frames }, (_, frame) => frame) : [use.frame]
  return frames.map((frame) => ({
    ...fromNoise(model, grid, { ...use, frame }),
    condition: everywhere(mix(from, to, frame / (use.frames - 1), use.path)),
  }))
}

export async function gradientTask(
  model: LoadedModel,
  use: Of<'gradient'>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<PictureTask> {
  const from = await readPrompt(model, use.prompt, warn)
  const to = await readPrompt(model, use.to, warn)
  const grid = gridFor(model, request.size)
  const across = use.direction === 'horizontal'
  const last = Math.max(1, (across ? grid.width : grid.height) - 1)
  const condition = layOut(grid, (x, y) => mix(from, to, (across ? x : y) / last))
  return { ...fromNoise(model, grid, use), condition }
}

/**
 * Regions are painted over each other in their order, each by the weight that it has in a cell: its mask's mean there, or without a
 * mask 1 where it covers the cell's centre. What shows below them is the prompt of the rest. A region that gets no cell, because it
 * is small, outside or hidden under others, is said so.
 */
export async function regionsTask(
  model: LoadedModel,
  use: Of<'regions'>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<PictureTask> {
  const rest = await readPrompt(model, use.prompt, warn)
  const grid = gridFor(model, request.size)
  const layers: Layer[] = []
  const remembered: Region[] = []
  for (const region of use.regions) {
    const meaning = await readPrompt(model, region.prompt, warn)
    const masked = region.mask && (await readCellMask(region.mask, grid))
    layers.push({
      meaning,
      weights: masked
        ? Float32Array.from(masked.cells, (mean) => mean / 255)
        : covered(region, grid, model.pixelsPerToken),
    })
    remembered.push(masked ? { ...region, mask: { kind: 'file', bytes: await encodePng(masked.mask) } } : region)
  }
  const condition = layOut(grid, (x, y) => {
    const cell = y * grid.width + x
    return layers.reduce((below, { meaning, weights }) => over(below, meaning, weights[cell] ?? 0), rest)
  })
  for (const [index, { weights }] of layers.entries()) {
    const above = layers.slice(index + 1)
    const shows = weights.some((weight, cell) => weight > 0 && above.every((other) => other.weights[cell] !== 1))
    if (!shows) warn(`Region ${index + 1} has no effect: it is too small, outside the picture or covered.`)
  }
  return { ...fromNoise(model, grid, { ...use, regions: remembered }), condition }
}

type Region = Of<'regions'>['regions'][number]

interface Layer {
  readonly meaning: Meaning
  /** 0..1 for each cell. */
  readonly weights: Float32Array
}

/** The ends exactly, and without arithmetic. */
function over(below: Meaning, meaning: Meaning, weight: number): Meaning {
  if (weight === 0) return below
  return weight === 1 ? meaning : mix(below, meaning, weight)
}

/** 1 for cells whose centre lies in the rectangle. */
function covered({ x, y, width, height }: Region, grid: Size, pixelsPerToken: number): Float32Array {
  const centre = (cell: number): number => (cell + 0.5) * pixelsPerToken
  return Float32Array.from({ length: grid.width * grid.height }, (_, cell) => {
    const [left, top] = [centre(cell % grid.width) - x, centre(Math.floor(cell / grid.width)) - y]
    return left >= 0 && left < width && top >= 0 && top < height ? 1 : 0
  })
}
