/** Free transform: handles, modifiers, numbers, and when it is applied. The box is 80 x 40 at (100, 100). */
import { describe, expect, it } from 'vitest'
import type { Preview } from '../../../src/editor/commands.ts'
import { applyAffine } from '../../../src/shared/geometry/affine.ts'
import { TestEditor } from '../../kit/test-editor.ts'

const target = { layer: 'a', part: 'pixels' } as const
const shown = (test: TestEditor) => {
  const [preview] = test.editor.previews()
  return preview as Extract<Preview, { type: 'transform' }>
}
const begun = () => new TestEditor('transform')

describe('free transform', () => {
  it('shows the box of the layer before anything is done', () => {
    expect(shown(begun().expectPath('transform.idle'))).toMatchObject({
      numbers: { x: 140, y: 120, scaleX: 1, scaleY: 1, rotation: 0 },
      corners: [
        { x: 100, y: 100 },
        { x: 180, y: 100 },
        { x: 180, y: 140 },
        { x: 100, y: 140 },
      ],
    })
  })

  it('moves from inside, locked to an axis with Shift, and waits', () => {
    const test = begun().pointerDown(130, 110).expectPath('transform.moving').pointerMove(140, 113)
    expect(shown(test).numbers).toMatchObject({ x: 150, y: 123 })
    test.hold({ shift: true })
    expect(shown(test).numbers).toMatchObject({ x: 150, y: 120 })
    test.release().pointerUp(140, 113).expectPath('transform.pending').expectCommands()
  })

  it.each([
    ['a corner', [180, 140], [220, 160], {}, { scaleX: 1.5, scaleY: 1.5, x: 160, y: 130 }],
    ['a corner freely', [180, 140], [220, 140], {}, { scaleX: 1.5, scaleY: 1, x: 160, y: 120 }],
    ['a corner with Shift', [180, 140], [220, 140], { shift: true }, { scaleX: 1.4, scaleY: 1.4, x: 156, y: 128 }],
    ['a corner with Alt', [180, 140], [200, 150], { alt: true }, { scaleX: 1.5, scaleY: 1.5, x: 140, y: 120 }],
    ['the far corner', [100, 100], [140, 120], {}, { scaleX: 0.5, scaleY: 0.5, x: 160, y: 130 }],
    ['an edge', [180, 120], [220, 300], {}, { scaleX: 1.5, scaleY: 1, x: 160, y: 120 }],
    ['an edge with Shift', [180, 120], [220, 120], { shift: true }, { scaleX: 1.5, scaleY: 1.5, x: 160, y: 120 }],
    ['an edge with Alt', [140, 140], [140, 150], { alt: true }, { scaleX: 1, scaleY: 1.5, x: 140, y: 120 }],
    ['an edge past the other', [180, 120], [20, 120], {}, { scaleX: -1, scaleY: 1, x: 60, y: 120 }],
    ['an edge onto the other', [180, 120], [100, 120], {}, { scaleX: 1 / 80, scaleY: 1 }],
  ] as const)('scales by %s', (_, from, to, modifiers, expected) => {
    const test = begun().pointerDown(from[0], from[1]).expectPath('transform.scaling')
    test.pointerMove(to[0], to[1], modifiers)
    const { numbers } = shown(test)
    for (const [name, value] of Object.entries(expected)) {
      expect(numbers[name as keyof typeof numbers], name).toBeCloseTo(value, 6)
    }
  })

  it('does not jump when a handle is gripped beside its middle', () => {
    const test = begun().pointerDown(184, 144).pointerMove(184, 144)
    expect(shown(test).numbers).toMatchObject({ scaleX: 1, scaleY: 1 })
  })

  it('scales a turned box along its own axes and keeps the opposite corner', () => {
    const test = begun().dispatch({ type: 'numbers', transform: { rotation: 90 } })
    // Turned by 90°, the picture's right edge is at the bottom: (140, 160).
    test.pointerDown(140, 160).expectPath('transform.scaling').pointerMove(140, 200)
    const { numbers, corners } = shown(test)
    expect(numbers.scaleX).toBeCloseTo(1.5, 6)
    expect(numbers.scaleY).toBeCloseTo(1, 6)
    expect(corners[0]!.x).toBeCloseTo(160, 6)
    expect(corners[0]!.y).toBeCloseTo(80, 6)
  })

  it('turns from outside, by 15° with Shift', () => {
    const test = begun().pointerDown(240, 120).expectPath('transform.rotating').pointerMove(140, 220)
    expect(shown(test).numbers.rotation).toBeCloseTo(90, 6)
    test.pointerMove(200, 147)
    expect(shown(test).numbers.rotation).toBeCloseTo(24.23, 2)
    test.hold({ shift: true })
    expect(shown(test).numbers.rotation).toBe(30)
    test.release().pointerMove(140, 20)
    expect(shown(test).numbers.rotation).toBeCloseTo(-90, 6)
  })

  it('is applied with Enter as one edit whose matrix says what the numbers say', () => {
    const test = begun()
      .drag([
        [180, 140],
        [220, 160],
      ])
      .key('Enter')
      .expectPath('transform.idle')
    const [command] = test.commands()
    expect(command).toMatchObject({ type: 'transform', target, numbers: { scaleX: 1.5, scaleY: 1.5, x: 160, y: 130 } })
    if (command?.type !== 'transform') throw new Error('no transform')
    expect(applyAffine(command.matrix, { x: 100, y: 100 })).toEqual({ x: 100, y: 100 })
    expect(applyAffine(command.matrix, { x: 180, y: 140 })).toEqual({ x: 220, y: 160 })
  })

  it('leaves Ctrl+Enter to generation', () => {
    const test = begun()
      .drag([
        [130, 110],
        [140, 110],
      ])
      .key('Enter', { ctrl: true })
      .expectPath('transform.pending')
    test.expectCommands({ type: 'action', action: 'generate.run' })
  })

  it('goes on from where it is with a second drag', () => {
    const test = begun()
      .drag([
        [130, 110],
        [140, 110],
      ])
      .drag([
        [140, 110],
        [150, 115],
      ])
      .key('Enter')
    test.expectCommands({ type: 'transform', numbers: { x: 160, y: 125 } })
  })

  it('applies nothing where nothing changed', () => {
    begun()
      .drag([
        [130, 110],
        [140, 110],
        [130, 110],
      ])
      .expectPath('transform.idle')
      .key('Enter')
      .expectCommands()
  })

  it('is nudged by arrow keys and set by numbers, of which nonsense is ignored', () => {
    const test = begun().key('ArrowRight', { shift: true }).key('ArrowUp').expectPath('transform.pending')
    test.dispatch({ type: 'numbers', transform: { scaleX: 0, scaleY: -2, rotation: Number.NaN } }).key('Enter')
    test.expectCommands({ numbers: { x: 150, y: 119, scaleX: 1 / 80, scaleY: -2, rotation: 0 } })
  })

  it('is given up with Esc and by undo, waiting or in a drag', () => {
    for (const key of ['Escape', 'z'] as const) {
      const ctrl = key === 'z'
      const test = begun()
        .drag([
          [130, 110],
          [140, 110],
        ])
        .key(key, { ctrl })
        .expectPath('transform.idle')
      test
        .pointerDown(130, 110)
        .pointerMove(150, 110)
        .key(key, { ctrl })
        .pointerUp(150, 110)
        .expectPath('transform.idle')
      test.expectCommands()
    }
  })

  it('gives up only the drag when the system takes the pointer, and keeps it on a lost window', () => {
    const test = begun()
      .drag([
        [130, 110],
        [140, 110],
      ])
      .pointerDown(140, 110)
      .pointerMove(190, 110)
      .pointerCancel()
    test.expectPath('transform.pending')
    expect(shown(test).numbers.x).toBe(150)
    test.pointerDown(140, 110).pointerMove(160, 110).blur().expectPath('transform.pending')
    expect(shown(test).numbers.x).toBe(170)
  })

  it('is applied when another tool or layer takes over', () => {
    const test = begun()
      .drag([
        [130, 110],
        [140, 110],
      ])
      .key('b')
    test.expectCommands({ type: 'transform', target }, { type: 'setTool' })
    const other = { layer: 'b', part: 'pixels', locked: false, bounds: null } as const
    const second = begun()
      .drag([
        [130, 110],
        [140, 110],
      ])
      .setScene({ target: other })
      .expectPath('transform.idle')
    second.expectCommands({ type: 'transform', target })
  })

  it('refuses an empty layer', () => {
    const empty = { layer: 'a', part: 'pixels', locked: false, bounds: null } as const
    new TestEditor('transform', { scene: { target: empty } })
      .click(5, 5)
      .expectCommands({ type: 'refuse', reason: 'empty' })
  })
})
