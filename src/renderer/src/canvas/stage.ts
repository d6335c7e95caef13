/**
 * The canvas as it is on screen. It reads the window's state, what is unfinished and the patches of the display, and draws what
 * has changed: patches of a stroke at once, all else with the next frame. It decides nothing: a screen, not a memory.
 */
import { union } from '../../../raster/union.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import type { CanvasHost, Drawing } from '../studio/canvas-host.ts'
import { AntsLayer } from './ants-layer.ts'
import { cursorOf } from './cursor.ts'
import { type Display, type DisplayChange, displayOf } from './display.ts'
import { type DrawnImage, drawnImage } from './drawing.ts'
import { watchSize } from './element-size.ts'
import { Layers } from './layers.ts'
import { drawOverlay } from './overlay.ts'
import { emptyScene, gripUnder, type OverlayScene, overlayScene, type Pointer } from './overlay-scene.ts'
import { drawPart, drawPicture, type PictureLook } from './picture.ts'
import { isMixing } from './mix-brush.ts'
import { isSame } from './same.ts'
import { type Screen, viewRequest } from './screen.ts'
import { onThemeChange, readTheme, type Theme } from './theme.ts'

/** Ms between two draws of a stroke. Patches of neighbouring tiles come closer together; each draw costs half a ms. */
const promptAfter = 1
const mostParts = 16
/** Name of the performance mark that every draw of patches leaves behind; the last one is kept. */
export const paintedMark = 'paella:painted'

const [pictureLayer, antsLayer, overlayLayer] = [0, 1, 2] as const

export class CanvasStage {
  readonly #element: HTMLElement
  readonly #host: CanvasHost
  readonly #display: Display
  readonly #layers: Layers
  readonly #ants: AntsLayer
  readonly #painted = new Set<(at: number) => void>()
  readonly #ends: readonly (() => void)[]
  #size: Size = { width: 0, height: 0 }
  #ratio = 1
  #theme: Theme
  #drawing: DrawnImage | null = null
  /** The drawing that was told last; a large one is shown a little later. */
  #wanted: Drawing | null = null
  #pointer: Pointer | null = null
  #isDropping = false
  /** As drawn last. */
  #screen: Screen
  #look: PictureLook
  #scene: OverlayScene = emptyScene
  /** What of the picture is not drawn as it is, in canvas px. */
  #stale: Rect[] | 'all' = 'all'
  #isOverlayStale = true
  #hasPatches = false
  #drawnAt = 0
  #frame = 0
  #isFlushing = false
  #isGone = false
  #hadDocument = false
  #asked: unknown = null

  /** @param element to be filled; it keeps its events */
  constructor(element: HTMLElement, container: HTMLDivElement, host: CanvasHost) {
    this.#element = element
    this.#host = host
    this.#display = displayOf(host)
    this.#theme = readTheme(element)
    this.#screen = this.#screenNow()
    this.#look = this.#lookNow()
    this.#layers = new Layers(container, [
      (context) => this.#paintPicture(context),
      (context) => this.#ants.draw(context, this.#screen),
      (context) => this.#paintOverlay(context),
    ])
    this.#ants = new AntsLayer(() => this.#layers.draw(antsLayer))
    this.#ants.show(this.#display.runs)
    this.#ends = [
      this.#display.listen((change) => this.#hear(change)),
      host.onDrawing((drawing) => this.#show(drawing)),
      host.subscribe(() => this.#update()),
      onThemeChange(() => this.#changeTheme()),
      watchSize(element, (size, ratio) => this.#resize(size, ratio)),
    ]
    this.#show(host.drawing)
  }

  /** Where the pointer is; null when it is not over the canvas. Whatever it did has been dispatched before. */
  pointTo(pointer: Pointer | null): void {
    this.#pointer = pointer
    this.#request()
  }

  /** A file is held over the canvas. */
  showDropping(isDropping: boolean): void {
    if (isDropping === this.#isDropping) return
    this.#isDropping = isDropping
    this.#isOverlayStale = true
    this.#request()
  }

  /** Told after patches were drawn, with the time of performance.now(). Returns what ends it. */
  onPainted(listener: (at: number) => void): () => void {
    this.#painted.add(listener)
    return () => this.#painted.delete(listener)
  }

  destroy(): void {
    this.#isGone = true
    cancelAnimationFrame(this.#frame)
    for (const end of this.#ends) end()
    this.#ants.destroy()
    this.#layers.destroy()
  }

  #screenNow(): Screen {
    return { camera: this.#host.state.session.camera, viewport: this.#size, ratio: this.#ratio }
  }

  #lookNow(): PictureLook {
    return { checkerboard: this.#host.state.preferences.checkerboard, line: this.#theme.line }
  }

  #resize(size: Size, ratio: number): void {
    this.#size = size
    this.#ratio = ratio
    this.#layers.resize(size, ratio)
    this.#stale = 'all'
    this.#isOverlayStale = true
    this.#host.setViewport(size)
    this.#update()
  }

  #changeTheme(): void {
    const theme = readTheme(this.#element)
    if (isSame(theme, this.#theme)) return
    this.#theme = theme
    this.#isOverlayStale = true
    this.#request()
  }

  #show(drawing: Drawing | null): void {
    this.#wanted = drawing
    if (drawing === null && this.#drawing === null) return
    const drawn = drawing && drawnImage(drawing, () => !this.#isGone && this.#wanted === drawing)
    if (drawn instanceof Promise) void drawn.then((image) => image && this.#lay(image))
    else this.#lay(drawn)
  }

  #lay(drawn: DrawnImage | null): void {
    this.#drawing = drawn
    this.#isOverlayStale = true
    this.#request()
  }

  #hear(change: DisplayChange): void {
    switch (change.is) {
      case 'part':
        if (this.#stale !== 'all') this.#stale.push(change.area)
        this.#hasPatches = true
        if (this.#isFlushing) return
        this.#isFlushing = true
        // Patches that come together are drawn together.
        return queueMicrotask(() => this.#flush())
      case 'all':
        this.#asked = null
        this.#stale = 'all'
        this.#request()
        return this.#showOutline()
      case 'outline':
        return this.#showOutline()
    }
  }

  #showOutline(): void {
    this.#ants.show(this.#display.runs)
    this.#layers.draw(antsLayer)
  }

  #flush(): void {
    this.#isFlushing = false
    if (this.#isGone) return
    const isStroke = this.#host.toolPath().endsWith('.painting')
    const isPrompt = isStroke && this.#stale !== 'all' && performance.now() - this.#drawnAt >= promptAfter
    if (isPrompt && isSame(this.#screenNow(), this.#screen)) this.#layers.draw(pictureLayer)
    else this.#request()
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#update())
  }

  /** Looks at everything, and draws what is not on screen as it is now. */
  #update(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#followDocument()
    const [screen, look] = [this.#screenNow(), this.#lookNow()]
    const hasMoved = !isSame(screen, this.#screen)
    if (hasMoved || !isSame(look, this.#look)) this.#stale = 'all'
    this.#screen = screen
    this.#look = look
    const scene = this.#readScene()
    if (hasMoved || !isSame(scene, this.#scene)) this.#isOverlayStale = true
    this.#scene = scene
    if (this.#stale === 'all' || this.#stale.length > 0) this.#layers.draw(pictureLayer)
    if (hasMoved) this.#layers.draw(antsLayer)
    if (this.#isOverlayStale) this.#layers.draw(overlayLayer)
    this.#ask()
  }

  /** The display tells of a new document by itself; that it is closed, or was there before this stage, only the state says. */
  #followDocument(): void {
    const canvas = this.#host.state.document?.records.get('canvas')
    const { board } = this.#display
    if (canvas === undefined && this.#hadDocument) this.#display.clear()
    if (canvas?.kind === 'canvas' && board.canvas === null) {
      board.reset({ width: canvas.width, height: canvas.height })
      this.#stale = 'all'
    }
    this.#hadDocument = canvas !== undefined
  }

  #readScene(): OverlayScene {
    const { state } = this.#host
    const path = this.#host.toolPath()
    const matters = { state, path, previews: this.#host.previews(), pointer: this.#pointer }
    const scene = overlayScene(matters)
    // A handle that is dragged is not always under the pointer: the cursor stays as it was when it was taken hold of.
    if (this.#pointer?.isPressed !== true || !/\.(scaling|resizing|pointing|drawing)$/.test(path)) {
      const cursor =
        state.document === null
          ? 'default'
          : cursorOf(isMixing(state.staging, path) ? 'brush.idle' : path, {
              grip: gripUnder(matters),
              brushRadius: scene.brush?.radius ?? null,
              alt: this.#pointer?.alt ?? false,
            })
      this.#element.style.cursor = cursor
    }
    return scene
  }

  #ask(): void {
    const { canvas } = this.#display.board
    const request = canvas === null ? undefined : viewRequest(this.#screen, canvas)
    if (request === undefined || isSame(request, this.#asked)) return
    this.#asked = request
    this.#host.show(request)
  }

  #paintPicture(context: CanvasRenderingContext2D): void {
    context.setTransform(1, 0, 0, 1, 0, 0)
    const [stale, screen, { board }, look] = [this.#stale, this.#screen, this.#display, this.#look]
    // Konva asks by itself when a hidden window is shown again: then all is to be drawn.
    if (stale === 'all' || stale.length === 0) drawPicture(context, screen, board, look)
    else for (const part of fewer(stale)) drawPart(context, screen, board, part, look)
    this.#stale = []
    this.#drawnAt = performance.now()
    if (!this.#hasPatches) return
    this.#hasPatches = false
    performance.clearMarks(paintedMark)
    performance.mark(paintedMark)
    for (const listener of this.#painted) listener(this.#drawnAt)
  }

  #paintOverlay(context: CanvasRenderingContext2D): void {
    const { viewport, ratio } = this.#screen
    context.clearRect(0, 0, viewport.width, viewport.height)
    const pen = { context, ratio, viewport, theme: this.#theme }
    const [scene, screen, { board }, look, drawing] = [
      this.#scene,
      this.#screen,
      this.#display,
      this.#look,
      this.#drawing,
    ]
    drawOverlay(pen, { scene, screen, board, look, drawing })
    if (this.#isDropping) {
      context.strokeStyle = this.#theme.accent
      context.lineWidth = 3
      context.strokeRect(4.5, 4.5, viewport.width - 9, viewport.height - 9)
    }
    this.#isOverlayStale = false
  }
}

/** Many small parts are drawn as one: each costs as much as a few thousand px. */
function fewer(parts: readonly Rect[]): readonly Rect[] {
  const [first, ...others] = parts
  return first === undefined || others.length < mostParts ? parts : [others.reduce(union, first)]
}
