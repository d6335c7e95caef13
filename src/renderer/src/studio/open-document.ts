/**
 * The open document: its store and history, fed into the pixel worker and into the journal behind the window as it changes.
 * Knows what was saved, and which layer is the active one.
 */
import {
  type DocumentDiff,
  type DocumentStore,
  diffRecords,
  fromSnapshot,
  History,
  isEmptyDiff,
  type Layer,
  type LayerId,
  layerOf,
  panelRows,
  type Records,
  reachableTiles,
} from '../../../document/index.ts'
import type { Target } from '../../../editor/index.ts'
import type { OpenedDocument, StudioApi, StudioEvent } from '../../../shared/contract/studio-api.ts'
import type { PixelsApi } from '../pixels/pixels-api.ts'
import type { OpenDocumentState } from './studio-state.ts'
import type { WorkQueue } from './work-queue.ts'

export interface DocumentLinks {
  readonly api: StudioApi
  readonly pixels: PixelsApi
  readonly queue: WorkQueue
  /** Something in the document, its history or its active layer changed. */
  readonly onChange: () => void
  /** A change could not be told to the program behind the window, or to the worker. */
  readonly onLost: (error: unknown) => void
}

/** Steps after which tiles that nothing names are swept. */
const sweepEvery = 100

export class OpenDocument {
  readonly key: string
  readonly store: DocumentStore
  readonly history: History
  readonly #links: DocumentLinks
  readonly #leave: () => void
  #name: string
  #path: string | null
  /** The records as the file holds them; null where no file does. */
  #saved: Records | null
  #chosen: readonly LayerId[] = []
  #active: LayerId | null = null
  #part: Target['part'] = 'pixels'
  #journalProblem: string | null = null
  #steps = 0
  #state: OpenDocumentState | undefined

  /** @param prepare edits that belong to the document's making: they are kept, and are no steps of its history */
  constructor(opened: OpenedDocument, links: DocumentLinks, prepare?: (store: DocumentStore) => void) {
    this.key = opened.key
    this.store = fromSnapshot(opened.snapshot)
    this.#links = links
    this.#name = opened.name
    this.#path = opened.path
    this.#tell(links.pixels.open({ records: [...this.store.records.values()] }))
    this.#leave = this.store.subscribe((diff, { label }) => this.#changed(diff, label))
    prepare?.(this.store)
    const spill = {
      write: (id: string, json: string) => links.api.writeStep({ key: this.key, id, json }),
      read: async (id: string) => (await links.api.readStep({ key: this.key, id })).json,
      drop: (id: string) => links.api.dropStep({ key: this.key, id }),
    }
    this.history = new History(this.store, { spill })
    this.history.subscribe(() => this.#refresh())
    this.#saved = opened.dirty ? null : this.store.records
    this.choose(this.#topmost())
  }

  get name(): string {
    return this.#name
  }

  get path(): string | null {
    return this.#path
  }

  get active(): Layer | null {
    return (this.#active === null ? undefined : layerOf(this.store.records, this.#active)) ?? null
  }

  /** What is painted on; null where no layer is active, or a group, whose only pixels are its mask's. */
  get target(): Target | null {
    const layer = this.active
    if (layer === null) return null
    if (this.#part === 'mask' && layer.kind !== 'mask' && layer.mask !== null) return { layer: layer.id, part: 'mask' }
    return layer.kind === 'group' ? null : { layer: layer.id, part: 'pixels' }
  }

  get chosen(): readonly LayerId[] {
    return this.#chosen
  }

  get isDirty(): boolean {
    return this.#saved === null || !isEmptyDiff(diffRecords(this.#saved, this.store.records))
  }

  /** The same object as long as nothing in it changed. */
  get state(): OpenDocumentState {
    this.#state ??= {
      name: this.#name,
      path: this.#path,
      dirty: this.isDirty,
      records: this.store.records,
      active: this.#active,
      part: this.target?.part ?? 'pixels',
      chosen: this.#chosen,
      history: { labels: this.history.labels(), position: this.history.position },
      journalProblem: this.#journalProblem,
    }
    return this.#state
  }

  choose(id: LayerId | null, how: 'only' | 'toggle' | 'range' = 'only'): void {
    if (id === null || how === 'only' || this.#active === null) {
      this.#chosen = id === null ? [] : [id]
      this.#active = id
    } else if (how === 'range') {
      const rows = panelRows(this.store.records).map(({ layer }) => layer.id)
      const [from, to] = [rows.indexOf(this.#active), rows.indexOf(id)].sort((a, b) => a - b) as [number, number]
      this.#chosen = rows.slice(from, to + 1)
    } else if (!this.#chosen.includes(id)) {
      this.#chosen = [...this.#chosen, id]
      this.#active = id
    } else {
      this.#chosen = this.#chosen.filter((other) => other !== id)
      if (this.#active === id) this.#active = this.#chosen.at(-1) ?? null
    }
    this.#part = 'pixels'
    this.#refresh()
  }

  choosePart(id: LayerId, part: Target['part']): void {
    if (this.#active !== id) this.choose(id)
    this.#part = part
    this.#refresh()
  }

  /** The file holds `records` now. */
  saved(records: Records, name: string, path: string): void {
    this.#saved = records
    this.#name = name
    this.#path = path
    this.#refresh()
    this.#sweep()
  }

  /** What the program behind the window tells of this document. */
  hear(event: StudioEvent): void {
    if (event.type !== 'journal-problem' || event.key !== this.key) return
    this.#journalProblem = event.message
    this.#refresh()
  }

  /** What is behind the window is the caller's to close. */
  close(): void {
    this.#leave()
    this.history.close()
  }

  #changed(diff: DocumentDiff, label: string): void {
    this.#tell(this.#links.pixels.change({ diff }))
    this.#tell(this.#links.api.append({ key: this.key, label, diff }))
    if (this.#active !== null && !this.store.records.has(this.#active)) {
      const added = Object.keys(diff.added)[0] ?? null
      this.#active = added ?? this.#topmost()
      this.#part = 'pixels'
    }
    this.#chosen = this.#chosen.filter((id) => this.store.records.has(id))
    if (this.#active !== null && !this.#chosen.includes(this.#active)) this.#chosen = [this.#active]
    this.#steps += 1
    this.#refresh()
    if (this.#steps % sweepEvery === 0) this.#sweep()
  }

  #topmost(): LayerId | null {
    return panelRows(this.store.records)[0]?.layer.id ?? null
  }

  /** Tiles that neither the document nor its history names go. In its turn: tiles of work that goes on have no name yet. */
  #sweep(): void {
    void this.#links.queue.run('', async () => {
      const keep = await reachableTiles(this.store, this.history).catch(() => undefined)
      // A sweep that fails costs disk, and the next one may succeed.
      if (keep !== undefined) await this.#links.api.sweep({ key: this.key, keep: [...keep] }).catch(() => undefined)
    })
  }

  #refresh(): void {
    this.#state = undefined
    this.#links.onChange()
  }

  #tell(call: Promise<unknown>): void {
    call.catch((error: unknown) => this.#links.onLost(error))
  }
}
