/** From a request to the pictures it asks for: each use has its own way to start and to steer the same sampler. */
import type { ResolvedRequest } from '../../shared/contract/request.ts'
import type { LoadedModel } from '../loaded-model.ts'
import type { Draws } from '../sampler/draws.ts'
import { inpaintTask, outpaintTask } from './fill.ts'
import { mixTask } from './mix.ts'
import type { Warn } from './parts.ts'
import { restyleTask, variationTask } from './pictures.ts'
import { gradientTask, interpolationTasks, regionsTask, textTask } from './prompts.ts'
import type { PictureTask } from './task.ts'

/** What costs time is done once, here; `count` seeds then share it. Noising a picture, or its cells by chance, needs the seed's own numbers. */
export async function planTasks(
  model: LoadedModel,
  request: ResolvedRequest,
  warn: Warn,
): Promise<((draws: Draws) => PictureTask)[]> {
  const { use } = request
  const always = (task: PictureTask) => (): PictureTask => task
  switch (use.use) {
    case 'text':
      return [always(await textTask(model, use, request, warn))]
    case 'interpolate':
      return (await interpolationTasks(model, use, request, warn)).map(always)
    case 'gradient':
      return [always(await gradientTask(model, use, request, warn))]
    case 'regions':
      return [always(await regionsTask(model, use, request, warn))]
    case 'inpaint':
      return [await inpaintTask(model, use, warn)]
    case 'outpaint':
      return [await outpaintTask(model, use, warn)]
    case 'restyle':
      return [await restyleTask(model, use, request, warn)]
    case 'vary':
      return [always(await variationTask(model, use, request, warn))]
    case 'mix':
      return [always(await mixTask(model, use, request, warn))]
  }
}
