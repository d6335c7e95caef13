/** What an edit works on: a copy of the document that can be written to and read back, and the difference in the end. */
import { assert } from '../shared/base/assert.ts'
import { type Diff, diffRecords } from './diff.ts'
import type { Records } from './invariants.ts'
import type { DocumentRecord } from './records.ts'

export type DocumentDiff = Diff<DocumentRecord>

export class Draft {
  readonly #before: Records
  readonly #now: Map<string, DocumentRecord>
  readonly #touched = new Set<string>()

  constructor(records: Records) {
    this.#before = records
    this.#now = new Map(records)
  }

  /** The document as this edit has made it so far. */
  get records(): Records {
    return this.#now
  }

  get(id: string): DocumentRecord | undefined {
    return this.#now.get(id)
  }

  /** Adds a record, or puts it in the place of the one with its id. */
  put(record: DocumentRecord): void {
    // Diffs keep records in plain objects, where such an id would vanish.
    assert(!(record.id in {}), `the id '${record.id}' is a name that every object has`)
    const there = this.#now.get(record.id)
    assert(there === undefined || there.kind === record.kind, `'${record.id}' changes its kind`)
    this.#touched.add(record.id)
    this.#now.set(record.id, record)
  }

  /** Changes fields of a record; the others stay as this edit has made them so far, whatever `record` says. */
  update<R extends DocumentRecord>(record: R, fields: Partial<Omit<R, 'id' | 'kind'>>): void {
    const there = this.#now.get(record.id)
    assert(there?.kind === record.kind, `there is no ${record.kind} '${record.id}' to change`)
    this.put({ ...there, ...fields })
  }

  remove(id: string): void {
    assert(this.#now.delete(id), `there is no record '${id}' to remove`)
    this.#touched.add(id)
  }

  finish(): DocumentDiff {
    return diffRecords(this.#before, this.#now, this.#touched)
  }
}
