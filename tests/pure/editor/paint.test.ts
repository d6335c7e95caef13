/** Brush, eraser, painted selection, fill and eyedropper, driven as a person would. */
import { describe, expect, it } from 'vitest'
import { TestEditor } from '../../kit/test-editor.ts'

const target = { layer: 'a', part: 'pixels' } as const
const path = [
  [10, 10],
  [20, 12],
  [30, 40],
] as const
const points = path.map(([x, y]) => ({ x, y, pressure: 1 }))

describe.each([
  ['brush', 'colour'],
  ['eraser', 'erase'],
] as const)('the %s', (tool, paint) => {
  it('makes one stroke of a drag', () => {
    const test = new TestEditor(tool).expectPath(`${tool}.idle`).pointerDown(10, 10).expectPath(`${tool}.painting`)
    test.pointerMove(20, 12).pointerMove(30, 40).expectCommands()
    test.pointerUp(30, 40).expectPath(`${tool}.idle`)
    const brush = test.session.brushes[tool]
    expect(test.commands()).toEqual([{ type: 'stroke', target, paint, points, brush, colour: [0, 0, 0] }])
  })

  it('makes a dot of a click', () => {
    new TestEditor(tool).click(5, 6).expectCommands({ type: 'stroke', points: [{ x: 5, y: 6, pressure: 1 }] })
  })

  it('keeps the pressure of every point, and of the last one when the pen lifts', () => {
    const test = new TestEditor(tool).pointerDown(0, 0, { pressure: 0.2 }).pointerMove(9, 0, { pressure: 0.7 })
    const [stroke] = test.pointerUp(12, 0, { pressure: 0 }).commands()
    expect(stroke).toMatchObject({ points: [{ pressure: 0.2 }, { pressure: 0.7 }, { x: 12, pressure: 0.7 }] })
  })

  it('paints on canvas px whatever the camera shows', () => {
    new TestEditor(tool, { session: { camera: { x: 100, y: 50, zoom: 2 } } })
      .click(120, 60)
      .expectCommands({ type: 'stroke', points: [{ x: 10, y: 5, pressure: 1 }] })
  })

  it('draws a straight line from the last point with Shift at the press', () => {
    const test = new TestEditor(tool).drag(path)
    test.commands()
    test.click(90, 90, { shift: true })
    test.expectCommands({ type: 'stroke', points: [points[2]!, { x: 90, y: 90, pressure: 1 }] })
    test.click(5, 5, { shift: true })
    const line = [
      { x: 90, y: 90, pressure: 1 },
      { x: 5, y: 5, pressure: 1 },
    ]
    test.expectCommands({ type: 'stroke', points: line })
  })

  it('draws no line with Shift pressed later, before any stroke, or from another layer', () => {
    const test = new TestEditor(tool)
      .click(1, 1, { shift: true })
      .expectCommands({ points: [{ x: 1, y: 1, pressure: 1 }] })
    test.pointerDown(10, 10).hold({ shift: true }).pointerMove(20, 12).pointerMove(30, 40).pointerUp(30, 40).release()
    test.expectCommands({ type: 'stroke', points })
    test.setScene({ target: { layer: 'b', part: 'pixels', locked: false, bounds: null } }).click(7, 7, { shift: true })
    test.expectCommands({ type: 'stroke', points: [{ x: 7, y: 7, pressure: 1 }] })
  })

  it('drops the stroke with Esc, and the rest of the drag paints nothing', () => {
    const test = new TestEditor(tool).pointerDown(10, 10).pointerMove(20, 20).key('Escape').expectPath(`${tool}.idle`)
    test.pointerMove(30, 30).pointerUp(30, 30).expectCommands()
    test.click(1, 1).expectCommands({ type: 'stroke' })
  })

  it('drops the stroke when the system takes the pointer', () => {
    new TestEditor(tool)
      .pointerDown(10, 10)
      .pointerMove(20, 20)
      .pointerCancel()
      .expectPath(`${tool}.idle`)
      .expectCommands()
  })

  it('shows the stroke while it is painted', () => {
    const test = new TestEditor(tool).pointerDown(10, 10).pointerMove(20, 12)
    expect(test.editor.previews()).toMatchObject([{ type: 'stroke', tool, points: points.slice(0, 2) }])
    expect(test.pointerUp(20, 12).editor.previews()).toEqual([])
  })

  it('refuses a locked layer and a missing one, once a press', () => {
    const locked = { layer: 'a', part: 'pixels', locked: true, bounds: null } as const
    new TestEditor(tool, { scene: { target: locked } }).drag(path).expectCommands({ type: 'refuse', reason: 'locked' })
    new TestEditor(tool, { scene: { target: null } }).drag(path).expectCommands({ type: 'refuse', reason: 'no-layer' })
  })
})

describe('the painted selection', () => {
  it.each([
    ['adds', {}, 'add'],
    ['adds with Shift', { shift: true }, 'add'],
    ['subtracts with Alt', { alt: true }, 'subtract'],
    ['subtracts with Ctrl', { ctrl: true }, 'subtract'],
    ['intersects with both', { shift: true, alt: true }, 'intersect'],
  ] as const)('%s', (_, modifiers, mode) => {
    const test = new TestEditor('select-brush').pointerDown(10, 10, modifiers).expectPath('select-brush.painting')
    // The modifiers are up again before the release.
    test.pointerMove(20, 12).pointerMove(30, 40).pointerUp(30, 40)
    const brush = test.session.brushes['select-brush']
    expect(test.commands()).toEqual([{ type: 'select', shape: { kind: 'brush', points, brush }, mode }])
  })

  it('needs no layer', () => {
    new TestEditor('select-brush', { scene: { target: null } }).drag(path).expectCommands({ type: 'select' })
  })

  it('is dropped with Esc', () => {
    new TestEditor('select-brush')
      .pointerDown(1, 1)
      .key('Escape')
      .pointerUp(5, 5)
      .expectCommands()
      .expectPath('select-brush.idle')
  })
})

describe('fill', () => {
  it('floods from the px under the release', () => {
    const test = new TestEditor('fill').pointerDown(3.7, 4.2).expectPath('fill.pointing').pointerUp(3.7, 4.2)
    const expected = { type: 'fill', target, point: { x: 3, y: 4 }, colour: [0, 0, 0], tolerance: 32, contiguous: true }
    expect(test.expectPath('fill.idle').commands()).toEqual([expected])
  })

  it('does nothing outside of the canvas, after Esc, or when the window is lost', () => {
    new TestEditor('fill').click(-1, 5).click(400, 5).click(5, 300).expectCommands()
    new TestEditor('fill').pointerDown(5, 5).key('Escape').pointerUp(5, 5).expectCommands()
    new TestEditor('fill').pointerDown(5, 5).blur().pointerUp(5, 5).expectCommands().expectPath('fill.idle')
  })

  it('refuses a locked layer', () => {
    const locked = { layer: 'a', part: 'mask', locked: true, bounds: null } as const
    new TestEditor('fill', { scene: { target: locked } })
      .click(5, 5)
      .expectCommands({ type: 'refuse', reason: 'locked' })
  })
})

describe('the eyedropper', () => {
  it('takes the px under the release, as background with Shift', () => {
    const test = new TestEditor('eyedropper').pointerDown(1, 1).expectPath('eyedropper.picking').pointerMove(8.9, 9.1)
    expect(test.editor.previews()).toEqual([{ type: 'pick', point: { x: 8, y: 9 } }])
    test.pointerUp(8.9, 9.1).expectCommands({ type: 'pickColour', point: { x: 8, y: 9 }, to: 'foreground' })
    test.click(2, 2, { shift: true }).expectCommands({ type: 'pickColour', point: { x: 2, y: 2 }, to: 'background' })
  })

  it('takes nothing outside of the canvas or after Esc', () => {
    const test = new TestEditor('eyedropper').click(-5, 5).pointerDown(5, 5).key('Escape').pointerUp(5, 5)
    test.expectCommands().expectPath('eyedropper.idle')
  })
})
