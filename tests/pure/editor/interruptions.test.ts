/** How gestures end when a tool, a layer or the window interrupts them, and that any order of events ends idle. */
import { describe, expect, it } from 'vitest'
import { toolIds, type ToolId } from '../../../src/editor/tool-ids.ts'
import { TestEditor } from '../../kit/test-editor.ts'
import { randomNumbers } from './random.ts'

/** What is left of a drag from (10, 10) over (80, 10) to (80, 70): a command, or nothing. */
const interrupted: readonly (readonly [tool: ToolId, blur: string | null, leave: string | null])[] = [
  ['move', 'translate', 'translate'],
  ['brush', 'stroke', 'stroke'],
  ['eraser', 'stroke', 'stroke'],
  ['select-rectangle', null, null],
  ['select-ellipse', null, null],
  ['select-lasso', null, null],
  ['select-brush', 'select', 'select'],
  ['fill', null, null],
  ['eyedropper', null, null],
  ['transform', null, 'transform'],
  ['crop', null, null],
  ['frame', 'setFrame', 'setFrame'],
]

describe.each(interrupted)('a drag of %s', (tool, blur, leave) => {
  const begun = () => {
    const test = new TestEditor(tool).pointerDown(10, 10).pointerMove(80, 10).pointerMove(80, 70)
    test.commands()
    return test
  }

  it(`leaves ${blur ?? 'nothing'} when the window loses the keyboard`, () => {
    const test = begun().blur()
    expect(test.commands().map(({ type }) => type)).toEqual(blur === null ? [] : [blur])
    test.pointerMove(200, 200).pointerUp(200, 200).expectCommands()
  })

  it(`leaves ${leave ?? 'nothing'} when another tool is chosen, and the rest of it is for nobody`, () => {
    const test = begun().key('z').expectPath('zoom.idle')
    expect(test.commands().map(({ type }) => type)).toEqual(leave === null ? ['setTool'] : [leave, 'setTool'])
    test.pointerMove(200, 200).pointerUp(200, 200).expectCommands().expectPath('zoom.idle')
  })
})

describe('another layer', () => {
  const other = { layer: 'b', part: 'pixels', locked: false, bounds: null } as const

  it('ends what was begun on the one before, on that one', () => {
    const test = new TestEditor('brush').pointerDown(1, 1).setScene({ target: other }).expectPath('brush.idle')
    test
      .pointerMove(9, 9)
      .pointerUp(9, 9)
      .expectCommands({ type: 'stroke', target: { layer: 'a' } })
  })

  it('is what its mask is too, but the same layer told again is not', () => {
    const mask = { layer: 'a', part: 'mask', locked: false, bounds: null } as const
    new TestEditor('brush')
      .pointerDown(1, 1)
      .setScene({ target: mask })
      .expectCommands({ target: { part: 'pixels' } })
    const same = { layer: 'a', part: 'pixels', locked: false, bounds: null } as const
    new TestEditor('brush').pointerDown(1, 1).setScene({ target: same }).expectPath('brush.painting').expectCommands()
  })

  it('does not end a drag of the camera', () => {
    const test = new TestEditor('brush').pointerDown(0, 0, { button: 'middle' }).setScene({ target: other })
    test.pointerMove(9, 0)
    expect(test.expectPath('hand.panning').session.camera.x).toBe(9)
  })
})

describe('any order of events', () => {
  it('throws nowhere, makes only finite commands, and is idle after Esc and the release', () => {
    const random = randomNumbers(11)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const at = () => Math.round(random() * 500 - 50)
    const keys = [
      ' ',
      'Escape',
      'Enter',
      'Shift',
      'Alt',
      'ArrowUp',
      '[',
      ']',
      'b',
      'h',
      'v',
      'c',
      'l',
      'm',
      'x',
      'z',
      't',
      '3',
    ]
    for (let round = 0; round < 400; round++) {
      const test = new TestEditor(pick(toolIds))
      const told: string[] = []
      for (let i = 0; i < 40; i++) {
        const modifiers = { shift: random() < 0.2, alt: random() < 0.2, ctrl: random() < 0.2 }
        const kind = pick(['down', 'move', 'move', 'move', 'up', 'keyDown', 'keyUp', 'wheel', 'rare'])
        told.push(kind)
        if (kind === 'down')
          test.pointerDown(at(), at(), { ...modifiers, button: pick(['left', 'left', 'middle', 'right']) })
        if (kind === 'move') test.pointerMove(at(), at(), { ...modifiers, pressure: random() })
        if (kind === 'up') test.pointerUp(at(), at(), modifiers)
        if (kind === 'keyDown') test.keyDown(pick(keys), modifiers)
        if (kind === 'keyUp') test.keyUp(pick(keys), modifiers)
        if (kind === 'wheel') test.wheel(at(), at(), at(), modifiers)
        if (kind === 'rare')
          pick([() => test.blur(), () => test.pointerCancel(), () => test.setScene({ target: null })])()
        test.editor.previews()
      }
      // In JSON what is not finite is null, and no command has a null of its own.
      expect(JSON.stringify(test.commands()), told.join()).not.toMatch(/null/)
      for (const button of ['left', 'middle', 'right'] as const) test.key('Escape').pointerUp(5, 5, { button })
      for (const key of keys) test.keyUp(key)
      expect(test.editor.path(), told.join()).toBe(`${test.session.tool}.idle`)
      test.commands()
      // Nothing is left that a move would continue.
      test.pointerMove(9, 9).pointerMove(50, 50).pointerUp(50, 50).expectCommands()
    }
  })
})
