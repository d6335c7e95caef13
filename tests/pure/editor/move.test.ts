/** Moving a layer: drags, axis lock, arrow keys, and every way out. */
import { describe, expect, it } from 'vitest'
import { TestEditor } from '../../kit/test-editor.ts'

const target = { layer: 'a', part: 'pixels' } as const

describe('the move tool', () => {
  it('moves by whole canvas px, once, at the release', () => {
    const test = new TestEditor('move', { session: { camera: { x: 0, y: 0, zoom: 2 } } })
    test.pointerDown(10, 10).expectPath('move.dragging').pointerMove(15, 31)
    expect(test.editor.previews()).toEqual([{ type: 'translate', target, dx: 3, dy: 11 }])
    test.expectCommands().pointerUp(15, 31).expectPath('move.idle')
    expect(test.commands()).toEqual([{ type: 'translate', target, dx: 3, dy: 11 }])
  })

  it('is locked to the longer axis while Shift is held, also when pressed during the drag', () => {
    const test = new TestEditor('move').pointerDown(0, 0).pointerMove(30, 12).hold({ shift: true })
    expect(test.editor.previews()).toMatchObject([{ dx: 30, dy: 0 }])
    test.pointerMove(20, 40)
    expect(test.editor.previews()).toMatchObject([{ dx: 0, dy: 40 }])
    test.release().pointerUp(20, 40).expectCommands({ dx: 20, dy: 40 })
    test
      .drag(
        [
          [0, 0],
          [9, 4],
        ],
        { shift: true },
      )
      .expectCommands({ dx: 9, dy: 0 })
  })

  it('is nudged by arrow keys: 1 px, 10 with Shift', () => {
    const test = new TestEditor('move').key('ArrowLeft').key('ArrowDown', { shift: true, repeat: true })
    test.expectCommands({ type: 'translate', target, dx: -1, dy: 0 }, { dx: 0, dy: 10 })
    test.key('ArrowRight', { shift: true }).key('ArrowUp').expectCommands({ dx: 10, dy: 0 }, { dx: 0, dy: -1 })
  })

  it('leaves arrow keys alone beside the canvas, with Ctrl, and during a drag', () => {
    const test = new TestEditor('move').key('ArrowLeft', { focus: 'text' }).key('ArrowLeft', { focus: 'panel' })
    test.key('ArrowLeft', { ctrl: true }).pointerDown(0, 0).key('ArrowLeft').pointerUp(0, 0).expectCommands()
  })

  it('does nothing for a click or a drag back to where it began', () => {
    new TestEditor('move')
      .click(5, 5)
      .drag([
        [5, 5],
        [50, 5],
        [5, 5],
      ])
      .expectCommands()
  })

  it('takes the drag back with Esc or when the system takes the pointer', () => {
    const test = new TestEditor('move').pointerDown(0, 0).pointerMove(9, 9).key('Escape').expectPath('move.idle')
    test.pointerMove(20, 20).pointerUp(20, 20).pointerDown(0, 0).pointerMove(9, 9).pointerCancel()
    test.expectPath('move.idle').expectCommands()
  })

  it('refuses without a layer that it may move', () => {
    const scene = { target: null }
    new TestEditor('move', { scene })
      .pointerDown(0, 0)
      .pointerUp(9, 9)
      .key('ArrowUp')
      .expectCommands({ type: 'refuse', reason: 'no-layer' }, { type: 'refuse', reason: 'no-layer' })
  })
})
