/**
 * What a document is made of: plain, frozen records of structure and small numbers. Pixels are not here: a surface names its
 * tiles by the hash of their content, and whoever holds the tiles (TileStore) can be memory, a folder or a file.
 */
import type { Size } from '../shared/geometry/rect.ts'

/** Side of a tile in px. */
export const tileSide = 256

/** The 16 modes of W3C Compositing and Blending Level 1, by their CSS names. */
export const blendModes = [
  'normal',
  'multiply',
  'screen',
  'overlay',
  'darken',
  'lighten',
  'color-dodge',
  'color-burn',
  'hard-light',
  'soft-light',
  'difference',
  'exclusion',
  'hue',
  'saturation',
  'color',
  'luminosity',
] as const

export type BlendMode = (typeof blendModes)[number]

export type LayerId = string
/** SHA-256 of a tile's bytes, in hex. */
export type TileId = string

/**
 * Pixels as sparse tiles of 256 x 256. Keys are 'column,row' in tiles, which may be negative; what has no tile is empty
 * (transparent, or 0 in a mask). Colour tiles are RGBA with straight alpha, mask tiles one byte a px.
 */
export interface Surface {
  readonly channels: 1 | 4
  readonly tiles: Readonly<Record<string, TileId>>
}

export interface LayerMask {
  readonly surface: Surface
  readonly enabled: boolean
}

interface LayerCommon {
  readonly id: LayerId
  /** The group it lies in; null at the top. */
  readonly parent: LayerId | null
  /** Position among its siblings from bottom to top, as a fractional index: strings that sort, so that moving one layer
   * changes one record. */
  readonly order: string
  readonly name: string
  readonly visible: boolean
  readonly locked: boolean
  /** 0..1 */
  readonly opacity: number
  readonly blendMode: BlendMode
  readonly mask: LayerMask | null
}

export interface RasterLayer extends LayerCommon {
  readonly kind: 'raster'
  readonly surface: Surface
  /** The request that made it, as JSON of shared/contract/recipe.ts, where an engine did. */
  readonly recipe: string | null
  /** What else the run that made it drew, and the tokens of it all; null for what no engine made. */
  readonly generated: Generated | null
}

/** The results of one run: one of them is the layer's, the others can take its place later. */
export interface Generated {
  /** Canvas px that the candidates' pixels cover. */
  readonly rect: Area
  /** Canvas px that the token grids cover: `rect`, or more around it, also beyond the canvas. */
  readonly area: Area
  /** By their number, '0' upwards: records have no arrays. */
  readonly candidates: Readonly<Record<string, Candidate>>
  /** The one that the layer shows. */
  readonly chosen: string
  /** The layer's px are still those that the tokens stand for: nobody has painted on it, moved or changed it since. */
  readonly intact: boolean
}

interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One result. */
export interface Candidate {
  /** Its own pixels, the top left one of `rect` at (0, 0). */
  readonly surface: Surface
  /** As RasterLayer.recipe. */
  readonly recipe: string
  readonly grid: {
    readonly width: number
    readonly height: number
    /** Base64 of PackedGrid.codes (shared/contract/token-grid.ts). */
    readonly codes: string
  }
  /** Base64 of one byte a cell: the probability that its token had, 255 = certain. */
  readonly confidence: string
  /** The gallery's picture, where its trajectory can be found; null where it is in none. */
  readonly pictureId: string | null
}

export interface GroupLayer extends LayerCommon {
  readonly kind: 'group'
  /** False: layers blend with what lies below the group, as if they were not in one ('pass through'). */
  readonly isolated: boolean
}

/** A named mask of its own: a saved selection, or a region with a prompt. */
export interface MaskLayer extends LayerCommon {
  readonly kind: 'mask'
  readonly surface: Surface
  readonly prompt: string
}

export type Layer = RasterLayer | GroupLayer | MaskLayer

/** What there is once in a document. */
export interface Canvas extends Size {
  readonly id: 'canvas'
  readonly kind: 'canvas'
  /** The part of the picture that the model draws into. */
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** The selection as a one-channel surface; null = nothing is selected, everything may be painted. */
  readonly selection: Surface | null
}

export type DocumentRecord = Canvas | Layer
