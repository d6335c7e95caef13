/** A value that a person drags: many changes that become one step of the history, or none. */
import type { History, Mark } from '../../../document/index.ts'
import type { Phase } from './studio-model.ts'

export class Gesture {
  #open: { readonly history: History; readonly mark: Mark; readonly of: string } | null = null

  /** @param of what is dragged: another value ends the gesture before it */
  apply(history: History, label: string, of: string, phase: Phase, change: () => void): void {
    if (this.#open !== null && (this.#open.history !== history || this.#open.of !== of)) this.#close('commit')
    if (phase === 'cancel') return this.#close('cancel')
    this.#open ??= { history, mark: history.mark(label), of }
    change()
    if (phase === 'commit') this.#close('commit')
  }

  #close(how: 'commit' | 'cancel'): void {
    const open = this.#open
    this.#open = null
    if (how === 'commit') open?.history.squashTo(open.mark)
    else open?.history.rollbackTo(open.mark)
  }
}
