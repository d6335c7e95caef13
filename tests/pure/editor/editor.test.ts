/** Tools lent by held keys and buttons, and what else the buttons do. */
import { describe, expect, it } from 'vitest'
import { defaultBrush } from '../../../src/editor/brush.ts'
import { toolIds } from '../../../src/editor/tool-ids.ts'
import { TestEditor } from '../../kit/test-editor.ts'

describe('a held key', () => {
  it.each(toolIds)('Space lends the hand to %s, and Ctrl+Space the zoom', (tool) => {
    const test = new TestEditor(tool).keyDown(' ').expectPath('hand.idle').pointerDown(0, 0).expectPath('hand.panning')
    test.pointerUp(20, 0).keyUp(' ').expectPath(`${tool}.idle`)
    expect(test.session).toMatchObject({ tool, camera: { x: 20 } })
    test
      .keyDown(' ', { ctrl: true })
      .expectPath('zoom.idle')
      .drag(
        [
          [0, 0],
          [240, 0],
        ],
        { ctrl: true },
      )
      .keyUp(' ')
    expect(test.session.camera.zoom).toBe(2)
  })

  it('lends until the pointer is up, whatever key goes up before', () => {
    const test = new TestEditor('brush').keyDown(' ').pointerDown(0, 0).keyUp(' ').pointerMove(30, 0)
    expect(test.expectPath('hand.panning').session.camera.x).toBe(30)
    test.pointerUp(30, 0).expectPath('brush.idle')
  })

  it('pressed during a stroke lends nothing', () => {
    const test = new TestEditor('brush').pointerDown(0, 0).keyDown(' ').hold({ alt: true }).expectPath('brush.painting')
    test.pointerUp(5, 0).expectCommands({ type: 'stroke' })
  })

  it.each(toolIds)('Alt lends the eyedropper to tools that paint colours only (%s)', (tool) => {
    const lends = ['brush', 'eraser', 'fill', 'eyedropper'].includes(tool)
    new TestEditor(tool).hold({ alt: true }).expectPath(lends ? 'eyedropper.idle' : `${tool}.idle`)
  })

  it('Alt picks the foreground while painting and then paints on', () => {
    const test = new TestEditor('brush').hold({ alt: true }).click(7, 7).release().expectPath('brush.idle')
    test.expectCommands({ type: 'pickColour', to: 'foreground' }).click(1, 1).expectCommands({ type: 'stroke' })
  })

  it('Space lends nothing beside the canvas', () => {
    new TestEditor('brush').keyDown(' ', { focus: 'panel' }).expectPath('brush.idle')
    new TestEditor('brush').keyDown(' ', { focus: 'text' }).expectPath('brush.idle')
  })

  it('is forgotten when the window loses the keyboard', () => {
    new TestEditor('brush').keyDown(' ').hold({ alt: true }).blur().expectPath('brush.idle')
  })
})

describe('the key of a tool', () => {
  it('tapped switches for good', () => {
    new TestEditor('brush')
      .key('h')
      .drag([
        [0, 0],
        [9, 9],
      ])
      .expectPath('hand.idle')
  })

  it('held and used lends, until both key and pointer are up', () => {
    const test = new TestEditor('brush')
      .keyDown('h')
      .keyDown('h', { repeat: true })
      .drag([
        [0, 0],
        [9, 0],
      ])
    test.expectPath('hand.idle').keyUp('h').expectPath('brush.idle')
    test.keyDown('c').pointerDown(100, 100).pointerMove(140, 100).keyUp('c').expectPath('frame.moving')
    test.commands()
    test
      .pointerUp(140, 100)
      .expectPath('brush.idle')
      .expectCommands({ type: 'setFrame' }, { type: 'setTool', tool: 'brush' })
  })

  it('lost with the window gives the tool back where it was used', () => {
    new TestEditor('brush').keyDown('h').click(0, 0).blur().expectPath('brush.idle')
    new TestEditor('brush').keyDown('h').blur().expectPath('hand.idle')
  })
})

describe('a button', () => {
  it.each(toolIds)('in the middle pans in %s, and zooms with Ctrl', (tool) => {
    const test = new TestEditor(tool).drag(
      [
        [0, 0],
        [15, 5],
      ],
      { button: 'middle' },
    )
    expect(test.expectPath(`${tool}.idle`).session.camera).toEqual({ x: 15, y: 5, zoom: 1 })
    test.drag(
      [
        [0, 0],
        [240, 0],
      ],
      { button: 'middle', ctrl: true },
    )
    expect(test.session.camera.zoom).toBe(2)
  })

  it.each(toolIds)('on the right does nothing in %s', (tool) => {
    new TestEditor(tool)
      .drag(
        [
          [0, 0],
          [150, 50],
        ],
        { button: 'right' },
      )
      .expectPath(`${tool}.idle`)
      .expectCommands()
  })

  it('on the right with Alt changes size and hardness of a brush, and Esc takes it back', () => {
    const test = new TestEditor('brush')
      .pointerDown(0, 100, { button: 'right', alt: true })
      .expectPath('brush-resize.dragging')
    test.pointerMove(25, 80)
    expect(test.session.brushes.brush).toMatchObject({ size: 65, hardness: 0.9 })
    test.key('Escape').pointerUp(25, 80, { button: 'right' }).expectPath('brush.idle')
    expect(test.session.brushes.brush).toEqual(defaultBrush)
    new TestEditor('move')
      .drag(
        [
          [0, 0],
          [9, 0],
        ],
        { button: 'right', alt: true },
      )
      .expectCommands()
  })

  it('pressed during a gesture of another one changes nothing', () => {
    const test = new TestEditor('brush').pointerDown(0, 0).pointerDown(5, 5, { button: 'middle' })
    test.dispatch({
      type: 'pointerup',
      x: 5,
      y: 5,
      button: 'middle',
      pressed: true,
      pressure: 1,
      modifiers: { shift: false, alt: false, ctrl: false },
    })
    test.expectPath('brush.painting').pointerUp(9, 9).expectCommands({ type: 'stroke' })
  })

  it('released where nobody told it ends its gesture with the next move', () => {
    const test = new TestEditor('brush').pointerDown(0, 0).pointerMove(5, 5)
    const event = { type: 'pointermove', x: 90, y: 90, button: 'left', pressed: false, pressure: 0 } as const
    test.dispatch({ ...event, modifiers: { shift: false, alt: false, ctrl: false } }).expectPath('brush.idle')
    test.expectCommands({ type: 'stroke' })
  })
})
