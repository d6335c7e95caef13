/** Crop and the generation frame: rectangles with handles. The frame is 128 x 128 at (64, 64), in multiples of 32 from 64. */
import { snapSides } from '../../../src/editor/frame-snap.ts'
import { describe, expect, it } from 'vitest'
import { TestEditor } from '../../kit/test-editor.ts'

const rectOf = (test: TestEditor) => {
  const [preview] = test.editor.previews()
  if (preview?.type !== 'crop' && preview?.type !== 'frame') return null
  const { x, y, width, height } = preview.rect
  return [x, y, width, height]
}

describe('crop', () => {
  const drawn = () =>
    new TestEditor('crop').drag([
      [50, 50],
      [150, 100],
    ])

  it('draws a rectangle and waits for Enter', () => {
    const test = new TestEditor('crop').expectPath('crop.idle').pointerDown(50, 50).expectPath('crop.drawing')
    test.pointerMove(150.4, 100).pointerUp(150.4, 100).expectPath('crop.pending').expectCommands()
    test.key('Enter').expectPath('crop.idle')
    expect(test.commands()).toEqual([{ type: 'crop', rect: { x: 50, y: 50, width: 100, height: 50 } }])
  })

  it.each([
    ['a corner', [150, 100], [170, 90], {}, [50, 50, 120, 40]],
    ['a corner with Shift', [150, 100], [250, 100], { shift: true }, [50, 50, 200, 100]],
    ['a corner with Shift, the other way', [50, 50], [100, 50], { shift: true }, [50, 50, 100, 50]],
    ['an edge', [50, 75], [30, 0], {}, [30, 50, 120, 50]],
    ['an edge with Shift', [100, 100], [100, 150], { shift: true }, [50, 50, 200, 100]],
    ['a corner across the other', [150, 100], [20, 20], {}, [20, 20, 30, 30]],
  ] as const)('is reshaped by %s', (_, from, to, modifiers, expected) => {
    const test = drawn().pointerDown(from[0], from[1]).expectPath('crop.resizing').pointerMove(to[0], to[1], modifiers)
    expect(rectOf(test)).toEqual(expected)
  })

  it('is moved from inside and drawn anew from outside, past the canvas too', () => {
    const test = drawn().pointerDown(100, 80).expectPath('crop.moving').pointerMove(0, 80).pointerUp(0, 80)
    expect(rectOf(test)).toEqual([-50, 50, 100, 50])
    test.pointerDown(200, 200).expectPath('crop.drawing').pointerMove(180, 170).pointerUp(180, 170)
    expect(rectOf(test)).toEqual([180, 170, 20, 30])
  })

  it('is drawn as a square with Shift', () => {
    const test = new TestEditor('crop').pointerDown(50, 50).pointerMove(30, 40).hold({ shift: true })
    expect(rectOf(test)).toEqual([30, 30, 20, 20])
  })

  it('keeps the rectangle when a click beside it draws nothing', () => {
    expect(rectOf(drawn().click(300, 200))).toEqual([50, 50, 100, 50])
    new TestEditor('crop').click(5, 5).expectPath('crop.idle').key('Enter').expectCommands()
  })

  it('is given up with Esc, waiting or in a drag, and dropped by another tool', () => {
    drawn().key('Escape').expectPath('crop.idle').key('Enter').expectCommands()
    drawn().pointerDown(100, 80).key('Escape').pointerUp(120, 80).expectPath('crop.idle').expectCommands()
    drawn().key('b').expectCommands({ type: 'setTool' })
  })

  it('gives up only the drag when the system takes the pointer, and keeps it on a lost window', () => {
    const test = drawn().pointerDown(100, 80).pointerMove(110, 80).pointerCancel().expectPath('crop.pending')
    expect(rectOf(test)).toEqual([50, 50, 100, 50])
    expect(rectOf(test.pointerDown(100, 80).pointerMove(110, 80).blur())).toEqual([60, 50, 100, 50])
  })
})

describe('the frame tool', () => {
  it('always shows the frame', () => {
    expect(rectOf(new TestEditor('frame').expectPath('frame.idle'))).toEqual([64, 64, 128, 128])
  })

  it('moves it on the grid, by whole px with Alt', () => {
    const test = new TestEditor('frame').pointerDown(100, 100).expectPath('frame.moving').pointerMove(113, 99)
    expect(rectOf(test)).toEqual([76, 64, 128, 128])
    test.hold({ alt: true })
    expect(rectOf(test)).toEqual([77, 63, 128, 128])
    test.release().pointerUp(113, 99).expectPath('frame.idle')
    expect(test.commands()).toEqual([{ type: 'setFrame', frame: { x: 76, y: 64, width: 128, height: 128 } }])
  })

  it.each([
    ['a corner', [192, 192], [230, 260], [64, 64, 160, 192]],
    ['the left edge, keeping the right', [64, 128], [20, 128], [32, 64, 160, 128]],
    ['an edge no farther than the smallest side', [192, 128], [70, 128], [64, 64, 64, 128]],
    ['the left edge no farther than the smallest side', [64, 128], [180, 128], [128, 64, 64, 128]],
  ] as const)('resizes it in multiples by %s', (_, from, to, expected) => {
    const test = new TestEditor('frame').pointerDown(from[0], from[1]).expectPath('frame.resizing')
    expect(rectOf(test.pointerMove(to[0], to[1]))).toEqual(expected)
  })

  it('draws it anew from outside, in any direction', () => {
    const test = new TestEditor('frame').pointerDown(301, 250).expectPath('frame.pointing').pointerMove(230, 180)
    expect(rectOf(test)).toEqual([236, 188, 64, 64])
    test.pointerUp(230, 180).expectCommands({ type: 'setFrame' })
    test.click(300, 20).expectCommands()
  })

  it('is nudged by a step of the grid, eight with Shift', () => {
    new TestEditor('frame')
      .key('ArrowLeft')
      .key('ArrowDown', { shift: true })
      .expectCommands(
        { type: 'setFrame', frame: { x: 60, y: 64, width: 128, height: 128 } },
        { type: 'setFrame', frame: { x: 64, y: 96, width: 128, height: 128 } },
      )
  })

  it('takes a drag back with Esc and keeps it for another tool or a lost window', () => {
    const begun = () => new TestEditor('frame').pointerDown(100, 100).pointerMove(140, 100)
    begun().key('Escape').pointerUp(150, 100).expectPath('frame.idle').expectCommands()
    begun().pointerCancel().expectPath('frame.idle').expectCommands()
    begun()
      .blur()
      .expectPath('frame.idle')
      .expectCommands({ type: 'setFrame', frame: { x: 104 } })
    begun().key('b').expectCommands({ type: 'setFrame' }, { type: 'setTool' })
  })
})

it('leaves a frame around an odd picture as long as it is on the side that its edge does not drag', () => {
  const rule = { multiple: 32, minimum: 64, grid: 4 }
  const wished = { x: 0, y: 0, width: 2100, height: 1067 }
  expect(snapSides(wished, { x: 1, y: 0 }, rule)).toEqual({ x: 0, y: 0, width: 2112, height: 1067 })
  expect(snapSides({ ...wished, width: 1601 }, { x: 0, y: -1 }, rule)).toEqual({
    x: 0,
    y: 11,
    width: 1601,
    height: 1056,
  })
  expect(snapSides(wished, { x: 1, y: 1 }, rule)).toMatchObject({ width: 2112, height: 1056 })
})
