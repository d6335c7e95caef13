/**
 * Documents and files: new, open, save, export, recover, close. Nothing that is unsaved goes without having been asked about, and
 * what fails leaves the document as it was, unsaved and open.
 */
import {
  addRasterLayer,
  type DocumentStore,
  newDocument,
  replaceSurfaces,
  setFrame,
  setSelection,
  toSnapshot,
} from '../../../document/index.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { PictureFormat } from '../../../shared/contract/picture.ts'
import { recipeSchema } from '../../../shared/contract/recipe.ts'
import { recipeFromText } from '../../../shared/contract/recipe-text.ts'
import type { FileSource, OpenedDocument } from '../../../shared/contract/studio-api.ts'
import { translation } from '../../../shared/geometry/affine.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import { generating, steps, told, work } from '../strings/steps.ts'
import { chosenModel } from './chosen-model.ts'
import { whiteLayer } from './blank-layer.ts'
import { firstFrame } from './generation-plan.ts'
import { placeAbove } from './layer-actions.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import type { Report } from './work-queue.ts'

/** Puts a document into the window in the place of the one before, which is closed. */
export type ShowDocument = (opened: OpenedDocument, prepare?: (store: DocumentStore) => void) => Promise<void>

type Answer = 'save' | 'discard' | 'cancel'

export class Files {
  readonly #parts: Parts
  readonly #show: ShowDocument
  #answer: ((answer: Answer) => void) | null = null

  constructor(parts: Parts, show: ShowDocument) {
    this.#parts = parts
    this.#show = show
  }

  async create(size: Size, background: 'white' | 'transparent'): Promise<void> {
    if (!(await this.mayLeave())) return
    await this.#parts.queue.run('', async () => {
      const { api, holder } = this.#parts
      const store = newDocument(size)
      setFrame(store, firstFrame(size, chosenModel(holder.state)))
      const snapshot = toSnapshot(store.records)
      const name = generating.untitled
      const { key } = await api.newDocument({ name, snapshot })
      const white = background === 'white' ? await whiteLayer(size) : null
      if (white !== null) await api.putTiles({ key, tiles: white.tiles })
      await this.#show({ key, name, path: null, snapshot, dirty: false, warnings: [] }, (store) => {
        if (white === null) addRasterLayer(store)
        else addRasterLayer(store, { name: steps.background, surface: white.surface })
      })
    })
  }

  /** @param source undefined asks for one */
  async open(source?: FileSource): Promise<void> {
    const { desktop, api } = this.#parts
    const chosen = source ?? (await desktop.chooseOpen({ kind: 'document' }))
    if (chosen === null || !(await this.mayLeave())) return
    await this.#parts.queue.run(work.opening(nameOf(chosen)), async (report) => {
      await this.#showOpened(await api.openFile({ source: chosen }, progress(report)))
    })
  }

  async recover(id: string): Promise<void> {
    if (!(await this.mayLeave())) return
    const { api, holder, notices } = this.#parts
    await this.#parts.queue.run(work.opening(''), async () => {
      await this.#showOpened(await api.recover({ id }))
      this.#forgetLost(id)
      holder.set({ dialog: null })
      notices.tell('info', told.noRecovery)
    })
  }

  async discardLost(id: string): Promise<void> {
    const { api, notices } = this.#parts
    try {
      await api.discardLost({ id })
      this.#forgetLost(id)
    } catch (error) {
      notices.fail(error)
    }
  }

  /** A picture as a layer of the open document, in the middle of its canvas; as a document where none is open. */
  async place(source?: FileSource): Promise<void> {
    const document = this.#parts.document()
    if (document === null || (source !== undefined && /\.ora$/i.test(nameOf(source)))) return this.open(source)
    const { desktop, api, pixels, queue } = this.#parts
    const chosen = source ?? (await desktop.chooseOpen({ kind: 'picture' }))
    if (chosen === null) return
    await queue.run(work.placing(nameOf(chosen)), async () => {
      const { surface, name, width, height, recipe } = await api.importPicture({ key: document.key, source: chosen })
      if (this.#parts.document() !== document) return
      const { store, history } = document
      const mark = history.mark(steps.place)
      try {
        const more = recipe === null ? {} : { recipe }
        const id = addRasterLayer(store, { surface, name, label: steps.place, place: placeAbove(document), ...more })
        document.choose(id)
        const x = Math.round((store.canvas.width - width) / 2)
        const y = Math.round((store.canvas.height - height) / 2)
        if (x !== 0 || y !== 0) await moveAlone(pixels, store, id, { x, y })
        history.squashTo(mark)
      } catch (error) {
        history.rollbackTo(mark)
        throw error
      }
    })
  }

  /** @returns whether the document is on the disk now */
  async save(how: 'save' | 'save-as' = 'save'): Promise<boolean> {
    const document = this.#parts.document()
    if (document === null) return false
    const { desktop, api, queue, notices } = this.#parts
    const known = how === 'save' ? document.path : null
    const suggested = `${document.name.replace(/\.[a-z0-9]{1,5}$/i, '')}.ora`
    const path = known ?? (await desktop.chooseSave({ suggested, kind: 'document' }))?.path
    if (path === undefined) return false
    const saved = await queue.run(work.saving(document.name), async (report) => {
      const { records } = document.store
      try {
        const { name, path: where } = await api.save({ key: document.key, path }, progress(report))
        document.saved(records, name, where)
        notices.tell('info', told.saved(name))
        return true
      } catch (error) {
        notices.fail(error, { label: told.saveAs, action: 'file.saveAs' })
        return false
      }
    })
    return saved ?? false
  }

  async export(format: PictureFormat, part: Rect | 'selection' | null, withRecipe: boolean): Promise<void> {
    const document = this.#parts.document()
    if (document === null) return
    const { desktop, api, pixels, queue, notices, holder } = this.#parts
    const extension = { png: 'png', jpeg: 'jpg', webp: 'webp', avif: 'avif' }[format.type]
    const suggested = `${document.name.replace(/\.[a-z0-9]{1,5}$/i, '')}.${extension}`
    const chosen = await desktop.chooseSave({ suggested, kind: format.type })
    if (chosen === null) return
    const recipe = withRecipe ? recipeOf(document) : null
    await queue.run(work.exporting, async (report) => {
      const { key } = document
      const area = part === 'selection' ? await pixels.bounds('selection') : part
      const { name, path } = await api.exportPicture({ key, format, path: chosen.path, area, recipe }, progress(report))
      const canReveal = holder.state.desktop.nativeDialogs
      notices.tell('info', told.exported(canReveal ? name : path), {
        action: canReveal ? { label: told.reveal, action: `reveal:${path}` } : null,
      })
    })
  }

  /** Asks about what is unsaved, and saves it where that is wanted. @returns whether the document may go */
  async mayLeave(): Promise<boolean> {
    const document = this.#parts.document()
    if (document === null) return true
    await this.#parts.queue.settled()
    if (!document.isDirty) return true
    this.#answer?.('cancel')
    this.#parts.holder.set({ dialog: { type: 'unsaved', name: document.name } })
    const answer = await new Promise<Answer>((resolve) => {
      this.#answer = resolve
    })
    if (answer === 'save') return await this.save()
    return answer === 'discard'
  }

  answerUnsaved(answer: Answer): void {
    this.#parts.holder.set({ dialog: null })
    this.#answer?.(answer)
    this.#answer = null
  }

  async #showOpened(opened: OpenedDocument): Promise<void> {
    await this.#show(opened)
    for (const warning of opened.warnings) this.#parts.notices.tell('warning', warning)
    if (opened.path !== null) this.#remember(opened.path)
  }

  #remember(path: string): void {
    const { holder } = this.#parts
    const { start } = holder.state
    if (start === null) return
    const others = start.recent.filter((file) => file.path !== path)
    holder.set({ start: { ...start, recent: [{ path, openedAt: Date.now() }, ...others].slice(0, 10) } })
  }

  #forgetLost(id: string): void {
    const { holder } = this.#parts
    const { start } = holder.state
    if (start !== null) holder.set({ start: { ...start, lost: start.lost.filter((document) => document.id !== id) } })
  }
}

/** Moves a layer whatever is selected: the selection is taken off for the moment, inside of the caller's step. */
async function moveAlone(
  pixels: Parts['pixels'],
  store: DocumentStore,
  layer: string,
  by: { readonly x: number; readonly y: number },
): Promise<void> {
  const { selection } = store.canvas
  if (selection !== null) setSelection(store, steps.place, null)
  const target = { layer, part: 'pixels' as const }
  const { changes, picture } = await pixels.operate({ do: 'transform', target, matrix: translation(by.x, by.y) })
  replaceSurfaces(store, steps.place, changes, picture)
  if (selection !== null) setSelection(store, steps.place, selection)
}

/** The recipe of the layer that the model drew, where there is exactly one and it needs no other picture. */
function recipeOf({ store }: OpenDocument): string | null {
  const recipes = [...store.records.values()].flatMap((record) =>
    record.kind === 'raster' && record.visible && record.recipe !== null ? [record.recipe] : [],
  )
  const [recipe] = recipes
  if (recipe === undefined || recipes.length > 1) return null
  const parsed = recipeSchema.safeParse(readRecipe(recipe))
  return parsed.success ? recipe : null
}

function readRecipe(text: string): unknown {
  const value = recipeFromText(text)
  if (value !== undefined) return value
  throw new StudioError('document-broken', 'What a layer remembers of how it was made is damaged. Export without it.')
}

const progress = (report: Report) => ({ onEvent: ({ share }: { readonly share: number }) => report(share) })

function nameOf(source: FileSource): string {
  return source.kind === 'bytes' ? source.name : (source.path.split(/[\\/]/).at(-1) ?? source.path)
}
