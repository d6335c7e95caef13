/** Operations on layers: what they do, and what they refuse. */
import { describe, expect, test } from 'vitest'
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  childrenOf,
  type DocumentStore,
  duplicateLayers,
  History,
  isShown,
  type Layer,
  limits,
  lockOf,
  moveLayers,
  newDocument,
  nextName,
  panelRows,
  removeLayers,
  renameLayer,
  replaceSurfaces,
  setBlendMode,
  setFrame,
  setIsolated,
  setLayerMask,
  setLocked,
  setOpacity,
  setPrompt,
  setVisible,
} from '../../../src/document/index.ts'
import { surface } from './random.ts'

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(message) as string })

/** Rows of the panel from top to bottom: '-' for each group around. */
const rows = (store: DocumentStore) =>
  panelRows(store.records).map(({ layer, depth }) => '-'.repeat(depth) + layer.name)

const named = (store: DocumentStore, name: string): Layer => {
  const row = panelRows(store.records).find(({ layer }) => layer.name === name)
  if (row === undefined) throw new Error(`no layer ${name}`)
  return row.layer
}

/** A below a group G with B and C below D. */
function opened() {
  const store = newDocument({ width: 100, height: 100 })
  const a = addRasterLayer(store, { name: 'A' })
  const g = addGroup(store, { name: 'G' })
  const b = addRasterLayer(store, { name: 'B', place: { parent: g } })
  const c = addRasterLayer(store, { name: 'C', place: { parent: g } })
  const d = addRasterLayer(store, { name: 'D' })
  return { store, a, g, b, c, d, history: new History(store) }
}

describe('layers', () => {
  test('L6 are added on top, above another, or at the bottom of a group, with names by number', () => {
    const { store, a, g } = opened()
    addRasterLayer(store, { place: { above: a } })
    addMaskLayer(store, { place: { parent: g, at: 'bottom' }, prompt: 'a cat' })
    addRasterLayer(store, { surface: surface(4, { '0,0': 1 }), recipe: '{}', label: 'Picture from prompt' })
    expect(rows(store)).toEqual(['Layer 2', 'D', 'G', '-C', '-B', '-Mask 1', 'Layer 1', 'A'])
    expect(named(store, 'Mask 1')).toMatchObject({ kind: 'mask', prompt: 'a cat', surface: surface(1, {}) })
    expect(named(store, 'Layer 2')).toMatchObject({ surface: surface(4, { '0,0': 1 }), recipe: '{}' })
    renameLayer(store, a, 'Layer 41')
    expect(nextName(store.records, 'raster')).toBe('Layer 42')
  })

  test('L6 have names of one line, within the limit, and never empty', () => {
    const { store, a } = opened()
    renameLayer(store, a, '  Deep\n\tblue   sea ')
    expect(store.get(a)).toMatchObject({ name: 'Deep blue sea' })
    renameLayer(store, a, ' \n ')
    expect(store.get(a)).toMatchObject({ name: 'Deep blue sea' })
    renameLayer(store, a, 'x'.repeat(limits.name + 50))
    expect((store.get(a) as Layer).name).toHaveLength(limits.name)
    duplicateLayers(store, [a])
    addRasterLayer(store, { name: ' ' })
    expect(rows(store)[0]).toBe('Layer 1')
  })

  test('L1 are changed in one labelled step each', () => {
    const { store, a, g, history } = opened()
    const m = addMaskLayer(store)
    setOpacity(store, a, 0.25)
    setBlendMode(store, a, 'multiply')
    setVisible(store, a, false)
    setLayerMask(store, a, { surface: surface(1, { '0,0': 9 }), enabled: true })
    setLocked(store, a, true)
    setIsolated(store, g, true)
    setPrompt(store, m, 'a dog')
    expect(store.get(a)).toMatchObject({ opacity: 0.25, blendMode: 'multiply', visible: false, locked: true })
    expect(store.get(a)).toMatchObject({ mask: { surface: surface(1, { '0,0': 9 }), enabled: true } })
    expect([store.get(g), store.get(m)]).toMatchObject([{ isolated: true }, { prompt: 'a dog' }])
    const labels = [
      'Add mask',
      'Opacity',
      'Blend mode',
      'Hide layer',
      'Layer mask',
      'Lock layer',
      'Isolate group',
      'Region prompt',
    ]
    expect(history.labels()).toEqual(labels)
  })

  test('L3 removed or duplicated as a group take along all they hold, each once', () => {
    const { store, g, b, d } = opened()
    const [copy = ''] = duplicateLayers(store, [b, g])
    expect(rows(store)).toEqual(['D', 'G copy', '-C', '-B', 'G', '-C', '-B', 'A'])
    expect(childrenOf(store.records, copy).map(({ name }) => name)).toEqual(['B', 'C'])
    const ids = panelRows(store.records).map(({ layer }) => layer.id)
    expect(new Set(ids).size).toBe(8)
    removeLayers(store, [g, b, d])
    expect(rows(store)).toEqual(['G copy', '-C', '-B', 'A'])
  })

  test('L5 copies lie directly above their originals and share their pixels', () => {
    const { store, a, b } = opened()
    replaceSurfaces(store, 'Paint', [{ id: a, surface: surface(4, { '0,0': 1 }) }])
    duplicateLayers(store, [b, a])
    expect(rows(store)).toEqual(['D', 'G', '-C', '-B copy', '-B', 'A copy', 'A'])
    expect(named(store, 'A copy')).toMatchObject({ surface: surface(4, { '0,0': 1 }) })
  })

  test('L4 moved keep their order among themselves, into and out of groups', () => {
    const { store, a, g, b, c, d } = opened()
    moveLayers(store, [d, a], { parent: g, at: 'bottom' })
    expect(rows(store)).toEqual(['G', '-C', '-B', '-D', '-A'])
    moveLayers(store, [c, a], { parent: null })
    expect(rows(store)).toEqual(['C', 'A', 'G', '-B', '-D'])
    moveLayers(store, [c, b], { above: d })
    expect(rows(store)).toEqual(['A', 'G', '-C', '-B', '-D'])
    moveLayers(store, [b, c, d], { above: c })
    expect(rows(store)).toEqual(['A', 'G', '-C', '-B', '-D'])
  })

  test('L4 moved to where they are make no step', () => {
    const { store, a, c, history } = opened()
    moveLayers(store, [c], { above: c })
    moveLayers(store, [a], { above: a })
    expect(history.labels()).toEqual([])
  })

  test('L4 moved 3,000 times around each other keep short keys and their order', () => {
    const store = newDocument({ width: 10, height: 10 })
    const [bottom = '', one = '', two = ''] = ['bottom', 'one', 'two', 'top'].map((name) =>
      addRasterLayer(store, { name }),
    )
    let afresh = 0
    store.subscribe((diff) => {
      afresh += Object.keys(diff.updated).length > 1 ? 1 : 0
    })
    for (let i = 0; i < 3000; i++) {
      const moved = i % 2 === 0 ? two : one
      moveLayers(store, [moved], { above: bottom })
      expect(childrenOf(store.records, null)[1]?.id).toBe(moved)
    }
    expect(rows(store)).toEqual(['top', 'two', 'one', 'bottom'])
    expect(panelRows(store.records).every(({ layer }) => layer.order.length <= limits.order)).toBe(true)
    expect(afresh).toBeGreaterThan(0)
    expect(afresh).toBeLessThan(30)
  })
})

describe('what is locked', () => {
  const operations: readonly [string, (store: DocumentStore, id: string) => void][] = [
    ['removing', (store, id) => removeLayers(store, [id])],
    ['renaming', (store, id) => renameLayer(store, id, 'X')],
    ['opacity', (store, id) => setOpacity(store, id, 0)],
    ['a blend mode', (store, id) => setBlendMode(store, id, 'screen')],
    ['a mask', (store, id) => setLayerMask(store, id, { surface: surface(1, {}), enabled: true })],
    ['moving', (store, id) => moveLayers(store, [id], { parent: null })],
    ['painting', (store, id) => replaceSurfaces(store, 'Paint', [{ id, surface: surface(4, { '0,0': 1 }) }])],
  ]
  test.each(operations)('L2 refuses %s, in itself and in a locked group, and nothing changes', (_, operate) => {
    const { store, a, b, g } = opened()
    setLocked(store, a, true)
    setLocked(store, g, true)
    const before = store.records
    expect(() => operate(store, a)).toThrow(refused(/'A' is locked\. Unlock it/))
    expect(() => operate(store, b)).toThrow(refused(/'B' lies in the locked group 'G'\. Unlock the group/))
    expect(store.records).toBe(before)
    setLocked(store, a, false)
    operate(store, a)
    expect(store.records).not.toBe(before)
  })

  test('L2 can be shown, hidden, unlocked and copied', () => {
    const { store, a, b, g } = opened()
    setLocked(store, a, true)
    setVisible(store, a, false)
    setVisible(store, a, true)
    duplicateLayers(store, [a])
    expect(named(store, 'A copy').locked).toBe(true)
    expect(lockOf(store.records, b)).toBeUndefined()
    setLocked(store, g, true)
    expect(lockOf(store.records, b)?.id).toBe(g)
    expect(() => duplicateLayers(store, [b])).toThrow(refused(/'G' is locked/))
    expect(() => addRasterLayer(store, { place: { above: b } })).toThrow(refused(/'G' is locked/))
  })

  test('L2 keeps the group around it from being removed', () => {
    const { store, b, g } = opened()
    setLocked(store, b, true)
    expect(() => removeLayers(store, [g])).toThrow(refused(/'B' is locked/))
    expect(rows(store)).toContain('G')
  })

  test('L2 follows operations on the whole picture', () => {
    const { store, a, history } = opened()
    setLocked(store, a, true)
    const canvas = { width: 50, height: 40, frame: { x: 0, y: 0, width: 50, height: 40 } }
    replaceSurfaces(store, 'Crop', [{ id: a, surface: surface(4, { '0,0': 7 }) }], {
      canvas,
      selection: surface(1, {}),
    })
    expect(store.canvas).toMatchObject({ ...canvas, selection: surface(1, {}) })
    expect(store.get(a)).toMatchObject({ surface: surface(4, { '0,0': 7 }) })
    expect(history.labels()).toEqual(['Lock layer', 'Crop'])
  })
})

describe('what is refused', () => {
  const cases: readonly [string, (all: ReturnType<typeof opened>) => void, RegExp][] = [
    ['an opacity out of range', ({ store, a }) => setOpacity(store, a, 1.5), /from 0 to 1/],
    ['an opacity that is no number', ({ store, a }) => setOpacity(store, a, Number.NaN), /from 0 to 1/],
    ['a layer that is gone', ({ store }) => setVisible(store, 'gone', true), /no longer/],
    ['the canvas as a layer', ({ store }) => removeLayers(store, ['canvas']), /no longer/],
    ['a group into itself', ({ store, g }) => moveLayers(store, [g], { parent: g }), /'G' cannot go into itself/],
    [
      'a group into what it holds',
      ({ store, g, b }) => moveLayers(store, [g], { above: b }),
      /'G' cannot go into itself/,
    ],
    ['a layer into a layer', ({ store, a, d }) => moveLayers(store, [d], { parent: a }), /not a group/],
    ['isolating a layer', ({ store, a }) => setIsolated(store, a, true), /not a group/],
    ['a prompt for a picture', ({ store, a }) => setPrompt(store, a, 'x'), /no mask/],
    ['a prompt too long', ({ store, a }) => setPrompt(store, a, 'x'.repeat(20_001)), /20000/],
    [
      'pixels for a group',
      ({ store, g }) => replaceSurfaces(store, 'Paint', [{ id: g, surface: surface(4, {}) }]),
      /cannot hold/,
    ],
    [
      'a mask as colour',
      ({ store, a }) => replaceSurfaces(store, 'Paint', [{ id: a, surface: surface(1, {}) }]),
      /cannot hold/,
    ],
    [
      'pixels for no mask',
      ({ store, a }) => replaceSurfaces(store, 'Paint', [{ id: a, mask: surface(1, {}) }]),
      /has no mask/,
    ],
    [
      'a canvas of no size',
      ({ store }) => replaceSurfaces(store, 'Crop', [], { canvas: { width: 0, height: 5 } }),
      /0 x 5/,
    ],
    ['a frame of half px', ({ store }) => setFrame(store, { x: 0.5, y: 0, width: 8, height: 8 }), /0\.5/],
  ]
  test.each(cases)('L1 %s says why and changes nothing', (_, operate, message) => {
    const all = opened()
    const before = all.store.records
    expect(() => operate(all)).toThrow(refused(message))
    expect(all.store.records).toBe(before)
    expect(all.history.labels()).toEqual([])
  })

  test('L1 a mask on a mask says why', () => {
    const { store } = opened()
    const m = addMaskLayer(store)
    expect(() => setLayerMask(store, m, null)).toThrow(refused(/mask itself/))
  })

  test('L7 pixels made from older ones are not put over newer ones', () => {
    const { store, a } = opened()
    const was = surface(4, {})
    replaceSurfaces(store, 'Paint', [{ id: a, surface: surface(4, { '0,0': 1 }), was }])
    const late = { id: a, surface: surface(4, { '0,0': 2 }), was }
    expect(() => replaceSurfaces(store, 'Filter', [late])).toThrow(refused(/changed in the meantime/))
    expect(store.get(a)).toMatchObject({ surface: surface(4, { '0,0': 1 }) })
  })

  test('L1 layers too many, or nested too deep, say so before they break a limit', () => {
    const store = newDocument({ width: 10, height: 10 })
    let parent: string | null = null
    for (let i = 0; i < limits.depth; i++) parent = addGroup(store, { place: { parent } })
    const deepest = parent
    const leaf = addRasterLayer(store, { place: { parent: deepest } })
    expect(() => addGroup(store, { place: { above: leaf } })).not.toThrow()
    const group = addGroup(store)
    addRasterLayer(store, { place: { parent: group } })
    expect(() => moveLayers(store, [group], { parent: deepest })).toThrow(refused(/16 deep/))
    const full = newDocument({ width: 10, height: 10 })
    let last = addRasterLayer(full)
    while (full.records.size - 1 < limits.layers) {
      const twice = Math.min(full.records.size - 1, limits.layers - full.records.size + 1)
      const ids = panelRows(full.records).map(({ layer }) => layer.id)
      last = duplicateLayers(full, ids.slice(0, twice))[0] ?? last
    }
    expect(() => addRasterLayer(full)).toThrow(refused(/at most 1000/))
    expect(() => duplicateLayers(full, [last])).toThrow(refused(/at most 1000/))
  })
})

test('L10 a layer in a hidden group is not shown', () => {
  const { store, b, g, a } = opened()
  setVisible(store, g, false)
  expect([isShown(store.records, b), isShown(store.records, a), isShown(store.records, 'gone')]).toEqual([
    false,
    true,
    false,
  ])
})
