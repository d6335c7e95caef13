/**
 * Where the steps of the history are kept: in memory up to a budget, beyond it on disk, the oldest first. Writing to disk is
 * asynchronous because a window can do nothing else; a step stays in memory until its copy is safely written, so a full
 * disk costs memory and never a step. A step that is read back is used once and stays on disk.
 */
import { z } from 'zod'
import { StudioError } from '../shared/contract/errors.ts'
import type { DocumentDiff } from './draft.ts'

/** A place for JSON outside of memory. Each may reject; ids are letters, digits and '-'. */
export interface HistorySpill {
  write(id: string, json: string): Promise<void>
  read(id: string): Promise<string>
  drop(id: string): Promise<void>
}

/** One step of the history. Its fields are the shelf's business but for the label. */
export interface HistoryEntry {
  readonly id: string
  readonly label: string
  /** Characters of its JSON. */
  readonly size: number
  diff: DocumentDiff | undefined
  disk: 'none' | 'writing' | 'written'
  discarded: boolean
}

const byId = z.record(z.string(), z.record(z.string(), z.unknown()))
const diffSchema = z.strictObject({ added: byId, updated: byId, removed: byId })

export class HistoryShelf {
  readonly #spill: HistorySpill | undefined
  readonly #budget: number
  #lastId = 0

  /** @param budget characters of JSON that stay in memory */
  constructor(spill: HistorySpill | undefined, budget: number) {
    this.#spill = spill
    this.#budget = budget
  }

  add(label: string, diff: DocumentDiff): HistoryEntry {
    this.#lastId += 1
    const size = this.#spill === undefined ? 0 : JSON.stringify(diff).length
    return { id: `step-${this.#lastId}`, label, size, diff, disk: 'none', discarded: false }
  }

  /**
   * The diffs of entries: at once where all are in memory.
   * @throws StudioError 'file-unreadable' (as a rejection) where one cannot be read back
   */
  diffs(entries: readonly HistoryEntry[]): DocumentDiff[] | Promise<DocumentDiff[]> {
    const found = entries.flatMap(({ diff }) => diff ?? [])
    return found.length === entries.length ? found : Promise.all(entries.map((entry) => this.#read(entry)))
  }

  discard(entries: readonly HistoryEntry[]): void {
    for (const entry of entries) {
      entry.discarded = true
      entry.diff = undefined
      if (entry.disk === 'written') this.#drop(entry)
    }
  }

  /**
   * Moves the first of `entries` to disk until the rest fits the budget.
   * @param keep how many at the end must stay in memory
   */
  keepToBudget(entries: readonly HistoryEntry[], keep: number): void {
    if (this.#spill === undefined) return
    let excess = -this.#budget
    for (const entry of entries) if (entry.diff !== undefined) excess += entry.size
    for (const entry of entries.slice(0, entries.length - keep)) {
      if (excess <= 0) return
      if (entry.diff === undefined) continue
      excess -= entry.size
      if (entry.disk === 'none') this.#write(entry, this.#spill)
    }
  }

  #write(entry: HistoryEntry, spill: HistorySpill): void {
    entry.disk = 'writing'
    spill.write(entry.id, JSON.stringify(entry.diff)).then(
      () => {
        entry.disk = 'written'
        entry.diff = undefined
        if (entry.discarded) this.#drop(entry)
      },
      // It stays in memory, and is tried again after the next step.
      () => {
        entry.disk = 'none'
      },
    )
  }

  async #read(entry: HistoryEntry): Promise<DocumentDiff> {
    if (entry.diff !== undefined) return entry.diff
    try {
      const json = (await this.#spill?.read(entry.id)) ?? ''
      return diffSchema.parse(JSON.parse(json)) as unknown as DocumentDiff
    } catch (cause) {
      throw new StudioError(
        'file-unreadable',
        `The step '${entry.label}' could not be read back from disk, so undo ends here. The document is as it was: save it, then go on.`,
        { cause },
      )
    }
  }

  /** What cannot be deleted is the spill's to clean up when the document closes. */
  #drop(entry: HistoryEntry): void {
    this.#spill?.drop(entry.id).catch(() => undefined)
  }
}
