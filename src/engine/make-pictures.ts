/** All pictures of a request, one after the other: what costs time is done once for all of them, then each is sampled and told. */
import { cancelled, throwIfCancelled } from '../shared/base/cancel.ts'
import type { GenerateOptions, JobHooks } from '../shared/contract/engine-api.ts'
import type { ResolvedRequest } from '../shared/contract/request.ts'
import type { LoadedModel } from './loaded-model.ts'
import { finishPicture, samplePicture } from './picture-run.ts'
import { seededDraws } from './sampler/draws.ts'
import { readPrompt, type Warn } from './uses/parts.ts'
import { planTasks } from './uses/plan-tasks.ts'

/** Where warnings of a job go. */
export const warnerOf =
  (hooks: JobHooks): Warn =>
  (text) =>
    hooks.onEvent?.({ type: 'warning', text })

/**
 * @param told how many of them were told before, by a device that failed
 * @returns how many there are
 */
export async function makePictures(
  model: LoadedModel,
  request: ResolvedRequest,
  options: GenerateOptions,
  hooks: JobHooks,
  told: number,
): Promise<number> {
  try {
    return await makeAll(model, request, options, hooks, told)
  } finally {
    // One that failed or was cancelled leaves them too.
    await model.doneReading()
  }
}

async function makeAll(...[model, request, options, hooks, told]: Parameters<typeof makePictures>): Promise<number> {
  const warn = warnerOf(hooks)
  const tasks = await planTasks(model, request, warn)
  const against =
    request.negative === '' ? await model.nothing() : await readPrompt(model, request.negative, warn, 'negative prompt')
  await model.doneReading()
  const pictures = tasks.length * request.count
  let index = 0
  for (let i = 0; i < request.count; i++) {
    const seed = request.seed + i
    for (const makeTask of tasks) {
      if (index >= told) {
        throwIfCancelled(hooks.signal)
        const draws = seededDraws(seed)
        const one = { ...request, seed, count: 1 }
        const run = { model, task: makeTask(draws), against, request: one, draws, index, pictures }
        const standing = await samplePicture(run, options, hooks)
        if (!standing.cancelled || options.keepPartial)
          hooks.onEvent?.({ type: 'picture', picture: await finishPicture(run, standing, options) })
        if (standing.cancelled) throw cancelled()
      }
      index += 1
    }
  }
  return pictures
}
