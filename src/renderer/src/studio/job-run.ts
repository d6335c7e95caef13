/**
 * One job of the queue, followed from here: its events put in order, each picture with its place in the gallery and its steps. A job
 * whose engine died begins anew by itself; what it tells then takes the place of what it told before.
 */
import type { GeneratedPicture, JobEvent } from '../../../shared/contract/engine-api.ts'
import type { FollowEvent, JobId } from '../../../shared/contract/queue-api.ts'
import type { PageApi } from '../../../shared/contract/page-api.ts'
import type { GenerateRequest } from '../../../shared/contract/request.ts'
import type { TrajectoryStep } from './staging-result.ts'

export interface JobListener {
  /** All that is no picture. */
  onEvent(event: Exclude<JobEvent, { type: 'picture' }>): void
  onPicture(picture: GeneratedPicture, pictureId: string | null, trajectory: readonly TrajectoryStep[]): void
}

export const enqueued = async (
  api: PageApi,
  request: GenerateRequest,
  title: string,
  where: 'next' | 'last',
): Promise<JobId> => (await api.enqueue({ request, title, where, options: { previews: true, trajectory: true } })).id

/** Resolves when the job has ended. @throws what it failed with */
export async function follow(api: PageApi, id: JobId, listener: JobListener): Promise<void> {
  const kept = new Map<number, string>()
  const steps = new Map<number, TrajectoryStep[]>()
  await api.follow(
    { id },
    {
      onEvent(event: FollowEvent) {
        if (event.type === 'kept') return void kept.set(event.index, event.pictureId)
        if (event.type === 'picture') {
          const { picture } = event
          return listener.onPicture(picture, kept.get(picture.index) ?? null, steps.get(picture.index) ?? [])
        }
        if (event.type === 'step' && event.state !== undefined) {
          const earlier = (steps.get(event.picture) ?? []).filter(({ step }) => step < event.step)
          steps.set(event.picture, [...earlier, { step: event.step, ...event.state }])
        }
        listener.onEvent(event)
      },
    },
  )
}
