/**
 * Layers under a map, on screen only, while a person moves or transforms them. A tile is worked out when the display comes to it;
 * another map gives every tile another name, so what was worked out for the last one is simply not asked for any more.
 */
import type { Surface } from '../../../document/index.ts'
import { type TileSurface, tileRect, tilesBounds } from '../../../raster/tiles.ts'
import { type Affine, inTurn, scaling } from '../../../shared/geometry/affine.ts'
import type { Overrides } from './level-tree.ts'
import { halvingsOf, isReached, type Lift, liftedPixels, liftReads } from './lifted.ts'
import { type Live, liveName } from './live.ts'
import { newTile } from './minting.ts'
import type { Place } from './mirror.ts'
import type { Tiles } from './tiles.ts'

/** One surface at one level. */
interface Moved {
  readonly place: Place
  readonly lift: Lift
  readonly surface: { readonly channels: 1 | 4; readonly tiles: Record<string, string> }
  readonly touched: Set<string>
}

export class LiveTransform implements Live {
  readonly places: readonly Place[]
  readonly selection: Surface | null
  readonly #tiles: Tiles
  #map: Affine
  #level = -1
  #moved: readonly Moved[] = []
  #bytes = new Map<string, Uint8Array | null>()

  /** @param map of canvas px; may not flatten the plane */
  constructor(places: readonly Place[], selection: Surface | null, map: Affine, tiles: Tiles) {
    this.places = places
    this.selection = selection
    this.#map = map
    this.#tiles = tiles
  }

  setMap(map: Affine): void {
    this.#map = map
    this.#bytes = new Map()
    this.#moved = this.#moved.map((moved) => ({
      ...moved,
      lift: this.#liftAt(moved.place, this.#level),
      touched: new Set(),
    }))
  }

  overrides(level: number): Overrides {
    const overrides = new Map<string, { surface?: TileSurface; mask?: TileSurface }>()
    for (const { place, surface } of this.#at(level)) {
      overrides.set(place.layer.id, { ...overrides.get(place.layer.id), [place.field]: surface })
    }
    return overrides
  }

  /** Another filter, and whole px of a coarser level. */
  isExact(): boolean {
    return false
  }

  touch(level: number, key: string): void {
    for (const { lift, surface, touched } of this.#at(level)) {
      if (touched.has(key)) continue
      touched.add(key)
      if (!isReached(lift, tileRect(key))) {
        const own = lift.selection === null ? undefined : lift.surface.tiles[key]
        if (own === undefined) delete surface.tiles[key]
        else surface.tiles[key] = own
        continue
      }
      const name = liveName()
      this.#bytes.set(name, null)
      surface.tiles[key] = name
    }
  }

  *needs(level: number, key: string): Generator<string> {
    for (const { lift, surface } of this.#at(level)) {
      if (this.owns(surface.tiles[key] ?? '')) yield* liftReads(lift, tileRect(key))
    }
  }

  settle(level: number, key: string): void {
    for (const { lift, surface } of this.#at(level)) {
      const name = surface.tiles[key] ?? ''
      if (this.#bytes.get(name) !== null) continue
      const pixels = liftedPixels(lift, tileRect(key), this.#tiles.get)
      this.#bytes.set(name, pixels?.data ?? newTile(lift.surface.channels))
    }
  }

  owns(id: string): boolean {
    return this.#bytes.has(id)
  }

  get(id: string): Uint8Array | undefined {
    return this.#bytes.get(id) ?? undefined
  }

  #at(level: number): readonly Moved[] {
    if (this.#level === level) return this.#moved
    this.#level = level
    this.#bytes = new Map()
    this.#moved = this.places.map((place) => {
      const lift = this.#liftAt(place, level)
      // Names of tiles are given where the display comes to.
      return { place, lift, surface: { channels: lift.surface.channels, tiles: {} }, touched: new Set() }
    })
    return this.#moved
  }

  #liftAt({ surface }: Place, level: number): Lift {
    const scale = 2 ** level
    const halvings = Math.max(-level, halvingsOf(this.#map))
    const at = (whole: TileSurface): TileSurface => this.#tiles.at(whole, level)
    const source = (whole: TileSurface): TileSurface => this.#tiles.at(whole, level + halvings)
    const selection = this.selection
    return {
      surface: at(surface),
      selection: selection && at(selection),
      map: inTurn(scaling(scale, scale), this.#map, scaling(1 / scale, 1 / scale)),
      filter: 'bilinear',
      bounds: tilesBounds(at(surface)) ?? { x: 0, y: 0, width: 0, height: 0 },
      halvings,
      source: source(surface),
      sourceSelection: selection && source(selection),
    }
  }
}
