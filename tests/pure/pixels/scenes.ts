/** Documents with a bit of everything, and the naive way to halve a picture. */
import {
  addGroup,
  addRasterLayer,
  blendModes,
  setBlendMode,
  setIsolated,
  setLayerMask,
  setOpacity,
  setVisible,
} from '../../../src/document/index.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomInts, randomPixels } from '../raster/random.ts'
import type { TestPage } from './page.ts'

/** Each is made once: random px take longer than what is tested with them. */
function remembered(make: (seed: number, width: number, height: number) => Pixels): typeof make {
  const known = new Map<string, Pixels>()
  return (seed, width, height) => {
    const name = `${seed} ${width} ${height}`
    const pixels = known.get(name) ?? make(seed, width, height)
    known.set(name, pixels)
    return pixels
  }
}

/** Colours with many px that are opaque or empty, as pictures have them. */
export const picture = remembered((seed, width, height) => {
  const pixels = randomPixels(seed, width, height, 4)
  const int = randomInts(seed + 1)
  for (let px = 0; px < width * height; px++) {
    const kind = int(3)
    if (kind < 2) pixels.data[px * 4 + 3] = kind * 255
  }
  return pixels
})

export const opaque = remembered((seed, width, height) => {
  const pixels = randomPixels(seed, width, height, 4)
  for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = 255
  return pixels
})

export const noise = remembered((seed, width, height) => randomPixels(seed, width, height, 1))

export const flat = (width: number, height: number, colour: readonly number[]): Pixels => ({
  width,
  height,
  channels: colour.length === 1 ? 1 : 4,
  data: Uint8Array.from({ length: width * height * colour.length }, (_, i) => colour[i % colour.length]!),
})

/** Layers and groups of random places, modes, opacities and masks, some of them in each other. @returns the raster layers */
export function fillDocument(page: TestPage, seed: number, count: number): string[] {
  const int = randomInts(seed)
  const { store } = page
  const parents: (string | null)[] = [null]
  const layers: string[] = []
  for (let i = 0; i < count; i++) {
    const parent = parents[int(parents.length)] ?? null
    const isGroup = int(4) === 0
    const [width, height] = [100 + int(500), 100 + int(400)]
    const [x, y] = [int(500) - 150, int(400) - 150]
    const id = isGroup
      ? addGroup(store, { place: { parent } })
      : addRasterLayer(store, { place: { parent }, surface: page.surface(picture(seed + i, width, height), x, y) })
    if (isGroup) {
      parents.push(id)
      setIsolated(store, id, int(2) === 0)
    } else layers.push(id)
    if (int(2) === 0) setBlendMode(store, id, blendModes[int(blendModes.length)] ?? 'normal')
    if (int(2) === 0) setOpacity(store, id, int(11) / 10)
    if (int(6) === 0) setVisible(store, id, false)
    if (int(3) === 0) {
      const surface = page.surface(randomPixels(seed - i - 1, width, height, 1), x + 20, y + 10)
      setLayerMask(store, id, { surface, enabled: int(4) > 0 })
    }
  }
  return layers
}

/** A picture that begins at (0, 0) of its surface, at half its size; beyond its border there is nothing. */
export function halved({ width, height, channels, data }: Pixels): Pixels {
  const size = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) }
  const half = new Uint8Array(size.width * size.height * channels)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const four = [0, 1, 2, 3]
        .map((i) => [2 * x + (i % 2), 2 * y + (i >> 1)] as const)
        .filter(([px, py]) => px < width && py < height)
        .map(([px, py]) => data.subarray((py * width + px) * channels, (py * width + px + 1) * channels))
      const to = (y * size.width + x) * channels
      const alphas = four.map((px) => px[channels - 1]!)
      const sum = alphas.reduce((a, b) => a + b, 0)
      const alpha = Math.floor(sum / 4 + 0.5)
      half[to + channels - 1] = alpha
      if (alpha === 0) continue
      for (let c = 0; c < channels - 1; c++) {
        const weighted = four.reduce((total, px, i) => total + px[c]! * alphas[i]!, 0)
        half[to + c] = Math.floor(weighted / sum + 0.5)
      }
    }
  }
  return { ...size, channels, data: half }
}
