/** Actions by name: every one is somebody's, does what it says, and does nothing where it says that it cannot. */
import { describe, expect, test, vi } from 'vitest'
import {
  addRasterLayer,
  childrenOf,
  layerOf,
  setLayerMask,
  setLocked,
  setSelection,
} from '../../../src/document/index.ts'
import { type ActionId, actions } from '../../../src/editor/index.ts'
import { Clipboard } from '../../../src/renderer/src/studio/clipboard.ts'
import { Commander } from '../../../src/renderer/src/studio/commander.ts'
import { Files } from '../../../src/renderer/src/studio/files.ts'
import { Generating } from '../../../src/renderer/src/studio/generating.ts'
import { Library } from '../../../src/renderer/src/studio/library.ts'
import { LiveStroke } from '../../../src/renderer/src/studio/live-stroke.ts'
import { LiveTransform } from '../../../src/renderer/src/studio/live-transform.ts'
import { WindowActions } from '../../../src/renderer/src/studio/window-actions.ts'
import { fakeParts, nothingChanged, settled, surfaceOf } from './fakes.ts'

function setUp() {
  const fakes = fakeParts((store) => addRasterLayer(store, { name: 'Photo', surface: surfaceOf('photo') }))
  const { parts } = fakes
  const commander = new Commander(parts, new LiveStroke(parts), new LiveTransform(parts), () => undefined)
  const files = new Files(parts, async () => undefined)
  const links = {
    commander,
    files,
    clipboard: new Clipboard(parts, files),
    generating: new Generating(
      parts,
      () => undefined,
      () => undefined,
    ),
    library: new Library(parts, async () => undefined),
    setPreferences: vi.fn(),
    showMask: vi.fn(),
    generate: vi.fn(),
    quit: vi.fn(),
    close: vi.fn(),
    toPanels: vi.fn(),
  }
  const window = new WindowActions(parts, links)
  const run = async (action: ActionId): Promise<void> => {
    window.run(action)
    await settled()
  }
  return { ...fakes, window, links, run }
}

/** What the panels do themselves: they own the focus. */
const ofPanels: readonly ActionId[] = ['layer.rename', 'view.resetLayout', 'view.nextRegion', 'prompt.focus']

describe('every action', () => {
  test('is the editor’s, the window’s or the panels’: none is forgotten', async () => {
    const forgotten: string[] = []
    for (const { id } of actions) {
      const { parts, links, run, document } = setUp()
      parts.desktop.toggleFullscreen = async () => undefined
      setSelection(document.store, 'Select', surfaceOf('selection', 1))
      const isEditors = parts.editor.act(id).every((command) => command.type !== 'action')
      if (isEditors) continue
      await run(id)
      if (links.toPanels.mock.calls.length > 0 && !ofPanels.includes(id)) forgotten.push(id)
    }
    expect(forgotten).toEqual([])
  })
})

describe('layers', () => {
  test('are added above the active one, and become active', async () => {
    const { run, document } = setUp()
    const photo = document.active?.id ?? ''
    addRasterLayer(document.store, { name: 'Top' })
    document.choose(photo)
    await run('layer.add')
    expect(childrenOf(document.store.records, null).map(({ name }) => name)).toEqual(['Photo', 'Layer 1', 'Top'])
    expect(document.active?.name).toBe('Layer 1')
  })

  test('that are chosen go into a new group, in one step', async () => {
    const { run, document } = setUp()
    await run('layer.addGroup')
    expect(document.history.labels()).toEqual(['Group layers'])
    const group = document.active
    expect(childrenOf(document.store.records, group?.id ?? '').map(({ name }) => name)).toEqual(['Photo'])
  })

  test('get the selection as their mask, which is then painted on', async () => {
    const { run, document, results } = setUp()
    results['mask-of-selection'] = { ...nothingChanged, surface: surfaceOf('mask', 1) }
    await run('layer.addMask')
    expect(document.target).toEqual({ layer: document.active?.id, part: 'mask' })
    await run('layer.removeMask')
    expect(document.active?.mask).toBeNull()
  })

  test('switch their mask off and on', async () => {
    const { run, document, window } = setUp()
    setLayerMask(document.store, document.active?.id ?? '', { surface: surfaceOf('mask', 1), enabled: true })
    expect(window.isOn('layer.toggleMask')).toBe(true)
    await run('layer.toggleMask')
    expect(window.isOn('layer.toggleMask')).toBe(false)
  })

  test('that are locked refuse what would change them', async () => {
    const { run, document, window } = setUp()
    setLocked(document.store, document.active?.id ?? '', true)
    const before = document.store.records
    for (const action of [
      'layer.remove',
      'edit.clear',
      'edit.fill',
      'layer.flipHorizontally',
      'layer.addMask',
    ] as const) {
      expect(window.can(action)).toBe(false)
      await run(action)
    }
    expect(document.store.records).toBe(before)
  })

  test('move up and down among their siblings, as far as it goes', async () => {
    const { run, document, window } = setUp()
    const photo = document.active?.id ?? ''
    addRasterLayer(document.store, { name: 'Top' })
    document.choose(photo)
    expect(window.can('layer.moveDown')).toBe(false)
    await run('layer.moveUp')
    expect(childrenOf(document.store.records, null).map(({ name }) => name)).toEqual(['Top', 'Photo'])
    expect(window.can('layer.moveUp')).toBe(false)
    await run('layer.moveDown')
    expect(childrenOf(document.store.records, null).map(({ name }) => name)).toEqual(['Photo', 'Top'])
  })

  test('that are removed leave the next one active', async () => {
    const { run, document } = setUp()
    addRasterLayer(document.store, { name: 'Top' })
    const top = childrenOf(document.store.records, null).at(-1)?.id ?? ''
    document.choose(top)
    await run('layer.remove')
    expect(document.active?.name).toBe('Photo')
  })

  test('merge into what the worker draws of them', async () => {
    const { run, document, results } = setUp()
    const merged = surfaceOf('merged')
    results.merge = { ...nothingChanged, surface: merged }
    addRasterLayer(document.store, { name: 'Top', surface: surfaceOf('top') })
    await run('layer.flatten')
    expect(childrenOf(document.store.records, null)).toMatchObject([{ name: 'Photo', surface: merged }])
    expect(document.history.labels().at(-1)).toBe('Flatten')
  })
})

describe('the selection', () => {
  test('asks for a number only where something is selected', async () => {
    const { run, document, parts, window } = setUp()
    expect(window.can('select.grow')).toBe(false)
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    await run('select.grow')
    expect(parts.holder.state.dialog).toEqual({ type: 'number', what: 'grow', value: 4 })
  })

  test('becomes a mask layer', async () => {
    const { run, document, results } = setUp()
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    results['mask-of-selection'] = { ...nothingChanged, surface: surfaceOf('mask', 1) }
    await run('select.toMaskLayer')
    expect(document.active).toMatchObject({ kind: 'mask', surface: surfaceOf('mask', 1) })
  })

  test('is dropped as one step', async () => {
    const { run, document } = setUp()
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    await run('select.none')
    expect(document.store.canvas.selection).toBeNull()
    await document.history.undo()
    expect(document.store.canvas.selection).not.toBeNull()
  })
})

describe('a crop', () => {
  test('keeps the frame inside of what is left, and shows all of it', async () => {
    const { run, document, results, pixels, parts } = setUp()
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    pixels.bounds = () => ({ x: 100, y: 100, width: 300, height: 200 })
    const frame = { x: -100, y: -100, width: 512, height: 512 }
    results.crop = {
      changes: [],
      picture: { canvas: { width: 300, height: 200, frame }, selection: null },
      surface: null,
    }
    parts.editor.configure({ viewport: { width: 700, height: 500 } })
    await run('image.crop')
    expect(document.store.canvas).toMatchObject({
      width: 300,
      height: 200,
      frame: { x: 0, y: 0, width: 300, height: 200 },
    })
    expect(document.history.labels().at(-1)).toBe('Crop')
  })

  test('undone and redone shows all of what there is then, where it would not be seen; other steps leave the view', async () => {
    const { run, document, results, pixels, parts } = setUp()
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    pixels.bounds = () => ({ x: 100, y: 100, width: 300, height: 200 })
    results.crop = { changes: [], picture: { canvas: { width: 300, height: 200 }, selection: null }, surface: null }
    parts.editor.configure({ viewport: { width: 700, height: 500 } })
    await run('image.crop')
    const zoom = () => parts.editor.session.camera.zoom
    const whole = zoom()
    for (const action of ['edit.undo', 'edit.redo'] as const) {
      parts.editor.act('view.zoomOut')
      expect(zoom()).not.toBe(whole)
      await run(action)
      expect(zoom()).toBe(whole)
    }
    // What is in view already stays as it is looked at.
    const far = { x: 100, y: 50, zoom: 0.25 }
    parts.editor.configure({ camera: far })
    await run('edit.undo')
    expect(parts.editor.session.camera).toEqual(far)
    await run('layer.duplicate')
    parts.editor.act('view.zoomOut')
    const chosen = zoom()
    await run('edit.undo')
    expect(zoom()).toBe(chosen)
  })
})

describe('changes of pixels', () => {
  test('are committed as the worker returns them', async () => {
    const { run, document, results } = setUp()
    const layer = document.active?.id ?? ''
    results.clear = { changes: [{ id: layer, surface: { channels: 4, tiles: {} } }], picture: {}, surface: null }
    await run('edit.clear')
    expect(layerOf(document.store.records, layer)).toMatchObject({ surface: { tiles: {} } })
    expect(document.history.labels()).toEqual(['Clear'])
  })

  test('that come too late are refused, in words, and change nothing', async () => {
    const { run, document, results, parts } = setUp()
    const layer = document.active?.id ?? ''
    results.clear = {
      changes: [{ id: layer, surface: surfaceOf('late'), was: surfaceOf('older') }],
      picture: {},
      surface: null,
    }
    await run('edit.clear')
    expect(layerOf(document.store.records, layer)).toMatchObject({ surface: surfaceOf('photo') })
    expect(parts.holder.state.notices).toMatchObject([{ text: expect.stringContaining('has changed in the meantime') }])
  })

  test('undo and redo come after what is still being computed', async () => {
    const { run, document, results } = setUp()
    const layer = document.active?.id ?? ''
    results.clear = { changes: [{ id: layer, surface: { channels: 4, tiles: {} } }], picture: {}, surface: null }
    addRasterLayer(document.store)
    document.choose(layer)
    const clearing = run('edit.clear')
    await run('edit.undo')
    await clearing
    expect(document.history.labels()).toEqual(['Add layer', 'Clear'])
    expect(document.history.position).toBe(1)
    await run('edit.redo')
    expect(document.history.position).toBe(2)
  })
})
