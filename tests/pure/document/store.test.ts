/** Edits: whole or not at all, checked, told to listeners, frozen. */
import { describe, expect, test } from 'vitest'
import {
  addGroup,
  addRasterLayer,
  type DocumentRecord,
  DocumentStore,
  type Draft,
  type EditInfo,
  type GroupLayer,
  limits,
  newDocument,
  type RasterLayer,
  removeLayers,
} from '../../../src/document/index.ts'
import { surface } from './random.ts'

const raster = (fields: Partial<RasterLayer> = {}): RasterLayer => ({
  id: 'r',
  kind: 'raster',
  parent: null,
  order: 'a0',
  name: 'Layer',
  visible: true,
  locked: false,
  opacity: 1,
  blendMode: 'normal',
  mask: null,
  surface: surface(4, {}),
  recipe: null,
  generated: null,
  ...fields,
})

const group = (fields: Partial<GroupLayer> = {}): GroupLayer => {
  const { surface: _, recipe: __, generated: ___, ...common } = raster()
  return { ...common, id: 'g', kind: 'group', isolated: false, ...fields }
}

/** A document and all that its listener has heard. */
function watched(): { store: DocumentStore; heard: EditInfo[] } {
  const store = newDocument({ width: 64, height: 48 })
  const heard: EditInfo[] = []
  store.subscribe((_, info) => heard.push(info))
  return { store, heard }
}

describe('an edit', () => {
  test('D2 puts, updates and removes, and is told once with its diff', () => {
    const store = newDocument({ width: 64, height: 48 })
    const diffs: unknown[] = []
    const leave = store.subscribe((diff) => diffs.push(diff))
    const diff = store.edit('Add', (draft) => draft.put(raster()))
    expect(diff.added).toEqual({ r: raster() })
    expect(diffs).toEqual([diff])
    leave()
    store.edit('Dim', (draft) => draft.update(raster(), { opacity: 0.5 }))
    expect(store.get('r')).toEqual(raster({ opacity: 0.5 }))
    store.edit('Remove', (draft) => draft.remove('r'))
    expect(store.get('r')).toBeUndefined()
    expect(diffs).toHaveLength(1)
  })

  test('D1 freezes what it stores and what it tells', () => {
    const { store } = watched()
    const diff = store.edit('Add', (draft) => draft.put(raster({ surface: surface(4, { '0,0': 1 }) })))
    const stored = store.get('r') as RasterLayer
    expect(Object.isFrozen(stored) && Object.isFrozen(stored.surface) && Object.isFrozen(stored.surface.tiles)).toBe(
      true,
    )
    expect(Object.isFrozen(diff.added)).toBe(true)
    expect(() => Object.assign(stored.surface.tiles, { '0,0': 'x' })).toThrow(TypeError)
    const updated = store.edit('Dim', (draft) => draft.update(stored, { opacity: 0 }))
    expect(Object.isFrozen(store.get('r')) && Object.isFrozen(updated.updated['r']?.after)).toBe(true)
    expect((store.get('r') as RasterLayer).surface).toBe(stored.surface)
  })

  test('D2 that throws midway leaves the document as it was, and can be followed by another', () => {
    const { store, heard } = watched()
    const before = store.records
    const failing = (draft: Draft) => {
      draft.put(raster())
      throw new Error('midway')
    }
    expect(() => store.edit('Fail', failing)).toThrow('midway')
    expect(store.records).toBe(before)
    expect(heard).toEqual([])
    store.edit('Add', (draft) => draft.put(raster()))
    expect(heard).toHaveLength(1)
  })

  test('D3 that comes to nothing is told to nobody', () => {
    const { store, heard } = watched()
    store.edit('Add', (draft) => draft.put(raster()))
    const before = store.records
    store.edit('Same', (draft) => draft.put(structuredClone(raster())))
    store.edit('There and back', (draft) => {
      draft.update(raster(), { opacity: 0 })
      draft.update(raster(), { opacity: 1 })
      draft.put(group())
      draft.remove('g')
    })
    expect(heard).toHaveLength(1)
    expect(store.records).toBe(before)
  })

  test('D5 cannot begin in another edit or in a listener', () => {
    const { store } = watched()
    expect(() => store.edit('Outer', () => store.edit('Inner', () => undefined))).toThrow(/inside of another edit/)
    const leave = store.subscribe(() => store.edit('Echo', () => undefined))
    expect(() => store.edit('Add', (draft) => draft.put(raster()))).toThrow(/in a listener/)
    expect(store.get('r')).toEqual(raster())
    leave()
    store.edit('Remove', (draft) => draft.remove('r'))
  })

  test('D5 reaches every listener even where one throws', () => {
    const store = newDocument({ width: 8, height: 8 })
    let heard = 0
    store.subscribe(() => {
      throw new Error('deaf')
    })
    store.subscribe(() => {
      heard += 1
    })
    expect(() => store.edit('Add', (draft) => draft.put(raster()))).toThrow('deaf')
    expect(heard).toBe(1)
  })

  const faults: readonly [string, DocumentRecord[], RegExp][] = [
    ['D7 a parent that is missing', [raster({ parent: 'nobody' })], /no group/],
    ['D7 a parent that is no group', [raster(), raster({ id: 's', parent: 'r' })], /no group/],
    ['D7 a group in itself', [group({ parent: 'g' })], /in itself/],
    ['D7 groups in a circle', [group({ parent: 'h' }), group({ id: 'h', parent: 'g' })], /in itself/],
    ['D8 two siblings in one place', [raster(), raster({ id: 's' })], /same place/],
    ['D8 an order that is no key', [raster({ order: 'a10' })], /order/],
    ['D9 an opacity above 1', [raster({ opacity: 1.01 })], /opacity/],
    ['D9 an opacity that is no number', [raster({ opacity: Number.NaN })], /opacity/],
    ['D9 an unknown blend mode', [raster({ blendMode: 'dissolve' as 'normal' })], /blendMode/],
    ['D9 colour of one channel', [raster({ surface: surface(1, {}) })], /surface/],
    ['D9 a tile that is no hash', [raster({ surface: { channels: 4, tiles: { '0,0': 'abc' } } })], /tiles/],
    [
      'D9 a tile at no place',
      [raster({ surface: { channels: 4, tiles: { '00,1': surface(1, { a: 1 }).tiles['a'] ?? '' } } })],
      /tiles/,
    ],
    ['D9 a field that nobody knows', [{ ...raster(), colour: 'red' } as RasterLayer], /colour/],
    ['D9 an id that every object has', [raster({ id: 'constructor' })], /every object/],
    ['D9 an id that begins with _', [raster({ id: '__proto__' })], /id/],
  ]
  test.each(faults)('%s is refused and rolled back', (_, records, message) => {
    const { store, heard } = watched()
    const before = store.records
    expect(() => store.edit('Break', (draft) => records.forEach((record) => draft.put(record)))).toThrow(message)
    expect(store.records).toBe(before)
    expect(heard).toEqual([])
  })

  test('D6 without canvas, or with too many layers, is refused', () => {
    const { store } = watched()
    expect(() => store.edit('Break', (draft) => draft.remove('canvas'))).toThrow(/no canvas/)
    const many = (draft: Draft) => {
      for (let i = 0; i <= limits.layers; i++)
        draft.put(raster({ id: `r${i}`, order: `c${String(i).padStart(3, '0')}1` }))
    }
    expect(() => store.edit('Break', many)).toThrow(/at most 1000/)
    expect(() => new DocumentStore(new Map())).toThrow(/no canvas/)
  })

  test('D7 that removes a group and leaves its children is refused', () => {
    const { store } = watched()
    store.edit('Add', (draft) => [group(), raster({ parent: 'g' })].forEach((record) => draft.put(record)))
    expect(() => store.edit('Break', (draft) => draft.remove('g'))).toThrow(/no group/)
    expect(store.get('g')).toEqual(group())
  })

  test('D9 cannot change a kind, nor update or remove what is not there', () => {
    const { store } = watched()
    store.edit('Add', (draft) => draft.put(raster()))
    expect(() => store.edit('Break', (draft) => draft.put(group({ id: 'r' })))).toThrow(/changes its kind/)
    expect(() => store.edit('Break', (draft) => draft.update(raster({ id: 'x' }), { opacity: 0 }))).toThrow(/no raster/)
    expect(() => store.edit('Break', (draft) => draft.remove('x'))).toThrow(/to remove/)
  })

  test('H3 without history may change a setting, but no layers, places or pixels', () => {
    const { store, heard } = watched()
    store.edit('Add', (draft) => draft.put(raster()))
    const skip = { history: 'skip' } as const
    store.edit('Rename', (draft) => draft.update(raster(), { name: 'Sky' }), skip)
    expect(heard.at(-1)).toEqual({ label: 'Rename', history: 'skip' })
    const before = store.records
    expect(() => store.edit('Add', (draft) => draft.put(group({ order: 'a1' })), skip)).toThrow(/adds or removes/)
    expect(() => store.edit('Move', (draft) => draft.update(raster(), { order: 'a1' }), skip)).toThrow(/'order'/)
    const painted = surface(4, { '0,0': 1 })
    expect(() => store.edit('Paint', (draft) => draft.update(raster(), { surface: painted }), skip)).toThrow(
      /'surface'/,
    )
    expect(store.records).toBe(before)
  })
})

test('D12 ids are not used again after their layer is gone, nor those that a file brought', () => {
  const store = newDocument({ width: 8, height: 8 })
  const first = addRasterLayer(store)
  removeLayers(store, [first])
  expect(addRasterLayer(store)).not.toBe(first)
  const canvas = store.canvas
  const opened = new DocumentStore(
    new Map<string, DocumentRecord>([
      ['canvas', canvas],
      ['layer-7', raster({ id: 'layer-7' })],
    ]),
  )
  expect(addGroup(opened)).toBe('layer-8')
})

test.each([
  [0, 10],
  [10, 1.5],
  [limits.canvasSide + 1, 10],
  [Number.NaN, 10],
])('D9 a canvas of %d x %d px is refused', (width, height) => {
  expect(() => newDocument({ width, height })).toThrow(expect.objectContaining({ code: 'bad-request' }))
})
