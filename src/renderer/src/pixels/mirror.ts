/**
 * The worker's copy of the records. It runs ahead of the window by what the window is about to commit: the surface that a stroke
 * has left counts from the moment it is computed, until a change tells it, or tells something else.
 */
// Values of document come from the files that have them: its door leads to zod as well, which this thread can do without.
import { applyDiff, isEmptyDiff } from '../../../document/diff.ts'
import type {
  Canvas,
  DocumentDiff,
  DocumentRecord,
  Layer,
  Records,
  RenderTree,
  Surface,
} from '../../../document/index.ts'
import { renderTree } from '../../../document/render-tree.ts'
import type { Target } from '../../../editor/index.ts'
import { assert } from '../../../shared/base/assert.ts'
import { StudioError } from '../../../shared/contract/errors.ts'

/** Where in a record the px of a target are. */
export interface Place {
  readonly layer: Layer
  readonly field: 'surface' | 'mask'
  readonly surface: Surface
}

interface Expected {
  readonly layer: string
  readonly field: Place['field']
  readonly was: Surface
  readonly surface: Surface
}

/** The document at one moment. It never changes, so that an operation finds in its end what it found in its beginning. */
export class DocumentView {
  readonly records: Records
  readonly canvas: Canvas
  #tree: RenderTree | undefined

  constructor(records: Records) {
    const canvas = records.get('canvas')
    assert(canvas?.kind === 'canvas', 'a document has a canvas')
    this.records = records
    this.canvas = canvas
  }

  get tree(): RenderTree {
    return (this.#tree ??= renderTree(this.records, this.canvas))
  }

  find({ layer: id, part }: Target): Place | undefined {
    const layer = this.records.get(id)
    if (layer === undefined || layer.kind === 'canvas') return undefined
    if (part === 'mask' && layer.mask !== null) return { layer, field: 'mask', surface: layer.mask.surface }
    // A mask layer is a mask, whichever of its parts is meant.
    if (layer.kind === 'mask' || (part === 'pixels' && layer.kind === 'raster')) {
      return { layer, field: 'surface', surface: layer.surface }
    }
    return undefined
  }

  /** @throws StudioError 'bad-request' where there is nothing of the kind */
  placeOf(target: Target): Place {
    const place = this.find(target)
    if (place !== undefined) return place
    const layer = this.records.get(target.layer)
    if (layer === undefined || layer.kind === 'canvas') {
      throw new StudioError('bad-request', 'The layer is not there any more. Choose another one.')
    }
    throw new StudioError(
      'bad-request',
      target.part === 'mask'
        ? `'${layer.name}' has no mask. Add a mask to it, then try again.`
        : `'${layer.name}' is a group. Choose a layer in it.`,
    )
  }
}

export class Mirror {
  #told: Records
  #expected: readonly Expected[] = []
  #now: DocumentView

  constructor(records: readonly DocumentRecord[]) {
    this.#told = new Map(records.map((record) => [record.id, record]))
    this.#now = new DocumentView(this.#told)
  }

  get now(): DocumentView {
    return this.#now
  }

  /** An empty diff says that nothing that is expected will come. */
  change(diff: DocumentDiff): void {
    this.#told = applyDiff(this.#told, diff)
    this.#expected = isEmptyDiff(diff) ? [] : this.#stillExpected()
    this.#refresh()
  }

  /** The window is about to commit this. @returns false where the target has other px by now than it was made from */
  expect({ layer, field, surface: was }: Place, surface: Surface): boolean {
    const now = this.#now.find(targetOf(layer.id, field))
    if (now?.surface !== was) return false
    this.#expected = [...this.#expected, { layer: layer.id, field, was, surface }]
    this.#refresh()
    return true
  }

  /** @returns whether anything was expected */
  expectNothing(): boolean {
    if (this.#expected.length === 0) return false
    this.#expected = []
    this.#refresh()
    return true
  }

  #refresh(): void {
    const records = new Map(this.#told)
    for (const { layer: id, field, surface } of this.#expected) {
      const layer = records.get(id)
      if (layer === undefined || layer.kind === 'canvas') continue
      if (field === 'mask' && layer.mask !== null) records.set(id, { ...layer, mask: { ...layer.mask, surface } })
      if (field === 'surface' && layer.kind !== 'group') records.set(id, { ...layer, surface })
    }
    this.#now = new DocumentView(records)
  }

  /** What is expected of a target is a chain, each made from the one before; it holds while its beginning is there. */
  #stillExpected(): Expected[] {
    const told = new DocumentView(this.#told)
    const chains = new Map<string, Expected[]>()
    for (const next of this.#expected) {
      const now = told.find(targetOf(next.layer, next.field))?.surface
      if (now === undefined) continue
      const name = `${next.layer} ${next.field}`
      const chain = chains.get(name) ?? []
      // It has come, and with it all before it.
      if (areSame(next.surface, now)) chains.set(name, [])
      else if (chain.length > 0 || areSame(next.was, now)) chains.set(name, [...chain, next])
    }
    return [...chains.values()].flat()
  }
}

const targetOf = (layer: string, field: Place['field']): Target => ({
  layer,
  part: field === 'mask' ? 'mask' : 'pixels',
})

/** Do they name the same tiles? */
export function areSame(a: Surface, b: Surface): boolean {
  if (a === b) return true
  const keys = Object.keys(a.tiles)
  return keys.length === Object.keys(b.tiles).length && keys.every((key) => a.tiles[key] === b.tiles[key])
}
