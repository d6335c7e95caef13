/**
 * Which keys are down now: modifiers, Space, and the key of a tool. A tool's key that is tapped switches the tool; used
 * while it is down, it only lends it. No clock: what counts is whether the pointer was pressed meanwhile.
 */
import { type Input, type Modifiers, noModifiers } from './input.ts'
import type { ToolId } from './tool-ids.ts'

interface ToolKey {
  readonly code: string
  /** The tool to go back to. */
  readonly back: ToolId
  readonly used: boolean
  readonly up: boolean
}

export class HeldKeys {
  #modifiers = noModifiers
  #space = false
  #toolKey: ToolKey | null = null

  get modifiers(): Modifiers {
    return this.#modifiers
  }

  get space(): boolean {
    return this.#space
  }

  /** To be told every event, before anything is done about it. */
  note(event: Input): void {
    if ('modifiers' in event) this.#modifiers = event.modifiers
    const isSpace = 'key' in event && event.key === ' '
    // Beside the canvas Space presses buttons.
    if (isSpace && event.type === 'keydown' && event.focus === 'canvas') this.#space = true
    if (isSpace && event.type === 'keyup') this.#space = false
    if (this.#toolKey === null) return
    if (event.type === 'pointerdown') this.#toolKey = { ...this.#toolKey, used: true }
    if (event.type === 'keyup' && event.code === this.#toolKey.code) this.#toolKey = { ...this.#toolKey, up: true }
  }

  toolSwitched(code: string, back: ToolId): void {
    this.#toolKey = { code, back, used: false, up: false }
  }

  /** The tool to return to, once the key of a lent one is up; told once. To be asked while no drag is going on. */
  takeBack(): ToolId | null {
    const key = this.#toolKey
    if (key === null || !key.up) return null
    this.#toolKey = null
    return key.used ? key.back : null
  }

  /** The window lost the keyboard: nothing counts as held any more. */
  releaseAll(): void {
    this.#modifiers = noModifiers
    this.#space = false
    if (this.#toolKey !== null) this.#toolKey = { ...this.#toolKey, up: true }
  }
}
