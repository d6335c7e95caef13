/** What the editor is told of the document: the target with its bounds, as far as it is selected. */
import { describe, expect, test } from 'vitest'
import { addRasterLayer, setFrame, setLocked, setSelection } from '../../../src/document/index.ts'
import { defaultPreferences } from '../../../src/renderer/src/studio/preferences.ts'
import { frameRuleOf, SceneTeller } from '../../../src/renderer/src/studio/scene.ts'
import { fakeParts, settled, surfaceOf } from './fakes.ts'

function setUp() {
  const fakes = fakeParts((store) => addRasterLayer(store, { surface: surfaceOf('photo') }))
  const scene = new SceneTeller(fakes.parts, () => undefined)
  fakes.pixels.bounds = (of: unknown) =>
    of === 'selection' ? { x: 50, y: 50, width: 100, height: 10 } : { x: 0, y: 0, width: 80, height: 80 }
  const box = () => {
    fakes.parts.editor.setTool('transform')
    const preview = fakes.parts.editor.previews()[0]
    return preview?.type === 'transform' ? preview.corners : null
  }
  return { ...fakes, scene, box }
}

describe('the scene', () => {
  test('has the bounds of the layer as soon as the worker has told them', async () => {
    const { scene, box } = setUp()
    scene.refresh()
    expect(box()).toBeNull()
    await settled()
    expect(box()?.[2]).toEqual({ x: 80, y: 80 })
  })

  test('has of a selection only what of the layer lies in it', async () => {
    const { scene, box, document } = setUp()
    scene.refresh()
    await settled()
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    scene.refresh()
    await settled()
    expect([box()?.[0], box()?.[2]]).toEqual([
      { x: 50, y: 50 },
      { x: 80, y: 60 },
    ])
  })

  test('asks once for the same px', async () => {
    const { scene, calls, document } = setUp()
    scene.refresh()
    setFrame(document.store, { x: 0, y: 0, width: 64, height: 64 })
    scene.refresh()
    await settled()
    scene.refresh()
    await settled()
    expect(calls.filter(({ method }) => method === 'bounds')).toHaveLength(1)
  })

  test('lets a locked layer be looked at, and refuses to change it', async () => {
    const { scene, parts, document } = setUp()
    setLocked(document.store, document.active?.id ?? '', true)
    scene.refresh()
    parts.editor.setTool('brush')
    const press = { type: 'pointerdown', button: 'left', pressed: true, pressure: 1, x: 5, y: 5 } as const
    const commands = parts.editor.dispatch({ ...press, modifiers: { shift: false, alt: false, ctrl: false } })
    expect(commands).toEqual([{ type: 'refuse', reason: 'locked' }])
  })

  test('has rules for frames before the engine has answered', () => {
    expect(frameRuleOf({ engine: { is: 'starting' }, preferences: defaultPreferences })).toEqual({
      multiple: 32,
      minimum: 32,
      grid: 4,
    })
  })
})
