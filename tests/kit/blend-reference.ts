/** The blend modes of W3C Compositing and Blending Level 1, written down a second time: px by px, in doubles, as the text words them. */
import type { BlendMode } from '../../src/document/records.ts'

export type Colour = readonly number[]

const lum = ([r = 0, g = 0, b = 0]: Colour): number => 0.3 * r + 0.59 * g + 0.11 * b
const sat = (c: Colour): number => Math.max(...c) - Math.min(...c)

function clipColor(c: Colour): Colour {
  const l = lum(c)
  const n = Math.min(...c)
  const x = Math.max(...c)
  let out = c
  if (n < 0) out = out.map((v) => l + ((v - l) * l) / (l - n))
  if (x > 1) out = out.map((v) => l + ((v - l) * (1 - l)) / (x - l))
  return out
}

function setLum(c: Colour, l: number): Colour {
  const d = l - lum(c)
  return clipColor(c.map((v) => v + d))
}

/** By sorting the channels, as the specification words it. */
function setSat(c: Colour, s: number): Colour {
  const [min, mid, max] = [0, 1, 2].sort((i, j) => c[i]! - c[j]!) as [number, number, number]
  const out = [0, 0, 0]
  if (c[max]! > c[min]!) {
    out[mid] = ((c[mid]! - c[min]!) * s) / (c[max]! - c[min]!)
    out[max] = s
  }
  return out
}

const perChannel = (f: (cb: number, cs: number) => number) => (cb: Colour, cs: Colour) => cb.map((v, i) => f(v, cs[i]!))
const specMultiply = (cb: number, cs: number): number => cb * cs
const specScreen = (cb: number, cs: number): number => 1 - (1 - cb) * (1 - cs)
const specHardLight = (cb: number, cs: number): number =>
  cs <= 0.5 ? specMultiply(cb, 2 * cs) : specScreen(cb, 2 * cs - 1)

function specSoftLight(cb: number, cs: number): number {
  const d = cb <= 0.25 ? ((16 * cb - 12) * cb + 4) * cb : Math.sqrt(cb)
  return cs <= 0.5 ? cb - (1 - 2 * cs) * cb * (1 - cb) : cb + (2 * cs - 1) * (d - cb)
}

function specDodge(cb: number, cs: number): number {
  if (cb === 0) return 0
  return cs === 1 ? 1 : Math.min(1, cb / (1 - cs))
}

function specBurn(cb: number, cs: number): number {
  if (cb === 1) return 1
  return cs === 0 ? 0 : 1 - Math.min(1, (1 - cb) / cs)
}

/** B(cb, cs) of each mode, 0..1. */
export const blendFormulas: Record<BlendMode, (cb: Colour, cs: Colour) => Colour> = {
  normal: (_, cs) => cs,
  multiply: perChannel(specMultiply),
  screen: perChannel(specScreen),
  overlay: perChannel((cb, cs) => specHardLight(cs, cb)),
  darken: perChannel(Math.min),
  lighten: perChannel(Math.max),
  'color-dodge': perChannel(specDodge),
  'color-burn': perChannel(specBurn),
  'hard-light': perChannel(specHardLight),
  'soft-light': perChannel(specSoftLight),
  difference: perChannel((cb, cs) => Math.abs(cb - cs)),
  exclusion: perChannel((cb, cs) => cb + cs - 2 * cb * cs),
  hue: (cb, cs) => setLum(setSat(cs, sat(cb)), lum(cb)),
  saturation: (cb, cs) => setLum(setSat(cb, sat(cs)), lum(cb)),
  color: (cb, cs) => setLum(cs, lum(cb)),
  luminosity: (cb, cs) => setLum(cb, lum(cs)),
}

/** Premultiplied colours and alpha as the specification adds them up, then divided; 0..255, not rounded. */
export function referenceBlend(mode: BlendMode, backdrop: Colour, source: Colour, opacity: number): number[] {
  const cb = backdrop.slice(0, 3).map((v) => v / 255)
  const cs = source.slice(0, 3).map((v) => v / 255)
  const ab = backdrop[3]! / 255
  const as = (source[3]! / 255) * opacity
  const ao = as + ab * (1 - as)
  if (ao === 0) return [0, 0, 0, 0]
  const mixed = blendFormulas[mode](cb, cs)
  const co = mixed.map((v, i) => cs[i]! * as * (1 - ab) + cb[i]! * ab * (1 - as) + as * ab * v)
  return [...co.map((v) => (255 * v) / ao), 255 * ao]
}
