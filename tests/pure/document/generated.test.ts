/** What a layer remembers of the run that made it. */
import { describe, expect, test } from 'vitest'
import {
  addCandidates,
  addRasterLayer,
  type Candidate,
  chooseCandidate,
  commitMerge,
  duplicateLayers,
  type Generated,
  History,
  intactCandidate,
  newDocument,
  mergeDownPlan,
  type RasterLayer,
  replaceSurfaces,
  setLocked,
} from '../../../src/document/index.ts'
import { surface } from './random.ts'

const candidate = (tile: number, recipe: string): Candidate => ({
  surface: surface(4, { '0,0': tile }),
  recipe,
  grid: { width: 2, height: 2, codes: 'AAABAAIAAwA=' },
  confidence: 'gICA/w==',
  pictureId: null,
})

const generated: Generated = {
  rect: { x: 10, y: 20, width: 8, height: 8 },
  area: { x: 8, y: 16, width: 16, height: 16 },
  candidates: { 0: candidate(1, 'one'), 1: candidate(2, 'two') },
  chosen: '0',
  intact: true,
}

function made() {
  const store = newDocument({ width: 100, height: 100 })
  const history = new History(store)
  const id = addRasterLayer(store, { surface: surface(4, { '0,0': 3 }), recipe: 'one', generated })
  const layer = (of = id): RasterLayer => {
    const record = store.get(of)
    if (record?.kind !== 'raster') throw new Error('there is no such layer')
    return record
  }
  return { store, history, id, layer }
}

const refused = expect.objectContaining({ code: 'bad-request', message: expect.stringMatching(/\.$/) as string })

describe('L11 a layer that a run has made', () => {
  test('shows another of its results, in one step that undo takes back', async () => {
    const { store, history, id, layer } = made()
    const before = layer()
    chooseCandidate(store, id, '1', surface(4, { '0,0': 4 }))
    expect(layer()).toMatchObject({ recipe: 'two', surface: { tiles: surface(4, { '0,0': 4 }).tiles } })
    expect(layer().generated).toMatchObject({ chosen: '1', intact: true })
    await history.undo()
    expect(layer()).toEqual(before)
  })

  test('says which tokens its pixels are, until it is painted on', async () => {
    const { store, history, id, layer } = made()
    expect(intactCandidate(layer())?.recipe).toBe('one')
    replaceSurfaces(store, 'Brush', [{ id, surface: surface(4, { '0,0': 9 }) }])
    expect(intactCandidate(layer())).toBeUndefined()
    chooseCandidate(store, id, '0', surface(4, { '0,0': 3 }))
    expect(intactCandidate(layer())?.recipe).toBe('one')
    await history.undo()
    await history.undo()
    expect(intactCandidate(layer())?.recipe).toBe('one')
  })

  test('takes its results along where its pixels move', () => {
    const { store, id, layer } = made()
    replaceSurfaces(store, 'Move', [{ id, surface: surface(4, { '1,0': 3 }), moved: { x: 5, y: -7 } }])
    expect(layer().generated).toMatchObject({
      rect: { x: 15, y: 13, width: 8, height: 8 },
      area: { x: 13, y: 9, width: 16, height: 16 },
      intact: true,
    })
  })

  test('forgets them where the picture is turned', () => {
    const { store, id, layer } = made()
    replaceSurfaces(store, 'Rotate', [{ id, surface: surface(4, { '0,0': 5 }), moved: 'turned' }])
    expect(layer().generated).toBeNull()
  })

  test('keeps them where only its mask changes', () => {
    const { store, id, layer } = made()
    replaceSurfaces(store, 'Canvas size', [], { canvas: { width: 50, height: 50 } })
    expect(layer().generated).toEqual(generated)
    expect(layer().id).toBe(id)
  })

  test('gets more of them, and its copy has them all', () => {
    const { store, id, layer } = made()
    addCandidates(store, id, [candidate(7, 'three')])
    expect(Object.keys(layer().generated?.candidates ?? {})).toEqual(['0', '1', '2'])
    const [copy = ''] = duplicateLayers(store, [id])
    expect(layer(copy).generated).toEqual(layer().generated)
  })

  test('is made by no run any more once it is merged', () => {
    const { store, id, layer } = made()
    const above = addRasterLayer(store, { surface: surface(4, { '0,0': 8 }) })
    const merged = commitMerge(store, mergeDownPlan(store.records, above), surface(4, { '0,0': 6 }))
    expect([merged, layer(merged).generated]).toEqual([id, null])
  })

  test('refuses a result that it does not have, and all of it while it is locked', () => {
    const { store, id, layer } = made()
    expect(() => chooseCandidate(store, id, '5', surface(4, {}))).toThrow(refused)
    expect(() => addCandidates(store, addRasterLayer(store), [candidate(1, '')])).toThrow(refused)
    setLocked(store, id, true)
    expect(() => chooseCandidate(store, id, '1', surface(4, {}))).toThrow(refused)
    expect(layer().generated).toEqual(generated)
  })
})
