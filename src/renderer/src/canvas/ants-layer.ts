/** The outline of the selection on a canvas of its own, walking while there is one; still where a person asked for less motion. */
import type { Rect } from '../../../shared/geometry/rect.ts'
import { type AntEdges, antEdges, drawAnts } from './ants.ts'
import { isSame } from './same.ts'
import { deviceSize, type Screen } from './screen.ts'

/** Ms from step to step. */
const stepTime = 120

export class AntsLayer {
  readonly #redraw: () => void
  readonly #lessMotion = matchMedia('(prefers-reduced-motion: reduce)')
  readonly #onMotion = (): void => this.#walk()
  #runs: Float32Array = new Float32Array()
  #edges: { readonly screen: Screen; readonly of: AntEdges } | null = null
  #phase = 0
  #timer: ReturnType<typeof setInterval> | undefined
  #image: ImageData | undefined
  /** Px of the image that are set. */
  #used: Rect | undefined

  /** @param redraw has `draw` called */
  constructor(redraw: () => void) {
    this.#redraw = redraw
    this.#lessMotion.addEventListener('change', this.#onMotion)
  }

  /** @param runs x1, y1, x2, y2 in canvas px; empty where nothing is selected */
  show(runs: Float32Array): void {
    this.#runs = runs
    this.#edges = null
    this.#walk()
  }

  draw(context: CanvasRenderingContext2D, screen: Screen): void {
    const { width, height } = deviceSize(screen)
    const old = this.#used
    if (width === 0 || height === 0 || (old === undefined && this.#runs.length === 0)) return
    context.setTransform(1, 0, 0, 1, 0, 0)
    if (old) context.clearRect(old.x, old.y, old.width, old.height)
    const image = this.#clearImage(width, height)
    if (!isSame(this.#edges?.screen, screen)) this.#edges = null
    this.#edges ??= { screen, of: antEdges(this.#runs, screen) }
    const pixels = new Uint32Array(image.data.buffer)
    const thick = Math.max(1, Math.round(screen.ratio))
    const used = drawAnts(pixels, { width, height }, this.#runs, this.#edges.of, thick, this.#phase)
    if (used) context.putImageData(image, 0, 0, used.x, used.y, used.width, used.height)
    this.#used = used
  }

  destroy(): void {
    clearInterval(this.#timer)
    this.#lessMotion.removeEventListener('change', this.#onMotion)
  }

  #walk(): void {
    const isWalking = this.#runs.length > 0 && !this.#lessMotion.matches
    if (isWalking === (this.#timer !== undefined)) return
    clearInterval(this.#timer)
    this.#timer = isWalking ? setInterval(() => this.#step(), stepTime) : undefined
  }

  #step(): void {
    if (document.hidden) return
    this.#phase++
    this.#redraw()
  }

  #clearImage(width: number, height: number): ImageData {
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height)
      return this.#image
    }
    if (this.#used) {
      const { x, y, width: across, height: down } = this.#used
      const pixels = new Uint32Array(this.#image.data.buffer)
      for (let row = y; row < y + down; row++) pixels.fill(0, row * width + x, row * width + x + across)
    }
    return this.#image
  }
}
