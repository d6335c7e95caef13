/**
 * Undo and redo: the steps of a document in order, and a position among them. Each recorded edit is a step; a gesture of many
 * edits sets a mark at its start and squashes to it at its end, or rolls back. See H1.. in SPEC.md.
 */
import { clamp } from '../shared/geometry/rect.ts'
import { invertDiff, isEmptyDiff, squashDiffs } from './diff.ts'
import type { DocumentDiff } from './draft.ts'
import { type HistoryEntry, HistoryShelf, type HistorySpill } from './history-shelf.ts'
import type { DocumentStore } from './store.ts'

/** The start of a gesture, as mark() returns it. Open until the gesture ends, or until undo, redo or a jump. */
export interface Mark {
  readonly label: string
}

interface OpenMark extends Mark {
  /** Steps below it. */
  position: number
  /** What could be redone when it was set. */
  readonly redo: readonly HistoryEntry[]
}

export interface HistoryOptions {
  /** Steps kept; the oldest go first. 200 by default. */
  readonly limit?: number
  /** Characters of JSON kept in memory where there is a spill; about 16 million by default. */
  readonly budget?: number
  readonly spill?: HistorySpill
}

export class History {
  readonly #store: DocumentStore
  readonly #limit: number
  readonly #shelf: HistoryShelf
  readonly #listeners = new Set<() => void>()
  readonly #leave: () => void
  #entries: HistoryEntry[] = []
  #position = 0
  #marks: OpenMark[] = []
  /** Counts what makes an undo that still waits for the disk pointless: edits, rollbacks, squashes. */
  #epoch = 0
  /** The last undo that waits for the disk. Never rejects. */
  #queue: Promise<void> | undefined

  constructor(store: DocumentStore, options: HistoryOptions = {}) {
    this.#store = store
    this.#limit = options.limit ?? 200
    this.#shelf = new HistoryShelf(options.spill, options.budget ?? 2 ** 24)
    this.#leave = store.subscribe((diff, info) => {
      if (info.history === 'record') this.#record(info.label, diff)
    })
  }

  /** Labels of all steps, the oldest first: those before `position` are done, the others can be redone. */
  labels(): string[] {
    return this.#entries.map(({ label }) => label)
  }

  get position(): number {
    return this.#position
  }

  get canUndo(): boolean {
    return this.#position > 0
  }

  get canRedo(): boolean {
    return this.#position < this.#entries.length
  }

  /**
   * One step back. Done when the call returns where the step is in memory, as the newest always are; otherwise when the
   * promise resolves, and further calls wait for it. Closes all marks.
   * @returns false where there was nothing to undo, or an edit came in between
   * @throws StudioError 'file-unreadable' where the step cannot be read back from disk; nothing has changed then
   */
  undo(): Promise<boolean> {
    return this.#goTo(() => this.#position - 1)
  }

  /** As undo(), one step forward. */
  redo(): Promise<boolean> {
    return this.#goTo(() => this.#position + 1)
  }

  /** As undo(), to where `position` steps are done, in one change. */
  jumpTo(position: number): Promise<boolean> {
    return this.#goTo(() => position)
  }

  /** Begins a gesture. Marks nest. */
  mark(label: string): Mark {
    const mark = { label, position: this.#position, redo: this.#entries.slice(this.#position) }
    this.#marks.push(mark)
    return mark
  }

  /**
   * Takes back everything since the mark as if it had not been: no step is left and what could be redone then can be again.
   * @returns false where the mark is closed already
   */
  rollbackTo(mark: Mark): boolean {
    const open = this.#marks.find((candidate) => candidate === mark)
    if (open === undefined) return false
    const diff = invertDiff(this.#since(open))
    this.#replaceSince(open, [], open.redo)
    this.#store.replay(mark.label, diff)
    this.#tell()
    return true
  }

  /**
   * Makes everything since the mark one step with the label of the mark; none where it comes to nothing.
   * @returns false where the mark is closed already
   */
  squashTo(mark: Mark): boolean {
    const open = this.#marks.find((candidate) => candidate === mark)
    if (open === undefined) return false
    const diff = this.#since(open)
    if (isEmptyDiff(diff)) this.#replaceSince(open, [], open.redo)
    else this.#replaceSince(open, [this.#shelf.add(mark.label, diff)], [])
    this.#tidy()
    return true
  }

  /** The diffs of all steps, those on disk too. What is dropped meanwhile is left out. */
  async diffs(): Promise<DocumentDiff[]> {
    const entries = [...this.#entries, ...this.#marks.flatMap(({ redo }) => redo)]
    const read = entries.map(async (entry) => {
      try {
        return await this.#shelf.diffs([entry])
      } catch (error) {
        if (entry.discarded) return []
        throw error
      }
    })
    return (await Promise.all(read)).flat()
  }

  /** `listener` hears when steps, labels or the position have changed. Returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Forgets everything, and clears what is on disk. Later edits are not recorded. */
  close(): void {
    this.#leave()
    this.#epoch += 1
    const all = [...this.#entries, ...this.#marks.flatMap(({ redo }) => redo)]
    this.#entries = []
    this.#position = 0
    this.#marks = []
    this.#discardUnused(all)
    this.#tell()
  }

  #record(label: string, diff: DocumentDiff): void {
    this.#epoch += 1
    const undone = this.#entries.splice(this.#position, Number.POSITIVE_INFINITY, this.#shelf.add(label, diff))
    this.#position += 1
    this.#discardUnused(undone)
    this.#tidy()
  }

  // An async function runs at once up to its first await, so what is in memory is undone when the call returns.
  async #goTo(target: () => number): Promise<boolean> {
    const epoch = this.#epoch
    const go = (): boolean | Promise<boolean> => {
      const to = clamp(target(), 0, this.#entries.length)
      if (epoch !== this.#epoch || to === this.#position) return false
      const [low, high] = [Math.min(to, this.#position), Math.max(to, this.#position)]
      const diffs = this.#shelf.diffs(this.#entries.slice(low, high))
      if (!(diffs instanceof Promise)) return this.#move(to, diffs)
      return diffs.then(
        (read) => epoch === this.#epoch && this.#move(to, read),
        (error: unknown) => {
          if (epoch !== this.#epoch) return false
          throw error
        },
      )
    }
    const result = this.#queue === undefined ? go() : this.#queue.then(go)
    if (result instanceof Promise) this.#wait(result)
    return await result
  }

  #wait(turn: Promise<boolean>): void {
    const end = () => {
      if (this.#queue === queue) this.#queue = undefined
    }
    const queue: Promise<void> = turn.then(end, end)
    this.#queue = queue
  }

  /** @param diffs of the steps between here and `to`, the oldest first */
  #move(to: number, diffs: readonly DocumentDiff[]): true {
    const whole = squashDiffs(diffs)
    const label = this.#entries[to < this.#position ? to : to - 1]?.label ?? ''
    const closed = this.#marks
    // Before the change is told, so that its listeners see the history that belongs to it.
    const from = this.#position
    const records = this.#store.records
    this.#position = to
    this.#marks = []
    try {
      this.#store.replay(label, to < from ? invertDiff(whole) : whole)
    } catch (error) {
      // Where only a listener failed, the change has been made all the same.
      if (this.#store.records === records) {
        this.#position = from
        this.#marks = closed
      }
      throw error
    }
    this.#discardUnused(closed.flatMap(({ redo }) => redo))
    this.#tell()
    return true
  }

  /** All that happened since an open mark: those steps are always in memory. */
  #since(mark: OpenMark): DocumentDiff {
    const entries = this.#entries.slice(mark.position, this.#position)
    return squashDiffs(entries.flatMap(({ diff }) => diff ?? []))
  }

  /** Puts `done` and `redo` in the place of all steps from the mark on, and closes it and those after it. */
  #replaceSince(mark: OpenMark, done: readonly HistoryEntry[], redo: readonly HistoryEntry[]): void {
    this.#epoch += 1
    const closed = this.#marks.splice(this.#marks.indexOf(mark))
    const replaced = this.#entries.splice(mark.position, Number.POSITIVE_INFINITY, ...done, ...redo)
    this.#position = mark.position + done.length
    this.#discardUnused([...replaced, ...closed.flatMap(({ redo }) => redo)])
  }

  /** Keeps to the limit and to the budget; what lies above an open mark is not touched, so that it can be rolled back. */
  #tidy(): void {
    const untouchable = this.#marks[0]?.position ?? this.#position
    const tooMany = clamp(this.#entries.length - this.#limit, 0, untouchable)
    const dropped = this.#entries.splice(0, tooMany)
    this.#position -= tooMany
    for (const mark of this.#marks) mark.position -= tooMany
    this.#shelf.discard(dropped)
    const oldest = this.#marks[0]?.position ?? Math.max(0, this.#entries.length - 1)
    this.#shelf.keepToBudget(this.#entries, this.#entries.length - oldest)
    this.#tell()
  }

  #discardUnused(entries: readonly HistoryEntry[]): void {
    const used = new Set([...this.#entries, ...this.#marks.flatMap(({ redo }) => redo)])
    this.#shelf.discard(entries.filter((entry) => !used.has(entry)))
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
