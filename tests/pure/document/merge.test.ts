/** The render tree, and merging in two steps. */
import { describe, expect, test } from 'vitest'
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  canMergeDown,
  commitMerge,
  type DocumentStore,
  History,
  mergeDownPlan,
  mergeGroupPlan,
  mergeVisiblePlan,
  newDocument,
  panelRows,
  renderTree,
  setBlendMode,
  setIsolated,
  setLayerMask,
  setLocked,
  setOpacity,
  setVisible,
  toSnapshot,
} from '../../../src/document/index.ts'
import { surface } from './random.ts'

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(message) as string })

const rows = (store: DocumentStore) =>
  panelRows(store.records).map(({ layer, depth }) => '-'.repeat(depth) + layer.name)

const drawn = surface(4, { '0,0': 99 })

/** A, a mask M, B; above them a group G with C and a mask N in it. */
function opened() {
  const store = newDocument({ width: 100, height: 80 })
  const a = addRasterLayer(store, { name: 'A', surface: surface(4, { '0,0': 1 }) })
  const m = addMaskLayer(store, { name: 'M' })
  const b = addRasterLayer(store, { name: 'B', surface: surface(4, { '0,0': 2 }) })
  const g = addGroup(store, { name: 'G' })
  const c = addRasterLayer(store, { name: 'C', place: { parent: g }, surface: surface(4, { '0,0': 3 }) })
  const n = addMaskLayer(store, { name: 'N', place: { parent: g } })
  return { store, a, m, b, g, c, n, history: new History(store) }
}

describe('the render tree', () => {
  test('L10 nests pictures from bottom to top, hidden ones too, without mask layers and switched-off masks', () => {
    const { store, a, b, c, g } = opened()
    setVisible(store, b, false)
    setLayerMask(store, a, { surface: surface(1, { '0,0': 8 }), enabled: false })
    setLayerMask(store, c, { surface: surface(1, { '0,0': 8 }), enabled: true })
    setOpacity(store, c, 0.5)
    const common = { visible: true, opacity: 1, blendMode: 'normal', mask: null }
    expect(renderTree(store.records, store.canvas)).toEqual({
      width: 100,
      height: 80,
      children: [
        { ...common, kind: 'layer', id: a, surface: surface(4, { '0,0': 1 }) },
        { ...common, kind: 'layer', id: b, surface: surface(4, { '0,0': 2 }), visible: false },
        {
          ...common,
          kind: 'group',
          id: g,
          isolated: false,
          children: [
            {
              ...common,
              kind: 'layer',
              id: c,
              surface: surface(4, { '0,0': 3 }),
              opacity: 0.5,
              mask: surface(1, { '0,0': 8 }),
            },
          ],
        },
      ],
    })
  })

  test('L9 isolates a group that has an effect of its own', () => {
    const isolated = (change: (store: DocumentStore, g: string) => void) => {
      const { store, g } = opened()
      change(store, g)
      const node = renderTree(store.records, store.canvas).children.at(-1)
      return node?.kind === 'group' && node.isolated
    }
    expect(isolated(() => undefined)).toBe(false)
    expect(isolated((store, g) => setIsolated(store, g, true))).toBe(true)
    expect(isolated((store, g) => setOpacity(store, g, 0.9))).toBe(true)
    expect(isolated((store, g) => setBlendMode(store, g, 'screen'))).toBe(true)
    expect(isolated((store, g) => setLayerMask(store, g, { surface: surface(1, {}), enabled: true }))).toBe(true)
    expect(isolated((store, g) => setLayerMask(store, g, { surface: surface(1, {}), enabled: false }))).toBe(false)
  })
})

describe('merging', () => {
  test('L8 down puts the result in the place of the lower layer, in one step that undo takes back', async () => {
    const { store, a, b, history } = opened()
    setOpacity(store, a, 0.5)
    setLayerMask(store, a, { surface: surface(1, { '0,0': 8 }), enabled: true })
    const before = toSnapshot(store.records)
    const plan = mergeDownPlan(store.records, b)
    expect(plan.nodes.map(({ id, opacity }) => [id, opacity])).toEqual([
      [a, 0.5],
      [b, 1],
    ])
    expect(commitMerge(store, plan, drawn)).toBe(a)
    expect(rows(store)).toEqual(['G', '-N', '-C', 'M', 'A'])
    expect(store.get(a)).toMatchObject({ name: 'A', opacity: 1, mask: null, surface: drawn })
    expect(history.labels().at(-1)).toBe('Merge down')
    await history.undo()
    expect(toSnapshot(store.records)).toEqual(before)
  })

  test('L8 of a group leaves its mask layers, outside of it', () => {
    const { store, g, n } = opened()
    setOpacity(store, g, 0.5)
    setBlendMode(store, g, 'multiply')
    const id = commitMerge(store, mergeGroupPlan(store.records, g), drawn)
    expect(rows(store)).toEqual(['N', 'G', 'B', 'M', 'A'])
    expect(store.get(id)).toMatchObject({ kind: 'raster', blendMode: 'multiply', opacity: 1, surface: drawn })
    expect(store.get(n)).toMatchObject({ parent: null })
  })

  test('L8 of a group in a group stays there, and so do the masks that were in it, in their order', () => {
    const { store, g } = opened()
    const inner = addGroup(store, { name: 'Inner', place: { parent: g, at: 'bottom' } })
    for (const name of ['P', 'Q']) addMaskLayer(store, { name, place: { parent: inner } })
    commitMerge(store, mergeGroupPlan(store.records, inner), drawn)
    expect(rows(store)).toEqual(['G', '-N', '-C', '-Q', '-P', '-Inner', 'B', 'M', 'A'])
  })

  test('L8 of all that is visible keeps hidden layers, and flattening does not', () => {
    const { store, a, b } = opened()
    setVisible(store, a, false)
    const merged = opened().store
    commitMerge(store, mergeVisiblePlan(store.records, 'merge'), drawn)
    expect(rows(store)).toEqual(['N', 'B', 'M', 'A'])
    setVisible(merged, a, false)
    const plan = mergeVisiblePlan(merged.records, 'flatten')
    expect(plan.nodes.map(({ id }) => id)).not.toContain(a)
    expect(plan.nodes.map(({ id }) => id)).toContain(b)
    commitMerge(merged, plan, drawn)
    expect(rows(merged)).toEqual(['N', 'B', 'M'])
  })

  test('L8 is refused where a source has changed since, but not for what undo brought back', async () => {
    const { store, a, b, history } = opened()
    const plan = mergeDownPlan(store.records, b)
    setOpacity(store, a, 0.5)
    const before = store.records
    expect(() => commitMerge(store, plan, drawn)).toThrow(refused(/have changed/))
    expect(store.records).toBe(before)
    await history.undo()
    expect(commitMerge(store, plan, drawn)).toBe(a)
    expect(() => commitMerge(store, plan, drawn)).toThrow(refused(/have changed/))
  })

  test('L8 down is possible exactly where a plan can be made', () => {
    const possible = (change: (all: ReturnType<typeof opened>) => void, which: 'a' | 'b' | 'g' | 'm') => {
      const all = opened()
      change(all)
      const can = canMergeDown(all.store.records, all[which])
      if (can) expect(() => mergeDownPlan(all.store.records, all[which])).not.toThrow()
      else expect(() => mergeDownPlan(all.store.records, all[which])).toThrow(refused(/./))
      return can
    }
    expect(possible(() => undefined, 'b')).toBe(true)
    expect(possible(() => undefined, 'g')).toBe(true)
    expect(possible(() => undefined, 'a')).toBe(false)
    expect(possible(() => undefined, 'm')).toBe(false)
    expect(possible(({ store, a }) => setVisible(store, a, false), 'b')).toBe(false)
    expect(possible(({ store, b }) => setVisible(store, b, false), 'b')).toBe(false)
    expect(possible(({ store, a }) => setLocked(store, a, true), 'b')).toBe(false)
    expect(possible(({ store, c }) => setLocked(store, c, true), 'g')).toBe(false)
    expect(canMergeDown(opened().store.records, 'gone')).toBe(false)
  })

  test('L8 says why where nothing is visible, or what is chosen is no group', () => {
    const { store, a, b, g } = opened()
    expect(() => mergeGroupPlan(store.records, a)).toThrow(refused(/not a group/))
    for (const id of [a, b, g]) setVisible(store, id, false)
    expect(() => mergeVisiblePlan(store.records, 'merge')).toThrow(refused(/No layer is visible/))
  })
})
