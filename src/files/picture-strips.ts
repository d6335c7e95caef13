/**
 * Pictures too large to be in memory as a whole: rows that are made when their turn comes, and their way into a PNG. A strip's
 * key says all that its pixels depend on, so that one that was written before need not be made again (strip-file.ts).
 */
import type { Pixels } from '../shared/contract/picture.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { ahead } from './ahead.ts'
import { encodeStrip, type ExtraChunk, type PngStrip, pngHead, pngTail } from './png-write.ts'

export interface StripPlan {
  /** Its first row in the picture. */
  readonly y: number
  /** Equal keys have equal pixels. */
  readonly key: string
  /** True where nothing is in it: packed once for all of its size. */
  readonly isBlank: boolean
  readonly make: () => Promise<Pixels>
}

export interface StripPicture extends Size {
  readonly channels: Pixels['channels']
  /** From top to bottom; together they are the picture. */
  readonly strips: readonly StripPlan[]
}

/** How many bytes a strip has in the PNG before they are packed: each row one more than its pixels. */
export function filteredSize({ width, height, channels, strips }: StripPicture, plan: StripPlan): number {
  const next = strips[strips.indexOf(plan) + 1]
  return ((next?.y ?? height) - plan.y) * (width * channels + 1)
}

export type PackStrip = (plan: StripPlan) => Promise<PngStrip>

/** One on its way to the disk while two are packed and one is made. */
const atOnce = 4

export const packStrip: PackStrip = async (plan) => await encodeStrip(await plan.make())

export interface PngOptions {
  readonly pack?: PackStrip
  readonly extra?: readonly ExtraChunk[]
  /** Told at which byte of the PNG a strip begins. */
  readonly onStrip?: (plan: StripPlan, strip: PngStrip, offset: number) => void
}

/** A PNG's bytes as they get ready: head, strips from top to bottom, tail. */
export async function* pngChunks(picture: StripPicture, options: PngOptions = {}): AsyncGenerator<Uint8Array> {
  const { pack = packStrip, extra = [], onStrip } = options
  const sums: Omit<PngStrip, 'chunk'>[] = []
  const head = pngHead(picture, picture.channels, extra)
  yield head
  let offset = head.length
  const packed = ahead(picture.strips, atOnce, async (plan) => ({ plan, strip: await pack(plan) }))
  for await (const { plan, strip } of packed) {
    const { chunk, size, adler } = strip
    onStrip?.(plan, strip, offset)
    sums.push({ size, adler })
    yield chunk
    offset += chunk.length
  }
  yield pngTail(sums)
}

/** All of it in memory, for encoders that take no less. */
export async function wholePicture(picture: StripPicture, onStrip?: () => void): Promise<Pixels> {
  const { width, height, channels, strips } = picture
  const data = new Uint8Array(width * height * channels)
  for (const { y, make } of strips) {
    data.set((await make()).data, y * width * channels)
    onStrip?.()
  }
  return { width, height, channels, data }
}
