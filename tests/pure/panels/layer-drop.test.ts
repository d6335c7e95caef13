import { describe, expect, test } from 'vitest'
import {
  addGroup,
  addRasterLayer,
  type DocumentStore,
  type LayerId,
  moveLayers,
  newDocument,
  panelRows,
} from '../../../src/document/index.ts'
import { dropAt } from '../../../src/renderer/src/panels/layers/layer-drop.ts'
import { visibleRows } from '../../../src/renderer/src/panels/layers/layer-rows.ts'
import { choices } from '../document/random.ts'

/** From the top: a, g (b, h (c)), d. */
function nested() {
  const store = newDocument({ width: 64, height: 64 })
  const d = addRasterLayer(store, { name: 'd' })
  const g = addGroup(store, { name: 'g' })
  const h = addGroup(store, { name: 'h', place: { parent: g } })
  const c = addRasterLayer(store, { name: 'c', place: { parent: h } })
  const b = addRasterLayer(store, { name: 'b', place: { parent: g } })
  const a = addRasterLayer(store, { name: 'a' })
  return { store, ids: { a, b, c, d, g, h } }
}

/** The tree as text after a drop: 'a g(b h(c)) d'; null where there can be none. */
function dropped(moving: readonly string[], y: number, x: number, collapsed: readonly string[] = []): string | null {
  const { store, ids } = nested()
  const idOf = (name: string) => ids[name as keyof typeof ids]
  const rows = visibleRows(store.records, new Set(collapsed.map(idOf)))
  const drop = dropAt(store.records, rows, moving.map(idOf), { x, y })
  if (drop === null) return null
  moveLayers(store, moving.map(idOf), drop.place)
  return textOf(store)
}

function textOf(store: DocumentStore): string {
  const rows = panelRows(store.records)
  const list = (parent: LayerId | null): string =>
    rows
      .filter(({ layer }) => layer.parent === parent)
      .map(({ layer }) => (layer.kind === 'group' ? `${layer.name}(${list(layer.id)})` : layer.name))
      .join(' ')
  return list(null)
}

describe('a drop between rows', () => {
  test.each([
    // Rows: a 0, g 1, b 2, h 3, c 4, d 5.
    ['above the first row', ['d'], 0.1, 0, 'd a g(b h(c))'],
    ['below the last row', ['a'], 5.9, 0, 'g(b h(c)) d a'],
    ['far below all rows', ['a'], 40, 0, 'g(b h(c)) d a'],
    ['far above all rows', ['d'], -3, 0, 'd a g(b h(c))'],
    ['above a group', ['d'], 1.1, 0, 'a d g(b h(c))'],
    ['below the heading of an open group: on top in it', ['d'], 1.9, 3, 'a g(d b h(c))'],
    ['between rows of a group', ['a'], 3.1, 1, 'g(b a h(c)) d'],
    ['below a layer in the innermost group, far to the right', ['a'], 4.9, 3, 'g(b h(c a)) d'],
    ['there, one level to the left: below the inner group', ['a'], 4.9, 1.5, 'g(b h(c) a) d'],
    ['there, at the left edge: below the outer group', ['a'], 4.9, 0.2, 'g(b h(c)) a d'],
  ])('%s', (_, moving, y, x, tree) => {
    expect(dropped(moving, y, x)).toBe(tree)
  })

  test('below a closed group goes below it, and never into it', () => {
    // Rows: a 0, g 1, d 2.
    expect(dropped(['a'], 1.95, 5, ['g'])).toBe('g(b h(c)) a d')
  })

  test('where the layer is already changes nothing', () => {
    for (const y of [0.1, 0.9]) expect(dropped(['a'], y, 0)).toBe('a g(b h(c)) d')
    expect(dropped(['b'], 2.9, 1)).toBe('a g(b h(c)) d')
  })

  test('several layers go together and keep their order', () => {
    expect(dropped(['a', 'd'], 3.1, 1)).toBe('g(b a d h(c))')
    expect(dropped(['a', 'b'], 5.9, 0)).toBe('g(h(c)) d a b')
  })
})

describe('a drop on a group', () => {
  test('goes into it, on top', () => {
    expect(dropped(['d'], 1.5, 0)).toBe('a g(d b h(c))')
    expect(dropped(['d'], 3.5, 0)).toBe('a g(b h(d c))')
  })

  test('goes into a closed one, too', () => {
    expect(dropped(['d'], 1.5, 0, ['g'])).toBe('a g(d b h(c))')
  })
})

describe('a group that is dragged', () => {
  test.each([
    ['onto itself', 1.5, 0],
    ['onto a group in it', 3.5, 0],
    ['between its own rows', 3.1, 1],
    ['to the top in itself', 1.9, 1],
    ['to the bottom in a group in it', 4.9, 2.5],
  ])('cannot go %s', (_, y, x) => {
    expect(dropped(['g'], y, x)).toBeNull()
  })

  test('can go anywhere else, with all it holds', () => {
    expect(dropped(['g'], 5.9, 0)).toBe('a d g(b h(c))')
    expect(dropped(['h'], 0.1, 0)).toBe('h(c) a g(b) d')
  })
})

test('no list has no places', () => {
  const store = newDocument({ width: 64, height: 64 })
  expect(dropAt(store.records, [], [], { x: 0, y: 0 })).toBeNull()
})

test('whatever is dropped wherever, the document takes it and loses nothing', () => {
  const random = choices(5)
  let drops = 0
  for (let i = 0; i < 2000; i++) {
    const { store, ids } = nested()
    const all = Object.values(ids)
    const moving = all.filter(() => random.int(3) === 0)
    const rows = visibleRows(store.records, new Set(all.filter(() => random.int(4) === 0)))
    const drop = dropAt(store.records, rows, moving, { x: random.int(40) / 10, y: random.int(70) / 10 })
    if (drop === null || moving.length === 0) continue
    drops += 1
    moveLayers(store, moving, drop.place)
    expect(panelRows(store.records)).toHaveLength(6)
  }
  expect(drops).toBeGreaterThan(500)
})
