/**
 * What the gallery shows of 10,000 pictures: the pages and thumbnails around what is looked at, and no more. The list of days
 * comes with every page, so the whole layout is known before the pictures are.
 */
import type {
  GalleryApi,
  GalleryFilter,
  GalleryPage,
  GalleryPicture,
  PictureId,
} from '../../../shared/contract/gallery-api.ts'
import { toErrorRecord } from '../../../shared/contract/errors.ts'
import type { Recipe } from '../../../shared/contract/recipe.ts'
import { extractRecipe } from '../../../raster/png-recipe.ts'

const pageSize = 100
/** About 400 B a picture. */
const mostPages = 20
/** About 10 KB each. */
const mostThumbnails = 600
/** What one call asks for: all of it comes at once. */
const thumbnailsAtOnce = 24

export interface ShelfState {
  readonly filter: GalleryFilter
  /** Null until the first page is there. */
  readonly total: number | null
  readonly days: GalleryPage['days']
  /** Why the gallery cannot be read, in words. */
  readonly problem: string | null
}

export interface PictureDetails {
  readonly picture: GalleryPicture
  /** Of the whole PNG; the caller ends it with `URL.revokeObjectURL`. */
  readonly url: string
  /** Null where the file tells nothing, or nothing that can be read. */
  readonly recipe: Recipe | null
}

/** A picture's address; null where its file is gone. */
type Thumbnail = string | null

export type ShelfApi = Pick<GalleryApi, 'listPictures' | 'thumbnails' | 'readPicture'>

export const everything: GalleryFilter = { search: '', starred: false, use: null }

export class GalleryShelf {
  readonly #api: ShelfApi
  readonly #listeners = new Set<() => void>()
  readonly #thumbnails = new Map<PictureId, Thumbnail>()
  readonly #asked = new Set<PictureId>()
  /** By number; those of an earlier state of the gallery are shown until the new ones come. */
  #pages = new Map<number, { readonly pictures: readonly GalleryPicture[]; isStale: boolean }>()
  #loading = new Set<number>()
  /** Counts filters and changes: answers to older questions are dropped. */
  #round = 0
  #wanted = { from: 0, to: 0 }
  #state: ShelfState = { filter: everything, total: null, days: [], problem: null }

  constructor(api: ShelfApi) {
    this.#api = api
  }

  /** Replaced whenever anything of it, a picture or a thumbnail is new. */
  get state(): ShelfState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  show(filter: GalleryFilter): void {
    this.#pages.clear()
    this.#begin()
    this.#change({ filter, total: null, days: [], problem: null })
    this.want(0, 0)
  }

  /** The gallery changed, or is looked at again: what is shown is read anew. */
  refresh(): void {
    for (const page of this.#pages.values()) page.isStale = true
    this.#begin()
    this.want(this.#wanted.from, this.#wanted.to)
  }

  /** Undefined where its page is not there (any more). */
  at(index: number): GalleryPicture | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.pictures[index % pageSize]
  }

  /** -1 where it is on no page that is there. */
  indexOf(id: PictureId): number {
    for (const [number, { pictures }] of this.#pages) {
      const at = pictures.findIndex((picture) => picture.id === id)
      if (at >= 0) return number * pageSize + at
    }
    return -1
  }

  /** Undefined until it is there. */
  thumbnail(id: PictureId): Thumbnail | undefined {
    return this.#thumbnails.get(id)
  }

  /** These are looked at: fetches what is missing of them, and forgets what is far away. */
  want(from: number, to: number): void {
    this.#wanted = { from, to }
    const last = Math.max(from, Math.min(to, (this.#state.total ?? 1) - 1))
    for (let number = Math.floor(from / pageSize); number <= Math.floor(last / pageSize); number++) {
      if (this.#pages.get(number)?.isStale !== false) void this.#loadPage(number)
    }
    this.#forgetPages()
    void this.#loadThumbnails()
  }

  /** Ids of places from..to, all of them where they are left out. */
  async ids(from = 0, to = (this.#state.total ?? 0) - 1): Promise<readonly PictureId[]> {
    const found: PictureId[] = []
    const { filter } = this.#state
    while (from + found.length <= to) {
      const offset = from + found.length
      const known = this.at(offset)
      if (known === undefined) {
        const { pictures } = await this.#api.listPictures({ filter, offset, limit: Math.min(500, to - offset + 1) })
        if (pictures.length === 0) break
        found.push(...pictures.map(({ id }) => id))
      } else found.push(known.id)
    }
    return found
  }

  async details(id: PictureId): Promise<PictureDetails> {
    const { png, picture } = await this.#api.readPicture({ id })
    const url = URL.createObjectURL(new Blob([new Uint8Array(png)], { type: 'image/png' }))
    return { picture, url, recipe: recipeOf(png) }
  }

  #begin(): void {
    this.#round += 1
    this.#loading = new Set()
  }

  async #loadPage(number: number): Promise<void> {
    if (this.#loading.has(number)) return
    this.#loading.add(number)
    const round = this.#round
    const { filter } = this.#state
    try {
      const page = await this.#api.listPictures({ filter, offset: number * pageSize, limit: pageSize })
      if (round !== this.#round) return
      this.#pages.set(number, { pictures: page.pictures, isStale: false })
      const days = JSON.stringify(page.days) === JSON.stringify(this.#state.days) ? this.#state.days : page.days
      this.#change({ total: page.total, days, problem: null })
      // What is looked at may lie on pages that nobody knew of before.
      this.want(this.#wanted.from, this.#wanted.to)
    } catch (error) {
      if (round === this.#round) this.#change({ problem: toErrorRecord(error).message })
    } finally {
      if (round === this.#round) this.#loading.delete(number)
    }
  }

  /** A few at a time, what is looked at first; asked once, as a file that is gone stays gone. */
  async #loadThumbnails(): Promise<void> {
    const { from, to } = this.#wanted
    const ids: PictureId[] = []
    for (let index = from; index <= to && ids.length < thumbnailsAtOnce; index++) {
      const id = this.at(index)?.id
      if (id !== undefined && !this.#thumbnails.has(id) && !this.#asked.has(id)) ids.push(id)
    }
    if (ids.length === 0 || this.#asked.size > 2 * thumbnailsAtOnce) return
    for (const id of ids) this.#asked.add(id)
    try {
      const { files } = await this.#api.thumbnails({ ids })
      ids.forEach((id, i) => this.#keepThumbnail(id, files[i] ?? null))
      this.#change({})
    } catch (error) {
      this.#change({ problem: toErrorRecord(error).message })
      return
    } finally {
      for (const id of ids) this.#asked.delete(id)
    }
    void this.#loadThumbnails()
  }

  #keepThumbnail(id: PictureId, file: Uint8Array | null): void {
    const url = file === null ? null : URL.createObjectURL(new Blob([new Uint8Array(file)], { type: 'image/webp' }))
    this.#thumbnails.set(id, url)
    if (this.#thumbnails.size <= mostThumbnails) return
    const shown = new Set<PictureId>()
    for (let index = this.#wanted.from; index <= this.#wanted.to; index++) shown.add(this.at(index)?.id ?? '')
    const [oldest] = [...this.#thumbnails.keys()].filter((known) => !shown.has(known))
    if (oldest === undefined) return
    const old = this.#thumbnails.get(oldest)
    if (typeof old === 'string') URL.revokeObjectURL(old)
    this.#thumbnails.delete(oldest)
  }

  #forgetPages(): void {
    const middle = (this.#wanted.from + this.#wanted.to) / 2 / pageSize
    const far = [...this.#pages.keys()].toSorted((a, b) => Math.abs(b - middle) - Math.abs(a - middle))
    for (const number of far.slice(0, Math.max(0, far.length - mostPages))) this.#pages.delete(number)
  }

  #change(changes: Partial<ShelfState>): void {
    this.#state = { ...this.#state, ...changes }
    for (const listener of this.#listeners) listener()
  }
}

function recipeOf(png: Uint8Array): Recipe | null {
  try {
    return extractRecipe(png) ?? null
  } catch {
    // A damaged recipe is no reason not to show the picture.
    return null
  }
}
