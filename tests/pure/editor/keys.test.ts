/** Keys and what they do to the session, the status line, and the steps of the brush. */
import { describe, expect, it } from 'vitest'
import { type Brush, defaultBrush, hardened, resized } from '../../../src/editor/brush.ts'
import { newKeymap } from '../../../src/editor/shortcuts.ts'
import { TestEditor } from '../../kit/test-editor.ts'

describe('keys', () => {
  it('change the brush of the tool in hand', () => {
    const test = new TestEditor('eraser')
      .key(']')
      .key('[')
      .key('[')
      .key('{', { shift: true, code: 'BracketLeft' })
      .key('5')
    expect(test.session.brushes.eraser).toMatchObject({ size: 35, opacity: 0.5 })
    expect(test.session.brushes.eraser.hardness).toBeCloseTo(0.55, 9)
    expect(test.session.brushes.brush).toEqual(defaultBrush)
    new TestEditor('move').key(']').key('5').expectCommands()
  })

  it('swap and reset the colours', () => {
    const colours = { foreground: [9, 8, 7], background: [1, 2, 3] } as const
    const test = new TestEditor('brush', { session: { colours } }).key('x')
    expect(test.session.colours).toEqual({ foreground: [1, 2, 3], background: [9, 8, 7] })
    expect(test.key('d').session.colours).toEqual({ foreground: [0, 0, 0], background: [255, 255, 255] })
  })

  it('fit the canvas and the frame, and zoom at the middle', () => {
    const test = new TestEditor('brush').key('0', { ctrl: true })
    expect(test.session.camera.zoom).toBeCloseTo((300 - 64) / 300, 9)
    test.key(')', { ctrl: true, shift: true, code: 'Digit0' })
    expect(test.session.camera.zoom).toBeCloseTo((300 - 64) / 128, 9)
    expect(test.key('1', { ctrl: true }).session.camera.zoom).toBe(1)
    expect(test.key('=', { ctrl: true }).session.camera.zoom).toBe(1.5)
    expect(test.key('-', { ctrl: true }).session.camera.zoom).toBe(1)
    expect(test.key('4', { ctrl: true }).session.camera.zoom).toBe(8)
  })

  it('fit what lies over the foot of the viewport out of the way', () => {
    const test = new TestEditor('brush', { session: { foot: 60 } }).key('0', { ctrl: true })
    const { camera, viewport } = test.session
    expect(camera.zoom).toBeCloseTo((300 - 60 - 64) / 300, 9)
    expect(camera.y + 300 * camera.zoom).toBeCloseTo(viewport.height - 60 - 32, 9)
  })

  it("hand on what is not the editor's", () => {
    new TestEditor('brush').key('z', { ctrl: true }).expectCommands({ type: 'action', action: 'edit.undo' })
    new TestEditor('brush')
      .key('s', { ctrl: true, focus: 'text' })
      .expectCommands({ type: 'action', action: 'file.save' })
  })

  it('mean nothing to the document while a hand draws', () => {
    const test = new TestEditor('brush').pointerDown(1, 1).key('Delete')
    test.expectCommands()
    test.expectPath('brush.painting')
  })

  it('take back an unfinished stroke with undo instead of the step before it', () => {
    new TestEditor('brush')
      .pointerDown(1, 1)
      .key('z', { ctrl: true })
      .expectPath('brush.idle')
      .pointerUp(1, 1)
      .expectCommands()
  })

  it('do nothing in text fields that a field needs', () => {
    new TestEditor('brush')
      .key('h', { focus: 'text' })
      .key('[', { focus: 'text' })
      .expectCommands()
      .expectPath('brush.idle')
    new TestEditor('brush').pointerDown(1, 1).key('Escape', { focus: 'text' }).expectPath('brush.painting')
  })

  it('follow the keymap of a person', () => {
    const keymap = newKeymap('other', { 'tool.hand': ['P'] })
    new TestEditor('brush', { keymap }).key('h').expectPath('brush.idle').key('p').expectPath('hand.idle')
  })
})

describe('the status line', () => {
  it('says what modifiers do before and during a gesture', () => {
    const test = new TestEditor('select-rectangle')
    const does = () => test.editor.hint().map(({ key, does }) => `${key}: ${does}`)
    expect(does()).toEqual([
      'Shift: add',
      'Alt: subtract',
      'Shift+Alt: intersect',
      'Space: pan',
      'Ctrl+Space: drag-zoom',
    ])
    test.pointerDown(0, 0)
    expect(does()).toEqual(['Shift: constrain', 'Space: move-start', 'Esc: cancel'])
  })

  it('follows the tool that is lent', () => {
    const test = new TestEditor('brush').hold({ alt: true })
    expect(test.editor.hint()[0]).toEqual({ key: 'Shift', does: 'background' })
  })
})

describe('the brush', () => {
  const sized = (size: number): Brush => ({ ...defaultBrush, size })

  it('comes back to the same sizes both ways and stays within 1..2000', () => {
    const up = [1]
    while (up.at(-1)! < 2000) up.push(resized(sized(up.at(-1)!), 1).size)
    const down = [2000]
    while (down.at(-1)! > 1) down.push(resized(sized(down.at(-1)!), -1).size)
    expect(down.reverse()).toEqual(up)
    expect(resized(sized(1), -1).size).toBe(1)
    expect(resized(sized(2000), 1).size).toBe(2000)
    expect(resized(sized(43), 1).size).toBe(45)
  })

  it('has a hardness within 0..1', () => {
    expect(hardened({ ...defaultBrush, hardness: 0.9 }, 1).hardness).toBe(1)
    expect(hardened({ ...defaultBrush, hardness: 0.1 }, -1).hardness).toBe(0)
  })
})
