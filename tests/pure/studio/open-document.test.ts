/** The open document: what it tells the journal and the worker, what counts as unsaved, which layer is active. */
import { describe, expect, test } from 'vitest'
import { addGroup, addRasterLayer, removeLayers, renameLayer, setLayerMask } from '../../../src/document/index.ts'
import { called, fakeParts, settled, surfaceOf } from './fakes.ts'

describe('an open document', () => {
  test('tells each change to the worker and to the journal, undo included, in order', async () => {
    const { document, calls } = fakeParts()
    addRasterLayer(document.store)
    await document.history.undo()
    await settled()
    expect(called(calls, 'change', 'append')).toEqual(['change', 'append', 'change', 'append'])
    expect(calls.filter(({ method }) => method === 'append').map(({ argument }) => argument)).toMatchObject([
      { key: 'key', label: 'Add layer' },
      { key: 'key', label: 'Add layer' },
    ])
  })

  test('keeps what belongs to its making out of its history, and in its journal', async () => {
    const { document, calls } = fakeParts((store) => addRasterLayer(store, { name: 'Background' }))
    expect(document.history.labels()).toEqual([])
    expect(called(calls, 'append')).toHaveLength(1)
    expect(document.active?.name).toBe('Background')
    expect(document.isDirty).toBe(false)
  })

  test('is unsaved from the first change on, saved after undo to what the file holds', async () => {
    const { document } = fakeParts()
    const id = addRasterLayer(document.store)
    expect(document.state.dirty).toBe(true)
    document.saved(document.store.records, 'a.ora', '/a.ora')
    expect(document.state).toMatchObject({ dirty: false, name: 'a.ora', path: '/a.ora' })
    renameLayer(document.store, id, 'Sky')
    expect(document.state.dirty).toBe(true)
    await document.history.undo()
    expect(document.state.dirty).toBe(false)
  })

  test('stays unsaved where it changed while it was being saved', () => {
    const { document } = fakeParts()
    const { records } = document.store
    addRasterLayer(document.store)
    document.saved(records, 'a.ora', '/a.ora')
    expect(document.isDirty).toBe(true)
  })

  test('is unsaved from the start where it was recovered', () => {
    const { document } = fakeParts(undefined, true)
    expect(document.isDirty).toBe(true)
    document.saved(document.store.records, 'a.ora', '/a.ora')
    expect(document.isDirty).toBe(false)
  })

  test('chooses alone, also, and from one to another', () => {
    const { document } = fakeParts()
    const [a, b, c] = [0, 1, 2].map(() => addRasterLayer(document.store)) as [string, string, string]
    document.choose(a)
    document.choose(c, 'range')
    expect(document.chosen).toEqual([c, b, a])
    document.choose(a)
    document.choose(c, 'toggle')
    expect([document.chosen, document.active?.id]).toEqual([[a, c], c])
    document.choose(c, 'toggle')
    expect([document.chosen, document.active?.id]).toEqual([[a], a])
  })

  test('has another active layer when the active one is gone', async () => {
    const { document } = fakeParts()
    const a = addRasterLayer(document.store)
    const b = addRasterLayer(document.store)
    document.choose(b)
    removeLayers(document.store, [b])
    expect(document.active?.id).toBe(a)
    await document.history.undo()
    expect(document.chosen).toEqual([a])
  })

  test('paints on pixels, on a mask only where there is one, and on no group', () => {
    const { document } = fakeParts()
    const layer = addRasterLayer(document.store)
    document.choose(layer)
    document.choosePart(layer, 'mask')
    expect(document.target).toEqual({ layer, part: 'pixels' })
    setLayerMask(document.store, layer, { surface: surfaceOf('mask', 1), enabled: true })
    document.choosePart(layer, 'mask')
    expect(document.target).toEqual({ layer, part: 'mask' })
    const group = addGroup(document.store)
    document.choose(group)
    expect(document.target).toBeNull()
  })

  test('hears only of its own journal', () => {
    const { document } = fakeParts()
    document.hear({ type: 'journal-problem', key: 'other', message: 'The disk is full.' })
    expect(document.state.journalProblem).toBeNull()
    document.hear({ type: 'journal-problem', key: 'key', message: 'The disk is full.' })
    expect(document.state.journalProblem).toBe('The disk is full.')
  })
})
