/**
 * The only file that knows sharp. Image files in, sRGB pixels out, upright and in 8 bits; and back to files. Runs in the engine's
 * process, never where windows or documents live: what is decoded here comes from strangers.
 */
import sharp from 'sharp'
import { StudioError } from '../../shared/contract/errors.ts'
import {
  isTooLarge,
  type PictureFormat,
  type PictureInput,
  type Pixels,
  pictureLimitsText,
} from '../../shared/contract/picture.ts'
import type { Size } from '../../shared/geometry/rect.ts'

/** What sharp calls the formats that are read. It knows more, SVG among them: a program for drawing, not a picture. */
const formats: readonly string[] = ['png', 'jpeg', 'webp', 'tiff', 'gif', 'heif']

/**
 * @param label how messages call the picture: 'the picture', 'the mask'
 * @throws StudioError 'not-a-picture' or 'picture-too-large', both before any pixel is decoded, where the header tells
 */
export async function decodePicture(input: PictureInput, label: string): Promise<Pixels> {
  if (input.kind === 'pixels') return input.pixels
  if (input.kind === 'carrier') {
    throw new StudioError(
      'bad-request',
      `${label} is to come out of a picture's own recipe. Read the recipe with readRecipe first.`,
    )
  }
  const { image, refuse } = await openChecked(input, label)
  const upright = image.autoOrient().toColourspace('srgb')
  const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }).catch(refuse)
  const { width, height, channels } = info
  // sRGB has three channels and at most an alpha; a scientific TIFF may hold more.
  return channels === 3 || channels === 4 ? { width, height, channels, data: new Uint8Array(data) } : refuse(undefined)
}

/** Width and height as `decodePicture` would give them, from the header alone. */
export async function pictureSize(input: PictureInput, label: string): Promise<Size> {
  if (input.kind !== 'file') return decodePicture(input, label)
  const { width, height, swap } = await openChecked(input, label)
  return swap ? { width: height, height: width } : { width, height }
}

async function openChecked(input: Extract<PictureInput, { kind: 'file' }>, label: string) {
  const name = input.name ?? label
  const refuse = (cause: unknown): never => {
    throw new StudioError(
      'not-a-picture',
      `${name} cannot be read as a picture. Give a PNG, JPEG, WebP, TIFF, GIF or AVIF file.`,
      { cause },
    )
  }
  // sharp throws at once where there is nothing to read.
  if (input.bytes.length === 0) return refuse(undefined)
  // sharp's own limit counts pixels only; a strip of 1 x 100 million is refused by its side.
  const image = sharp(input.bytes, { limitInputPixels: false, failOn: 'error', animated: false })
  const { format, width, height, orientation } = await image.metadata().catch(refuse)
  if (!formats.includes(format)) return refuse(undefined)
  if (isTooLarge({ width, height })) {
    throw new StudioError(
      'picture-too-large',
      `${name} is ${width} x ${height} px; the limit is ${pictureLimitsText}. Make it smaller first.`,
    )
  }
  // EXIF orientations 5 to 8 lay the picture on its side.
  return { image, refuse, width, height, swap: (orientation ?? 1) >= 5 }
}

/** Lossless; the same pixels give the same bytes. */
export async function encodePng({ width, height, channels, data }: Pixels): Promise<Uint8Array> {
  const encoded = sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 6 })
  return new Uint8Array(await (channels === 1 ? encoded.toColourspace('b-w') : encoded).toBuffer())
}

type FileType = PictureFormat['type'] | 'gif'

/** The longest side that a format can hold. */
export const longestSide: Readonly<Record<FileType, number>> = {
  png: 2 ** 31 - 1,
  jpeg: 65_535,
  webp: 16_383,
  avif: 16_384,
  gif: 65_535,
}

export const nameOf: Readonly<Record<FileType, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  webp: 'WebP',
  avif: 'AVIF',
  gif: 'GIF',
}

/** @throws StudioError 'picture-too-large' where the format cannot hold it */
export async function encodePicture(pixels: Pixels, format: PictureFormat): Promise<Uint8Array> {
  if (format.type === 'png') return encodePng(pixels)
  const { width, height, channels, data } = pixels
  const most = longestSide[format.type]
  if (Math.max(width, height) > most) {
    throw new StudioError(
      'picture-too-large',
      `${nameOf[format.type]} holds at most ${most} px a side, the picture is ${width} x ${height} px. Save it as PNG, or make it smaller.`,
    )
  }
  const image = sharp(data, { raw: { width, height, channels } })
  if (format.type === 'webp') {
    const { quality } = format
    return new Uint8Array(await image.webp(quality === undefined ? { lossless: true } : { quality }).toBuffer())
  }
  if (format.type === 'avif') return new Uint8Array(await image.avif({ quality: format.quality }).toBuffer())
  return new Uint8Array(await image.flatten({ background: '#fff' }).jpeg({ quality: format.quality }).toBuffer())
}

/**
 * Pages of one size as one file that plays for ever.
 * @param pages below each other
 * @param delay of each page, ms
 */
export async function encodePages(
  { width, height, channels, data }: Pixels,
  format: 'webp' | 'gif',
  delay: number[],
): Promise<Uint8Array> {
  const raw = { width, height, channels, pageHeight: height / delay.length }
  const image = sharp(data, { raw, limitInputPixels: false })
  const options = { loop: 0, delay }
  return new Uint8Array(await (format === 'gif' ? image.gif(options) : image.webp(options)).toBuffer())
}
