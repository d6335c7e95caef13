/**
 * B(cb, cs) of W3C Compositing and Blending Level 1, sections 9 and 10: what a source colour becomes over an opaque
 * backdrop. Colours here are 0..1; `b` is the backdrop's, `s` the source's.
 */

/** Modes that work on each channel alone. */
export const separable = {
  multiply: (b: number, s: number) => b * s,
  screen,
  overlay: (b: number, s: number) => hardLight(s, b),
  darken: (b: number, s: number) => Math.min(b, s),
  lighten: (b: number, s: number) => Math.max(b, s),
  'color-dodge': (b: number, s: number) => (b === 0 ? 0 : s === 1 ? 1 : Math.min(1, b / (1 - s))),
  'color-burn': (b: number, s: number) => (b === 1 ? 1 : s === 0 ? 0 : 1 - Math.min(1, (1 - b) / s)),
  'hard-light': hardLight,
  'soft-light': softLight,
  difference: (b: number, s: number) => Math.abs(b - s),
  exclusion: (b: number, s: number) => b + s - 2 * b * s,
}

function screen(b: number, s: number): number {
  return b + s - b * s
}

function hardLight(b: number, s: number): number {
  return s <= 0.5 ? b * 2 * s : screen(b, 2 * s - 1)
}

function softLight(b: number, s: number): number {
  if (s <= 0.5) return b - (1 - 2 * s) * b * (1 - b)
  const lit = b <= 0.25 ? ((16 * b - 12) * b + 4) * b : Math.sqrt(b)
  return b + (2 * s - 1) * (lit - b)
}

/** A colour that formulas write into, so that a px costs no allocation. */
export interface Rgb {
  r: number
  g: number
  b: number
}

type Colour = Readonly<Rgb>

/** Modes that work on the whole colour: they write B into `out`, which may not be one of the arguments. */
export const nonSeparable = {
  hue: (below: Colour, source: Colour, out: Rgb) => {
    setSaturation(source, saturation(below), out)
    setLuminosity(out, luminosity(below), out)
  },
  saturation: (below: Colour, source: Colour, out: Rgb) => {
    setSaturation(below, saturation(source), out)
    setLuminosity(out, luminosity(below), out)
  },
  color: (below: Colour, source: Colour, out: Rgb) => setLuminosity(source, luminosity(below), out),
  luminosity: (below: Colour, source: Colour, out: Rgb) => setLuminosity(below, luminosity(source), out),
}

function luminosity({ r, g, b }: Colour): number {
  return 0.3 * r + 0.59 * g + 0.11 * b
}

function saturation({ r, g, b }: Colour): number {
  return Math.max(r, g, b) - Math.min(r, g, b)
}

/** SetSat: the smallest channel becomes 0, the largest `wanted`, the middle one keeps its share between them. */
function setSaturation({ r, g, b }: Colour, wanted: number, out: Rgb): void {
  const low = Math.min(r, g, b)
  const range = Math.max(r, g, b) - low
  const scale = range === 0 ? 0 : wanted / range
  out.r = (r - low) * scale
  out.g = (g - low) * scale
  out.b = (b - low) * scale
}

/** SetLum and ClipColor: shifted to the luminosity, and drawn towards its grey as far as 0..1 demands. */
function setLuminosity(colour: Colour, wanted: number, out: Rgb): void {
  const shift = wanted - luminosity(colour)
  const r = colour.r + shift
  const g = colour.g + shift
  const b = colour.b + shift
  const low = Math.min(r, g, b)
  const high = Math.max(r, g, b)
  const scale = low < 0 ? wanted / (wanted - low) : high > 1 ? (1 - wanted) / (high - wanted) : 1
  out.r = wanted + (r - wanted) * scale
  out.g = wanted + (g - wanted) * scale
  out.b = wanted + (b - wanted) * scale
}
