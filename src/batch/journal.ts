/**
 * What has become of the items of a batch so far, by all journals in its folder, and the one journal that this process appends to.
 * Journals of others are read again, from where they were left, when a file is found that nobody here knows of.
 */
import { closeSync, fdatasync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { assert } from '../shared/base/assert.ts'
import { journalFile, type JournalLine, journalsIn, readLines } from './journal-lines.ts'
import { nameKey } from './unique-names.ts'

/** The least that a run needs; the rest stays on the disk. */
export type ItemState =
  | { readonly is: 'done'; readonly file: string }
  | { readonly is: 'writing'; readonly file: string; readonly sha256: string }
  | { readonly is: 'skipped' }
  | { readonly is: 'failed' }

export class Journals {
  readonly #folder: string
  readonly #states = new Map<string, ItemState>()
  readonly #owners = new Map<string, string>()
  /** What was begun to be written and is not known to be finished. */
  readonly #begun = new Map<string, Extract<ItemState, { is: 'writing' }>>()
  readonly #parts = new Map<string, Set<string>>()
  readonly #read = new Map<string, number>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Reads what has been appended to any of them since. */
  async refresh(): Promise<void> {
    for (const path of await journalsIn(this.#folder)) {
      for await (const { line, offset, length } of readLines(path, this.#read.get(path) ?? 0)) {
        this.apply(line)
        this.#read.set(path, offset + length + 1)
      }
    }
  }

  /** Items that something is known of. */
  get size(): number {
    return this.#states.size
  }

  state(id: string): ItemState | undefined {
    return this.#states.get(id)
  }

  /** The item that wrote a file, or was about to. */
  ownerOf(file: string): string | undefined {
    return this.#owners.get(nameKey(file))
  }

  /** Temporary files that dead runs may have left of an item. */
  partsOf(id: string): readonly string[] {
    return [...(this.#parts.get(id) ?? [])]
  }

  /** Two workers may have had an item: what one of them has finished is finished. */
  apply(line: JournalLine): void {
    const { id } = line
    const isDone = this.#states.get(id)?.is === 'done'
    if (line.state === 'writing') {
      const begun = { is: line.state, file: line.file, sha256: line.sha256 }
      this.#owners.set(nameKey(line.file), id)
      this.#begun.set(id, begun)
      if (line.part !== null) this.#parts.set(id, (this.#parts.get(id) ?? new Set()).add(line.part))
      if (!isDone) this.#states.set(id, begun)
    } else if (line.state === 'done') {
      const begun = this.#begun.get(id)
      if (begun) this.#states.set(id, { is: 'done', file: begun.file })
      this.#begun.delete(id)
      this.#parts.delete(id)
    } else if (!isDone) this.#states.set(id, { is: line.state })
  }
}

const syncData = promisify(fdatasync)

/** Appends without waiting: a line is some hundred bytes into the system's cache. `sync` makes it survive a power cut. */
export class JournalWriter {
  readonly #descriptor: number
  readonly #journals: Journals
  #closed = false

  /** @throws the system's error */
  constructor(folder: string, label: string, journals: Journals) {
    this.#descriptor = openSync(journalFile(folder, label), 'a+')
    this.#journals = journals
    this.#endTornLine()
  }

  append(line: JournalLine): void {
    assert(!this.#closed, 'the journal is open')
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    for (let done = 0; done < bytes.length; ) {
      const taken = writeSync(this.#descriptor, bytes, done)
      if (taken === 0) throw Object.assign(new Error('no space left: nothing was taken'), { code: 'ENOSPC' })
      done += taken
    }
    this.#journals.apply(line)
  }

  sync(): Promise<void> {
    return syncData(this.#descriptor)
  }

  close(): void {
    if (!this.#closed) closeSync(this.#descriptor)
    this.#closed = true
  }

  #endTornLine(): void {
    const { size } = fstatSync(this.#descriptor)
    if (size === 0) return
    const last = Buffer.alloc(1)
    readSync(this.#descriptor, last, 0, 1, size - 1)
    if (last[0] !== 0x0a) writeSync(this.#descriptor, '\n')
  }
}
