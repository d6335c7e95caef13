/** Hand, zoom tool and wheel: how the camera moves, and comes back with Esc. */
import { describe, expect, it } from 'vitest'
import { toCanvas } from '../../../src/editor/camera.ts'
import { TestEditor } from '../../kit/test-editor.ts'

const start = { x: 0, y: 0, zoom: 1 }

describe('the hand', () => {
  it('pans with the pointer', () => {
    const test = new TestEditor('hand').pointerDown(10, 10).expectPath('hand.panning').pointerMove(40, 5)
    expect(test.session.camera).toEqual({ x: 30, y: -5, zoom: 1 })
    test.pointerUp(50, 0).expectPath('hand.idle')
    expect(test.session.camera).toEqual({ x: 40, y: -10, zoom: 1 })
    test.expectCommands({ type: 'setCamera' }, { type: 'setCamera' })
  })

  it('goes back with Esc and when the system takes the pointer, and stays where it is on a lost window', () => {
    const test = new TestEditor('hand').pointerDown(0, 0).pointerMove(40, 5).key('Escape').expectPath('hand.idle')
    expect(test.pointerUp(90, 90).session.camera).toEqual(start)
    expect(test.pointerDown(0, 0).pointerMove(40, 5).pointerCancel().session.camera).toEqual(start)
    expect(test.pointerDown(0, 0).pointerMove(40, 5).blur().session.camera).toEqual({ x: 40, y: 5, zoom: 1 })
  })

  it('does not let the wheel move the camera meanwhile', () => {
    const test = new TestEditor('hand').pointerDown(0, 0).wheel(50, 50, -100)
    expect(test.session.camera).toEqual(start)
  })
})

describe('the zoom tool', () => {
  it('goes one step nearer with a click, farther with Alt, at the pointer', () => {
    const test = new TestEditor('zoom').pointerDown(100, 50).expectPath('zoom.pointing').pointerUp(101, 50)
    expect(test.expectPath('zoom.idle').session.camera).toEqual({ x: -50, y: -25, zoom: 1.5 })
    expect(test.click(100, 50, { alt: true }).session.camera).toEqual(start)
  })

  it('zooms twice as near with 240 px to the right, and out to the left', () => {
    const test = new TestEditor('zoom').pointerDown(100, 50).pointerMove(340, 90).expectPath('zoom.zooming')
    expect(test.session.camera).toEqual({ x: -100, y: -50, zoom: 2 })
    expect(test.pointerMove(-140, 50).session.camera.zoom).toBe(0.5)
    test.pointerUp(-140, 50).expectPath('zoom.idle')
    expect(toCanvas(test.session.camera, { x: 100, y: 50 })).toEqual({ x: 100, y: 50 })
  })

  it('goes back with Esc', () => {
    const test = new TestEditor('zoom').pointerDown(0, 0).pointerMove(99, 0).key('Escape').pointerUp(99, 0)
    expect(test.expectPath('zoom.idle').session.camera).toEqual(start)
  })

  it('keeps its zoom on a lost window', () => {
    const test = new TestEditor('zoom').pointerDown(0, 0).pointerMove(240, 0).blur().expectPath('zoom.idle')
    expect(test.session.camera.zoom).toBe(2)
  })
})

describe('the wheel', () => {
  it('zooms at the pointer', () => {
    const test = new TestEditor('move').wheel(100, 50, -100)
    expect(test.session.camera.zoom).toBeCloseTo(2 ** (100 / 480), 9)
    const kept = toCanvas(test.session.camera, { x: 100, y: 50 })
    expect(kept.x).toBeCloseTo(100, 9)
    expect(kept.y).toBeCloseTo(50, 9)
    expect(test.wheel(100, 50, 1000).session.camera.zoom).toBe(0.5)
  })

  it.each(['brush', 'eraser', 'select-brush'] as const)('changes the size of the %s with Ctrl', (tool) => {
    const test = new TestEditor(tool).wheel(0, 0, -100, { ctrl: true })
    expect(test.session.brushes[tool].size).toBe(45)
    expect(test.wheel(0, 0, 100, { ctrl: true }).session.brushes[tool].size).toBe(40)
    expect(test.session.camera).toEqual(start)
  })

  it('zooms with Ctrl on tools that have no brush, and with a pinch on all', () => {
    expect(new TestEditor('move').wheel(0, 0, -100, { ctrl: true }).session.camera.zoom).toBeGreaterThan(1)
    const test = new TestEditor('brush').wheel(0, 0, -10, { ctrl: true, pinch: true })
    expect(test.session.camera.zoom).toBeGreaterThan(1)
    expect(test.session.brushes.brush.size).toBe(40)
  })

  it('pans where that is preferred, sideways with Shift; a pinch and Ctrl still zoom', () => {
    const test = new TestEditor('move', { session: { wheel: 'pan' } }).wheel(0, 0, 30, { deltaX: 5 })
    expect(test.session.camera).toEqual({ x: -5, y: -30, zoom: 1 })
    expect(test.wheel(0, 0, 30, { shift: true }).session.camera).toEqual({ x: -35, y: -30, zoom: 1 })
    expect(test.wheel(0, 0, -30, { pinch: true }).session.camera.zoom).toBeGreaterThan(1)
    expect(test.wheel(0, 0, -900, { ctrl: true }).session.camera.zoom).toBeGreaterThan(3)
  })

  it('does nothing for a move sideways where it zooms', () => {
    new TestEditor('move').wheel(0, 0, 0, { deltaX: 40 }).expectCommands()
  })
})
