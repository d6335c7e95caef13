/**
 * The canvas alone in a page, with a host made for tests: the true editor behind it, no document store and no worker. A pattern
 * of blocks stands for the picture; its patches are sent when the canvas asks for a view, unless a test sends its own.
 */
import { createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { Editor, type Input, newSession, type Scene, type ToolId } from '../../src/editor/index.ts'
import type { FileSource } from '../../src/shared/contract/studio-api.ts'
import type { Point } from '../../src/shared/geometry/point.ts'
import type { Rect, Size } from '../../src/shared/geometry/rect.ts'
import { CanvasView } from '../../src/renderer/src/canvas/CanvasView.tsx'
import type { CanvasStage } from '../../src/renderer/src/canvas/stage.ts'
import type { DisplayEvent, ViewRequest } from '../../src/renderer/src/pixels/pixels-api.ts'
import type { CanvasHost, Drawing } from '../../src/renderer/src/studio/canvas-host.ts'
import type { DialogState, StudioState } from '../../src/renderer/src/studio/studio-state.ts'

/** Side of a block of one colour, in canvas px: all levels up to 5 show it exactly. */
const block = 64
const tile = 256

export interface PageOptions {
  readonly canvas?: Size
  readonly frame?: Rect
  readonly tool?: ToolId
  readonly bounds?: Rect
  /** How opaque blocks are by turns; 255 and 255 by default. */
  readonly alphas?: readonly [number, number]
  readonly checkerboard?: 'light' | 'dark'
  /** False: only what a test emits is shown. */
  readonly answersViews?: boolean
}

/** What a test can do with the page. */
export interface CanvasPageApi {
  readonly inputs: Input[]
  readonly views: ViewRequest[]
  readonly placed: FileSource[]
  readonly asked: DialogState[]
  readonly mixed: { readonly points: readonly Point[]; readonly diameter: number }[]
  readonly menus: Point[]
  /** Times of performance.now() at which patches had been drawn. */
  readonly painted: number[]
  open(options: PageOptions): void
  emit(event: DisplayEvent): void
  draw(drawing: (Partial<Drawing> & Pick<Drawing, 'pixels' | 'rect'>) | null): void
  /** Of the state: what is staged, and what of generating matters to the canvas. */
  set(changes: {
    readonly staging?: StudioState['staging']
    readonly generation?: Partial<StudioState['generation']>
  }): void
  staging(): StudioState['staging']
  /** Sends all tiles of a view again. */
  sendTiles(view: ViewRequest): void
  dispatch(input: Input): void
  setCamera(x: number, y: number, zoom: number): void
  setTool(tool: ToolId): void
  path(): string
  colourOf(x: number, y: number): readonly number[]
  /** Takes the canvas out of the page and puts another one there. */
  remount(): void
}

declare global {
  interface Window {
    canvasPage: CanvasPageApi
  }
}

const inputs: Input[] = []
const views: ViewRequest[] = []
const placed: FileSource[] = []
const asked: DialogState[] = []
const mixed: { readonly points: readonly Point[]; readonly diameter: number }[] = []
const menus: Point[] = []
const painted: number[] = []
let alphas: readonly [number, number] = [255, 255]
let answersViews = true
let canvas: Size = { width: 1000, height: 700 }

const listeners = new Set<() => void>()
const drawingListeners = new Set<(drawing: Drawing | null) => void>()
const displayListeners = new Set<(event: DisplayEvent) => void>()
let editor = newEditor({})
let state: StudioState = newState({})

function newEditor({ tool = 'move', frame, bounds }: PageOptions): Editor {
  const scene: Scene = {
    canvas,
    target: {
      layer: 'a',
      part: 'pixels',
      locked: false,
      bounds: bounds ?? { x: 100, y: 100, width: 300, height: 200 },
    },
    frame: frame ?? { x: 64, y: 64, width: 128, height: 128 },
    frameRule: { multiple: 32, minimum: 64, grid: 4 },
  }
  return new Editor({ scene, session: { ...newSession({ width: 800, height: 600 }), tool } })
}

function newState({ frame, checkerboard = 'light' }: PageOptions): StudioState {
  const record = {
    id: 'canvas',
    kind: 'canvas',
    ...canvas,
    frame: frame ?? { x: 64, y: 64, width: 128, height: 128 },
    selection: null,
  } as const
  const open = { records: new Map([['canvas', record]]) }
  return {
    start: null,
    document: open as unknown as StudioState['document'],
    session: editor.session,
    generation: { zones: null, running: null },
    staging: null,
    preferences: { theme: 'system', wheel: 'zoom', panelsShown: true, keys: {}, checkerboard },
  } as unknown as StudioState
}

function changed(): void {
  state = { ...state, session: editor.session }
  for (const listener of listeners) listener()
}

const host: CanvasHost = {
  get state() {
    return state
  },
  subscribe(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  dispatch(input) {
    inputs.push(input)
    editor.dispatch(input)
    changed()
  },
  previews: () => editor.previews(),
  toolPath: () => editor.path(),
  setViewport(viewport) {
    editor.configure({ viewport })
    changed()
  },
  show(view) {
    views.push(view)
    if (answersViews) setTimeout(() => sendTiles(view), 0)
  },
  onDisplay(listener) {
    displayListeners.add(listener)
    return () => displayListeners.delete(listener)
  },
  drawing: null,
  onDrawing(listener) {
    drawingListeners.add(listener)
    return () => drawingListeners.delete(listener)
  },
  setCompare(compare) {
    if (state.staging !== null) setState({ staging: { ...state.staging, compare } })
  },
  paintMix: (points, diameter) => mixed.push({ points, diameter }),
  place: (source) => placed.push(source),
  showDialog: (dialog) => asked.push(dialog),
}

function setState(changes: Partial<StudioState>): void {
  state = { ...state, ...changes }
  changed()
}

function emit(event: DisplayEvent): void {
  for (const listener of displayListeners) listener(event)
}

function colourOf(x: number, y: number): readonly [number, number, number, number] {
  const [column, row] = [Math.floor(x / block), Math.floor(y / block)]
  return [
    (column * 53 + 40) % 256,
    (row * 67 + 90) % 256,
    (column * 29 + row * 31 + 20) % 256,
    alphas[(column + row) % 2]!,
  ]
}

function sendTiles({ level, rect }: ViewRequest): void {
  const scale = 2 ** level
  for (let row = Math.floor(rect.y / scale / tile); row * tile * scale < rect.y + rect.height; row++) {
    for (let column = Math.floor(rect.x / scale / tile); column * tile * scale < rect.x + rect.width; column++) {
      const width = Math.min(tile, Math.ceil(canvas.width / scale) - column * tile)
      const height = Math.min(tile, Math.ceil(canvas.height / scale) - row * tile)
      const data = new Uint8ClampedArray(width * height * 4)
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          data.set(colourOf((column * tile + x) * scale, (row * tile + y) * scale), (y * width + x) * 4)
        }
      }
      emit({ type: 'patch', level, column, row, x: 0, y: 0, width, height, data })
    }
  }
}

window.canvasPage = {
  inputs,
  views,
  placed,
  asked,
  menus,
  painted,
  open(options) {
    canvas = options.canvas ?? { width: 1000, height: 700 }
    alphas = options.alphas ?? [255, 255]
    answersViews = options.answersViews ?? true
    const { viewport } = editor.session
    editor = newEditor(options)
    editor.configure({ viewport })
    state = newState(options)
    for (const list of [inputs, views, placed, asked, mixed, menus, painted]) list.length = 0
    emit({ type: 'reset', canvas })
    changed()
  },
  emit,
  mixed,
  draw(drawing) {
    for (const listener of drawingListeners) listener(drawing && { mask: null, doubtful: null, ...drawing })
  },
  set({ staging, generation }) {
    setState({
      ...(staging === undefined ? {} : { staging }),
      generation: { ...state.generation, ...generation },
    })
  },
  staging: () => state.staging,
  sendTiles,
  dispatch: (input) => host.dispatch(input),
  setCamera(x, y, zoom) {
    editor.configure({ camera: { x, y, zoom } })
    changed()
  },
  setTool(tool) {
    editor.setTool(tool)
    changed()
  },
  path: () => editor.path(),
  colourOf,
  remount() {
    root.unmount()
    root = mount()
  },
}

const place = document.createElement('div')
place.style.cssText = 'position: absolute; inset: 0; background: var(--canvas)'
document.body.append(place)
let root = mount()

function mount(): Root {
  const root = createRoot(place)
  root.render(
    createElement(CanvasView, {
      host,
      label: 'Canvas',
      onContextMenu: (point: Point) => menus.push(point),
      onStage: (stage: CanvasStage | null) => stage?.onPainted((at) => painted.push(at)),
    }),
  )
  return root
}
