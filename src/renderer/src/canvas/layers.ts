/**
 * The three canvases of the stage, as Konva keeps them: picture, ants, and what lies above both. Konva only holds and sizes them
 * and calls back: no node takes part in events, nothing is drawn but when it is asked for, and there are no hit canvases.
 */
import { Konva } from 'konva/lib/Core.js'
import type { Size } from '../../../shared/geometry/rect.ts'
import { deviceSize } from './screen.ts'

/** Clears what it draws over. One unit is a CSS px, unless it sets a transform of its own. */
type Draw = (context: CanvasRenderingContext2D) => void

export class Layers {
  readonly #stage: Konva.Stage
  readonly #layers: readonly Konva.Layer[]
  /** Konva draws layers when they are added, and twice for each new size. */
  #isQuiet = true

  /** @param draws of each layer, from the bottom up */
  constructor(container: HTMLDivElement, draws: readonly Draw[]) {
    // Every change of an attribute would ask for a frame of its own.
    Konva.autoDrawEnabled = false
    this.#stage = new Konva.Stage({ container, width: 0, height: 0, listening: false })
    // Events go to the element around it, past Konva's own listeners.
    this.#stage.content.style.pointerEvents = 'none'
    this.#layers = draws.map((draw) => this.#newLayer(draw))
    for (const layer of this.#layers) this.#stage.add(layer)
  }

  /** Sizes all canvases to whole px of the device; they are empty until they are drawn. */
  resize(viewport: Size, ratio: number): void {
    const { width, height } = deviceSize({ viewport, ratio })
    this.#isQuiet = true
    for (const layer of this.#layers) layer.getCanvas().pixelRatio = ratio
    // Half a device px more, which Konva cuts off again: divided and multiplied, whole px may come out a hair short.
    this.#stage.size({ width: (width + 0.5) / ratio, height: (height + 0.5) / ratio })
    for (const layer of this.#layers) {
      const { style } = layer.getNativeCanvasElement()
      style.width = `${width / ratio}px`
      style.height = `${height / ratio}px`
    }
    this.#isQuiet = false
  }

  draw(index: number): void {
    this.#layers[index]?.draw()
  }

  destroy(): void {
    this.#stage.destroy()
  }

  #newLayer(draw: Draw): Konva.Layer {
    const layer = new Konva.Layer({ listening: false, clearBeforeDraw: false })
    const sceneFunc = (context: Konva.Context): void => {
      if (!this.#isQuiet) draw(context._context)
    }
    return layer.add(new Konva.Shape({ listening: false, sceneFunc }))
  }
}
