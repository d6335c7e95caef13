/**
 * What a person does, as plain data: the canvas adapter turns DOM events into these. Positions are screen px from the top
 * left of the viewport. Only the primary pointer is told; a pinch arrives as a wheel, as browsers send it.
 */
import type { Point } from '../shared/geometry/point.ts'
import type { TransformNumbers } from './transform-box.ts'

export interface Modifiers {
  readonly shift: boolean
  readonly alt: boolean
  /** Control; on macOS Command. */
  readonly ctrl: boolean
}

export const noModifiers: Modifiers = { shift: false, alt: false, ctrl: false }

export type Button = 'left' | 'middle' | 'right'

export interface PointerInput extends Point {
  readonly type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel'
  /** What went down or up; of a move and a cancel it means nothing. */
  readonly button: Button
  /** Is any button down after this event? */
  readonly pressed: boolean
  /** 0..1; 1 for devices that do not tell. */
  readonly pressure: number
  readonly modifiers: Modifiers
}

export interface WheelInput extends Point {
  readonly type: 'wheel'
  /** Px, as the DOM has them: downwards is positive. */
  readonly deltaX: number
  readonly deltaY: number
  /** Two fingers on a touchpad: the browser says ctrlKey though no key is down. */
  readonly pinch: boolean
  readonly modifiers: Modifiers
}

/** Where typing goes: 'text' is any field that takes letters, 'panel' anything else beside the canvas. */
export type Focus = 'canvas' | 'panel' | 'text'

export interface KeyInput {
  readonly type: 'keydown' | 'keyup'
  /** KeyboardEvent.key: 'b', 'B', '[', ' ', 'Escape', 'ArrowLeft'... */
  readonly key: string
  /** KeyboardEvent.code, the place on the keyboard: 'KeyB', 'BracketLeft'... */
  readonly code: string
  readonly repeat: boolean
  readonly focus: Focus
  /** As they are after this key. */
  readonly modifiers: Modifiers
}

/** The window lost the keyboard: keys that go up from now on are never told. */
export interface BlurInput {
  readonly type: 'blur'
}

/** Numbers typed in the option bar of the free transform. */
export interface NumbersInput {
  readonly type: 'numbers'
  readonly transform: Partial<TransformNumbers>
}

/** An edit waiting for Enter or Esc is ended by its buttons. */
export interface FinishInput {
  readonly type: 'apply' | 'discard'
}

export type Input = PointerInput | WheelInput | KeyInput | BlurInput | NumbersInput | FinishInput
