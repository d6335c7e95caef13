/**
 * The one place where a document changes. An edit works on a draft; only when all of it has succeeded and the result is a
 * valid document does the store take it over, in one piece, and tell its listeners. Headless: no React, no pixels.
 */
import { assert } from '../shared/base/assert.ts'
import { applyDiff, isEmptyDiff } from './diff.ts'
import { type DocumentDiff, Draft } from './draft.ts'
import { deepFreeze } from './freeze.ts'
import { type Records, structureFault } from './invariants.ts'
import type { Canvas, DocumentRecord, LayerId } from './records.ts'
import { recordFault } from './schema.ts'

/** What undo makes of an edit: a step of its own, or nothing (for small settings that are no work to lose). */
export type HistoryMode = 'record' | 'skip'

export interface EditInfo {
  readonly label: string
  /** 'replay' is a diff that was made earlier: undo, redo, or the journal. */
  readonly history: HistoryMode | 'replay'
}

export type DocumentListener = (diff: DocumentDiff, info: EditInfo) => void

/** The only fields that an edit with history 'skip' may change, so that undo around it always finds its tree and tiles. */
const skippable = new Set([
  'frame',
  'name',
  'visible',
  'locked',
  'opacity',
  'blendMode',
  'isolated',
  'prompt',
  'recipe',
])

export class DocumentStore {
  #records: Records
  #listeners = new Set<DocumentListener>()
  #editing = false
  #lastId = 0

  /** @param records a valid document, as newDocument() and fromSnapshot() make it */
  constructor(records: Records) {
    this.#records = new Map()
    this.#take(new Map(records), [...records.keys()])
  }

  /** Everything there is, by id. Never changes: after an edit there is another map, and equal records stay the same objects. */
  get records(): Records {
    return this.#records
  }

  get canvas(): Canvas {
    const canvas = this.#records.get('canvas')
    assert(canvas?.kind === 'canvas', 'a document has a canvas')
    return canvas
  }

  get(id: string): DocumentRecord | undefined {
    return this.#records.get(id)
  }

  /** An id that no layer of this document has had since it was opened. */
  newId(): LayerId {
    this.#lastId += 1
    return `layer-${this.#lastId}`
  }

  /**
   * Changes the document in one piece. Whatever `recipe` or a check throws leaves it as it was.
   * @param label what a person reads in the history: 'Add layer'
   * @returns what changed; empty where the edit came to nothing, which no listener hears of
   */
  edit(label: string, recipe: (draft: Draft) => void, options: { readonly history?: HistoryMode } = {}): DocumentDiff {
    const history = options.history ?? 'record'
    return this.#exclusively(() => {
      const draft = new Draft(this.#records)
      recipe(draft)
      const diff = draft.finish()
      if (history === 'skip') assertSkippable(diff)
      return this.#commit(diff, { label, history })
    })
  }

  /**
   * Applies a diff that was made from this document at this point: by undo, or by a journal.
   * Throws, and changes nothing, where it does not fit.
   */
  replay(label: string, diff: DocumentDiff): void {
    this.#exclusively(() => this.#commit(diff, { label, history: 'replay' }))
  }

  /** `listener` hears of each change after it happened; it must not edit. Returns the function that ends it. */
  subscribe(listener: DocumentListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #exclusively<T>(work: () => T): T {
    assert(!this.#editing, 'an edit began inside of another edit or in a listener')
    this.#editing = true
    try {
      return work()
    } finally {
      this.#editing = false
    }
  }

  #commit(diff: DocumentDiff, info: EditInfo): DocumentDiff {
    if (isEmptyDiff(diff)) return diff
    deepFreeze(diff)
    this.#take(applyDiff(this.#records, diff), [...Object.keys(diff.added), ...Object.keys(diff.updated)])
    this.#tell(diff, info)
    return diff
  }

  /** Checks first, then takes over: there is nothing to roll back. */
  #take(next: Records, changed: readonly string[]): void {
    for (const id of changed) {
      const fault = recordFault(next.get(id))
      assert(fault === undefined, `record '${id}' is not valid: ${fault}`)
    }
    const fault = structureFault(next)
    assert(fault === undefined, `the document is not valid: ${fault}`)
    for (const id of changed) {
      deepFreeze(next.get(id))
      this.#lastId = Math.max(this.#lastId, Number(/^layer-(\d{1,9})$/.exec(id)?.[1] ?? 0))
    }
    this.#records = next
  }

  /** Everyone hears of it even where a listener throws; the first error goes on to the caller, the change stays. */
  #tell(diff: DocumentDiff, info: EditInfo): void {
    const errors: unknown[] = []
    for (const listener of this.#listeners) {
      try {
        listener(diff, info)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}

function assertSkippable(diff: DocumentDiff): void {
  assert(
    Object.keys(diff.added).length + Object.keys(diff.removed).length === 0,
    'an edit without history adds or removes a layer',
  )
  for (const { before, after } of Object.values(diff.updated)) {
    const field = [...Object.keys(before), ...Object.keys(after)].find((field) => !skippable.has(field))
    assert(field === undefined, `an edit without history changes '${field}'`)
  }
}
