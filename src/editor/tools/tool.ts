/**
 * What a tool is: a pure state machine over plain events. States have a name, the rest of them is the tool's own; what an
 * unfinished gesture looks like and what the modifiers would do are read off the state, so neither can be out of date.
 */
import type { Point } from '../../shared/geometry/point.ts'
import { type Camera, toCanvas } from '../camera.ts'
import type { Command, Preview } from '../commands.ts'
import type { Hint } from '../hints.ts'
import type { FinishInput, KeyInput, NumbersInput, PointerInput } from '../input.ts'
import type { View } from '../session.ts'
import type { MachineId } from '../tool-ids.ts'

/** 'leave': another tool or another target takes over. After it, as after Esc, a tool is idle. */
export type ToolEvent =
  | PointerInput
  | KeyInput
  | NumbersInput
  | FinishInput
  | { readonly type: 'blur' }
  | { readonly type: 'leave' }

export interface Step<State> {
  readonly state: State
  readonly commands: readonly Command[]
}

export interface Tool<State extends { readonly name: string }> {
  readonly id: MachineId
  readonly idle: State
  /** Returns the same state object when nothing changed. */
  step(state: State, event: ToolEvent, view: View): Step<State>
  preview?(state: State, view: View): Preview | null
  hints(state: State): readonly Hint[]
}

/** A tool together with the state it is in, so that tools of all kinds fit into one list. */
export interface Machine {
  readonly id: MachineId
  readonly state: string
  /** `changed`: the event meant something to the tool. */
  step(event: ToolEvent, view: View): { readonly changed: boolean; readonly commands: readonly Command[] }
  preview(view: View): Preview | null
  hints(): readonly Hint[]
}

export function machineOf<State extends { readonly name: string }>(tool: Tool<State>): Machine {
  let state = tool.idle
  return {
    id: tool.id,
    get state() {
      return state.name
    },
    step(event, view) {
      const before = state
      const { state: next, commands } = tool.step(before, event, view)
      state = next
      return { changed: next !== before || commands.length > 0, commands }
    },
    preview: (view) => tool.preview?.(state, view) ?? null,
    hints: () => tool.hints(state),
  }
}

export function to<State>(state: State, ...commands: Command[]): Step<State> {
  return { state, commands }
}

/** Esc, its button, or the system took the pointer away: as if the gesture had not been. */
export function isCancel(event: ToolEvent): boolean {
  return event.type === 'pointercancel' || isDiscard(event)
}

export function isDiscard(event: ToolEvent): boolean {
  return event.type === 'discard' || (event.type === 'keydown' && event.key === 'Escape')
}

/** Enter alone: with modifiers it means something else. */
export function isApply(event: ToolEvent): boolean {
  if (event.type !== 'keydown') return event.type === 'apply'
  const { shift, alt, ctrl } = event.modifiers
  return event.key === 'Enter' && !shift && !alt && !ctrl
}

export function isInterruption(event: ToolEvent): boolean {
  return event.type === 'blur' || event.type === 'leave'
}

/** What a drag follows: the pointer, and the modifiers by their own keys. Other keys are left to the shortcuts. */
export function isFollowed(event: ToolEvent): event is PointerInput | KeyInput {
  if (event.type === 'pointermove' || event.type === 'pointerup') return true
  return (event.type === 'keydown' || event.type === 'keyup') && (event.key === 'Shift' || event.key === 'Alt')
}

/** An arrow key as a vector of 1 px, 10 with Shift. */
export function nudgeOf(event: ToolEvent, far = 10): Point | undefined {
  if (event.type !== 'keydown' || event.modifiers.ctrl || event.modifiers.alt) return undefined
  const by = event.modifiers.shift ? far : 1
  switch (event.key) {
    case 'ArrowLeft':
      return { x: -by, y: 0 }
    case 'ArrowRight':
      return { x: by, y: 0 }
    case 'ArrowUp':
      return { x: 0, y: -by }
    case 'ArrowDown':
      return { x: 0, y: by }
    default:
      return undefined
  }
}

/** The canvas px under the pointer, with fractions. */
export const canvasPoint = (event: PointerInput, view: { readonly camera: Camera }): Point =>
  toCanvas(view.camera, event)

/** Screen px that a pointer has to travel before a press is a drag. */
export const dragThreshold = 3
