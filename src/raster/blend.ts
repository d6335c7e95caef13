/**
 * The 16 blend modes of W3C Compositing and Blending Level 1 with source-over, on runs of RGBA px with straight alpha:
 * co = cs as (1 - ab) + cb ab (1 - as) + as ab B(cb, cs), in floats, rounded once.
 */
import { assert } from '../shared/base/assert.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { nonSeparable, type Rgb, separable } from './blend-formulas.ts'

type SeparableMode = keyof typeof separable
type NonSeparableMode = keyof typeof nonSeparable

/** By their CSS names. */
export type BlendMode = 'normal' | SeparableMode | NonSeparableMode

/** byte / 255; 255 becomes exactly 1. */
const unit = Float64Array.from({ length: 256 }, (_, byte) => byte / 255)

/**
 * Lays `source` over `backdrop`, in place. Px whose alpha, mask or opacity is 0 keep every byte of the backdrop; a px whose
 * alpha rounds to 0 becomes 0, 0, 0, 0.
 *
 * @param backdrop RGBA, (px, 4).
 * @param source RGBA, as many px; may not share memory with the backdrop.
 * @param opacity 0..1
 * @param mask one byte a px, 255 = the source in full.
 */
export function blendPixels(
  backdrop: Uint8Array,
  source: Uint8Array,
  mode: BlendMode,
  opacity: number,
  mask?: Uint8Array,
): void {
  assert(backdrop.length === source.length, 'backdrop and source must have as many px')
  assert(mask === undefined || mask.length * 4 === source.length, 'a mask must have a byte for every px')
  assert(opacity >= 0 && opacity <= 1, 'opacity lies between 0 and 1')
  if (opacity === 0) return
  if (mode === 'normal') blendNormal(backdrop, source, opacity, mask)
  else if (isSeparable(mode)) blendSeparable(backdrop, source, tableOf(mode), opacity, mask)
  else blendNonSeparable(backdrop, source, mode, opacity, mask)
}

/**
 * One colour over one px, in place.
 *
 * @param at index of the px's first byte.
 * @param r, g, b 0..255, need not be whole.
 * @param alpha 0..1, above 0.
 */
export function over(data: Uint8Array, at: number, r: number, g: number, b: number, alpha: number): void {
  const below = data[at + 3]!
  let shown = alpha
  if (below !== 255) {
    const whole = alpha + unit[below]! * (1 - alpha)
    const byte = (whole * 255 + 0.5) | 0
    data[at + 3] = byte
    if (byte === 0) {
      data[at] = data[at + 1] = data[at + 2] = 0
      return
    }
    shown = alpha / whole
  }
  const br = data[at]!
  const bg = data[at + 1]!
  const bb = data[at + 2]!
  data[at] = (br + (r - br) * shown + 0.5) | 0
  data[at + 1] = (bg + (g - bg) * shown + 0.5) | 0
  data[at + 2] = (bb + (b - bb) * shown + 0.5) | 0
}

function blendNormal(backdrop: Uint8Array, source: Uint8Array, opacity: number, mask: Uint8Array | undefined): void {
  if (opacity === 1 && mask === undefined && areAligned(backdrop, source)) {
    return blendPlain(backdrop, wordsOf(backdrop), 0, source, wordsOf(source), 0, source.length >> 2)
  }
  for (let i = 0, px = 0; i < source.length; i += 4, px++) {
    const byte = source[i + 3]!
    if (byte === 0) continue
    const alpha = unit[byte]! * opacity * (mask === undefined ? 1 : unit[mask[px]!]!)
    if (alpha === 1) {
      backdrop[i] = source[i]!
      backdrop[i + 1] = source[i + 1]!
      backdrop[i + 2] = source[i + 2]!
      backdrop[i + 3] = 255
    } else if (backdrop[i + 3] === 255 && alpha === unit[byte]!) {
      // The same sum in whole numbers, at twice the speed: most px with an alpha lie over an opaque photo.
      const rest = 255 - byte
      backdrop[i] = by255(source[i]! * byte + backdrop[i]! * rest)
      backdrop[i + 1] = by255(source[i + 1]! * byte + backdrop[i + 1]! * rest)
      backdrop[i + 2] = by255(source[i + 2]! * byte + backdrop[i + 2]! * rest)
    } else if (alpha > 0) {
      over(backdrop, i, source[i]!, source[i + 1]!, source[i + 2]!, alpha)
    }
  }
}

/** A picture's bytes, and the part of it that is meant: its first px, and px from one line to the next. */
export interface Block {
  /** RGBA */
  readonly data: Uint8Array
  readonly at: number
  readonly line: number
}

/**
 * `blendPixels` on a rectangle of each of two pictures; the source may have a mask, which is as large as its whole picture.
 * Costs little more than its px, however short its lines are.
 */
export function blendBlock(
  backdrop: Block,
  source: Block,
  { width, height }: Size,
  mode: BlendMode,
  opacity: number,
  mask?: Uint8Array,
): void {
  if (mode === 'normal' && opacity === 1 && mask === undefined && areAligned(backdrop.data, source.data)) {
    const below = wordsOf(backdrop.data)
    const above = wordsOf(source.data)
    for (let y = 0; y < height; y++) {
      blendPlain(
        backdrop.data,
        below,
        backdrop.at + y * backdrop.line,
        source.data,
        above,
        source.at + y * source.line,
        width,
      )
    }
    return
  }
  // Lines that lie one behind the other are one line.
  const isOne = backdrop.line === width && source.line === width
  const [length, lines] = isOne ? [width * height, 1] : [width, height]
  for (let y = 0; y < lines; y++) {
    const to = backdrop.at + y * backdrop.line
    const from = source.at + y * source.line
    blendPixels(
      backdrop.data.subarray(to * 4, (to + length) * 4),
      source.data.subarray(from * 4, (from + length) * 4),
      mode,
      opacity,
      mask?.subarray(from, from + length),
    )
  }
}

const areAligned = (a: Uint8Array, b: Uint8Array): boolean => ((a.byteOffset | b.byteOffset) & 3) === 0

const wordsOf = (data: Uint8Array): Int32Array => new Int32Array(data.buffer, data.byteOffset, data.length >> 2)

/**
 * Most layers are like this: the same bytes as by the longer way, at thrice the speed. Px are taken as words, two channels of 16
 * bits at a time, so both pictures have to begin at a multiple of 4 bytes, as all do that have memory of their own.
 *
 * @param below, above the words of the pictures; `to`, `from` the first px, in words
 */
function blendPlain(
  backdrop: Uint8Array,
  below: Int32Array,
  to: number,
  source: Uint8Array,
  above: Int32Array,
  from: number,
  count: number,
): void {
  for (const end = from + count; from < end; from++, to++) {
    const s = above[from]!
    const byte = s >>> 24
    if (byte === 0) continue
    const b = below[to]!
    const alpha = b >>> 24
    if (byte === 255 || alpha === 0) below[to] = s
    else if (alpha === 255) {
      const rest = 255 - byte
      const even = by255Twice((Math.imul(s & evenBytes, byte) + Math.imul(b & evenBytes, rest)) | 0)
      const odd = by255Twice((Math.imul((s >>> 8) & evenBytes, byte) + Math.imul((b >>> 8) & evenBytes, rest)) | 0)
      below[to] = even | ((odd & 255) << 8) | opaque
    } else {
      const i = from * 4
      over(backdrop, to * 4, source[i]!, source[i + 1]!, source[i + 2]!, unit[byte]!)
    }
  }
}

const evenBytes = 0xff00ff
const opaque = 0xff000000 | 0

/** `by255` of both halves of a word. */
function by255Twice(value: number): number {
  const shifted = (value + 0x800080) | 0
  return ((shifted + ((shifted >>> 8) & evenBytes)) >>> 8) & evenBytes
}

/** value / 255 rounded, for whole values up to 255^2. */
function by255(value: number): number {
  const shifted = value + 128
  return (shifted + (shifted >> 8)) >> 8
}

function isSeparable(mode: SeparableMode | NonSeparableMode): mode is SeparableMode {
  return Object.hasOwn(separable, mode)
}

const tables = new Map<SeparableMode, Float32Array>()

/** 255 B for every pair of bytes, at [backdrop * 256 + source]; 256 KiB a mode, made when the mode is first met. */
function tableOf(mode: SeparableMode): Float32Array {
  const known = tables.get(mode)
  if (known !== undefined) return known
  const formula = separable[mode]
  const table = new Float32Array(65536)
  for (let i = 0; i < 65536; i++) table[i] = 255 * formula(unit[i >> 8]!, unit[i & 255]!)
  tables.set(mode, table)
  return table
}

function blendSeparable(
  backdrop: Uint8Array,
  source: Uint8Array,
  table: Float32Array,
  opacity: number,
  mask: Uint8Array | undefined,
): void {
  for (let i = 0, px = 0; i < source.length; i += 4, px++) {
    const alpha = unit[source[i + 3]!]! * opacity * (mask === undefined ? 1 : unit[mask[px]!]!)
    if (alpha === 0) continue
    const r = source[i]!
    const g = source[i + 1]!
    const b = source[i + 2]!
    // B counts as far as there is a backdrop; the source's own colour shows for the rest.
    const below = unit[backdrop[i + 3]!]!
    const mixedR = r + (table[(backdrop[i]! << 8) | r]! - r) * below
    const mixedG = g + (table[(backdrop[i + 1]! << 8) | g]! - g) * below
    const mixedB = b + (table[(backdrop[i + 2]! << 8) | b]! - b) * below
    over(backdrop, i, mixedR, mixedG, mixedB, alpha)
  }
}

function blendNonSeparable(
  backdrop: Uint8Array,
  source: Uint8Array,
  mode: NonSeparableMode,
  opacity: number,
  mask: Uint8Array | undefined,
): void {
  const formula = nonSeparable[mode]
  const cb: Rgb = { r: 0, g: 0, b: 0 }
  const cs: Rgb = { r: 0, g: 0, b: 0 }
  const blended: Rgb = { r: 0, g: 0, b: 0 }
  for (let i = 0, px = 0; i < source.length; i += 4, px++) {
    const alpha = unit[source[i + 3]!]! * opacity * (mask === undefined ? 1 : unit[mask[px]!]!)
    if (alpha === 0) continue
    read(backdrop, i, cb)
    read(source, i, cs)
    formula(cb, cs, blended)
    const below = unit[backdrop[i + 3]!]!
    const mixedR = 255 * (cs.r + (blended.r - cs.r) * below)
    const mixedG = 255 * (cs.g + (blended.g - cs.g) * below)
    const mixedB = 255 * (cs.b + (blended.b - cs.b) * below)
    over(backdrop, i, mixedR, mixedG, mixedB, alpha)
  }
}

function read(data: Uint8Array, at: number, colour: Rgb): void {
  colour.r = unit[data[at]!]!
  colour.g = unit[data[at + 1]!]!
  colour.b = unit[data[at + 2]!]!
}
