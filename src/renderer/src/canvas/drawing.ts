/** What the model is drawing right now, as an image that can be laid over the picture. */
import { assert } from '../../../shared/base/assert.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Drawing } from '../studio/canvas-host.ts'
import { deviceRect, type Screen } from './screen.ts'

export interface DrawnImage {
  readonly image: OffscreenCanvas
  readonly rect: Drawing['rect']
}

export function drawnImage({ pixels, rect }: Drawing): DrawnImage {
  const { width, height } = pixels
  const image = new OffscreenCanvas(width, height)
  const context = image.getContext('2d')
  assert(context, 'a canvas has a 2d context')
  context.putImageData(new ImageData(toRgba(pixels), width, height), 0, 0)
  return { image, rect }
}

/** Stretched over its part of the canvas, or of what lies beyond it: an extension is drawn where there is no canvas yet. */
export function drawDrawing(context: CanvasRenderingContext2D, screen: Screen, { image, rect }: DrawnImage): void {
  const { x, y, width, height } = deviceRect(screen, rect)
  context.save()
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.imageSmoothingEnabled = true
  context.drawImage(image, x, y, width, height)
  context.restore()
}

export function toRgba({ width, height, channels, data }: Pixels): Uint8ClampedArray<ArrayBuffer> {
  if (channels === 4) return new Uint8ClampedArray(data)
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) {
    // Of a grey picture all three are the one there is.
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (channels === 3 ? c : 0)] ?? 0
  }
  return rgba
}
