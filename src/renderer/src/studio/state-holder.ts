/** Holds the state of the window and tells of its changes: set as often as one likes, told once a frame. */
import type { OpenDocumentState, StudioState } from './studio-state.ts'

export type Schedule = (run: () => void) => void

/** With the next frame, or soon where no frames are drawn because the window is hidden. */
export const nextFrame: Schedule = (run) => {
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    run()
  }
  requestAnimationFrame(once)
  setTimeout(once, 100)
}

export class StateHolder {
  readonly #schedule: Schedule
  readonly #listeners = new Set<() => void>()
  #state: StudioState
  #isWaiting = false

  constructor(first: StudioState, schedule: Schedule = nextFrame) {
    this.#state = first
    this.#schedule = schedule
  }

  get state(): StudioState {
    return this.#state
  }

  /** Fields that are what they were already change nothing. */
  set(changes: Partial<StudioState>): void {
    const changed = Object.entries(changes).some(([key, value]) => !Object.is(this.#state[key as never], value))
    if (!changed) return
    this.#state = { ...this.#state, ...changes }
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#schedule(() => {
      this.#isWaiting = false
      for (const listener of this.#listeners) listener()
    })
  }

  /** Changes what is known of the open document; nothing where none is open. */
  setDocument(changes: Partial<OpenDocumentState>): void {
    const { document } = this.#state
    if (document !== null) this.set({ document: { ...document, ...changes } })
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
