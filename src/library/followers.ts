/** Who follows which job: windows that show a run, and go without ending it. */
import { cancelled } from '../shared/base/cancel.ts'
import type { CallHooks } from '../shared/contract/call-hooks.ts'
import type { GenerateResult } from '../shared/contract/engine-api.ts'
import type { FollowEvent, JobId } from '../shared/contract/queue-api.ts'

interface Follower {
  readonly id: JobId
  readonly tell: (event: FollowEvent) => void
  readonly resolve: (result: GenerateResult) => void
  readonly reject: (error: unknown) => void
  /** Jobs ahead of its own, as it was told last. */
  ahead: number | undefined
}

export class Followers {
  readonly #all = new Set<Follower>()

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  /** Settles with the job. @throws 'cancelled' where the signal is raised, which ends the following alone */
  async follow(id: JobId, { signal, onEvent }: CallHooks<FollowEvent>): Promise<GenerateResult> {
    return await new Promise((resolve, reject) => {
      const follower: Follower = { id, tell: (event) => onEvent?.(event), resolve, reject, ahead: undefined }
      if (signal?.aborted === true) return reject(cancelled())
      this.#all.add(follower)
      const leave = (): void => {
        this.#all.delete(follower)
        reject(cancelled())
      }
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  tell(id: JobId, event: FollowEvent): void {
    for (const follower of this.#all) if (follower.id === id) follower.tell(event)
  }

  tellPlace(id: JobId, ahead: number): void {
    for (const follower of this.#all) {
      if (follower.id !== id || follower.ahead === ahead) continue
      follower.ahead = ahead
      follower.tell({ type: 'queued', ahead })
    }
  }

  resolve(id: JobId, result: GenerateResult): void {
    for (const follower of this.#take(id)) follower.resolve(result)
  }

  reject(id: JobId, error: unknown): void {
    for (const follower of this.#take(id)) follower.reject(error)
  }

  rejectAll(error: unknown): void {
    for (const follower of this.#all) follower.reject(error)
    this.#all.clear()
  }

  #take(id: JobId): Follower[] {
    const found = [...this.#all].filter((follower) => follower.id === id)
    for (const follower of found) this.#all.delete(follower)
    return found
  }
}
