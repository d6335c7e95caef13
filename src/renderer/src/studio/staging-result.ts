/**
 * A staged picture as the window works on it: what is shown, with its tokens, where they lie, and what of it may differ from the
 * document. Pure functions from what the engine told, and to what a layer keeps.
 */
import { blendInto, toRgb } from '../../../raster/composite.ts'
import { cropPadded } from '../../../raster/frame.ts'
import { blendWeights } from '../../../raster/mask.ts'
import { resize } from '../../../raster/resize.ts'
import { crop } from '../../../raster/turn.ts'
import { z } from 'zod'
import type { Candidate, Surface } from '../../../document/index.ts'
import { fromBase64, toBase64 } from '../../../shared/base/base64.ts'
import type { GeneratedPicture } from '../../../shared/contract/engine-api.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { recipeToText } from '../../../shared/contract/recipe-text.ts'
import type { GenerateRequest } from '../../../shared/contract/request.ts'
import { type PackedGrid, packTokens } from '../../../shared/contract/token-grid.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { fillFeather } from './generation-plan.ts'
import { type StagedPicture, type Verb, verbs } from './studio-state.ts'

/** What one step of the sampling chose, and what it was given. */
export interface TrajectoryStep {
  readonly step: number
  readonly tokens: PackedGrid
  readonly fed: PackedGrid
}

export interface Result extends StagedPicture {
  readonly grid: PackedGrid
  /** Px of `pixels` that the grid covers; may reach beyond them. */
  readonly gridIn: Rect
  /** Where its px begin in the pictures that its request makes; null where nobody knows any more. */
  readonly origin: Point | null
  /** A byte a cell: the probability that its token had, 255 = certain. */
  readonly confidence: Uint8Array
  /** As the layer keeps it: see shared/contract/recipe-text.ts. */
  readonly recipe: string
  /** Of the size of `pixels`: 255 where the run may have changed a px of the document; null = everywhere. */
  readonly mask: Pixels | null
  /** The document's px below, of that size, into which the new ones are blended; null where there are none. */
  readonly before: Pixels | null
  /** Null where it is to be asked of the gallery. */
  readonly trajectory: readonly TrajectoryStep[] | null
  /** What made it, pictures and all, as a run of this one picture; null where it is to be asked of the gallery. */
  readonly request: GenerateRequest | null
}

/** What the engine told of a picture, and where it is kept. */
export interface Told {
  readonly id: string
  readonly picture: GeneratedPicture
  readonly pictureId: string | null
  readonly trajectory: readonly TrajectoryStep[]
  readonly request: GenerateRequest
}

/** Where the pictures of a run lie, and what they may change. */
export interface Place {
  /** Canvas px that the engine's pictures cover. */
  readonly whole: Rect
  /** Over `whole`, 255 where a px may change; null: the pictures hide all that is below. */
  readonly mask: Pixels | null
  readonly before: Pixels | null
}

/** What of a fill or an extension has no tokens is as it was, and is left out. */
export function resultOf(told: Told, { whole, mask, before }: Place): Result {
  const { picture } = told
  const all = { x: 0, y: 0, width: picture.pixels.width, height: picture.pixels.height }
  const inside = mask === null ? all : (intersect(picture.area, all) ?? all)
  const part = (pixels: Pixels | null): Pixels | null => pixels && crop(pixels, inside)
  return {
    ...factsTold(told),
    rect: mask === null ? whole : { ...inside, x: whole.x + inside.x, y: whole.y + inside.y },
    pixels: mask === null ? picture.pixels : crop(picture.pixels, inside),
    gridIn: { ...picture.area, x: picture.area.x - inside.x, y: picture.area.y - inside.y },
    origin: { x: inside.x, y: inside.y },
    mask: part(mask),
    before: part(before),
  }
}

/** A picture that was made from another result, in the place of that. Its run covered at least what the other's did. */
export function besideOf(parent: Result, told: Told): Result {
  const { area, pixels } = told.picture
  const { gridIn } = parent
  const { width, height } = parent.pixels
  const origin = { x: area.x - gridIn.x, y: area.y - gridIn.y }
  return { ...parent, ...factsTold(told), origin, pixels: crop(pixels, { ...origin, width, height }) }
}

/** A picture that is the tokens of the whole grid, decoded, in the place of another result. */
export const mixedInto = (parent: Result, told: Told): Result => ({
  ...parent,
  ...factsTold(told),
  pixels: composed(parent, told.picture.pixels),
})

function factsTold({ id, picture, pictureId, trajectory, request }: Told) {
  return {
    id,
    seed: picture.seed,
    pictureId,
    unchanged: picture.unchanged,
    cells: picture.grid.width * picture.grid.height,
    steps: picture.steps,
    grid: packTokens(picture.grid),
    confidence: Uint8Array.from(picture.confidence.probability, (p) => Math.round(p * 255)),
    recipe: recipeToText(picture.recipe),
    trajectory,
    request: { ...request, seed: picture.seed, count: 1 },
  }
}

/** Decoded tokens in the place of a result: blended into what is below where the run was a fill. */
export function composed(result: Result, decoded: Pixels): Pixels {
  const { mask, pixels, gridIn } = result
  if (mask === null) return decoded
  const { width, height } = pixels
  const drawn = resize(toRgb(decoded), gridIn, 'bicubic')
  const patch = cropPadded(drawn, { x: -gridIn.x, y: -gridIn.y, width, height })
  const base = result.before ?? pixels
  const below = base.channels === 1 ? toRgb(base) : base
  return blendInto(below, patch, { x: 0, y: 0 }, blendWeights(mask, fillFeather))
}

/** Canvas px that a result's tokens cover. */
export function areaOf({ rect, pixels, gridIn }: Result): Rect {
  const across = rect.width / pixels.width
  const down = rect.height / pixels.height
  return {
    x: Math.round(rect.x + gridIn.x * across),
    y: Math.round(rect.y + gridIn.y * down),
    width: Math.round(gridIn.width * across),
    height: Math.round(gridIn.height * down),
  }
}

/** 255 in the cells whose token was less probable than `doubt`. */
export const doubtfulCells = ({ confidence }: Result, doubt: number): Uint8Array =>
  confidence.map((value) => (value < doubt * 255 ? 255 : 0))

/**
 * Cells as a mask over the px of a result, whole cells each, and nothing where the result may not change.
 * @param cells a byte a cell
 */
export function maskOfCells({ grid, gridIn, pixels, mask }: Result, cells: Uint8Array): Pixels {
  const { width, height } = pixels
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y - gridIn.y) * grid.height) / gridIn.height)
    for (let x = 0; x < width; x++) {
      const column = Math.floor(((x - gridIn.x) * grid.width) / gridIn.width)
      const isInside = row >= 0 && row < grid.height && column >= 0 && column < grid.width
      const px = y * width + x
      if (isInside && (mask === null || mask.data[px] !== 0)) data[px] = cells[row * grid.width + column]!
    }
  }
  return { width, height, channels: 1, data }
}

/** As a layer keeps it. */
export function candidateOf(result: Result, surface: Surface): Candidate {
  const { grid, confidence, recipe, pictureId } = result
  const { width, height, codes } = grid
  return {
    surface,
    recipe,
    grid: { width, height, codes: toBase64(codes) },
    confidence: toBase64(confidence),
    pictureId,
  }
}

/** A layer's result again. @param pixels of its surface, over `rect` */
export function reopened(
  id: string,
  candidate: Candidate,
  pixels: Pixels,
  mask: Pixels | null,
  { rect, area }: { readonly rect: Rect; readonly area: Rect },
): Result {
  const { grid, recipe, pictureId } = candidate
  const facts = factsOf(recipe)
  const codes = fromBase64(grid.codes)
  const confidence = fromBase64(candidate.confidence)
  if (codes === undefined || confidence === undefined) {
    throw new StudioError(
      'document-broken',
      'What the layer remembers of its results is damaged. Choose another layer.',
    )
  }
  return {
    id,
    seed: facts.seed,
    rect,
    pixels,
    pictureId,
    unchanged: null,
    cells: grid.width * grid.height,
    steps: { taken: facts.taken, of: facts.steps },
    grid: { width: grid.width, height: grid.height, codes },
    gridIn: { ...area, x: area.x - rect.x, y: area.y - rect.y },
    origin: null,
    confidence,
    recipe,
    mask,
    before: null,
    trajectory: null,
    request: null,
  }
}

const told = z.object({
  modelSha256: z.string().catch(''),
  request: z.object({
    seed: z.number(),
    sampling: z.object({ steps: z.number(), stopAfter: z.number().nullish() }),
    use: z.object({
      use: z.string(),
      prompt: z.string().catch(''),
      frame: z.number().nullish(),
      chance: z.boolean().nullish(),
    }),
    resume: z.object({ step: z.number() }).nullish(),
  }),
})

/** What a recipe's text says of the run; zeros for one that nobody can read. */
export function factsOf(recipe: string) {
  const { data } = told.safeParse(parsed(recipe))
  if (data === undefined) {
    return { verb: 'generate' as Verb, seed: 0, steps: 0, taken: 0, prompt: '', frame: 0, resumed: 0, sha256: '' }
  }
  const { seed, sampling, use, resume } = data.request
  return {
    verb: verbOfUse(use.use, use.chance ?? false),
    seed,
    steps: sampling.steps,
    taken: sampling.stopAfter ?? sampling.steps,
    prompt: use.prompt,
    /** Of an interpolation. */
    frame: use.frame ?? 0,
    /** The step that it went on from; 0 = the beginning. */
    resumed: resume?.step ?? 0,
    /** Of the weights that drew it. */
    sha256: data.modelSha256,
  }
}

/** A picture that was mixed of others counts as drawn. */
export function verbOfUse(use: string, chance: boolean): Verb {
  if (use === 'inpaint') return chance ? 'reroll' : 'fill'
  if (use === 'outpaint') return 'extend'
  return verbs.find((verb) => verb === use) ?? 'generate'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
