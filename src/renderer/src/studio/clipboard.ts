/**
 * Copy, cut and paste of pixels. A copy is kept here as it is, so that pasting it in this window loses nothing; the system gets it
 * as a PNG for other programs. What comes from other programs is decoded in the engine's process, as every stranger's picture.
 */
import { addRasterLayer } from '../../../document/index.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { steps, told } from '../strings/steps.ts'
import type { Files } from './files.ts'
import { placeAbove } from './layer-actions.ts'
import type { Parts } from './parts.ts'

interface Copied {
  readonly pixels: Pixels
  readonly rect: Rect
}

export class Clipboard {
  readonly #parts: Parts
  readonly #files: Files
  #copied: Copied | null = null

  constructor(parts: Parts, files: Files) {
    this.#parts = parts
    this.#files = files
  }

  /** Another program may have copied something since: what was copied here is no longer what the person means. */
  windowLeft(): void {
    this.#copied = null
  }

  /** @param what the active layer alone, or the picture as it shows */
  async copy(what: 'target' | 'picture'): Promise<boolean> {
    const { notices } = this.#parts
    try {
      const copied = await this.#read(what)
      if (copied === null) {
        notices.tell('warning', told.nothingToCopy)
        return false
      }
      this.#copied = copied
      await this.#hand(copied.pixels)
      return true
    } catch (error) {
      notices.fail(error)
      return false
    }
  }

  async cut(
    operate: (
      label: string,
      operation: { do: 'clear'; target: NonNullable<ReturnType<typeof targetOf>> },
    ) => Promise<boolean>,
  ): Promise<void> {
    const target = targetOf(this.#parts)
    if (target !== null && (await this.copy('target'))) await operate(steps.cut, { do: 'clear', target })
  }

  /** @param files what the system's clipboard holds, where a paste event brought it */
  async paste(files?: readonly File[]): Promise<void> {
    const copied = this.#copied
    if (copied !== null) return this.#pasteCopied(copied)
    const picture = files?.find(({ type }) => type.startsWith('image/'))
    if (picture === undefined) {
      if (files === undefined) this.#parts.notices.tell('info', told.pasteByKey)
      return
    }
    const bytes = new Uint8Array(await picture.arrayBuffer())
    await this.#files.place({ kind: 'bytes', name: picture.name || steps.paste, bytes })
  }

  async #pasteCopied({ pixels, rect }: Copied): Promise<void> {
    const document = this.#parts.document()
    if (document === null) return
    await this.#parts.queue.run('', async () => {
      const { surface } = await this.#parts.pixels.operate({ do: 'place', pixels, at: rect, mask: null })
      if (surface === null || this.#parts.document() !== document) return
      document.choose(addRasterLayer(document.store, { surface, label: steps.paste, place: placeAbove(document) }))
    })
  }

  async #read(what: 'target' | 'picture'): Promise<Copied | null> {
    const document = this.#parts.document()
    const target = targetOf(this.#parts)
    if (document === null || (what === 'target' && target === null)) return null
    const { pixels, queue } = this.#parts
    await queue.settled()
    const { width, height, selection } = document.store.canvas
    const whole = { x: 0, y: 0, width, height }
    const selected = selection === null ? whole : await pixels.bounds('selection')
    const shown = target === null || what === 'picture' ? whole : await pixels.bounds(target)
    const rect = selected && shown && intersect(selected, shown)
    if (!rect) return null
    if (what === 'target' && target !== null) {
      const read = await pixels.read({ what: 'target', target, rect, selected: true })
      return { pixels: read.channels === 1 ? grey(read) : read, rect }
    }
    const picture = await pixels.read({ what: 'picture', rect })
    if (selection === null) return { pixels: picture, rect }
    const mask = await pixels.read({ what: 'selection', rect })
    const data = new Uint8Array(picture.data)
    for (let px = 0; px < mask.data.length; px++) {
      data[px * 4 + 3] = Math.round(((data[px * 4 + 3] ?? 0) * (mask.data[px] ?? 0)) / 255)
    }
    return { pixels: { ...picture, data }, rect }
  }

  async #hand({ width, height, data }: Pixels): Promise<void> {
    try {
      const canvas = new OffscreenCanvas(width, height)
      canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0)
      const png = await canvas.convertToBlob({ type: 'image/png' })
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
    } catch {
      this.#parts.notices.tell('info', told.clipboardRefused)
    }
  }
}

const targetOf = (parts: Parts) => parts.document()?.target ?? null

/** A mask as a picture: its coverage as grey. */
function grey({ width, height, data }: Pixels): Pixels {
  const rgba = new Uint8Array(width * height * 4)
  for (let px = 0; px < data.length; px++) {
    rgba.fill(data[px] ?? 0, px * 4, px * 4 + 3)
    rgba[px * 4 + 3] = 255
  }
  return { width, height, channels: 4, data: rgba }
}
