/**
 * A document in which every blend mode meets a spread of colours and alphas, with what every px of it has to be: one layer of
 * patches below, and above it two layers a mode, each over patches of its own, fully and partly shown.
 */
import {
  addRasterLayer,
  type BlendMode,
  blendModes,
  type DocumentStore,
  newDocument,
  setBlendMode,
  setFrame,
  setOpacity,
  tileSide,
} from '../../src/document/index.ts'
import { PackedTiles, writeOra } from '../bench/write-ora.ts'
import { type Colour, referenceBlend } from './blend-reference.ts'

/** Side of a patch in px: sampled in its middle, so that nothing beside it matters. */
const side = 4
const perRow = 2 * (tileSide / side)
const rowsPerMode = 2
const opacities = [1, 0.37] as const
/** Of the canvas, in px. */
export const blendSize = { width: perRow * side, height: blendModes.length * opacities.length * rowsPerMode * side }

export interface Patch {
  readonly mode: BlendMode
  readonly opacity: number
  readonly backdrop: Colour
  readonly source: Colour
  /** RGBA, 0..255, not rounded. */
  readonly want: Colour
  /** The middle of it. */
  readonly x: number
  readonly y: number
}

const corners: readonly Colour[] = [
  [0, 0, 0],
  [255, 255, 255],
  [128, 128, 128],
  [127, 64, 63],
  [255, 0, 0],
  [0, 255, 255],
  [250, 250, 5],
  [12, 200, 90],
  [40, 30, 220],
]
const backdropAlphas = [255, 255, 180, 60, 0]
const sourceAlphas = [255, 128, 30]

/** Each colour over each, then random ones. */
function pairs(count: number): readonly [Colour, Colour][] {
  const listed = corners.flatMap((backdrop, i) =>
    corners.map((source, j): [Colour, Colour] => [
      [...backdrop, backdropAlphas[(i + 2 * j) % backdropAlphas.length]!],
      [...source, sourceAlphas[(2 * i + j) % sourceAlphas.length]!],
    ]),
  )
  let state = 20_261_124
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % 256
  }
  const others = Array.from({ length: count - listed.length }, (_, i): [Colour, Colour] => {
    const [backdrop, source] = [0, 1].map(() => [random(), random(), random(), random()]) as [number[], number[]]
    // Half of the pictures that people have are opaque.
    return [i % 2 === 0 ? [...backdrop.slice(0, 3), 255] : backdrop, source]
  })
  return [...listed, ...others]
}

export function blendPatches(): Patch[] {
  const some = pairs(perRow * rowsPerMode)
  return blendModes.flatMap((mode, m) =>
    opacities.flatMap((opacity, o) =>
      some.map(([backdrop, source], i) => ({
        mode,
        opacity,
        backdrop,
        source,
        want: referenceBlend(mode, backdrop, source, opacity),
        x: (i % perRow) * side + side / 2,
        y: ((m * opacities.length + o) * rowsPerMode + Math.floor(i / perRow)) * side + side / 2,
      })),
    ),
  )
}

export async function writeBlendDocument(path: string, patches: readonly Patch[]): Promise<void> {
  const store = newDocument(blendSize)
  const tiles = new PackedTiles()
  await add(store, tiles, 'Backdrop', patches, ({ backdrop }) => backdrop)
  for (const mode of blendModes) {
    for (const opacity of opacities) {
      const own = patches.filter((patch) => patch.mode === mode && patch.opacity === opacity)
      const id = await add(store, tiles, `${mode} ${opacity}`, own, ({ source }) => source)
      setBlendMode(store, id, mode)
      setOpacity(store, id, opacity)
    }
  }
  await write(path, store, tiles)
}

/** As large: one layer of what the formulas give, as near as bytes come to it, and nothing to blend. */
export async function writeWantedDocument(path: string, patches: readonly Patch[]): Promise<void> {
  const store = newDocument(blendSize)
  const tiles = new PackedTiles()
  await add(store, tiles, 'Wanted', patches, ({ want }) => want.map(Math.round))
  await write(path, store, tiles)
}

async function write(path: string, store: DocumentStore, tiles: PackedTiles): Promise<void> {
  // Its outline would lie over the patches.
  setFrame(store, { x: -4096, y: -4096, width: 256, height: 256 })
  await writeOra(path, store, tiles)
}

async function add(
  store: DocumentStore,
  tiles: PackedTiles,
  name: string,
  patches: readonly Patch[],
  colourOf: (patch: Patch) => Colour,
): Promise<string> {
  const { width, height } = blendSize
  const data = new Uint8Array(width * height * 4)
  for (const patch of patches) {
    const colour = Uint8Array.from(colourOf(patch))
    for (let y = patch.y - side / 2; y < patch.y + side / 2; y++)
      for (let x = patch.x - side / 2; x < patch.x + side / 2; x++) data.set(colour, (y * width + x) * 4)
  }
  return addRasterLayer(store, { name, surface: await tiles.cut({ width, height, channels: 4, data }) })
}
