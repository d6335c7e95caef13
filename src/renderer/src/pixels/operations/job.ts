/** What an operation works with, and how it goes from tile to tile: what it reads is fetched, others have their turn in between. */
import type { Layer, PictureChange, Surface, SurfaceChange } from '../../../../document/index.ts'
import { tileParts, tileRect, type TileSurface } from '../../../../raster/tiles.ts'
import { intersect, type Rect } from '../../../../shared/geometry/rect.ts'
import { type Minting, SurfaceDraft } from '../minting.ts'
import { areSame, type DocumentView, type Place } from '../mirror.ts'
import type { OperationResult } from '../pixels-api.ts'
import type { Tiles } from '../tiles.ts'

export interface Job {
  readonly document: DocumentView
  readonly tiles: Tiles
  /** Names and tells the tiles that this operation makes. */
  readonly minting: Minting
  /** Lets what is waiting outside have its turn. */
  readonly pause: () => Promise<void>
}

/** While a tile is worked on, what those of so many after it read is asked for. */
const lookahead = 2

/** @param reads tiles of the document that `work` reads for a key */
export async function eachTile(
  job: Job,
  keys: readonly string[],
  reads: (key: string) => Iterable<string>,
  work: (key: string) => void,
): Promise<void> {
  for (const [i, key] of keys.entries()) {
    for (const next of keys.slice(i + 1, i + 1 + lookahead)) job.tiles.prefetch(reads(next))
    await job.tiles.use(reads(key), () => work(key))
    await job.minting.room()
    await job.pause()
  }
}

export const draftOf = (job: Job, base: TileSurface): SurfaceDraft => new SurfaceDraft(job.minting, base)

export const canvasRect = ({ document }: Job): Rect => {
  const { width, height } = document.canvas
  return { x: 0, y: 0, width, height }
}

export const selectionOf = ({ document }: Job): Surface | null => document.canvas.selection

/** Keys of the tiles that a rectangle touches. */
export const keysIn = (rect: Rect): string[] => [...tileParts(rect)].map(({ key }) => key)

export function partOf(key: string, region: Rect): Rect {
  const part = intersect(tileRect(key), region)
  // Whoever asks has the key from that region.
  return part ?? { ...tileRect(key), width: 0, height: 0 }
}

/** The tiles of these surfaces under a key. */
export const tilesAt = (key: string, ...surfaces: readonly (TileSurface | null)[]): string[] =>
  surfaces.flatMap((surface) => surface?.tiles[key] ?? [])

export const nothing: OperationResult = { changes: [], picture: {}, surface: null }

/** What became of some surfaces, as one change for each layer; those that are as they were are left out. */
export function changesOf(changed: readonly { readonly place: Place; readonly surface: Surface }[]): SurfaceChange[] {
  const layers = new Map<string, { layer: Layer; surface?: Surface; mask?: Surface; was?: Surface }>()
  for (const { place, surface } of changed) {
    if (areSame(place.surface, surface)) continue
    const { layer, field } = place
    const change = layers.get(layer.id) ?? { layer }
    if (field === 'mask') change.mask = surface
    else Object.assign(change, { surface, was: place.surface })
    layers.set(layer.id, change)
  }
  return [...layers.values()].map(({ layer, ...change }) => ({ id: layer.id, ...change }))
}

/** The result of an operation that changed one surface. */
export const changed = (place: Place, surface: Surface): OperationResult => ({
  ...nothing,
  changes: changesOf([{ place, surface }]),
})

/** The result of an operation that changed the selection; nothing at all is no selection. */
export function selected(job: Job, surface: Surface | null): OperationResult {
  const before = selectionOf(job)
  const after = surface === null || Object.keys(surface.tiles).length === 0 ? null : surface
  const isSame = before === null || after === null ? before === after : areSame(before, after)
  const picture: PictureChange = isSame ? {} : { selection: after }
  return { ...nothing, picture }
}
