import { describe, expect, test } from 'vitest'
import { pointerInput, type PointerLike, wheelInput, type WheelLike } from '../../../src/renderer/src/canvas/input.ts'

const keys = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false }
const none = { shift: false, alt: false, ctrl: false }

function pointer(type: string, changes: Partial<PointerLike> = {}): PointerLike {
  const place = { clientX: 110.5, clientY: 60.25 }
  return { type, ...keys, ...place, button: 0, buttons: 1, pressure: 0.5, pointerType: 'mouse', ...changes }
}

const read = (event: PointerLike, isMac = false) => pointerInput(event, { x: 100, y: 50 }, isMac)

describe('a pointer', () => {
  test('is told in px from the top left of the canvas, with fractions', () => {
    expect(read(pointer('pointerdown'))).toEqual({
      type: 'pointerdown',
      x: 10.5,
      y: 10.25,
      button: 'left',
      pressed: true,
      pressure: 1,
      modifiers: none,
    })
  })

  test.each([
    ['mouse', 0.5, 1],
    ['touch', 0.3, 1],
    ['pen', 0.3, 0.3],
  ])('that is a %s and says pressure %d has %d', (pointerType, pressure, expected) => {
    expect(read(pointer('pointermove', { button: -1, pointerType, pressure }))?.pressure).toBe(expected)
  })

  test.each([
    [0, 1, 'left'],
    [1, 4, 'middle'],
    [2, 2, 'right'],
    [5, 32, 'left'],
  ])('with button %d', (button, buttons, expected) => {
    expect(read(pointer('pointerdown', { button, buttons }))).toMatchObject({ button: expected, pressed: true })
    expect(read(pointer('pointerup', { button, buttons: 0 }))).toMatchObject({ button: expected, pressed: false })
  })

  test('with the buttons for back and forward is not told, nor is what is no move or press', () => {
    expect(read(pointer('pointerdown', { button: 3, buttons: 8 }))).toBeUndefined()
    expect(read(pointer('pointerenter'))).toBeUndefined()
  })

  test('that moves is pressed while any button is', () => {
    expect(read(pointer('pointermove', { button: -1, buttons: 0 }))).toMatchObject({
      type: 'pointermove',
      pressed: false,
    })
    expect(read(pointer('pointermove', { button: -1, buttons: 2 }))?.pressed).toBe(true)
  })

  test('with a second button is told to press and release it, though the browser calls that moves', () => {
    expect(read(pointer('pointermove', { button: 2, buttons: 3 }))).toMatchObject({
      type: 'pointerdown',
      button: 'right',
      pressed: true,
    })
    expect(read(pointer('pointermove', { button: 0, buttons: 2 }))).toMatchObject({
      type: 'pointerup',
      button: 'left',
      pressed: true,
    })
  })

  test('that is taken away is told so', () => {
    expect(read(pointer('pointercancel', { button: -1, buttons: 0 }))?.type).toBe('pointercancel')
  })

  test('has Control as Ctrl, and Command on macOS', () => {
    const event = pointer('pointermove', { ctrlKey: true, shiftKey: true, altKey: true })
    expect(read(event)?.modifiers).toEqual({ shift: true, alt: true, ctrl: true })
    expect(read(event, true)?.modifiers.ctrl).toBe(false)
    expect(read({ ...event, metaKey: true }, true)?.modifiers.ctrl).toBe(true)
  })
})

describe('a wheel', () => {
  const wheel = (changes: Partial<WheelLike> = {}): WheelLike => {
    const turned = { deltaX: 0, deltaY: 3, deltaMode: 0 }
    return { ...keys, clientX: 110, clientY: 60, ...turned, ...changes }
  }
  const told = (event: WheelLike, isControlDown = false, isMac = false) =>
    wheelInput(event, { x: 100, y: 50 }, isMac, isControlDown)

  test('is told in px, whatever it counts in', () => {
    expect(told(wheel({ deltaY: 120, deltaX: -7 }))).toEqual({
      type: 'wheel',
      x: 10,
      y: 10,
      deltaX: -7,
      deltaY: 120,
      pinch: false,
      modifiers: none,
    })
    // A notch: 3 lines or 100 px.
    expect(told(wheel({ deltaMode: 1 })).deltaY).toBeCloseTo(100)
    expect(told(wheel({ deltaMode: 2, deltaY: 1 })).deltaY).toBe(800)
  })

  test('with Control held is a wheel with Ctrl', () => {
    expect(told(wheel({ ctrlKey: true }), true)).toMatchObject({ pinch: false, modifiers: { ctrl: true } })
  })

  test('that says Control though the key is up is a pinch, without modifiers', () => {
    expect(told(wheel({ ctrlKey: true }))).toMatchObject({ pinch: true, modifiers: none })
    expect(told(wheel({ ctrlKey: true }), false, true)).toMatchObject({ pinch: true, modifiers: none })
  })
})
