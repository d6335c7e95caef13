import { describe, expect, test } from 'vitest'
import {
  gripUnder,
  type OverlayScene,
  overlayScene,
  type Pointer,
} from '../../../src/renderer/src/canvas/overlay-scene.ts'
import type { StudioState } from '../../../src/renderer/src/studio/studio-state.ts'
import { TestEditor, testScene } from '../../kit/test-editor.ts'

function stateOf(editor: TestEditor, hasDocument = true): StudioState {
  const canvas = { id: 'canvas', kind: 'canvas', ...testScene.canvas, frame: testScene.frame, selection: null }
  const document = hasDocument ? { records: new Map([['canvas', canvas]]) } : null
  const generation = { zones: null, running: null }
  return { session: editor.session, document, generation, staging: null, preferences: {} } as unknown as StudioState
}

function pointerAt(x: number, y: number, from?: readonly [number, number]): Pointer {
  const [startX, startY] = from ?? [x, y]
  return { at: { x, y }, start: { x: startX, y: startY }, isPressed: from !== undefined, alt: false }
}

const matters = (editor: TestEditor, pointer: Pointer | null) => ({
  state: stateOf(editor),
  previews: editor.editor.previews(),
  path: editor.editor.path(),
  pointer,
})

const sceneOf = (editor: TestEditor, pointer: Pointer | null = null): OverlayScene =>
  overlayScene(matters(editor, pointer))

describe('above the picture', () => {
  test('is nothing without a document', () => {
    const editor = new TestEditor('frame')
    const scene = overlayScene({ ...matters(editor, pointerAt(5, 5)), state: stateOf(editor, false) })
    expect(Object.values(scene).every((part) => part === null)).toBe(true)
  })

  test('the frame is always shown, and is active with its own tool, a hand lent or not', () => {
    expect(sceneOf(new TestEditor('brush')).frame).toEqual({ rect: testScene.frame, isActive: false })
    const editor = new TestEditor('frame')
    expect(sceneOf(editor).frame).toEqual({ rect: testScene.frame, isActive: true })
    editor.keyDown(' ').expectPath('hand.idle')
    expect(sceneOf(editor).frame?.isActive).toBe(true)
  })

  test('a frame that is dragged is shown where it would be', () => {
    const editor = new TestEditor('frame').pointerDown(100, 100).pointerMove(120, 108)
    expect(sceneOf(editor).frame?.rect).toEqual({ x: 84, y: 72, width: 128, height: 128 })
  })

  test('a brush is shown as large as it paints, where the pointer is', () => {
    const editor = new TestEditor('brush', { session: { camera: { x: 0, y: 0, zoom: 2 } } })
    expect(sceneOf(editor, pointerAt(30, 40)).brush).toEqual({ at: { x: 30, y: 40 }, radius: 40, hardness: 0.8 })
    expect(sceneOf(editor).brush).toBeNull()
    editor.keyDown(' ')
    expect(sceneOf(editor, pointerAt(30, 40)).brush).toBeNull()
    expect(sceneOf(new TestEditor('move'), pointerAt(30, 40)).brush).toBeNull()
  })

  test('a brush that is resized stays where the drag began, and says its size', () => {
    const editor = new TestEditor('brush').pointerDown(100, 100, { button: 'right', alt: true })
    editor.pointerMove(120, 100, { button: 'right', alt: true })
    const scene = sceneOf(editor, pointerAt(120, 100, [100, 100]))
    expect(scene.brush).toEqual({ at: { x: 100, y: 100 }, radius: 30, hardness: 0.8 })
    expect(scene.label?.text).toBe('60 px  80 %')
  })

  test('a selection being drawn says its size while it is', () => {
    const editor = new TestEditor('select-rectangle').pointerDown(10, 10).pointerMove(60, 40)
    const scene = sceneOf(editor, pointerAt(60, 40, [10, 10]))
    expect(scene.shape).toEqual({ kind: 'rectangle', rect: { x: 10, y: 10, width: 50, height: 30 } })
    expect(scene.label).toEqual({ text: '50 × 30 px', at: { x: 60, y: 40 } })
    editor.pointerUp(60, 40)
    expect(sceneOf(editor, pointerAt(60, 40))).toMatchObject({ shape: null, label: null })
  })

  test('a crop that waits keeps its rectangle and says no size', () => {
    const editor = new TestEditor('crop').drag([
      [10, 10],
      [60, 40],
    ])
    expect(sceneOf(editor, pointerAt(60, 40))).toMatchObject({
      crop: { x: 10, y: 10, width: 50, height: 30 },
      label: null,
    })
  })

  test('a layer that is dragged says how far, with true minus signs', () => {
    const editor = new TestEditor('move', { session: { camera: { x: 0, y: 0, zoom: 2 } } })
    editor.pointerDown(100, 100).pointerMove(111, 90)
    const scene = sceneOf(editor, pointerAt(111, 90, [100, 100]))
    expect(scene.label?.text).toBe('+6, −5 px')
    expect(scene.move).toEqual({ from: { x: 100, y: 100 }, to: { x: 112, y: 90 } })
  })

  test('a transform has its box, and says what changes', () => {
    const moving = new TestEditor('transform').pointerDown(140, 120).pointerMove(150, 130)
    expect(sceneOf(moving, pointerAt(150, 130, [140, 120])).label?.text).toBe('150, 130 px')
    expect(sceneOf(moving).box?.[0]).toEqual({ x: 110, y: 110 })
    const scaling = new TestEditor('transform').pointerDown(180, 140).pointerMove(260, 180)
    expect(sceneOf(scaling, pointerAt(260, 180, [180, 140])).label?.text).toBe('200 % × 200 %')
    const turning = new TestEditor('transform').pointerDown(240, 120).pointerMove(140, 20)
    const scene = sceneOf(turning, pointerAt(140, 20, [240, 120]))
    expect(scene.label?.text).toBe('−90.0°')
    expect(scene.turn?.angle).toBeCloseTo(-Math.PI / 2)
  })

  test('a hint to turn is shown where a press would do so, and nowhere else', () => {
    const editor = new TestEditor('transform')
    expect(sceneOf(editor, pointerAt(240, 120)).turn).not.toBeNull()
    expect(sceneOf(editor, pointerAt(140, 120)).turn).toBeNull()
    expect(gripUnder(matters(editor, pointerAt(180, 140)))?.on).toBe('handle')
    expect(sceneOf(editor, pointerAt(180, 140)).turn).toBeNull()
  })

  test('a colour that would be taken is shown at the pointer, beside the one it would replace', () => {
    const editor = new TestEditor('eyedropper', { session: { camera: { x: 0, y: 0, zoom: 4 } } }).pointerDown(43, 9)
    expect(sceneOf(editor, pointerAt(43, 9, [43, 9])).pick).toEqual({
      pixel: { x: 10, y: 2 },
      at: { x: 43, y: 9 },
      instead: [0, 0, 0],
    })
  })

  describe('what a run would change', () => {
    const zones = { area: testScene.frame, columns: 1, rows: 1, cells: Uint8Array.of(255), mask: null, feather: 0 }
    type Changes = Partial<Pick<StudioState['generation'], 'running'>> & {
      readonly staging?: object
      readonly preferences?: Partial<StudioState['preferences']>
    }
    function zonesOf(
      tool: 'move' | 'brush' | 'crop' | 'frame',
      { staging, preferences = {}, ...generation }: Changes = {},
      pointer: Pointer | null = null,
    ) {
      const given = matters(new TestEditor(tool), pointer)
      const generating = { zones, running: null, ...generation }
      const state = { ...given.state, staging: staging ?? null, preferences, generation: generating }
      return overlayScene({ ...given, state: state as StudioState }).zones
    }

    test('is shown, and without a tint where colours are worked on', () => {
      expect(zonesOf('move')).toEqual({ zones, isTinted: true, isRuled: false })
      expect(zonesOf('brush')).toEqual({ zones, isTinted: false, isRuled: false })
    })

    test('has the lines of its cells, new as a whole, where the frame is placed', () => {
      expect(zonesOf('frame')).toEqual({ zones, isTinted: true, isRuled: true })
    })

    test('is not while a run goes on, results wait, something is drawn or an edit waits', () => {
      const running = { text: '', share: 0, secondsLeft: null, stopping: false }
      expect(zonesOf('move', { running })).toBeNull()
      expect(zonesOf('move', { staging: { compare: null, mixWith: null } })).toBeNull()
      expect(zonesOf('move', {}, pointerAt(9, 9, [4, 4]))).toBeNull()
      expect(zonesOf('crop')).toBeNull()
    })

    test('is not where nobody wants to see it', () => {
      expect(zonesOf('move', { preferences: { zonesHidden: true } })).toBeNull()
    })
  })

  test('the circle of mixing is at the pointer whatever the tool is, and none is without it', () => {
    const given = matters(new TestEditor('frame'), pointerAt(30, 40))
    const mixing = { ...given.state, staging: { compare: null, mixWith: 2 } } as StudioState
    const { size } = given.state.session.brushes['select-brush']
    expect(overlayScene({ ...given, state: mixing }).brush).toMatchObject({ at: { x: 30, y: 40 }, radius: size / 2 })
    expect(overlayScene(given).brush).toBeNull()
  })
})
