/**
 * An editor driven by hand: screen px in, commands out. By default the camera is at 100 % and the canvas at the top left of
 * the viewport, so that screen and canvas px are the same numbers. Every call answers the editor itself, for chains.
 */
import { expect } from 'vitest'
import type { Command } from '../../src/editor/commands.ts'
import { Editor } from '../../src/editor/editor.ts'
import type { Button, Focus, Input, Modifiers, PointerInput } from '../../src/editor/input.ts'
import { newSession, type Scene, type Session } from '../../src/editor/session.ts'
import type { ToolId } from '../../src/editor/tool-ids.ts'
import type { Keymap } from '../../src/editor/shortcuts.ts'

interface PointerOptions extends Partial<Modifiers> {
  readonly button?: Button
  readonly pressure?: number
}

interface KeyOptions extends Partial<Modifiers> {
  readonly code?: string
  readonly focus?: Focus
  readonly repeat?: boolean
}

export const testScene: Scene = {
  canvas: { width: 400, height: 300 },
  target: { layer: 'a', part: 'pixels', locked: false, bounds: { x: 100, y: 100, width: 80, height: 40 } },
  frame: { x: 64, y: 64, width: 128, height: 128 },
  frameRule: { multiple: 32, minimum: 64, grid: 4 },
}

/** On the canvas, as the DOM names them. */
const codes: Readonly<Record<string, string>> = { ' ': 'Space', '[': 'BracketLeft', ']': 'BracketRight' }

export class TestEditor {
  readonly editor: Editor
  #scene: Scene
  #commands: Command[] = []
  #pressed = false
  #held: Partial<Modifiers> = {}

  constructor(tool: ToolId, options: { session?: Partial<Session>; scene?: Partial<Scene>; keymap?: Keymap } = {}) {
    this.#scene = { ...testScene, ...options.scene }
    const session = { ...newSession({ width: 400, height: 300 }), ...options.session, tool }
    const { keymap } = options
    this.editor = new Editor({ scene: this.#scene, session, ...(keymap && { keymap }) })
  }

  /** What came out since the last call. */
  commands(): readonly Command[] {
    return this.#commands.splice(0)
  }

  get session(): Session {
    return this.editor.session
  }

  dispatch(event: Input): this {
    this.#commands.push(...this.editor.dispatch(event))
    return this
  }

  pointerDown(x: number, y: number, options: PointerOptions = {}): this {
    this.#pressed = true
    return this.#pointer('pointerdown', x, y, options)
  }

  pointerMove(x: number, y: number, options: PointerOptions = {}): this {
    return this.#pointer('pointermove', x, y, options)
  }

  pointerUp(x: number, y: number, options: PointerOptions = {}): this {
    this.#pressed = false
    return this.#pointer('pointerup', x, y, options)
  }

  pointerCancel(): this {
    this.#pressed = false
    return this.#pointer('pointercancel', 0, 0, {})
  }

  click(x: number, y: number, options: PointerOptions = {}): this {
    return this.pointerDown(x, y, options).pointerUp(x, y, options)
  }

  /** A press at the first point, moves, and the release at the last one. */
  drag(points: readonly (readonly [x: number, y: number])[], options: PointerOptions = {}): this {
    const [first, ...rest] = points
    const last = points.at(-1)!
    this.pointerDown(first![0], first![1], options)
    for (const [x, y] of rest) this.pointerMove(x, y, options)
    return this.pointerUp(last[0], last[1], options)
  }

  wheel(x: number, y: number, deltaY: number, options: Partial<Modifiers> & { deltaX?: number; pinch?: boolean } = {}) {
    const { deltaX = 0, pinch = false, ...modifiers } = options
    return this.dispatch({ type: 'wheel', x, y, deltaX, deltaY, pinch, modifiers: this.#modifiers(modifiers) })
  }

  keyDown(key: string, options: KeyOptions = {}): this {
    return this.#key('keydown', key, options)
  }

  keyUp(key: string, options: KeyOptions = {}): this {
    return this.#key('keyup', key, options)
  }

  key(key: string, options: KeyOptions = {}): this {
    return this.keyDown(key, options).keyUp(key, options)
  }

  /** Presses modifiers and keeps them down until release(). */
  hold(modifiers: Partial<Modifiers>): this {
    this.#held = { ...this.#held, ...modifiers }
    return this.#key('keydown', modifiers.shift ? 'Shift' : modifiers.alt ? 'Alt' : 'Control', {})
  }

  release(): this {
    const key = this.#held.shift ? 'Shift' : this.#held.alt ? 'Alt' : 'Control'
    this.#held = {}
    return this.#key('keyup', key, {})
  }

  blur(): this {
    this.#held = {}
    return this.dispatch({ type: 'blur' })
  }

  setScene(changes: Partial<Scene>): this {
    this.#scene = { ...this.#scene, ...changes }
    this.#commands.push(...this.editor.setScene(this.#scene))
    return this
  }

  expectPath(path: string): this {
    expect(this.editor.path()).toBe(path)
    return this
  }

  /** Exactly so many commands came out since the last call, each with at least these properties. */
  expectCommands(...commands: readonly object[]): this {
    const actual = this.commands()
    expect(actual).toHaveLength(commands.length)
    expect(actual).toMatchObject(commands)
    return this
  }

  #modifiers(own: Partial<Modifiers>): Modifiers {
    return { shift: false, alt: false, ctrl: false, ...this.#held, ...own }
  }

  #pointer(type: PointerInput['type'], x: number, y: number, options: PointerOptions): this {
    const { button = 'left', pressure = 1, ...modifiers } = options
    const pressed = this.#pressed
    return this.dispatch({ type, x, y, button, pressed, pressure, modifiers: this.#modifiers(modifiers) })
  }

  #key(type: 'keydown' | 'keyup', key: string, options: KeyOptions): this {
    const { focus = 'canvas', repeat = false, code, ...modifiers } = options
    const place = code ?? codes[key] ?? (/^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key)
    return this.dispatch({ type, key, code: place, focus, repeat, modifiers: this.#modifiers(modifiers) })
  }
}
