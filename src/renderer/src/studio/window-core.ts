/**
 * The inside of the window's model: the open document with its editor, pixels, model and files, and how a change in one of them
 * reaches the others. It is what the canvas talks to; what panels ask for is added in studio.ts.
 */
import type { DocumentStore } from '../../../document/index.ts'
import {
  type ActionId,
  type Command,
  Editor,
  type Input,
  type Keymap,
  type KeyInput,
  newKeymap,
  type Preview,
  toCanvas,
} from '../../../editor/index.ts'
import type { DesktopApi } from '../../../shared/contract/desktop-api.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { PageApi } from '../../../shared/contract/page-api.ts'
import type { FileSource, OpenedDocument, StudioEvent } from '../../../shared/contract/studio-api.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { Size } from '../../../shared/geometry/rect.ts'
import type { DisplayEvent, PixelsApi, ViewRequest } from '../pixels/pixels-api.ts'
import { told } from '../strings/steps.ts'
import type { CanvasHost, Drawing } from './canvas-host.ts'
import { Clipboard } from './clipboard.ts'
import { Commander } from './commander.ts'
import { BatchDesk } from './batch-desk.ts'
import { Files } from './files.ts'
import { firstState } from './first-state.ts'
import { Generating } from './generating.ts'
import { Library } from './library.ts'
import { LiveStroke } from './live-stroke.ts'
import { LiveTransform } from './live-transform.ts'
import { Notices } from './notices.ts'
import { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import { PixelLink } from './pixel-link.ts'
import { chosenModel } from './chosen-model.ts'
import { readPreferences } from './preferences.ts'
import { noScene, SceneTeller } from './scene.ts'
import { type Schedule, StateHolder } from './state-holder.ts'
import type { DialogState, Preferences, StudioState } from './studio-state.ts'
import { WindowActions } from './window-actions.ts'
import { WorkQueue } from './work-queue.ts'

/** Px that the prompt takes at the foot of the canvas, its distance to the edge included, until it has been measured. */
const promptHeight = 104

export interface StudioLinks {
  readonly api: PageApi
  readonly pixels: PixelsApi
  readonly desktop: DesktopApi
  readonly platform: 'mac' | 'other'
  readonly schedule?: Schedule | undefined
}

export abstract class WindowCore implements CanvasHost {
  protected readonly parts: Parts
  protected readonly commander: Commander
  protected readonly files: Files
  protected readonly clipboard: Clipboard
  protected readonly generating: Generating
  protected readonly library: Library
  readonly batches: BatchDesk
  protected readonly actions: WindowActions
  readonly #link: PixelLink
  readonly #stroke: LiveStroke
  readonly #transform: LiveTransform
  readonly #scene: SceneTeller
  readonly #platform: StudioLinks['platform']
  readonly #panelListeners = new Set<(action: ActionId) => void>()
  readonly #drawingListeners = new Set<(drawing: Drawing | null) => void>()
  #document: OpenDocument | null = null
  #drawing: Drawing | null = null
  #foot = promptHeight
  #view = ''
  #overlay = 'null'
  #keymap: Keymap

  constructor({ api, pixels, desktop, platform, schedule }: StudioLinks) {
    this.#platform = platform
    const holder = new StateHolder(firstState, schedule)
    const notices = new Notices(holder)
    const queue = new WorkQueue(
      (busy) => holder.set({ busy }),
      (error) => notices.fail(error),
      (working) => holder.set({ working }),
    )
    this.#keymap = newKeymap(platform)
    const editor = new Editor({ scene: noScene, session: firstState.session, keymap: this.#keymap })
    this.parts = { holder, api, desktop, pixels, editor, queue, notices, document: () => this.#document }
    this.#link = new PixelLink(
      pixels,
      api,
      () => this.#document?.key ?? null,
      (error) => this.#lost(error),
    )
    this.#stroke = new LiveStroke(this.parts)
    this.#transform = new LiveTransform(this.parts)
    this.commander = new Commander(this.parts, this.#stroke, this.#transform, (action) => this.actions.run(action))
    this.#scene = new SceneTeller(this.parts, (commands) => this.obey(commands))
    this.generating = new Generating(
      this.parts,
      (drawing) => this.#draw(drawing),
      (model) => this.setPreferences({ model }),
    )
    this.files = new Files(this.parts, (opened, prepare) => this.#show(opened, prepare))
    this.library = new Library(this.parts, (source) => this.files.place(source))
    this.batches = new BatchDesk(api, () => chosenModel(this.state)?.id ?? null)
    this.clipboard = new Clipboard(this.parts, this.files)
    this.actions = new WindowActions(this.parts, {
      commander: this.commander,
      clipboard: this.clipboard,
      files: this.files,
      generating: this.generating,
      library: this.library,
      setPreferences: (changes) => this.setPreferences(changes),
      showMask: (show) => this.#showMask(show),
      generate: (where) => this.generate(where),
      close: () => this.settle(this.#close()),
      quit: () => this.settle(this.requestClose()),
      toPanels: (action) => {
        for (const listener of this.#panelListeners) listener(action)
      },
    })
  }

  get state(): StudioState {
    return this.parts.holder.state
  }

  get drawing(): Drawing | null {
    return this.#drawing
  }

  subscribe(listener: () => void): () => void {
    return this.parts.holder.subscribe(listener)
  }

  /** Asks the program behind the window what there is, and hears of it from then on. Offers what was lost. */
  async begin(): Promise<void> {
    const { api, desktop, holder, notices } = this.parts
    try {
      const [start, shell] = await Promise.all([api.begin(), desktop.describe()])
      holder.set({ start, desktop: shell })
      this.#applyPreferences(readPreferences(start.settings))
      if (start.lost.length > 0) holder.set({ dialog: { type: 'recover' } })
      const onEvent = (event: StudioEvent): void => {
        this.#document?.hear(event)
        this.library.hear(event)
      }
      api.watch(null, { onEvent }).catch((error: unknown) => this.#lost(error))
      await this.library.connect()
      await this.generating.generation.connect()
      this.#scene.refresh()
      this.tell()
    } catch (error) {
      notices.fail(error)
      this.#lost(error)
    }
  }

  /** The person wants the window gone: asks about unsaved work first. */
  async requestClose(): Promise<void> {
    if (!(await this.files.mayLeave())) return
    await this.#closeNow()
    await this.parts.desktop.closeWindow()
  }

  // The canvas

  dispatch(input: Input): void {
    if (this.generating.takes(input, (key) => this.actionOf(key))) return
    this.obey(this.parts.editor.dispatch(input))
    if ('x' in input && input.type !== 'wheel') this.#point(input)
  }

  /** What a key would ask for where the focus is; null for what is no shortcut. */
  actionOf(input: KeyInput): ActionId | null {
    return input.type === 'keydown' ? this.#keymap.lookup(input, input.focus, this.state.staging !== null) : null
  }

  previews(): readonly Preview[] {
    return this.#document === null ? [] : this.parts.editor.previews()
  }

  toolPath(): string {
    return this.parts.editor.path()
  }

  setViewport(viewport: Size): void {
    const { editor } = this.parts
    const isFirst = editor.session.viewport.width <= 1
    editor.configure({ viewport, foot: this.#foot })
    if (isFirst && this.#document !== null) this.obey(editor.act('view.fit'))
    this.tell()
  }

  setFoot(px: number): void {
    if (px === this.#foot) return
    this.#foot = px
    this.parts.editor.configure({ foot: px })
    this.tell()
  }

  show(view: ViewRequest): void {
    const text = JSON.stringify(view)
    if (text === this.#view || this.#document === null) return
    this.#view = text
    this.parts.pixels.view(view).catch((error: unknown) => this.#lost(error))
  }

  onDisplay(listener: (event: DisplayEvent) => void): () => void {
    return this.#link.onDisplay(listener)
  }

  onDrawing(listener: (drawing: Drawing | null) => void): () => void {
    this.#drawingListeners.add(listener)
    return () => this.#drawingListeners.delete(listener)
  }

  /** For what only panels can do: hears of actions such as 'prompt.focus'. */
  onPanelAction(listener: (action: ActionId) => void): () => void {
    this.#panelListeners.add(listener)
    return () => this.#panelListeners.delete(listener)
  }

  /** Starts what the model would do now; without a document it makes one first. */
  generate(where: 'next' | 'queue' = 'next'): void {
    this.settle(this.#generate(where))
  }

  setPreferences(changes: Partial<Preferences>): void {
    const preferences = { ...this.state.preferences, ...changes }
    this.#applyPreferences(preferences)
    this.settle(this.parts.api.saveSettings({ settings: preferences }))
  }

  place(source: FileSource): void {
    this.settle(this.files.place(source))
  }

  showDialog(dialog: DialogState): void {
    this.parts.holder.set({ dialog })
  }

  /** Carries out what the editor asks for, and tells everybody what has become of it. */
  protected obey(commands: readonly Command[]): void {
    // A stroke's own command ends it; what the editor shows after it must not end it first.
    this.commander.run(commands)
    const previews = this.previews()
    this.#stroke.follow(previews)
    this.#transform.follow(previews)
    this.tell(previews)
  }

  /** The state of editor and document, as panels see it. */
  protected tell(previews: readonly Preview[] = this.previews()): void {
    const { holder, editor } = this.parts
    const pending = previews.find((preview) => preview.type === 'transform' || preview.type === 'crop')
    const isWaiting = editor.path().endsWith('.pending')
    holder.set({
      session: editor.session,
      hints: sameAs(holder.state.hints, editor.hint()),
      waiting: isWaiting && pending ? (pending.type === 'crop' ? 'crop' : 'transform') : null,
      transform: pending?.type === 'transform' ? pending.numbers : null,
      document: this.#document?.state ?? null,
    })
  }

  abstract setCompare(position: number | null): void
  abstract paintMix(points: readonly Point[], diameter: number): void

  protected settle(running: Promise<unknown>): void {
    running.catch((error: unknown) => this.parts.notices.fail(error))
  }

  /** Changes the document at once; what a layer refuses is told. */
  protected edit(change: (store: DocumentStore, document: OpenDocument) => void): void {
    const document = this.#document
    if (document === null) return
    try {
      change(document.store, document)
    } catch (error) {
      this.parts.notices.fail(error)
    }
  }

  async #show(opened: OpenedDocument, prepare?: (store: DocumentStore) => void): Promise<void> {
    const before = this.#document
    const { api, pixels, queue, editor, holder } = this.parts
    holder.set({ view: null })
    before?.close()
    this.#view = ''
    this.#overlay = 'null'
    this.#document = new OpenDocument(
      opened,
      { api, pixels, queue, onChange: () => this.#changed(), onLost: (error) => this.#lost(error) },
      prepare,
    )
    this.#changed()
    this.obey(editor.act('view.fit'))
    if (before !== null) await api.closeDocument({ key: before.key })
  }

  /** Closes the document; the window stays. */
  async #close(): Promise<void> {
    if (this.#document !== null && (await this.files.mayLeave())) await this.#closeNow()
  }

  async #closeNow(): Promise<void> {
    const document = this.#document
    if (document === null) return
    this.#document = null
    document.close()
    this.#changed()
    await this.parts.pixels.open({ records: null })
    await this.parts.api.closeDocument({ key: document.key })
  }

  #changed(): void {
    // A document tells of itself while it is being made.
    this.#scene.refresh()
    this.generating.refresh()
    this.#layOver()
    this.tell()
  }

  async #generate(where: 'next' | 'queue'): Promise<void> {
    const { generation } = this.generating
    const { model } = generation
    if (this.state.generation.blocked !== null || model === undefined) return
    if (this.#document === null) {
      const side = 4 * Math.max(model.defaults.size.width, model.defaults.size.height)
      await this.files.create({ width: side, height: side }, 'white')
    }
    if (this.#document !== null) await generation.run(this.#document, where)
  }

  #draw(drawing: Drawing | null): void {
    this.#drawing = drawing
    for (const listener of this.#drawingListeners) listener(drawing)
  }

  #showMask(show: boolean): void {
    this.parts.holder.set({ maskShown: show })
    this.#layOver()
  }

  /** The mask that is painted on, else the selection. A mask layer has no other look, so it shows as long as it is chosen. */
  #layOver(): void {
    const target = this.#document?.target ?? null
    const isMaskLayer = this.#document?.active?.kind === 'mask'
    const show = isMaskLayer || (this.state.maskShown && target?.part === 'mask') ? target : null
    const what = show ?? (this.state.maskShown ? 'selection' : null)
    const text = JSON.stringify(what)
    if (text === this.#overlay) return
    this.#overlay = text
    this.parts.pixels.overlay({ show: what }).catch((error: unknown) => this.#lost(error))
  }

  #point(at: Point): void {
    const { camera } = this.state.session
    const point = toCanvas(camera, at)
    const pointer = { x: Math.floor(point.x), y: Math.floor(point.y) }
    const known = this.state.pointer
    if (known?.x !== pointer.x || known.y !== pointer.y) this.parts.holder.set({ pointer })
  }

  #applyPreferences(preferences: Preferences): void {
    const { editor, holder } = this.parts
    editor.configure({ wheel: preferences.wheel })
    this.#keymap = newKeymap(this.#platform, preferences.keys)
    editor.setKeymap(this.#keymap)
    const before = chosenModel(holder.state)
    holder.set({ preferences, session: editor.session })
    if (chosenModel(holder.state) === before) return
    this.generating.generation.modelChanged()
    this.#scene.refresh()
  }

  /** What keeps the document safe does not answer as it should. Where it is gone altogether, the window says so for good. */
  #lost(error: unknown): void {
    const isGone = error instanceof StudioError && error.code === 'engine-lost'
    if (!isGone) return this.parts.notices.fail(error)
    this.parts.holder.set({ disconnected: told.lost, engine: { is: 'lost', message: told.lost } })
    this.generating.refresh()
  }
}

/** The list known before, where the new one says the same. */
function sameAs<T>(known: readonly T[], now: readonly T[]): readonly T[] {
  return JSON.stringify(known) === JSON.stringify(now) ? known : now
}
