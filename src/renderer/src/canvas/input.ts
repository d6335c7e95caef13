/** From events of the DOM to what the editor understands: pure functions of the event and of where the canvas lies. */
import type { Modifiers, PointerInput, WheelInput } from '../../../editor/index.ts'
import type { Point } from '../../../shared/geometry/point.ts'

/** Where the canvas begins in the page, in CSS px. */
export type Origin = Point

type Keys = Pick<MouseEvent, 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>
type Place = Pick<MouseEvent, 'clientX' | 'clientY'>
export type PointerLike = Keys & Place & Pick<PointerEvent, 'type' | 'button' | 'buttons' | 'pressure' | 'pointerType'>
export type WheelLike = Keys & Place & Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode'>

/** By MouseEvent.button; 5 is the rubber at the end of a pen. Back and forward are not the canvas's. */
const buttons: Readonly<Record<number, PointerInput['button']>> = { 0: 'left', 1: 'middle', 2: 'right', 5: 'left' }
/** The bit of MouseEvent.buttons that a MouseEvent.button has. */
const bits: Readonly<Record<number, number>> = { 0: 1, 1: 4, 2: 2, 5: 32 }

/** A notch of a wheel is 3 lines, or 100 px. */
const pxPerLine = 100 / 3
const pxPerPage = 800

export function modifiersOf({ shiftKey, altKey, ctrlKey, metaKey }: Keys, isMac: boolean): Modifiers {
  return { shift: shiftKey, alt: altKey, ctrl: isMac ? metaKey : ctrlKey }
}

/** Undefined for what is not the canvas's: a hovering pen's button, back and forward. */
export function pointerInput(event: PointerLike, origin: Origin, isMac: boolean): PointerInput | undefined {
  const type = typeOf(event)
  const button = buttons[event.button]
  const isPress = type === 'pointerdown' || type === 'pointerup'
  if (type === undefined || (isPress && button === undefined)) return undefined
  return {
    type,
    x: event.clientX - origin.x,
    y: event.clientY - origin.y,
    button: button ?? 'left',
    pressed: event.buttons !== 0,
    pressure: event.pointerType === 'pen' ? event.pressure : 1,
    modifiers: modifiersOf(event, isMac),
  }
}

/**
 * Of several buttons only the first press and the last release are told as such; those between are told as moves that name a
 * button. The editor wants each as what it is.
 */
function typeOf({ type, button, buttons }: PointerLike): PointerInput['type'] | undefined {
  switch (type) {
    case 'pointerdown':
    case 'pointerup':
    case 'pointercancel':
      return type
    case 'pointermove':
    case 'pointerrawupdate': {
      const bit = bits[button]
      return bit === undefined ? 'pointermove' : (buttons & bit) === 0 ? 'pointerup' : 'pointerdown'
    }
    default:
      return undefined
  }
}

/** @param isControlDown whether the key is down: browsers say ctrlKey for two fingers on a touchpad as well */
export function wheelInput(event: WheelLike, origin: Origin, isMac: boolean, isControlDown: boolean): WheelInput {
  const pinch = event.ctrlKey && !isControlDown
  const scale = [1, pxPerLine, pxPerPage][event.deltaMode] ?? 1
  const modifiers = modifiersOf(event, isMac)
  return {
    type: 'wheel',
    x: event.clientX - origin.x,
    y: event.clientY - origin.y,
    deltaX: event.deltaX * scale,
    deltaY: event.deltaY * scale,
    pinch,
    modifiers: pinch ? { ...modifiers, ctrl: false } : modifiers,
  }
}
