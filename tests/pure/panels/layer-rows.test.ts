import { describe, expect, test } from 'vitest'
import { addGroup, addRasterLayer, newDocument } from '../../../src/document/index.ts'
import { treeStep, visibleRows } from '../../../src/renderer/src/panels/layers/layer-rows.ts'

/** From the top: sky, village (lamps (glow), houses), paper. */
function village() {
  const store = newDocument({ width: 64, height: 64 })
  const paper = addRasterLayer(store, { name: 'paper' })
  const group = addGroup(store, { name: 'village' })
  const houses = addRasterLayer(store, { name: 'houses', place: { parent: group } })
  const lamps = addGroup(store, { name: 'lamps', place: { parent: group } })
  const glow = addRasterLayer(store, { name: 'glow', place: { parent: lamps } })
  const sky = addRasterLayer(store, { name: 'sky' })
  return { records: store.records, paper, group, houses, lamps, glow, sky }
}

const namesOf = (rows: ReturnType<typeof visibleRows>) => rows.map(({ layer }) => layer.name)

describe('visibleRows', () => {
  test('lists layers from the top, groups above what they hold', () => {
    const { records } = village()
    const rows = visibleRows(records, new Set())
    expect(namesOf(rows)).toEqual(['sky', 'village', 'lamps', 'glow', 'houses', 'paper'])
    expect(rows.map(({ depth }) => depth)).toEqual([0, 0, 1, 2, 1, 0])
  })

  test('leaves out what lies in collapsed groups, however deep, and comes back after them', () => {
    const { records, group, lamps } = village()
    expect(namesOf(visibleRows(records, new Set([group])))).toEqual(['sky', 'village', 'paper'])
    expect(namesOf(visibleRows(records, new Set([lamps])))).toEqual(['sky', 'village', 'lamps', 'houses', 'paper'])
    expect(namesOf(visibleRows(records, new Set([group, lamps])))).toEqual(['sky', 'village', 'paper'])
  })

  test('counts places among siblings, from the top', () => {
    const { records, group } = village()
    const places = visibleRows(records, new Set()).map(({ place, siblings }) => `${place}/${siblings}`)
    expect(places).toEqual(['1/3', '2/3', '1/2', '1/1', '2/2', '3/3'])
    // Hidden rows count, too.
    expect(visibleRows(records, new Set([group])).at(-1)).toMatchObject({ place: 3, siblings: 3 })
  })

  test('says of groups whether they are open, and nothing of others', () => {
    const { records, lamps } = village()
    const rows = visibleRows(records, new Set([lamps]))
    expect(rows.map(({ expanded }) => expanded)).toEqual([undefined, true, false, undefined, undefined])
  })
})

describe('treeStep', () => {
  const { records, group, houses, lamps, glow, sky, paper } = village()
  const open = visibleRows(records, new Set())
  const closed = visibleRows(records, new Set([group]))

  test.each([
    ['ArrowDown', sky, { to: group }],
    ['ArrowUp', group, { to: sky }],
    ['ArrowUp', sky, null],
    ['ArrowDown', paper, null],
    ['Home', houses, { to: sky }],
    ['End', sky, { to: paper }],
    ['End', paper, null],
    ['ArrowRight', group, { to: lamps }],
    ['ArrowRight', glow, null],
    ['ArrowLeft', group, { collapse: group }],
    ['ArrowLeft', glow, { to: lamps }],
    ['ArrowLeft', sky, null],
    ['x', sky, null],
  ])('%s from %s', (key, from, step) => {
    expect(treeStep(open, from, key)).toEqual(step)
  })

  test('ArrowRight opens a closed group, and ArrowDown goes past it', () => {
    expect(treeStep(closed, group, 'ArrowRight')).toEqual({ expand: group })
    expect(treeStep(closed, group, 'ArrowDown')).toEqual({ to: paper })
  })

  test('ArrowRight on an open group that holds nothing goes nowhere', () => {
    const store = newDocument({ width: 64, height: 64 })
    addRasterLayer(store)
    const empty = addGroup(store)
    expect(treeStep(visibleRows(store.records, new Set()), empty, 'ArrowRight')).toBeNull()
  })

  test('a layer that is not there goes nowhere', () => {
    expect(treeStep(open, 'gone', 'ArrowDown')).toBeNull()
  })
})
