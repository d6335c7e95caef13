/**
 * A window's model without a program, an engine or pixels: the document is real and changes as it should, the rest is told. Panels
 * are tested against it. Every call is noted in `calls`.
 */
import {
  addGroup,
  addRasterLayer,
  type BlendMode,
  type DocumentStore,
  duplicateLayers,
  History,
  type LayerId,
  layerOf,
  moveLayers,
  panelRows,
  type Place,
  removeLayers,
  renameLayer,
  setBlendMode,
  setFrame,
  setIsolated,
  setLayerMask,
  setLocked,
  setOpacity,
  setVisible,
} from '../../src/document/index.ts'
import {
  type ActionId,
  type Brush,
  type BrushTool,
  type Colours,
  newSession,
  type Session,
  type Target,
  type ToolId,
  toolIds,
  type TransformNumbers,
} from '../../src/editor/index.ts'
import type { Pixels } from '../../src/shared/contract/picture.ts'
import type { FileSource } from '../../src/shared/contract/studio-api.ts'
import type { Rect, Size } from '../../src/shared/geometry/rect.ts'
import { pageAction } from '../../src/renderer/src/panels/page-actions.ts'
import type { Phase, StudioModel } from '../../src/renderer/src/studio/studio-model.ts'
import {
  type DialogState,
  type GenerationSettings,
  type OpenDocumentState,
  type Preferences,
  type StagingState,
  type StudioState,
  verbs,
} from '../../src/renderer/src/studio/studio-state.ts'
import { BatchDesk } from '../../src/renderer/src/studio/batch-desk.ts'
import { GalleryShelf } from '../../src/renderer/src/studio/library-shelf.ts'
import { FakeLibrary } from './fake-library.ts'
import { sampleDocument, sampleSurface } from './sample-document.ts'

const session = newSession({ width: 980, height: 760 })

/** As it is when everything is well: an open document, an engine that is ready. */
const firstState: Omit<StudioState, 'document'> = {
  start: {
    version: '0.2.0',
    platform: 'linux',
    folder: '/home/ana/Pictures/Paella Studio',
    recent: [
      { path: '/home/ana/Pictures/evening village.ora', openedAt: 1_795_000_000_000 },
      { path: '/home/ana/Pictures/posters/market day.ora', openedAt: 1_794_000_000_000 },
      { path: '/home/ana/Downloads/harbour.jpg', openedAt: 1_793_000_000_000 },
    ],
    lost: [
      {
        id: 'lost-1',
        name: 'Evening village',
        path: '/home/ana/Pictures/evening village.ora',
        modified: Date.now() - 240_000,
      },
      { id: 'lost-2', name: 'Untitled', path: null, modified: Date.now() - 93_600_000 },
    ],
    settings: null,
  },
  disconnected: null,
  desktop: { nativeMenus: false, nativeDialogs: false },
  session: { ...session, tool: 'brush', camera: { x: 0, y: 0, zoom: 0.75 } },
  hints: [
    { key: 'Shift', does: 'straight-line' },
    { key: 'Alt', does: 'pick' },
    { key: '[ ]', does: 'brush-size' },
    { key: 'Space', does: 'pan' },
    { key: 'Ctrl+Space', does: 'drag-zoom' },
  ],
  waiting: null,
  transform: null,
  pointer: { x: 412, y: 286 },
  maskShown: false,
  engine: {
    is: 'ready',
    info: {
      version: '0.2.0',
      devices: ['cpu'],
      device: 'cpu',
      models: [
        {
          id: 'paella-mini',
          name: 'Paella Mini',
          sha256: 'a'.repeat(64),
          parameters: 22_400_000,
          pixelsPerToken: 4,
          sizeMultiple: 32,
          defaults: {
            size: { width: 128, height: 128 },
            sampling: {
              steps: 10,
              guidance: 4,
              temperature: [1, 0.4],
              typicalMass: null,
              typicalMinTokens: 1,
              renoise: 'start',
              renoiseSteps: null,
              draw: 'inverse-cdf',
            },
          },
        },
      ],
      broken: [],
    },
  },
  generation: {
    settings: {
      prompt: 'a small harbour in the evening, lamps in the windows',
      negative: '',
      seed: 3_524_002_495,
      seedLocked: false,
      steps: 10,
      guidance: 4,
      temperature: [1, 0.4],
      typicalMass: null,
      renoise: 'start',
      count: 1,
      wanted: 'auto',
      strength: 0.5,
      promptWeight: 0.3,
      promptTo: '',
      direction: 'horizontal',
      frames: 8,
      reference: null,
    },
    verb: 'generate',
    blocked: null,
    choices: verbs.map((verb) => ({ verb, blocked: null })),
    estimate: null,
    zones: null,
    running: null,
  },
  staging: null,
  queue: { paused: false, jobs: [], share: null, secondsLeft: null },
  view: null,
  galleryVersion: 0,
  batch: { is: 'none' },
  notices: [],
  dialog: null,
  busy: null,
  working: false,
  preferences: { theme: 'dark', wheel: 'zoom', panelsShown: true, keys: {}, checkerboard: 'light' },
}

export interface Call {
  readonly name: string
  readonly args: readonly unknown[]
}

export class FakeStudio implements StudioModel {
  readonly calls: Call[] = []
  /** What lies behind gallery and batch. */
  readonly library = new FakeLibrary()
  readonly gallery = new GalleryShelf(this.library)
  readonly recent = new GalleryShelf(this.library)
  readonly batches = new BatchDesk(this.library, () => 'paella-mini')
  /** What the next dialog of the system answers. */
  folder: string | null = '/home/ana/Pictures/chosen'
  prompts: FileSource | null = null
  /** Tells of changes with the next frame, as the real model does. */
  tellsOncePerFrame = false
  readonly #listeners = new Set<() => void>()
  #state: StudioState
  #store: DocumentStore
  #history: History
  #mark: ReturnType<History['mark']> | null = null

  constructor(changes: Partial<StudioState> = {}) {
    this.#store = sampleDocument()
    this.#history = new History(this.#store)
    this.#state = { ...firstState, document: null, ...changes }
    this.#begin('Boat')
    this.set(changes)
  }

  get state(): StudioState {
    return this.#state
  }

  /** What a test wants shown. */
  set(changes: Partial<StudioState>): void {
    this.#state = { ...this.#state, ...changes }
    const tell = (): void => {
      for (const listener of this.#listeners) listener()
    }
    if (this.tellsOncePerFrame) requestAnimationFrame(tell)
    else tell()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Steps as a morning's work leaves them. */
  addSteps(count: number): void {
    const labels = ['Brush stroke', 'Select', 'Fill with model', 'Eraser', 'Layer mask', 'Free transform']
    for (let i = 0; i < count; i++) {
      const boat = panelRows(this.#store.records)[0]?.layer
      if (boat?.kind !== 'raster') return
      this.#store.edit(labels[i % labels.length] ?? '', (draft) => draft.update(boat, { surface: sampleSurface(4) }))
    }
    this.#told()
  }

  act(action: ActionId): void {
    this.#note('act', action)
    if (pageAction(this, action)) return
    const tool = toolIds.find((id) => action === `tool.${id}` || (id === 'transform' && action === 'edit.transform'))
    if (tool !== undefined) return this.setTool(tool)
    const { active, chosen } = this.#document
    switch (action) {
      case 'edit.undo':
        return void this.#history.undo().then(() => this.#told())
      case 'edit.redo':
        return void this.#history.redo().then(() => this.#told())
      case 'layer.add':
        return this.#edit(() => this.#choose(addRasterLayer(this.#store)))
      case 'layer.addGroup':
        return this.#edit(() => this.#choose(addGroup(this.#store)))
      case 'layer.addMask':
        if (active === null) return
        return this.#edit(() => setLayerMask(this.#store, active, { surface: sampleSurface(1), enabled: true }))
      case 'layer.duplicate':
        return this.#edit(() => duplicateLayers(this.#store, chosen))
      case 'layer.remove':
        return this.#edit(() => removeLayers(this.#store, chosen))
      case 'view.panels':
        return this.setPreferences({ panelsShown: !this.#state.preferences.panelsShown })
      case 'view.gallery':
        return this.setView(this.#state.view === 'gallery' ? null : 'gallery')
      case 'view.preferences':
        return this.showDialog({ type: 'preferences' })
      case 'help.shortcuts':
        return this.showDialog({ type: 'shortcuts' })
      case 'help.open':
        return this.showDialog({ type: 'about' })
      case 'file.new':
        return this.showDialog({ type: 'new' })
      case 'file.export':
        return this.showDialog({ type: 'export' })
      case 'image.canvasSize':
        return this.showDialog({ type: 'canvas-size' })
      case 'select.grow':
        return this.showDialog({ type: 'number', what: 'grow', value: 4 })
      case 'colours.swap': {
        const { foreground, background } = this.#state.session.colours
        return this.setColours({ foreground: background, background: foreground })
      }
      default:
    }
  }

  canAct(action: ActionId): boolean {
    const isOpen = this.#state.document !== null
    if (action === 'edit.undo') return isOpen && this.#history.canUndo
    if (action === 'edit.redo') return isOpen && this.#history.canRedo
    if (action === 'generate.cancel') return this.#state.generation.running !== null
    if (action === 'layer.mergeGroup') return false
    return isOpen || /^(?:file\.(?:new|open|quit)|view|help|tool|colours|prompt)/.test(action)
  }

  isOn(action: ActionId): boolean {
    return (
      (action === 'view.panels' && this.#state.preferences.panelsShown) ||
      (action === 'view.mask' && this.#state.maskShown)
    )
  }

  setTool(tool: ToolId): void {
    this.#note('setTool', tool)
    this.#session({ tool })
  }

  setBrush(tool: BrushTool, brush: Brush): void {
    this.#note('setBrush', tool, brush)
    this.#session({ brushes: { ...this.#state.session.brushes, [tool]: brush } })
  }

  setColours(colours: Colours): void {
    this.#session({ colours })
  }

  configure(changes: Partial<Pick<Session, 'fill' | 'wheel'>>): void {
    this.#session(changes)
  }

  setTransform(numbers: Partial<TransformNumbers>): void {
    this.#note('setTransform', numbers)
    const { transform } = this.#state
    if (transform !== null) this.set({ transform: { ...transform, ...numbers } })
  }

  finish(how: 'apply' | 'discard'): void {
    this.#note('finish', how)
    this.set({ waiting: null, transform: null })
  }

  chooseLayer(id: LayerId, how: 'only' | 'toggle' | 'range' = 'only'): void {
    this.#note('chooseLayer', id, how)
    const { chosen, active } = this.#document
    if (how === 'only') return this.#choose(id)
    if (how === 'toggle') {
      const without = chosen.filter((other) => other !== id)
      const next = without.length < chosen.length && without.length > 0 ? without : [...without, id]
      return this.#changeDocument({ chosen: next, active: next.at(-1) ?? null, part: 'pixels' })
    }
    const ids = panelRows(this.#store.records).map(({ layer }) => layer.id)
    const ends = [ids.indexOf(active ?? id), ids.indexOf(id)].sort((a, b) => a - b)
    this.#changeDocument({ chosen: ids.slice(ends[0], (ends[1] ?? 0) + 1) })
  }

  choosePart(id: LayerId, part: Target['part']): void {
    this.#note('choosePart', id, part)
    this.#changeDocument({ active: id, chosen: [id], part })
  }

  renameLayer(id: LayerId, name: string): void {
    this.#note('renameLayer', id, name)
    this.#edit(() => renameLayer(this.#store, id, name))
  }

  setVisible(id: LayerId, visible: boolean): void {
    this.#note('setVisible', id, visible)
    this.#edit(() => setVisible(this.#store, id, visible))
  }

  setLocked(id: LayerId, locked: boolean): void {
    this.#note('setLocked', id, locked)
    this.#edit(() => setLocked(this.#store, id, locked))
  }

  setOpacity(id: LayerId, opacity: number, phase: Phase): void {
    this.#note('setOpacity', id, opacity, phase)
    this.#mark ??= this.#history.mark('Opacity')
    if (phase === 'cancel') this.#history.rollbackTo(this.#mark)
    else this.#edit(() => setOpacity(this.#store, id, opacity))
    if (phase === 'commit') this.#history.squashTo(this.#mark)
    if (phase !== 'change') this.#mark = null
    this.#told()
  }

  setBlendMode(id: LayerId, mode: BlendMode): void {
    this.#note('setBlendMode', id, mode)
    this.#edit(() => setBlendMode(this.#store, id, mode))
  }

  setIsolated(id: LayerId, isolated: boolean): void {
    this.#edit(() => setIsolated(this.#store, id, isolated))
  }

  setMaskEnabled(id: LayerId, enabled: boolean): void {
    const mask = layerOf(this.#store.records, id)?.mask
    if (mask) this.#edit(() => setLayerMask(this.#store, id, { ...mask, enabled }))
  }

  moveLayers(ids: readonly LayerId[], place: Place): void {
    this.#note('moveLayers', ids, place)
    this.#edit(() => moveLayers(this.#store, ids, place))
  }

  thumbnail(id: LayerId, part: Target['part'], side: number): Promise<Pixels | null> {
    this.#note('thumbnail', id, part)
    const picture = samplePicture(id, part, side)
    if (layerOf(this.#store.records, id)?.kind !== 'mask') return Promise.resolve(picture)
    // The true one shows masks as opaque greys.
    const { data } = picture
    for (let i = 0; i < data.length; i += 4) data.fill(data[i + 3] ?? 0, i, i + 3).fill(255, i + 3, i + 4)
    return Promise.resolve(picture)
  }

  jumpTo(position: number): void {
    this.#note('jumpTo', position)
    void this.#history.jumpTo(position).then(() => this.#told())
  }

  newDocument(size: Size, background: 'white' | 'transparent'): void {
    this.#note('newDocument', size, background)
    this.#store = sampleDocument()
    this.#history = new History(this.#store)
    this.#begin('Untitled')
  }

  resizeCanvas(...args: Parameters<StudioModel['resizeCanvas']>): void {
    this.#note('resizeCanvas', ...args)
  }

  changeSelection(...args: Parameters<StudioModel['changeSelection']>): void {
    this.#note('changeSelection', ...args)
  }

  open(source: FileSource): void {
    this.#note('open', source)
  }

  place(source: FileSource): void {
    this.#note('place', source)
  }

  openRecent(path: string): void {
    this.#note('openRecent', path)
  }

  exportPicture(...args: Parameters<StudioModel['exportPicture']>): void {
    this.#note('exportPicture', ...args)
  }

  recover(id: string): void {
    this.#note('recover', id)
  }

  discardLost(id: string): void {
    this.#note('discardLost', id)
    const { start } = this.#state
    if (start !== null) this.set({ start: { ...start, lost: start.lost.filter((other) => other.id !== id) } })
  }

  answerUnsaved(answer: 'save' | 'discard' | 'cancel'): void {
    this.#note('answerUnsaved', answer)
    this.closeDialog()
  }

  answerSaveName(name: string | null): void {
    this.#note('answerSaveName', name)
    this.closeDialog()
  }

  setGeneration(changes: Partial<GenerationSettings>): void {
    this.#note('setGeneration', changes)
    const { generation } = this.#state
    this.set({ generation: { ...generation, settings: { ...generation.settings, ...changes } } })
  }

  setFoot(foot: number): void {
    this.set({ session: { ...this.state.session, foot } })
  }

  setFrame(frame: Rect): void {
    this.#note('setFrame', frame)
    this.#edit(() => setFrame(this.#store, frame))
  }

  generate(...where: Parameters<StudioModel['generate']>): void {
    this.#note('generate', ...where)
  }

  cancelGeneration(): void {
    this.#note('cancelGeneration')
    const { generation } = this.#state
    const { running } = generation
    this.set({ generation: { ...generation, running: running && { ...running, stopping: true } } })
  }

  setRegionPrompt(id: LayerId, prompt: string, phase: Phase): void {
    this.#note('setRegionPrompt', id, prompt, phase)
    const layer = layerOf(this.#store.records, id)
    if (layer?.kind === 'mask') {
      this.#edit(() => this.#store.edit('Region prompt', (draft) => draft.update(layer, { prompt })))
    }
  }

  setReference(source: FileSource | null): void {
    this.#note('setReference', source)
  }

  stage(shown: number): void {
    this.#note('stage', shown)
    this.#staging({ shown })
  }

  setCompare(compare: number | null): void {
    this.#note('setCompare', compare)
    this.#staging({ compare })
  }

  scrub(step: number | null): void {
    this.#note('scrub', step)
    this.#staging({ step })
  }

  continueFromStep(): void {
    this.#note('continueFromStep')
  }

  setDoubt(doubt: number | null): void {
    this.#note('setDoubt', doubt)
    this.#staging({ confidence: doubt === null ? null : { doubt, doubtful: Math.round(doubt * 100) } })
  }

  resampleDoubtful(): void {
    this.#note('resampleDoubtful')
  }

  setMixWith(mixWith: number | null): void {
    this.#note('setMixWith', mixWith)
    this.#staging({ mixWith })
  }

  paintMix(...args: Parameters<StudioModel['paintMix']>): void {
    this.#note('paintMix', ...args)
  }

  mix(): void {
    this.#note('mix')
  }

  acceptStaged(): void {
    this.#note('acceptStaged')
    this.set({ staging: null })
  }

  discardStaged(): void {
    this.#note('discardStaged')
    this.set({ staging: null })
  }

  reopenStaged(id: LayerId): void {
    this.#note('reopenStaged', id)
  }

  exportStrip(format: 'webp' | 'gif'): void {
    this.#note('exportStrip', format)
  }

  setView(view: StudioState['view']): void {
    this.#note('setView', view)
    this.set({ view })
  }

  cancelJob(...args: Parameters<StudioModel['cancelJob']>): void {
    this.#note('cancelJob', ...args)
  }

  pauseQueue(paused: boolean): void {
    this.#note('pauseQueue', paused)
    this.set({ queue: { ...this.#state.queue, paused } })
  }

  moveJob(...args: Parameters<StudioModel['moveJob']>): void {
    this.#note('moveJob', ...args)
  }

  retryJob(...args: Parameters<StudioModel['retryJob']>): void {
    this.#note('retryJob', ...args)
  }

  removeJobs(...args: Parameters<StudioModel['removeJobs']>): void {
    this.#note('removeJobs', ...args)
  }

  placeGalleryPicture(...args: Parameters<StudioModel['placeGalleryPicture']>): void {
    this.#note('placeGalleryPicture', ...args)
  }

  recall(...args: Parameters<StudioModel['recall']>): void {
    this.#note('recall', ...args)
  }

  replay(...args: Parameters<StudioModel['replay']>): void {
    this.#note('replay', ...args)
  }

  starPictures(ids: readonly string[], starred: boolean): void {
    this.#note('starPictures', ids, starred)
    this.library.change(ids, { starred })
    this.gallery.refresh()
  }

  trashPictures(ids: readonly string[]): void {
    this.#note('trashPictures', ids)
    this.library.remove(ids)
    this.gallery.refresh()
  }

  undoTrash(ids: readonly string[]): void {
    this.#note('undoTrash', ids)
  }

  copyPictures(...args: Parameters<StudioModel['copyPictures']>): void {
    this.#note('copyPictures', ...args)
  }

  async chooseFolder(suggested: string): Promise<string | null> {
    this.#note('chooseFolder', suggested)
    return this.folder
  }

  async choosePrompts(): Promise<FileSource | null> {
    this.#note('choosePrompts')
    return this.prompts
  }

  reveal(path: string): void {
    this.#note('reveal', path)
  }

  startBatch(...args: Parameters<StudioModel['startBatch']>): void {
    this.#note('startBatch', ...args)
  }

  pauseBatch(paused: boolean): void {
    this.#note('pauseBatch', paused)
  }

  stopBatch(): void {
    this.#note('stopBatch')
  }

  showDialog(dialog: DialogState): void {
    this.set({ dialog })
  }

  closeDialog(): void {
    this.set({ dialog: null })
  }

  dismissNotice(id: number): void {
    this.#note('dismissNotice', id)
    this.set({ notices: this.#state.notices.filter((notice) => notice.id !== id) })
  }

  lookForModels(): void {
    this.#note('lookForModels')
  }

  setPreferences(changes: Partial<Preferences>): void {
    this.#note('setPreferences', changes)
    this.set({ preferences: { ...this.#state.preferences, ...changes } })
  }

  get #document(): OpenDocumentState {
    if (this.#state.document === null) throw new Error('there is no document')
    return this.#state.document
  }

  #note(name: string, ...args: unknown[]): void {
    this.calls.push({ name, args })
  }

  #begin(name: string): void {
    const [top] = panelRows(this.#store.records)
    const active = top?.layer.id ?? null
    this.set({
      document: {
        name: name === 'Boat' ? 'Evening village' : name,
        path: '/home/ana/Pictures/evening village.ora',
        dirty: true,
        records: this.#store.records,
        active,
        part: 'pixels',
        chosen: active === null ? [] : [active],
        history: { labels: this.#history.labels(), position: this.#history.position },
        journalProblem: null,
      },
    })
  }

  #choose(id: LayerId): void {
    this.#changeDocument({ active: id, chosen: [id], part: 'pixels' })
  }

  #edit(change: () => void): void {
    try {
      change()
    } catch (error) {
      const notice = { kind: 'error', code: 'bad-request', detail: null, action: null } as const
      const text = error instanceof Error ? error.message : String(error)
      this.set({ notices: [...this.#state.notices, { ...notice, id: this.calls.length, text }] })
    }
    this.#told()
  }

  #told(): void {
    if (this.#state.document === null) return
    const { records } = this.#store
    const { active } = this.#document
    const remaining = active !== null && records.has(active) ? active : (panelRows(records)[0]?.layer.id ?? null)
    const chosen = this.#document.chosen.filter((id) => records.has(id))
    this.#changeDocument({
      records,
      active: remaining,
      chosen: chosen.length > 0 ? chosen : remaining === null ? [] : [remaining],
      history: { labels: this.#history.labels(), position: this.#history.position },
    })
  }

  #changeDocument(changes: Partial<OpenDocumentState>): void {
    this.set({ document: { ...this.#document, ...changes } })
  }

  #staging(changes: Partial<StagingState>): void {
    const { staging } = this.#state
    if (staging !== null) this.set({ staging: { ...staging, ...changes } })
  }

  #session(changes: Partial<Session>): void {
    this.set({ session: { ...this.#state.session, ...changes } })
  }
}

/** A few shapes, others for every layer, so that rows can be told apart in a screenshot. */
function samplePicture(id: LayerId, part: Target['part'], side: number): Pixels {
  const seed = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7)
  const channels = part === 'mask' ? 1 : 4
  const height = Math.round(side * 0.75)
  const data = new Uint8Array(side * height * channels)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * channels
      const inside =
        Math.hypot(x - side * (0.3 + (seed % 5) / 12), y - height * 0.55) < height * (0.25 + (seed % 7) / 30)
      if (part === 'mask') data[at] = inside ? 255 : 0
      else if (inside || y > height * (0.5 + (seed % 4) / 8)) {
        data[at] = (seed * 53) % 200
        data[at + 1] = inside ? 120 + (seed % 90) : (seed * 17) % 160
        data[at + 2] = inside ? 60 : (seed * 29) % 220
        data[at + 3] = 255
      }
    }
  }
  return { width: side, height, channels, data }
}
