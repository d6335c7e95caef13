/**
 * What lies over the document before it is part of it, as an image: what the model is drawing, or the staged picture that is shown.
 * Large ones are turned into one strip by strip, so that no task is long; until the last strip is there, the image before is shown.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Rect } from '../../../shared/geometry/rect.ts'
import type { Cells, Drawing } from '../studio/canvas-host.ts'
import { deviceRect, type Screen } from './screen.ts'

export interface DrawnImage {
  readonly image: OffscreenCanvas
  readonly rect: Rect
  readonly doubtful: Cells | null
}

/** Px that are turned in one task: some ms. */
const stripPixels = 2 ** 18

/** At once where it is small, else later; null where it is not wanted any more by then. */
export function drawnImage(drawing: Drawing, isWanted: () => boolean): DrawnImage | Promise<DrawnImage | null> {
  const { pixels, mask, rect, doubtful } = drawing
  const { width, height } = pixels
  const image = new OffscreenCanvas(width, height)
  const context = image.getContext('2d')
  assert(context, 'a canvas has a 2d context')
  const drawn = { image, rect, doubtful }
  const rows = Math.max(1, Math.floor(stripPixels / width))
  const put = (top: number): void => {
    const strip = toRgba(pixels, mask, top, Math.min(height, top + rows))
    context.putImageData(new ImageData(strip, width), 0, top)
  }
  put(0)
  if (rows >= height) return drawn
  return new Promise((resolve) => {
    const next = (top: number): void => {
      if (!isWanted()) return resolve(null)
      if (top >= height) return resolve(drawn)
      put(top)
      setTimeout(next, 0, top + rows)
    }
    setTimeout(next, 0, rows)
  })
}

/** Stretched over its part of the canvas, or of what lies beyond it: an extension is drawn where there is no canvas yet. */
export function drawDrawing(context: CanvasRenderingContext2D, screen: Screen, { image, rect }: DrawnImage): void {
  const { x, y, width, height } = deviceRect(screen, rect)
  context.save()
  context.setTransform(1, 0, 0, 1, 0, 0)
  // Px are to be seen as px where the picture below shows them so.
  context.imageSmoothingEnabled = width < image.width * 2
  context.drawImage(image, x, y, width, height)
  context.restore()
}

/** Rows `top` to `bottom`; where there is a mask, it is stretched over the picture and makes it as opaque as it is strong. */
export function toRgba(
  { width, height, channels, data }: Pixels,
  mask: Pixels | null = null,
  top = 0,
  bottom = height,
): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * (bottom - top) * 4)
  const first = top * width
  // Of a grey picture all three are the one there is.
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2]
  for (let i = first; i < bottom * width; i++) {
    const from = i * channels
    const to = (i - first) * 4
    rgba[to] = data[from] ?? 0
    rgba[to + 1] = data[from + green] ?? 0
    rgba[to + 2] = data[from + blue] ?? 0
    rgba[to + 3] = channels === 4 ? (data[from + 3] ?? 0) : 255
  }
  if (mask !== null) applyMask(rgba, mask, { width, height, top })
  return rgba
}

function applyMask(rgba: Uint8ClampedArray, mask: Pixels, strip: { width: number; height: number; top: number }): void {
  const { width, height, top } = strip
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * mask.width) / width))
  for (let i = 0; i * 4 < rgba.length; i += width) {
    const row = Math.floor(((top + i / width + 0.5) * mask.height) / height) * mask.width
    for (let x = 0; x < width; x++) {
      const at = (i + x) * 4 + 3
      rgba[at] = Math.round(((rgba[at] ?? 0) * (mask.data[(row + (columns[x] ?? 0)) * mask.channels] ?? 0)) / 255)
    }
  }
}
