/**
 * The canvas as Konva draws it: a screen, not a memory. What is shown is pushed in as pixels; zoom and pan are its own. React
 * mounts it and is not seen inside.
 */
import Konva from 'konva'
import type { Pixels } from '../../../shared/contract/picture.ts'

const zoomLimits = { least: 0.05, most: 64 } as const
const zoomPerWheelStep = 1.1
/** Px around a fitted picture; at the foot there is the prompt bar. */
const margin = { side: 32, top: 32, foot: 112 } as const

export class CanvasStage {
  readonly #stage: Konva.Stage
  readonly #layer = new Konva.Layer()
  readonly #image = new Konva.Image({ image: undefined, listening: false })
  readonly #resize: ResizeObserver
  #spaceHeld = false

  constructor(container: HTMLDivElement) {
    const { clientWidth, clientHeight } = container
    this.#stage = new Konva.Stage({ container, width: clientWidth, height: clientHeight })
    this.#layer.imageSmoothingEnabled(false)
    this.#layer.add(this.#image)
    this.#stage.add(this.#layer)
    this.#resize = new ResizeObserver(() => {
      this.#stage.size({ width: container.clientWidth, height: container.clientHeight })
    })
    this.#resize.observe(container)
    this.#stage.on('wheel', ({ evt }) => {
      evt.preventDefault()
      this.#zoomAt(
        this.#stage.getPointerPosition() ?? { x: 0, y: 0 },
        evt.deltaY < 0 ? zoomPerWheelStep : 1 / zoomPerWheelStep,
      )
    })
    this.#stage.on('mousedown', ({ evt }) => {
      if (evt.button === 1 || this.#spaceHeld) this.#pan(evt)
    })
  }

  /** Shows a picture; the first one is fitted into view. */
  show(pixels: Pixels): void {
    const isFirst = !this.#image.image()
    const canvas = document.createElement('canvas')
    canvas.width = pixels.width
    canvas.height = pixels.height
    canvas.getContext('2d')?.putImageData(new ImageData(toRgba(pixels), pixels.width, pixels.height), 0, 0)
    this.#image.setAttrs({ image: canvas, width: pixels.width, height: pixels.height })
    if (isFirst) this.fit()
    this.#layer.batchDraw()
  }

  /** The whole picture in view, as large as fits, with a margin. */
  fit(): void {
    const { width, height } = this.#stage.size()
    const picture = this.#image.size()
    if (picture.width === 0 || picture.height === 0) return
    const room = { width: width - 2 * margin.side, height: height - margin.top - margin.foot }
    const scale = Math.max(zoomLimits.least, Math.min(room.width / picture.width, room.height / picture.height))
    const left = (width - picture.width * scale) / 2
    this.#stage.scale({ x: scale, y: scale })
    this.#stage.position({ x: left, y: margin.top + (room.height - picture.height * scale) / 2 })
  }

  holdSpace(held: boolean): void {
    this.#spaceHeld = held
    this.#stage.container().style.cursor = held ? 'grab' : ''
  }

  destroy(): void {
    this.#resize.disconnect()
    this.#stage.destroy()
  }

  #zoomAt(pointer: { readonly x: number; readonly y: number }, factor: number): void {
    const before = this.#stage.scaleX()
    const after = Math.min(Math.max(before * factor, zoomLimits.least), zoomLimits.most)
    const at = this.#stage.position()
    this.#stage.scale({ x: after, y: after })
    this.#stage.position({
      x: pointer.x - ((pointer.x - at.x) / before) * after,
      y: pointer.y - ((pointer.y - at.y) / before) * after,
    })
  }

  #pan(start: MouseEvent): void {
    start.preventDefault()
    const from = this.#stage.position()
    const move = ({ clientX, clientY }: MouseEvent): void => {
      this.#stage.position({ x: from.x + clientX - start.clientX, y: from.y + clientY - start.clientY })
    }
    const stop = (): void => {
      window.removeEventListener('mousemove', move)
      window.removeEventListener('mouseup', stop)
    }
    window.addEventListener('mousemove', move)
    window.addEventListener('mouseup', stop)
  }
}

function toRgba({ width, height, channels, data }: Pixels): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < Math.min(channels, 4); c++) rgba[i * 4 + c] = data[i * channels + c] ?? 0
    if (channels === 1) rgba.fill(data[i] ?? 0, i * 4, i * 4 + 3)
  }
  return rgba
}
