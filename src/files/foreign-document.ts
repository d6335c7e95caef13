/**
 * An OpenRaster file of another program as a document of ours: each of its layers decoded elsewhere and cut into tiles. What
 * cannot be taken over as it was is told in words; a layer whose picture is damaged is left empty rather than the file refused.
 */
import { limits } from '../document/limits.ts'
import { freshKeys } from '../document/order.ts'
import type { DocumentRecord, Surface } from '../document/records.ts'
import { fromSnapshot, toSnapshot } from '../document/snapshot.ts'
import type { DocumentStore } from '../document/store.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Pixels } from '../shared/contract/picture.ts'
import { cutTiles, type TileSink } from './cut-tiles.ts'
import type { OraFile, PlacedPng } from './ora-read.ts'
import type { OraNode } from './ora-stack.ts'

/** Decodes a picture file, in another process. @throws StudioError 'not-a-picture', 'picture-too-large', 'engine-lost' */
export type Decode = (bytes: Uint8Array, name: string) => Promise<Pixels>

export interface ForeignDocument {
  readonly store: DocumentStore
  readonly warnings: readonly string[]
}

/** The faults of one layer's picture, which need not cost the others. */
const ofOneLayer: readonly string[] = ['not-a-picture', 'picture-too-large', 'document-broken']

/** @throws StudioError 'document-broken', 'picture-too-large', 'engine-lost', 'write-failed' */
export async function foreignDocument(
  file: OraFile,
  decode: Decode,
  sink: TileSink,
  onProgress?: (share: number) => void,
): Promise<ForeignDocument> {
  const { width, height } = file
  if (Math.max(width, height) > limits.canvasSide) throw tooLarge(width, height)
  const taken = new Taken(decode, sink, countLayers(file.layers), onProgress)
  await taken.take(file.layers, null)
  const frame = { x: 0, y: 0, width, height }
  const canvas: DocumentRecord = { id: 'canvas', kind: 'canvas', width, height, frame, selection: null }
  const snapshot = toSnapshot(new Map([canvas, ...taken.records].map((record) => [record.id, record])))
  return { store: fromSnapshot(snapshot), warnings: [...file.warnings, ...taken.warnings] }
}

class Taken {
  readonly records: DocumentRecord[] = []
  readonly warnings: string[] = []
  readonly #decode: Decode
  readonly #sink: TileSink
  readonly #count: number
  readonly #onProgress: ((share: number) => void) | undefined
  #done = 0

  constructor(decode: Decode, sink: TileSink, count: number, onProgress: ((share: number) => void) | undefined) {
    this.#decode = decode
    this.#sink = sink
    this.#count = count
    this.#onProgress = onProgress
  }

  /** @param nodes topmost first, as in the file; records sort from bottom to top */
  async take(nodes: readonly OraNode<PlacedPng>[], parent: string | null): Promise<void> {
    const orders = freshKeys(nodes.length).reverse()
    for (const [i, node] of nodes.entries()) {
      const id = `layer-${this.records.length + 1}`
      const { visible, opacity, blendMode } = node
      const name = node.name.replaceAll(/\s+/g, ' ').trim().slice(0, limits.name) || `Layer ${this.records.length + 1}`
      const order = orders[i] as string
      const common = { id, parent, order, name, visible, opacity, blendMode, mask: null }
      if (node.kind === 'group') {
        this.records.push({ ...common, kind: 'group', locked: false, isolated: node.isolated })
        await this.take(node.children, id)
      } else {
        const surface = await this.#surface(node.content, name)
        this.records.push({ ...common, kind: 'raster', locked: node.locked, surface, recipe: null, generated: null })
      }
    }
  }

  async #surface({ x, y, png }: PlacedPng, name: string): Promise<Surface> {
    try {
      return await cutTiles(await this.#decode(await png(), `The picture of layer '${name}'`), { x, y }, this.#sink)
    } catch (error) {
      if (!(error instanceof StudioError) || !ofOneLayer.includes(error.code)) throw error
      this.warnings.push(`'${name}' is empty: ${error.message}`)
      return { channels: 4, tiles: {} }
    } finally {
      this.#done += 1
      this.#onProgress?.(this.#done / this.#count)
    }
  }
}

const countLayers = (nodes: readonly OraNode<unknown>[]): number =>
  nodes.reduce((sum, node) => sum + (node.kind === 'layer' ? 1 : countLayers(node.children)), 0)

function tooLarge(width: number, height: number): StudioError {
  return new StudioError(
    'picture-too-large',
    `The document is ${width} x ${height} px, and at most ${limits.canvasSide} px a side are possible. Make it smaller in the program that made it.`,
  )
}
