/** Rectangle, ellipse and lasso selections: modes read at the press, constraints during the drag, and every way out. */
import { describe, expect, it } from 'vitest'
import { TestEditor } from '../../kit/test-editor.ts'

const modes = [
  ['replaces', {}, 'replace'],
  ['adds with Shift', { shift: true }, 'add'],
  ['subtracts with Alt', { alt: true }, 'subtract'],
  ['intersects with both', { shift: true, alt: true }, 'intersect'],
] as const
const corners = [
  [10, 10],
  [40, 30],
] as const

describe.each([
  ['select-rectangle', 'rectangle'],
  ['select-ellipse', 'ellipse'],
] as const)('%s', (tool, kind) => {
  const rect = { x: 10, y: 10, width: 30, height: 20 }

  it.each(modes)('%s', (_, modifiers, mode) => {
    const test = new TestEditor(tool).pointerDown(10, 10, modifiers).expectPath(`${tool}.pointing`)
    // Still held as they were at the press: they mean the mode, and nothing else.
    test.pointerMove(40, 30, modifiers).expectPath(`${tool}.dragging`).pointerUp(40, 30, modifiers)
    expect(test.expectPath(`${tool}.idle`).commands()).toEqual([{ type: 'select', shape: { kind, rect }, mode }])
  })

  it('keeps the mode of the press whatever is held at the release', () => {
    const test = new TestEditor(tool).pointerDown(10, 10).pointerMove(40, 30).pointerUp(40, 30, { alt: true })
    test.expectCommands({ type: 'select', mode: 'replace' })
    test.pointerDown(10, 10, { alt: true }).pointerMove(40, 30).pointerUp(40, 30)
    test.expectCommands({ type: 'select', mode: 'subtract' })
  })

  it('is drawn in any direction, on whole px', () => {
    new TestEditor(tool)
      .drag([
        [40.2, 29.7],
        [9.8, 10.4],
      ])
      .expectCommands({ shape: { kind, rect } })
  })

  it('has equal sides with Shift during the drag, at once and only while it is held', () => {
    const test = new TestEditor(tool).pointerDown(10, 10).pointerMove(40, 30).hold({ shift: true })
    const square = { x: 10, y: 10, width: 30, height: 30 }
    expect(test.editor.previews()).toMatchObject([{ type: 'selection', shape: { kind, rect: square } }])
    test.release()
    expect(test.editor.previews()).toMatchObject([{ shape: { rect } }])
    test
      .hold({ shift: true })
      .pointerUp(40, 30)
      .expectCommands({ shape: { kind, rect: square }, mode: 'replace' })
  })

  it('has equal sides to the left and up too', () => {
    const test = new TestEditor(tool).pointerDown(50, 50).pointerMove(40, 20).hold({ shift: true }).pointerUp(40, 20)
    test.expectCommands({ shape: { kind, rect: { x: 20, y: 20, width: 30, height: 30 } } })
  })

  it('begun with Shift has equal sides once Shift was released and pressed again', () => {
    const test = new TestEditor(tool).hold({ shift: true }).pointerDown(10, 10).pointerMove(40, 30)
    expect(test.editor.previews()).toMatchObject([{ mode: 'add', shape: { rect } }])
    test.release().hold({ shift: true }).pointerUp(40, 30)
    test.expectCommands({ mode: 'add', shape: { rect: { width: 30, height: 30 } } })
  })

  it('is carried along with Space and grows on from there', () => {
    const test = new TestEditor(tool)
      .pointerDown(10, 10)
      .pointerMove(40, 30)
      .keyDown(' ')
      .expectPath(`${tool}.dragging`)
    test.pointerMove(45, 50).keyUp(' ').pointerMove(55, 60).pointerUp(55, 60)
    test.expectCommands({ shape: { kind, rect: { x: 15, y: 30, width: 40, height: 30 } } })
  })

  it('deselects with a click, and with a modifier a click does nothing', () => {
    new TestEditor(tool).click(9, 9).expectCommands({ type: 'deselect' })
    new TestEditor(tool).click(9, 9, { shift: true }).click(9, 9, { alt: true }).expectCommands()
    // Two screen px are a click, not a box.
    new TestEditor(tool)
      .drag([
        [9, 9],
        [10, 10],
      ])
      .expectCommands({ type: 'deselect' })
  })

  it('selects nothing with a box that has no inside', () => {
    new TestEditor(tool)
      .drag([
        [9, 9],
        [60, 9],
      ])
      .expectCommands()
  })
})

describe('select-lasso', () => {
  const line = [
    [0, 0],
    [50, 0],
    [50, 50],
  ] as const

  it.each(modes)('%s', (_, modifiers, mode) => {
    const test = new TestEditor('select-lasso').pointerDown(0, 0, modifiers).expectPath('select-lasso.dragging')
    test.pointerMove(50, 0).pointerMove(50, 50)
    const points = line.map(([x, y]) => ({ x, y }))
    expect(test.editor.previews()).toEqual([{ type: 'selection', shape: { kind: 'lasso', points }, mode }])
    test.pointerUp(50, 50).expectPath('select-lasso.idle')
    expect(test.commands()).toEqual([{ type: 'select', shape: { kind: 'lasso', points }, mode }])
  })

  it('is carried along with Space', () => {
    const test = new TestEditor('select-lasso')
      .pointerDown(0, 0)
      .pointerMove(50, 0)
      .keyDown(' ')
      .pointerMove(60, 5)
      .keyUp(' ')
    const points = [
      { x: 10, y: 5 },
      { x: 60, y: 5 },
      { x: 60, y: 90 },
    ]
    test
      .pointerMove(60, 90)
      .pointerUp(60, 90)
      .expectCommands({ shape: { kind: 'lasso', points } })
  })

  it('deselects with a click or a bare line, and with a modifier they do nothing', () => {
    new TestEditor('select-lasso').click(5, 5).drag(corners).expectCommands({ type: 'deselect' }, { type: 'deselect' })
    new TestEditor('select-lasso').click(5, 5, { shift: true }).drag(corners, { alt: true }).expectCommands()
  })
})

describe.each(['select-rectangle', 'select-ellipse', 'select-lasso'] as const)('%s is dropped', (tool) => {
  const begun = () =>
    new TestEditor(tool).pointerDown(10, 10).pointerMove(40, 30).pointerMove(20, 60).expectPath(`${tool}.dragging`)

  it('with Esc', () => {
    begun().key('Escape').expectPath(`${tool}.idle`).pointerMove(90, 90).pointerUp(90, 90).expectCommands()
  })

  it('when the system takes the pointer', () => {
    begun().pointerCancel().expectPath(`${tool}.idle`).expectCommands()
  })

  it('when the window loses the keyboard', () => {
    begun().blur().expectPath(`${tool}.idle`).pointerUp(90, 90).expectCommands()
  })

  it('when another tool is chosen', () => {
    begun().key('b').pointerUp(90, 90).expectPath('brush.idle').expectCommands({ type: 'setTool' })
  })
})
