import { describe, expect, test } from 'vitest'
import { cursorOf } from '../../../src/renderer/src/canvas/cursor.ts'
import { boxOf, cornersOf, type Grip, gripAt } from '../../../src/renderer/src/canvas/grip.ts'
import { TestEditor } from '../../kit/test-editor.ts'

const matters = { grip: null, brushRadius: null, alt: false } as const

describe('the cursor', () => {
  test.each([
    ['hand.idle', 'grab'],
    ['hand.panning', 'grabbing'],
    ['move.idle', 'move'],
    ['move.dragging', 'move'],
    ['zoom.idle', 'zoom-in'],
    ['zoom.pointing', 'zoom-in'],
    ['zoom.zooming', 'ew-resize'],
    ['brush-resize.dragging', 'ew-resize'],
    ['select-rectangle.idle', 'crosshair'],
    ['select-lasso.dragging', 'crosshair'],
    ['fill.idle', 'crosshair'],
    ['eyedropper.picking', 'crosshair'],
    ['crop.idle', 'crosshair'],
    ['crop.moving', 'move'],
    ['frame.moving', 'move'],
    ['transform.moving', 'move'],
  ])('of %s is %s', (path, cursor) => {
    expect(cursorOf(path, matters)).toBe(cursor)
  })

  test('of zoom is the other one with Alt', () => {
    expect(cursorOf('zoom.idle', { ...matters, alt: true })).toBe('zoom-out')
  })

  test.each(['brush.idle', 'brush.painting', 'eraser.idle', 'select-brush.painting'])(
    'of %s is its circle, and a cross where that is too small or not shown',
    (path) => {
      expect(cursorOf(path, { ...matters, brushRadius: 40 })).toBe('none')
      expect(cursorOf(path, { ...matters, brushRadius: 3 })).toBe('crosshair')
      expect(cursorOf(path, matters)).toBe('crosshair')
    },
  )

  test.each([
    [0, 'ew-resize'],
    [45, 'nwse-resize'],
    [90, 'ns-resize'],
    [135, 'nesw-resize'],
    [180, 'ew-resize'],
    [-135, 'nwse-resize'],
    [-90, 'ns-resize'],
    [-45, 'nesw-resize'],
    [20, 'ew-resize'],
    [25, 'nwse-resize'],
  ])('of a handle that points to %d degrees is %s', (degrees, cursor) => {
    const grip: Grip = { on: 'handle', angle: (degrees * Math.PI) / 180 }
    expect(cursorOf('transform.pending', { ...matters, grip })).toBe(cursor)
    expect(cursorOf('frame.idle', { ...matters, grip })).toBe(cursor)
  })

  test('inside of a box moves it, and outside it is a cross', () => {
    expect(cursorOf('crop.pending', { ...matters, grip: { on: 'inside' } })).toBe('move')
    expect(cursorOf('crop.pending', { ...matters, grip: { on: 'outside' } })).toBe('crosshair')
  })
})

describe('the grip', () => {
  const box = cornersOf({ x: 100, y: 100, width: 200, height: 100 })
  const degrees = (grip: Grip) => (grip.on === 'handle' ? Math.round((grip.angle * 180) / Math.PI) : grip.on)

  test.each([
    [100, 100, -135],
    [300, 100, -45],
    [300, 200, 45],
    [100, 200, 135],
    [200, 100, -90],
    [300, 150, 0],
    [200, 200, 90],
    [100, 150, 180],
  ])('at %d, %d is the handle that points to %d degrees', (x, y, angle) => {
    expect(degrees(gripAt(box, 1, { x, y }))).toBe(angle)
  })

  test('reaches 8 px of the screen around a handle, at any zoom', () => {
    expect(gripAt(box, 1, { x: 307, y: 200 }).on).toBe('handle')
    expect(gripAt(box, 1, { x: 309, y: 200 }).on).toBe('outside')
    expect(gripAt(box, 4, { x: 303, y: 200 }).on).toBe('outside')
    expect(gripAt(box, 0.25, { x: 330, y: 200 }).on).toBe('handle')
  })

  test('tells inside from outside, turned and flipped as well', () => {
    const turned = [
      { x: 200, y: 80 },
      { x: 270, y: 150 },
      { x: 200, y: 220 },
      { x: 130, y: 150 },
    ]
    for (const corners of [turned, [...turned].reverse()]) {
      expect(gripAt(corners, 1, { x: 200, y: 150 }).on).toBe('inside')
      expect(gripAt(corners, 1, { x: 140, y: 90 }).on).toBe('outside')
    }
    expect(degrees(gripAt(turned, 1, { x: 270, y: 150 }))).toBe(0)
  })

  test('means what the tools do with a press at the same place', () => {
    const states = { handle: 'scaling', inside: 'moving', outside: 'rotating' }
    for (let y = 80; y < 170; y += 6) {
      for (let x = 80; x < 210; x += 6) {
        const editor = new TestEditor('transform')
        const corners = boxOf(editor.editor.previews())
        const grip = gripAt(corners!, 1, { x, y })
        editor.pointerDown(x, y).expectPath(`transform.${states[grip.on]}`)
      }
    }
  })

  test('is that of the box that waits: transform, crop or frame', () => {
    const frame = new TestEditor('frame')
    expect(boxOf(frame.editor.previews())).toEqual(cornersOf({ x: 64, y: 64, width: 128, height: 128 }))
    const crop = new TestEditor('crop')
    expect(boxOf(crop.editor.previews())).toBeNull()
    crop.drag([
      [10, 10],
      [60, 40],
    ])
    expect(boxOf(crop.editor.previews())).toEqual(cornersOf({ x: 10, y: 10, width: 50, height: 30 }))
  })
})
