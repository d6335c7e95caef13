/** What is staged: going through it, comparing, taking one as a layer, opening a layer's results again, and leaving them all. */
import { describe, expect, test } from 'vitest'
import {
  addRasterLayer,
  layerOf,
  type RasterLayer,
  removeLayers,
  replaceSurfaces,
  setFrame,
  setLocked,
  setSelection,
} from '../../../src/document/index.ts'
import type { OpenDocument } from '../../../src/renderer/src/studio/open-document.ts'
import { noModifiers } from '../../../src/editor/input.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { settled, surfaceOf } from './fakes.ts'
import { generated, plain, setUpGenerating, step, told, varied } from './generating-kit.ts'

const frame = { x: 64, y: 64, width: 128, height: 128 }
const text = { use: 'text', prompt: 'a fox' }

/** Three results of one run over the frame. */
async function setUpStaged() {
  const kit = await setUpGenerating()
  setFrame(kit.document.store, frame)
  kit.generation.set({ prompt: 'a fox', seed: 5, seedLocked: true, count: 3 })
  kit.jobs.push({
    events: [0, 1, 2].flatMap((index) => told(generated(index, plain(128, 128, 3, index), { use: text }))),
  })
  await kit.run()
  return kit
}

const raster = (document: OpenDocument): RasterLayer => {
  const { active } = document
  if (active?.kind !== 'raster') throw new Error('a raster layer is active')
  return active
}

describe('what is staged', () => {
  test('is gone through from the original to the last, and no further', async () => {
    const { generating, staging, drawings, state } = await setUpStaged()
    expect(state().staging?.shown).toBe(3)
    generating.stage(9)
    expect(state().staging?.shown).toBe(3)
    staging.previous()
    expect(drawings.at(-1)?.pixels.data[0]).toBe(1)
    generating.stage(0)
    expect(drawings.at(-1)).toBeNull()
    staging.previous()
    expect(state().staging?.shown).toBe(0)
    staging.next()
    expect(drawings.at(-1)?.pixels.data[0]).toBe(0)
  })

  test('hides the zones of the next run as long as it lies there', async () => {
    const { staging, state, refreshed } = await setUpStaged()
    await refreshed()
    expect(state().generation.zones).toBeNull()
    staging.discard()
    expect(state().generation.zones).not.toBeNull()
  })

  test('is left without a step of the history', async () => {
    const { staging, document, drawings, state } = await setUpStaged()
    staging.discard()
    expect([state().staging, drawings.at(-1), document.history.labels()]).toEqual([null, null, ['Frame']])
  })

  test('stays while the document changes, and goes when the canvas gets another shape', async () => {
    const { generating, document, state } = await setUpStaged()
    addRasterLayer(document.store)
    generating.refresh()
    expect(state().staging).not.toBeNull()
    replaceSurfaces(document.store, 'Crop', [], { canvas: { width: 100, height: 100 } })
    generating.refresh()
    expect(state().staging).toBeNull()
  })

  test('is compared with a slider that is pushed within the picture', async () => {
    const { staging, generating, state } = await setUpStaged()
    generating.run('staging.compare')
    expect(state().staging?.compare).toBe(0.5)
    staging.setCompare(4)
    expect(state().staging?.compare).toBe(1)
    expect(generating.isOn('staging.compare')).toBe(true)
    generating.run('staging.compare')
    expect(state().staging?.compare).toBeNull()
  })
})

describe('a result that is taken', () => {
  test('is a new layer that remembers all of them, in one step', async () => {
    const { generating, document, operations, state } = await setUpStaged()
    generating.stage(2)
    generating.accept()
    await settled()
    expect(state().staging).toBeNull()
    expect(document.history.labels()).toEqual(['Frame', 'Generate'])
    const layer = raster(document)
    expect(layer).toMatchObject({
      name: 'a fox',
      mask: null,
      generated: { rect: frame, area: frame, chosen: '1', intact: true },
    })
    expect(Object.values(layer.generated?.candidates ?? {})).toMatchObject([
      { pictureId: 'gallery-0', grid: { width: 32, height: 32 } },
      { pictureId: 'gallery-1' },
      { pictureId: 'gallery-2' },
    ])
    // Its candidates begin at their own corner, the layer where the frame is.
    expect(operations.filter((operation) => operation.do === 'place')).toMatchObject([
      { at: { x: 0, y: 0 } },
      { at: { x: 0, y: 0 } },
      { at: { x: 0, y: 0 } },
      { at: { x: 64, y: 64 }, pixels: plain(128, 128, 3, 1) },
    ])
    expect(JSON.parse(layer.recipe ?? '')).toMatchObject({ request: { seed: 6 }, tokens: { width: 1, height: 1 } })
    await document.history.undo()
    expect(document.store.records.has(layer.id)).toBe(false)
  })

  test('is scaled to its frame where it was drawn smaller', async () => {
    const { generation, document, jobs, run, generating, operations } = await setUpGenerating()
    setFrame(document.store, { x: 0, y: 0, width: 512, height: 512 })
    generation.set({ prompt: 'a fox' })
    jobs.push({ events: told(generated(0, plain(256, 256, 3))) })
    await run()
    generating.accept()
    await settled()
    expect(operations.find((operation) => operation.do === 'place')).toMatchObject({
      size: { width: 512, height: 512 },
    })
    expect(raster(document).generated).toMatchObject({ rect: { width: 512 }, area: { width: 512, height: 512 } })
  })

  test('is nothing where the original is shown', async () => {
    const { generating, document, state } = await setUpStaged()
    generating.stage(0)
    generating.accept()
    await settled()
    expect([state().staging, document.history.labels()]).toEqual([null, ['Frame']])
  })

  test('of a fill has a mask of all that may have changed', async () => {
    const { generation, document, pixels, jobs, run, generating, operations, refreshed } = await setUpGenerating()
    pixels.bounds = () => ({ x: 200, y: 200, width: 16, height: 16 })
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    generation.set({ prompt: 'a fox' })
    await refreshed()
    const area = { x: 72, y: 72, width: 128, height: 128 }
    jobs.push({ events: told(generated(0, varied(272, 272, 4), { area, use: { use: 'inpaint', prompt: '' } })) })
    await run()
    generating.accept()
    await settled()
    const rect = { x: 144, y: 144, width: 128, height: 128 }
    expect(raster(document)).toMatchObject({ mask: { enabled: true }, generated: { rect, area: rect } })
    expect(document.history.labels().at(-1)).toBe('Fill with model')
    const mask = operations.find((operation) => operation.do === 'place-mask')
    expect(mask).toMatchObject({ at: { x: 144, y: 144 }, mask: { width: 128, height: 128, channels: 1 } })
  })

  test('of an extension makes room for itself in the same step', async () => {
    const { generation, document, pixels, jobs, run, generating, operations, refreshed } = await setUpGenerating()
    setFrame(document.store, { x: -64, y: 0, width: 128, height: 128 })
    generation.set({ prompt: 'a fox' })
    await refreshed()
    const operate = pixels.operate as (operation: { do: string }) => unknown
    pixels.operate = (operation: { do: string }) =>
      operation.do === 'canvas-size'
        ? { changes: [], picture: { canvas: { width: 576, height: 512 } }, surface: null }
        : operate(operation)
    jobs.push({ events: told(generated(0, plain(128, 128, 4), { use: { use: 'outpaint', prompt: '' } })) })
    await run()
    generating.accept()
    await settled()
    expect(document.store.canvas).toMatchObject({ width: 576, height: 512 })
    expect(document.history.labels()).toEqual(['Frame', 'Extend picture'])
    const rect = { x: 0, y: 0, width: 128, height: 128 }
    expect(raster(document).generated).toMatchObject({ rect, area: rect })
    expect(operations.find((operation) => operation.do === 'place-mask')).toMatchObject({ at: { x: 0, y: 0 } })
    await document.history.undo()
    expect(document.store.canvas.width).toBe(512)
  })

  test('that cannot be laid down leaves no half of it, and stays staged', async () => {
    const { generating, document, pixels, state } = await setUpStaged()
    const before = document.store.records
    pixels.operate = () => {
      throw new StudioError('document-broken', 'A tile is missing.')
    }
    generating.accept()
    await settled()
    expect(document.store.records).toEqual(before)
    expect(state()).toMatchObject({ staging: { shown: 3 }, notices: [{ text: 'A tile is missing.' }] })
  })

  test('while others still come leaves those to the gallery', async () => {
    const { generation, document, jobs, run, generating, state } = await setUpGenerating()
    setFrame(document.store, frame)
    generation.set({ prompt: 'a fox', count: 2 })
    jobs.push({
      events: told(generated(0, plain(128, 128, 3))),
      end: async () => {
        generating.accept()
        await settled()
      },
    })
    await run()
    expect(state().staging).toBeNull()
    expect(Object.keys(raster(document).generated?.candidates ?? {})).toEqual(['0'])
  })
})

describe('a layer that is opened again', () => {
  async function setUpReopened() {
    const kit = await setUpStaged()
    kit.generating.stage(2)
    kit.generating.accept()
    await settled()
    const { id } = raster(kit.document)
    kit.pixels.read = ({ rect }: { rect: { width: number; height: number } }) => plain(rect.width, rect.height, 4, 42)
    kit.api.readTrajectory = () => ({ steps: [], confidence: null })
    kit.generating.reopen(id)
    await settled()
    await settled()
    return { ...kit, id }
  }

  test('stages its results, the one that it shows first, with what was known of them', async () => {
    const { state, id } = await setUpReopened()
    expect(state().staging).toMatchObject({
      layer: id,
      verb: 'generate',
      prompt: 'a fox',
      shown: 2,
      expected: 3,
      pictures: [
        { pictureId: 'gallery-0', seed: 5, rect: frame, cells: 1024, steps: { taken: 8, of: 8 } },
        { seed: 6 },
        { seed: 7 },
      ],
    })
  })

  test('gets another of them in one step, and none where it is left', async () => {
    const { generating, document, id } = await setUpReopened()
    const before = document.history.labels().length
    const { surface } = raster(document)
    generating.stage(3)
    generating.accept()
    await settled()
    expect(document.history.labels().slice(before)).toEqual(['Choose result'])
    expect(raster(document)).toMatchObject({ id, generated: { chosen: '2', intact: true } })
    expect(raster(document).surface).not.toEqual(surface)
    await document.history.undo()
    expect(raster(document)).toMatchObject({ surface, generated: { chosen: '1' } })
  })

  test('keeps what was drawn for it since', async () => {
    const { generating, staging, document } = await setUpReopened()
    const parent = staging.shown
    if (parent === null) throw new Error('one is shown')
    staging.add(staging.number, { ...parent, id: 'new', seed: 99, pictureId: 'gallery-9' })
    generating.stage(4)
    generating.accept()
    await settled()
    expect(raster(document).generated).toMatchObject({
      chosen: '3',
      candidates: { '3': { pictureId: 'gallery-9' } },
    })
  })

  test('that is locked or gone by then says so, and stays staged', async () => {
    const { generating, document, id, state } = await setUpReopened()
    setLocked(document.store, id, true)
    generating.accept()
    await settled()
    expect(state()).toMatchObject({ staging: { layer: id }, notices: [{ kind: 'error' }] })
    setLocked(document.store, id, false)
    removeLayers(document.store, [id])
    generating.accept()
    await settled()
    expect(layerOf(document.store.records, id)).toBeUndefined()
    expect(state().staging).not.toBeNull()
  })
})

describe('the keys of what is staged', () => {
  const key = (name: string, type: 'keydown' | 'keyup' = 'keydown') => ({
    type,
    key: name,
    code: name,
    repeat: false,
    focus: 'canvas' as const,
    modifiers: noModifiers,
  })

  test('are taken before the tools get them, and only as long as something is staged', async () => {
    const { generating, state } = await setUpStaged()
    expect(generating.takes(key('ArrowLeft'), () => 'staging.previous')).toBe(true)
    expect(state().staging?.shown).toBe(2)
    expect(generating.takes(key('b'), () => 'tool.brush')).toBe(false)
    expect(generating.takes(key('Escape'), () => 'staging.discard')).toBe(true)
    expect(state().staging).toBeNull()
    expect(generating.takes(key('ArrowLeft'), () => 'staging.previous')).toBe(false)
  })

  test('are the tool’s while it has begun something', async () => {
    const { generating, parts } = await setUpStaged()
    parts.editor.setTool('select-lasso')
    const at = { x: 10, y: 10, button: 'left', pressed: true, pressure: 1, modifiers: noModifiers } as const
    parts.editor.dispatch({ type: 'pointerdown', ...at })
    expect(generating.takes(key('Escape'), () => 'staging.discard')).toBe(false)
  })

  test('show the original as long as one is held', async () => {
    const { generating, drawings } = await setUpStaged()
    const press = () => generating.takes(key('\\'), () => 'staging.original')
    press()
    press()
    expect(drawings.at(-1)).toBeNull()
    generating.takes(key('a', 'keyup'), () => null)
    expect(drawings.at(-1)).toBeNull()
    generating.takes(key('\\', 'keyup'), () => null)
    expect(drawings.at(-1)).not.toBeNull()
    press()
    // A key that goes up beside the window is never told.
    generating.takes({ type: 'blur' }, () => null)
    expect(drawings.at(-1)).not.toBeNull()
  })

  test('do nothing where there is nothing to do', async () => {
    const { generating } = await setUpStaged()
    expect(generating.can('staging.next')).toBe(false)
    expect(generating.can('staging.previous')).toBe(true)
    expect(generating.can('staging.scrubBack')).toBe(false)
    expect(generating.can('staging.continue')).toBe(false)
    expect(generating.takes(key('ArrowRight'), () => 'staging.next')).toBe(true)
  })
})

test('what a run is to do is chosen by name, and says which is chosen', async () => {
  const { generating, state } = await setUpGenerating()
  expect(generating.isOn('generate.as.auto')).toBe(true)
  expect(generating.can('generate.as.reroll')).toBe(false)
  expect(generating.can('generate.as.gradient')).toBe(true)
  generating.run('generate.as.gradient')
  expect(state().generation).toMatchObject({ verb: 'gradient', settings: { wanted: 'gradient' } })
  expect([generating.isOn('generate.as.gradient'), generating.isOn('generate.as.auto')]).toEqual([true, false])
})

test('the strip of an interpolation is one file of all pictures', async () => {
  const { generation, document, jobs, run, generating, desktop, api, calls } = await setUpGenerating()
  setFrame(document.store, frame)
  generation.set({ prompt: 'a fox', promptTo: 'a bear', wanted: 'interpolate', frames: 2 })
  jobs.push({ events: [0, 1].flatMap((index) => told(generated(index, plain(128, 128, 3, index)))) })
  desktop.chooseSave = () => ({ path: '/pictures/fox.gif' })
  api.encodeAnimation = () => Uint8Array.of(1, 2, 3)
  api.writeAnimation = ({ path }: { path: string }) => ({ path, name: 'fox.gif', bytes: 3 })
  await run()
  generating.exportStrip('gif')
  await settled()
  expect(calls.find(({ method }) => method === 'encodeAnimation')?.argument).toMatchObject({
    format: 'gif',
    frames: [plain(128, 128, 3, 0), plain(128, 128, 3, 1)],
  })
  expect(calls.find(({ method }) => method === 'writeAnimation')?.argument).toEqual({
    path: '/pictures/fox.gif',
    bytes: Uint8Array.of(1, 2, 3),
  })
})

test('a step that is told twice, by a job that began anew, counts once', async () => {
  const { generation, jobs, run, staging } = await setUpGenerating()
  generation.set({ prompt: 'a fox' })
  jobs.push({ events: [step(1), step(2), step(3), step(1), step(2), ...told(generated(0, plain(128, 128, 3)))] })
  await run()
  expect(staging.shown?.trajectory?.map((state) => state.step)).toEqual([1, 2])
})
