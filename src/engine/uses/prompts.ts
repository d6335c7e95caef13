/** The uses that need words alone: text to image, interpolation, a gradient of prompts, regions. */
import { StudioError } from '../../shared/contract/errors.ts'
import type { ResolvedRequest, Use } from '../../shared/contract/request.ts'
import type { Size } from '../../shared/geometry/rect.ts'
import { everywhere, layOut, lerp, slerp } from '../conditions.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { gridFor, readPrompt, type Warn } from './parts.ts'
import type { PictureTask } from './task.ts'

type Of<Name extends Use['use']> = Extract<Use, { use: Name }>

const fromNoise = (grid: Size, use: Use) => ({
  grid,
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
    ...fromNoise(gridFor(model, request.size), use),
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
  const mix = use.path === 'slerp' ? slerp : lerp
  const grid = gridFor(model, request.size)
  const frames = use.frame === undefined ? Array.from({ length: use.frames }, (_, frame) => frame) : [use.frame]
  return frames.map((frame) => ({
    ...fromNoise(grid, { ...use, frame }),
    condition: everywhere(mix(from, to, frame / (use.frames - 1))),
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
  const condition = layOut(grid, model.conditionWidth, (x, y) => lerp(from, to, (across ? x : y) / last))
  return { ...fromNoise(grid, use), condition }
}

/**
 * A cell belongs to the last region that covers its centre, else to the prompt of the rest. A region that gets no cell, because
 * it is small, outside or hidden under others, is said so.
 */
export async function regionsTask(
  model: LoadedModel,
  use: Of<'regions'>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<PictureTask> {
  const rest = await readPrompt(model, use.prompt, warn)
  const regions: Region[] = []
  for (const { prompt, x: left, y: top, width, height } of use.regions) {
    const values = await readPrompt(model, prompt, warn)
    regions.push({ values, covers: (x, y) => x >= left && x < left + width && y >= top && y < top + height })
  }
  const grid = gridFor(model, request.size)
  const centre = (cell: number): number => (cell + 0.5) * model.pixelsPerToken
  const seen = new Set<Region>()
  const condition = layOut(grid, model.conditionWidth, (x, y) => {
    const region = regions.findLast(({ covers }) => covers(centre(x), centre(y)))
    if (region) seen.add(region)
    return region?.values ?? rest
  })
  for (const [index, region] of regions.entries()) {
    if (!seen.has(region)) warn(`Region ${index + 1} has no effect: it is too small, outside the picture or covered.`)
  }
  return { ...fromNoise(grid, use), condition }
}

interface Region {
  readonly values: Float32Array
  readonly covers: (x: number, y: number) => boolean
}
