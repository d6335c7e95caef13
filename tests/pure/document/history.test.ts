/** Undo and redo, marks, limits and the disk. */
import { describe, expect, test } from 'vitest'
import {
  addRasterLayer,
  type DocumentStore,
  History,
  newDocument,
  type RasterLayer,
  reachableTiles,
  removeLayers,
  renameLayer,
  replaceSurfaces,
  setFrame,
  setOpacity,
  setSelection,
} from '../../../src/document/index.ts'
import { surface, tile } from './random.ts'
import { settled, testSpill } from './spill.ts'

function opened(options: ConstructorParameters<typeof History>[1] = {}) {
  const store = newDocument({ width: 512, height: 512 })
  const id = addRasterLayer(store)
  const history = new History(store, options)
  const opacity = () => (store.get(id) as RasterLayer).opacity
  return { store, id, history, opacity }
}

/** Steps 0, 1/count, 2/count... of opacity. */
function dim(store: DocumentStore, id: string, count: number): void {
  for (let i = 0; i < count; i++) setOpacity(store, id, i / count)
}

describe('undo', () => {
  test('H1 and redo move one step each, with its label, and say whether there was one', async () => {
    const { store, id, history, opacity } = opened()
    setOpacity(store, id, 0.5)
    renameLayer(store, id, 'Sky')
    expect(history.labels()).toEqual(['Opacity', 'Rename layer'])
    const told: string[] = []
    store.subscribe((_, info) => told.push(`${info.history} ${info.label}`))
    expect(await history.undo()).toBe(true)
    expect([opacity(), history.position, history.canRedo]).toEqual([0.5, 1, true])
    expect(await history.undo()).toBe(true)
    expect(await history.undo()).toBe(false)
    expect([opacity(), history.canUndo]).toEqual([1, false])
    expect(await history.redo()).toBe(true)
    expect(await history.redo()).toBe(true)
    expect(await history.redo()).toBe(false)
    expect(store.get(id)).toMatchObject({ name: 'Sky', opacity: 0.5 })
    expect(told).toEqual(['replay Rename layer', 'replay Opacity', 'replay Opacity', 'replay Rename layer'])
  })

  test('H1 a jump is one change, whichever way', async () => {
    const { store, id, history, opacity } = opened()
    dim(store, id, 10)
    let told = 0
    store.subscribe(() => {
      told += 1
    })
    await history.jumpTo(3)
    expect([opacity(), history.position, told]).toEqual([0.2, 3, 1])
    await history.jumpTo(100)
    expect([opacity(), history.position, told]).toEqual([0.9, 10, 2])
    expect(await history.jumpTo(10)).toBe(false)
  })

  test('H9 is done when the call returns where the step is in memory', () => {
    const { store, id, history, opacity } = opened()
    dim(store, id, 2)
    void history.undo()
    void history.undo()
    expect(opacity()).toBe(1)
  })

  test('H2 is followed by redo until something is edited', async () => {
    const { store, id, history } = opened()
    dim(store, id, 3)
    await history.undo()
    setOpacity(store, id, 1 / 3)
    expect(history.canRedo).toBe(true)
    renameLayer(store, id, 'Sky')
    expect(history.canRedo).toBe(false)
    expect(history.labels()).toEqual(['Opacity', 'Opacity', 'Rename layer'])
  })

  test('H2 a change of the pixel selection is a step', async () => {
    const { store, history } = opened()
    setSelection(store, 'Select', surface(1, { '0,0': 1 }))
    setSelection(store, 'Deselect', null)
    await history.undo()
    expect(store.canvas.selection).toEqual(surface(1, { '0,0': 1 }))
  })

  test('H3 an edit that says skip is no step, keeps redo, and outlives undo of the steps around it', async () => {
    const { store, id, history } = opened()
    setOpacity(store, id, 0.5)
    setFrame(store, { x: 8, y: 8, width: 64, height: 64 })
    await history.undo()
    const layer = store.get(id) as RasterLayer
    store.edit('Rename', (draft) => draft.update(layer, { name: 'Sky' }), { history: 'skip' })
    expect(history.labels()).toEqual(['Opacity', 'Frame'])
    expect(history.canRedo).toBe(true)
    await history.undo()
    expect(store.get(id)).toMatchObject({ name: 'Sky', opacity: 1 })
    await history.jumpTo(2)
    expect(store.get(id)).toMatchObject({ name: 'Sky', opacity: 0.5 })
    expect(store.canvas.frame.x).toBe(8)
  })

  test('H1 has moved even where a listener of the document throws', async () => {
    const { store, id, history, opacity } = opened()
    setOpacity(store, id, 0.5)
    store.subscribe(() => {
      throw new Error('deaf')
    })
    await expect(history.undo()).rejects.toThrow('deaf')
    expect([opacity(), history.position, history.canRedo]).toEqual([1, 0, true])
  })
})

describe('a mark', () => {
  test('H4 makes a gesture one step with its own label', async () => {
    const { store, id, history, opacity } = opened()
    const mark = history.mark('Drag opacity')
    dim(store, id, 5)
    expect(history.squashTo(mark)).toBe(true)
    expect(history.labels()).toEqual(['Drag opacity'])
    await history.undo()
    expect(opacity()).toBe(1)
    await history.redo()
    expect(opacity()).toBe(0.8)
  })

  test('H4 leaves no step, and the redo there was, where the gesture came to nothing', async () => {
    const { store, id, history } = opened()
    dim(store, id, 2)
    await history.undo()
    const mark = history.mark('Drag opacity')
    setOpacity(store, id, 0.7)
    setOpacity(store, id, 0)
    history.squashTo(mark)
    expect([history.labels(), history.position]).toEqual([['Opacity', 'Opacity'], 1])
    expect(await history.redo()).toBe(true)
  })

  test('H5 rolled back leaves no trace, not even in redo', async () => {
    const { store, id, history, opacity } = opened()
    dim(store, id, 4)
    await history.undo()
    const mark = history.mark('Drag opacity')
    setOpacity(store, id, 0.9)
    renameLayer(store, id, 'Sky')
    expect(history.canRedo).toBe(false)
    expect(history.rollbackTo(mark)).toBe(true)
    expect([opacity(), history.labels().length, history.position]).toEqual([0.5, 4, 3])
    await history.redo()
    expect(opacity()).toBe(0.75)
  })

  test('H6 inside another is closed with it, and once closed does nothing', () => {
    const { store, id, history, opacity } = opened()
    const outer = history.mark('Outer')
    setOpacity(store, id, 0.5)
    const inner = history.mark('Inner')
    setOpacity(store, id, 0.25)
    setOpacity(store, id, 0)
    history.squashTo(inner)
    expect(history.labels()).toEqual(['Opacity', 'Inner'])
    const late = history.mark('Late')
    history.rollbackTo(outer)
    expect(opacity()).toBe(1)
    for (const mark of [outer, inner, late]) {
      expect(history.rollbackTo(mark)).toBe(false)
      expect(history.squashTo(mark)).toBe(false)
    }
  })

  test('H6 is closed by undo', () => {
    const { store, id, history } = opened()
    const mark = history.mark('Drag')
    dim(store, id, 2)
    void history.undo()
    expect(history.squashTo(mark)).toBe(false)
    expect(history.labels()).toEqual(['Opacity', 'Opacity'])
  })
})

describe('the history', () => {
  test('H7 keeps 200 steps and lets the oldest go', async () => {
    const { store, id, history, opacity } = opened()
    dim(store, id, 250)
    expect([history.labels().length, history.position]).toEqual([200, 200])
    await history.jumpTo(0)
    expect(opacity()).toBe(49 / 250)
  })

  test('H7 lets no step go that an open mark could roll back', () => {
    const { store, id, history, opacity } = opened({ limit: 3 })
    dim(store, id, 2)
    const mark = history.mark('Long gesture')
    dim(store, id, 10)
    expect(history.labels()).toHaveLength(10)
    history.rollbackTo(mark)
    expect(opacity()).toBe(0.5)
  })

  test('H1 tells its listeners of steps and positions as they are after the change', () => {
    const { store, id, history } = opened()
    const seen: string[] = []
    const leave = history.subscribe(() => seen.push(`${history.position}/${history.labels().length}`))
    setOpacity(store, id, 0.5)
    void history.undo()
    const mark = history.mark('Drag')
    dim(store, id, 2)
    history.squashTo(mark)
    leave()
    void history.undo()
    expect(seen).toEqual(['1/1', '0/1', '1/1', '2/2', '1/1'])
  })
})

describe('steps on disk', () => {
  async function spilled(count = 20) {
    const spill = testSpill()
    const all = opened({ spill, budget: 300 })
    dim(all.store, all.id, count)
    await settled()
    return { ...all, spill }
  }

  test('H8 are the oldest beyond the budget, and undo and redo read them back', async () => {
    const { history, opacity, spill } = await spilled()
    expect(spill.files.has('step-1')).toBe(true)
    expect(spill.files.has('step-20')).toBe(false)
    expect(spill.files.size).toBeGreaterThan(10)
    for (let i = 18; i >= 0; i--) {
      await history.undo()
      expect(opacity()).toBe(i / 20)
    }
    await history.undo()
    expect(opacity()).toBe(1)
    await history.jumpTo(20)
    expect(opacity()).toBe(19 / 20)
  })

  test('H8 are dropped when they can no longer be reached', async () => {
    const { store, id, history, spill } = await spilled()
    await history.jumpTo(2)
    renameLayer(store, id, 'Sky')
    await settled()
    expect([...spill.files.keys()].sort()).toEqual(['step-1', 'step-2'])
    history.close()
    await settled()
    expect(spill.files.size).toBe(0)
    expect(history.labels()).toEqual([])
  })

  test('H8 that go while they are still being written leave nothing on disk', async () => {
    const spill = testSpill()
    const { store, id, history } = opened({ spill, budget: 300 })
    dim(store, id, 20)
    void history.jumpTo(0)
    renameLayer(store, id, 'Sky')
    await settled()
    expect([...spill.files.keys()]).toEqual([])
    expect(history.labels()).toEqual(['Rename layer'])
  })

  test('H8 a disk that is full costs no step, and is tried again', async () => {
    const spill = testSpill()
    spill.fail = 'writes'
    const { store, id, history, opacity } = opened({ spill, budget: 300 })
    dim(store, id, 20)
    await settled()
    expect(spill.files.size).toBe(0)
    spill.fail = 'nothing'
    setOpacity(store, id, 1)
    await settled()
    expect(spill.files.size).toBeGreaterThan(10)
    await history.jumpTo(0)
    expect(opacity()).toBe(1)
  })

  test('H8 that cannot be read back are an error with a next step, and nothing changes', async () => {
    const { history, opacity, spill } = await spilled()
    spill.files.set('step-1', '{"added":1}')
    await expect(history.jumpTo(0)).rejects.toMatchObject({ code: 'file-unreadable' })
    expect([opacity(), history.position]).toEqual([19 / 20, 20])
    spill.files.set('step-1', 'not json')
    await expect(history.jumpTo(0)).rejects.toMatchObject({ code: 'file-unreadable' })
    expect(await history.jumpTo(1)).toBe(true)
    expect(opacity()).toBe(0)
  })

  test('H9 undo in a row waits its turn', async () => {
    const { history, opacity } = await spilled()
    await history.jumpTo(5)
    const done = await Promise.all([history.undo(), history.undo(), history.redo(), history.undo()])
    expect(done).toEqual([true, true, true, true])
    expect([opacity(), history.position]).toEqual([2 / 20, 3])
  })

  test('H9 an edit calls off the undo that still waits for the disk, and those behind it', async () => {
    const { store, id, history, opacity } = await spilled()
    await history.jumpTo(5)
    const waiting = [history.undo(), history.undo()]
    setOpacity(store, id, 0.77)
    expect(await Promise.all(waiting)).toEqual([false, false])
    expect([opacity(), history.position]).toEqual([0.77, 6])
  })
})

describe('reachable tiles', () => {
  const paint = (store: DocumentStore, id: string, number: number) =>
    replaceSurfaces(store, 'Brush stroke', [{ id, surface: surface(4, { '0,0': number }) }])

  test('H10 are those of the document, of undo and of redo, in memory or on disk', async () => {
    const { store, id, history } = opened({ spill: testSpill(), budget: 0 })
    for (const number of [1, 2, 3]) paint(store, id, number)
    setSelection(store, 'Select', surface(1, { '0,0': 4 }))
    await history.undo()
    await settled()
    expect(await reachableTiles(store, history)).toEqual(new Set([1, 2, 3, 4].map(tile)))
    paint(store, id, 5)
    removeLayers(store, [id])
    expect(await reachableTiles(store, history)).toEqual(new Set([1, 2, 3, 5].map(tile)))
  })

  test('H10 are no longer those of steps that are gone', async () => {
    const { store, id, history } = opened({ limit: 1 })
    for (const number of [1, 2, 3]) paint(store, id, number)
    expect(await reachableTiles(store, history)).toEqual(new Set([2, 3].map(tile)))
  })

  test('H10 are those of redo that an open mark keeps', async () => {
    const { store, id, history } = opened()
    paint(store, id, 1)
    await history.undo()
    const mark = history.mark('Drag')
    paint(store, id, 2)
    expect(await reachableTiles(store, history)).toEqual(new Set([1, 2].map(tile)))
    history.squashTo(mark)
    expect(await reachableTiles(store, history)).toEqual(new Set([2].map(tile)))
  })
})
