/**
 * A picture as a person might have it open: a lake between mountains in the evening, painted by formulas layer by layer, with a group,
 * layer masks and blend modes, so that the README's pictures need no file of anybody's.
 */
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  type BlendMode,
  type DocumentStore,
  newDocument,
  setBlendMode,
  setFrame,
  setLayerMask,
  setOpacity,
} from '../../src/document/index.ts'
import { clamp } from '../../src/shared/geometry/rect.ts'
import { PackedTiles, writeOra } from './write-ora.ts'

const [width, height] = [1600, 1000]
export const landscapeSize = { width, height } as const
/** Px from the top to the far shore of the lake. */
const shore = 640
const sun = { x: 1080, y: 470 } as const

type Rgb = readonly [number, number, number]
/** RGB and alpha of a px, 0..255 and 0..1. */
type Paint = (x: number, y: number) => readonly [Rgb, number]

export async function writeLandscape(path: string): Promise<void> {
  const store = newDocument(landscapeSize)
  const tiles = new PackedTiles()
  const layer = async (name: string, paint: Paint, more: More = {}): Promise<string> => {
    const surface = await tiles.cut({ width, height, channels: 4, data: painted(paint) })
    const { parent = null, mode = 'normal', opacity = 1, mask } = more
    const id = addRasterLayer(store, { name, surface, place: { parent } })
    setBlendMode(store, id, mode)
    setOpacity(store, id, opacity)
    if (mask !== undefined) setLayerMask(store, id, { surface: await maskOf(tiles, mask), enabled: true })
    return id
  }
  await layer('Sky', sky)
  await layer('Clouds', clouds, { mode: 'screen', opacity: 0.85 })
  const mountains = addGroup(store, { name: 'Mountains' })
  await layer('Far range', range(far), { parent: mountains })
  await layer('Middle range', range(middle), { parent: mountains })
  await layer('Near hills', range(near), { parent: mountains })
  await layer('Lake', lake)
  await layer('Mist', mist, { mode: 'screen', opacity: 0.7, mask: (x) => 1 - smooth(0.35, 0.75, x / width) })
  await layer('Pines', pines)
  await layer('Evening light', light, { mode: 'soft-light', opacity: 0.6 })
  await addRegion(store, tiles)
  setFrame(store, { x: 260, y: 110, width: 256, height: 256 })
  await writeOra(path, store, tiles)
}

interface More {
  readonly parent?: string
  readonly mode?: BlendMode
  readonly opacity?: number
  /** 0..1 */
  readonly mask?: (x: number, y: number) => number
}

async function addRegion(store: DocumentStore, tiles: PackedTiles): Promise<void> {
  const surface = await maskOf(tiles, (_, y) => (y > shore + 4 ? 1 : 0))
  const id = addMaskLayer(store, { name: 'Water', surface, prompt: 'a still lake with reflections' })
  setOpacity(store, id, 1)
}

async function maskOf(tiles: PackedTiles, coverage: (x: number, y: number) => number) {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0, at = 3; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) data[at] = Math.round(255 * clamp(coverage(x, y), 0, 1))
  return await tiles.cutMask({ width, height, channels: 4, data })
}

function painted(paint: Paint): Uint8Array {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const [[r, g, b], alpha] = paint(x, y)
      if (alpha <= 0) continue
      data[at] = r
      data[at + 1] = g
      data[at + 2] = b
      data[at + 3] = 255 * alpha
    }
  }
  return new Uint8Array(data.buffer)
}

// What it is made of

const fract = (value: number): number => value - Math.floor(value)
const hash = (x: number, y: number): number => fract(Math.sin(x * 127.1 + y * 311.7) * 43758.5453)
const fade = (t: number): number => t * t * (3 - 2 * t)
const mix = (a: number, b: number, t: number): number => a + (b - a) * t
const mixed = (a: Rgb, b: Rgb, t: number): Rgb => [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)]
const smooth = (from: number, to: number, value: number): number => fade(clamp((value - from) / (to - from), 0, 1))

function noise(x: number, y: number): number {
  const [cx, cy] = [Math.floor(x), Math.floor(y)]
  const [u, v] = [fade(x - cx), fade(y - cy)]
  return mix(mix(hash(cx, cy), hash(cx + 1, cy), u), mix(hash(cx, cy + 1), hash(cx + 1, cy + 1), u), v)
}

/** Several noises over each other, each twice as fine and half as strong as the one before; about 0..1. */
function rough(x: number, y: number, octaves: number): number {
  let [sum, strength, scale] = [0, 0.5, 1]
  for (let i = 0; i < octaves; i++) {
    sum += strength * noise(x * scale + 17 * i, y * scale - 31 * i)
    strength /= 2
    scale *= 2.03
  }
  return sum
}

const heights: readonly (readonly [number, Rgb])[] = [
  [0, [38, 62, 112]],
  [0.3, [92, 112, 158]],
  [0.55, [196, 158, 158]],
  [0.8, [248, 190, 130]],
  [1, [255, 214, 150]],
]

function skyColour(x: number, y: number): Rgb {
  const t = clamp(y / shore, 0, 1)
  const i = Math.max(
    1,
    heights.findIndex(([at]) => at >= t),
  )
  const [[from, below], [to, above]] = [heights[i - 1]!, heights[i]!]
  const near = Math.exp(-(Math.hypot(x - sun.x, (y - sun.y) * 1.25) ** 2) / (2 * 210 ** 2))
  return mixed(mixed(below, above, (t - from) / (to - from)), [255, 236, 196], 0.85 * near)
}

function sky(x: number, y: number): readonly [Rgb, number] {
  const disc = 1 - smooth(34, 38, Math.hypot(x - sun.x, y - sun.y))
  return [mixed(skyColour(x, y), [255, 250, 232], disc), 1]
}

function clouds(x: number, y: number): readonly [Rgb, number] {
  if (y > shore) return [[0, 0, 0], 0]
  const [u, v] = [x / 330, (y / 105) * (1 + y / 900)]
  const thick = rough(u + 0.6 * rough(u, v + 9, 4), v + 3, 6)
  const amount = smooth(0.5, 0.78, thick) * smooth(0, 0.14, y / height) * (1 - smooth(0.42, 0.6, y / height))
  return [mixed([178, 150, 168], [255, 222, 196], smooth(0.1, 0.5, y / height)), 0.8 * amount]
}

interface Range {
  /** Px from the top to the middle of its ridge, and how far it goes up and down. */
  readonly base: number
  readonly reach: number
  readonly wide: number
  readonly seed: number
  readonly dark: Rgb
  readonly bright: Rgb
  /** How much of the air lies before it. */
  readonly haze: number
}

const far: Range = {
  base: 500,
  reach: 250,
  wide: 470,
  seed: 3,
  dark: [104, 104, 148],
  bright: [214, 172, 166],
  haze: 0.62,
}
const middle: Range = {
  base: 565,
  reach: 210,
  wide: 330,
  seed: 41,
  dark: [62, 70, 108],
  bright: [180, 132, 122],
  haze: 0.36,
}
const near: Range = { base: 628, reach: 120, wide: 240, seed: 87, dark: [30, 44, 58], bright: [92, 84, 74], haze: 0.14 }

function ridge({ base, reach, wide, seed }: Range, x: number): number {
  const high = rough(x / wide + seed, seed, 7)
  // Peaks rather than waves.
  const sharp = 1 - Math.abs(2 * rough(x / (wide * 0.6) + seed, seed + 5, 6) - 1)
  return base - reach * (0.75 * high + 0.45 * sharp - 0.45)
}

function range(mountain: Range): Paint {
  const tops = Float64Array.from({ length: width + 2 }, (_, x) => ridge(mountain, x))
  return (x, y) => {
    const depth = y - tops[x]!
    if (depth < 0 || y > shore + 6) return [[0, 0, 0], 0]
    // Light comes from the right; the rock is rough along its slope.
    const slope = (tops[Math.max(0, x - 12)]! - tops[Math.min(width, x + 12)]!) / 12
    const rock = rough(x / 34 + mountain.seed, y / 30 + depth / 80, 6)
    const lit = clamp(0.42 - 0.2 * slope * Math.exp(-depth / 130) + 1.7 * (rock - 0.5) - depth / 900, 0, 1)
    const snow = mountain.haze > 0.5 ? smooth(0.5, 0.62, rock) * (1 - smooth(20, 110, depth)) : 0
    const stone = mixed(mixed(mountain.dark, mountain.bright, lit), [250, 226, 214], 0.7 * snow)
    const air = skyColour(x, Math.min(shore, y + 40))
    return [mixed(stone, air, mountain.haze * (0.55 + 0.45 * smooth(0, 200, depth))), smooth(0, 1.5, depth)]
  }
}

const mirrored = [range(far), range(middle), range(near)]

function lake(x: number, y: number): readonly [Rgb, number] {
  const below = y - shore
  if (below < 0) return [[0, 0, 0], 0]
  // Waves are longer the nearer they are.
  const wave = Math.sin(below * (0.9 - below / 900) + 5 * noise(x / 70, below / 9)) * (1 + below / 36)
  const sx = Math.round(clamp(x + 2.2 * wave, 0, width - 1))
  const sy = Math.max(0, Math.round(shore - below * 1.32 + wave))
  let colour = skyColour(sx, sy)
  for (const paint of mirrored) {
    const [own, alpha] = paint(sx, sy)
    colour = mixed(colour, own, alpha)
  }
  const glitter = Math.exp(-(((x - sun.x) / (46 + below * 0.4)) ** 2)) * smooth(0.58, 0.8, noise(x / 19, below / 2.4))
  const deep = mixed(colour, [24, 44, 70], 0.18 + 0.4 * smooth(0, 360, below))
  return [mixed(deep, [255, 232, 190], 0.75 * glitter * (1 - smooth(120, 330, below))), smooth(-1, 2, below)]
}

function mist(x: number, y: number): readonly [Rgb, number] {
  const band = Math.exp(-(((y - shore + 14) / 34) ** 2))
  return [[255, 226, 206], band * (0.35 + 0.65 * rough(x / 180, y / 34, 5))]
}

interface Tree {
  readonly x: number
  readonly top: number
  readonly foot: number
}

const trees: readonly Tree[] = Array.from({ length: 46 }, (_, i) => {
  const side = i % 3 === 2 ? 1 : 0
  const x = side === 0 ? 470 * hash(i, 4) ** 1.3 - 30 : width + 20 - 300 * hash(i, 7) ** 1.4
  const tall = 170 + 240 * hash(i, 2) * (1 - Math.abs(x - (side === 0 ? 0 : width)) / 620)
  return { x, foot: bank(x) + 26, top: bank(x) - tall }
})

/** Where the near shore begins, from the top. */
function bank(x: number): number {
  const left = 905 - 150 * (1 - smooth(0, 560, x))
  const right = 935 - 95 * smooth(1290, 1600, x)
  return (
    Math.min(left, right) + 46 * (rough(x / 90, 3, 4) - 0.5) + 70 * smooth(470, 800, x) * (1 - smooth(1000, 1330, x))
  )
}

function pines(x: number, y: number): readonly [Rgb, number] {
  let alpha = smooth(0, 4, y - bank(x))
  for (const tree of trees) {
    const down = (y - tree.top) / (tree.foot - tree.top)
    if (down < 0 || down > 1) continue
    const tall = tree.foot - tree.top
    // Branches hang in steps, ragged at their ends.
    const step = fract(down * (9 + tall / 40))
    const half =
      tall * (0.006 + 0.175 * down) * (0.5 + 0.5 * step) * (0.75 + 0.5 * noise(y / 4, tree.x + (x > tree.x ? 9 : 0)))
    alpha = Math.max(alpha, 1 - smooth(half - 1.5, half + 1, Math.abs(x - tree.x)))
  }
  const grass = rough(x / 14, y / 9, 4)
  const warm = 0.5 * smooth(760, 1000, y) * grass
  return [mixed([16, 24, 30], [74, 66, 44], warm), alpha]
}

function light(x: number, y: number): readonly [Rgb, number] {
  const near = Math.exp(-(Math.hypot(x - sun.x, (y - sun.y) * 1.4) / 620))
  return [mixed([40, 40, 96], [255, 176, 84], near), 0.9]
}
