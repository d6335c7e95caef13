/** What the window tells the person in passing: what was done, and what went wrong with its cause and next step. */
import { isCancelled, toErrorRecord } from '../../../shared/contract/errors.ts'
import type { StateHolder } from './state-holder.ts'
import type { Notice } from './studio-state.ts'

/** More would cover the picture; the oldest goes. */
const most = 5

export class Notices {
  readonly #holder: StateHolder
  #lastId = 0

  constructor(holder: StateHolder) {
    this.#holder = holder
  }

  tell(kind: Notice['kind'], text: string, more: Partial<Pick<Notice, 'code' | 'detail' | 'action'>> = {}): void {
    const { notices } = this.#holder.state
    this.#lastId += 1
    const notice: Notice = { id: this.#lastId, kind, text, code: null, detail: null, action: null, ...more }
    // Said twice in a row it stands once.
    const others = notices.filter((other) => other.text !== text || other.kind !== kind)
    this.#holder.set({ notices: [...others, notice].slice(-most) })
  }

  /** What was thrown, in the words of its error; a cancelled job is a wish fulfilled and says nothing. */
  fail(error: unknown, action: Notice['action'] = null): void {
    if (isCancelled(error)) return
    const { code, message, detail } = toErrorRecord(error)
    this.tell('error', message, { code, detail: detail ?? null, action })
  }

  dismiss(id: number): void {
    this.#holder.set({ notices: this.#holder.state.notices.filter((notice) => notice.id !== id) })
  }
}
