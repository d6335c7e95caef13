/**
 * The editor without a window: it turns what a person does into commands. It keeps the session (camera, tool, brushes,
 * colours) and one state machine a tool, lends tools while keys are held, and ends gestures by rule when the tool changes,
 * the target changes or the window loses the keyboard. Which end that is stands in the header of each tool.
 */
import type { ActionId } from './actions.ts'
import type { Command, Preview } from './commands.ts'
import { HeldKeys } from './held-keys.ts'
import type { Hint } from './hints.ts'
import type { BlurInput, Input, KeyInput, PointerInput } from './input.ts'
import { applySession, newSession, type Scene, type Session, type View } from './session.ts'
import type { MachineId, ToolId } from './tool-ids.ts'
import { sessionAction } from './session-actions.ts'
import { type Keymap, newKeymap } from './shortcuts.ts'
import { heldTool, pressedTool } from './temporary.ts'
import { newMachines } from './tools/all.ts'
import type { Machine, ToolEvent } from './tools/tool.ts'
import { wheelCommand } from './wheel.ts'

interface EditorOptions {
  readonly session?: Session
  readonly scene: Scene
  readonly keymap?: Keymap
}

/** From a press to its release. `machine` is null once another tool took over: the rest of the drag is for nobody. */
interface Gesture {
  readonly button: PointerInput['button']
  readonly machine: Machine | null
}

export class Editor {
  readonly #machines = newMachines()
  readonly #keys = new HeldKeys()
  #session: Session
  #scene: Scene
  #keymap: Keymap
  #gesture: Gesture | null = null

  constructor({ scene, session = newSession(scene.canvas), keymap = newKeymap('other') }: EditorOptions) {
    this.#session = session
    this.#scene = scene
    this.#keymap = keymap
  }

  /** A new object whenever something in it changed. */
  get session(): Session {
    return this.#session
  }

  /** For what no event says: panels, preferences, a resized window. A change of tool goes through act() or setTool(). */
  configure(changes: Partial<Omit<Session, 'tool'>>): void {
    this.#session = { ...this.#session, ...changes }
  }

  setKeymap(keymap: Keymap): void {
    this.#keymap = keymap
  }

  /**
   * Tells what the document is now. What was begun on another target ends there first: the commands may name a layer that is
   * gone by now. A lent tool goes on.
   */
  setScene(scene: Scene): readonly Command[] {
    const [before, after] = [this.#scene.target, scene.target]
    const isSame = before?.layer === after?.layer && before?.part === after?.part
    const isLent = this.#gesture !== null && this.#gesture.machine !== this.#base
    const commands = isSame ? [] : isLent ? this.#step(this.#base, { type: 'leave' }) : this.#leave()
    this.#scene = scene
    return commands
  }

  /** Session commands among the answer are applied already; the others are for the caller. */
  dispatch(event: Input): readonly Command[] {
    this.#keys.note(event)
    switch (event.type) {
      case 'pointerdown':
        return this.#down(event)
      case 'pointermove':
        // A release outside of the window may never be told.
        if (this.#gesture !== null && !event.pressed) return this.#up({ ...event, type: 'pointerup' })
        return this.#gesture === null ? [] : this.#step(this.#gesture.machine, event)
      case 'pointerup':
        return event.button === this.#gesture?.button ? this.#up(event) : []
      case 'pointercancel':
        return this.#gesture === null ? [] : this.#up(event)
      case 'wheel': {
        // A gesture of the camera goes on from where it began, so nothing else may move it meanwhile.
        const id = this.#gesture?.machine?.id
        const command = id === 'hand' || id === 'zoom' ? null : wheelCommand(event, this.#session)
        return command === null ? [] : this.#run([command])
      }
      case 'keydown':
        return this.#keyDown(event)
      case 'keyup':
        return this.#keyUp(event)
      case 'blur':
        return this.#blur(event)
      case 'numbers':
      case 'apply':
      case 'discard':
        return this.#step(this.#base, event)
    }
  }

  /** Does what a key, menu or button asks for; what is not the editor's to do comes back as an 'action' command. */
  act(action: ActionId): readonly Command[] {
    // What is unfinished is the last thing that was done.
    const machine = this.#gesture?.machine ?? this.#base
    if (action === 'edit.undo' && machine.state !== 'idle') return this.#step(machine, { type: 'discard' })
    const commands = sessionAction(action, this.#view)
    if (commands === null) return [{ type: 'action', action }]
    return commands.flatMap((command) =>
      command.type === 'setTool' ? this.setTool(command.tool) : this.#run([command]),
    )
  }

  /** Ends what the tool before had begun, by that tool's rule. */
  setTool(tool: ToolId): readonly Command[] {
    if (tool === this.#session.tool) return []
    return [...this.#leave(), ...this.#run([{ type: 'setTool', tool }])]
  }

  /** 'brush.painting': the tool that has, or would get, the pointer, and its state. */
  path(): string {
    const { id, state } = this.#current
    return `${id}.${state}`
  }

  /** All that is unfinished: of the active tool, and of a tool lent over it. */
  previews(): readonly Preview[] {
    const machines = new Set([this.#base, this.#current])
    return [...machines].map((machine) => machine.preview(this.#view)).filter((preview) => preview !== null)
  }

  /** What modifiers and keys would do now, for the status line. */
  hint(): readonly Hint[] {
    const own = this.#current.hints()
    return this.#gesture === null
      ? [...own, { key: 'Space', does: 'pan' }, { key: 'Ctrl+Space', does: 'drag-zoom' }]
      : own
  }

  get #view(): View {
    return { ...this.#session, ...this.#scene, space: this.#keys.space }
  }

  get #base(): Machine {
    return this.#machines[this.#session.tool]
  }

  get #current(): Machine {
    const held: MachineId = heldTool(this.#session.tool, this.#keys.modifiers, this.#keys.space)
    return this.#gesture?.machine ?? this.#machines[held]
  }

  #down(event: PointerInput): readonly Command[] {
    if (this.#gesture !== null) return []
    const id = pressedTool(this.#session.tool, event, this.#keys.space)
    if (id === null) return []
    this.#gesture = { button: event.button, machine: this.#machines[id] }
    return this.#step(this.#gesture.machine, event)
  }

  #up(event: PointerInput): readonly Command[] {
    const commands = this.#step(this.#gesture?.machine ?? null, event)
    this.#gesture = null
    return [...commands, ...this.#returnLent()]
  }

  #keyDown(event: KeyInput): readonly Command[] {
    const { focus, code, repeat } = event
    if (focus === 'canvas') {
      const { changed, commands } = this.#told(this.#gesture?.machine ?? this.#base, event)
      if (changed) return commands
    }
    const action = this.#keymap.lookup(event, focus)
    if (action === null) return []
    const back = this.#session.tool
    const commands = this.act(action)
    // What a hand hits while it draws is not meant for the document; undo has ended the gesture by itself.
    if (this.#gesture !== null && commands.some(({ type }) => type === 'action')) return []
    const switched = this.#session.tool !== back && !event.modifiers.ctrl
    if (switched && !repeat) this.#keys.toolSwitched(code, back)
    return commands
  }

  #keyUp(event: KeyInput): readonly Command[] {
    const commands = this.#step(this.#gesture?.machine ?? null, event)
    return this.#gesture === null ? this.#returnLent() : commands
  }

  #returnLent(): readonly Command[] {
    const tool = this.#keys.takeBack()
    return tool === null ? [] : this.setTool(tool)
  }

  #blur(event: BlurInput): readonly Command[] {
    const commands = this.#tell(event)
    this.#gesture = null
    this.#keys.releaseAll()
    return [...commands, ...this.#returnLent()]
  }

  #leave(): readonly Command[] {
    const commands = this.#tell({ type: 'leave' })
    if (this.#gesture !== null) this.#gesture = { ...this.#gesture, machine: null }
    return commands
  }

  /** Tells both the active tool and the one that has the pointer. */
  #tell(event: ToolEvent): readonly Command[] {
    return [...new Set([this.#base, this.#gesture?.machine ?? this.#base])].flatMap((machine) => [
      ...this.#step(machine, event),
    ])
  }

  #step(machine: Machine | null, event: ToolEvent): readonly Command[] {
    return machine === null ? [] : this.#told(machine, event).commands
  }

  #told(machine: Machine, event: ToolEvent): ReturnType<Machine['step']> {
    const answer = machine.step(event, this.#view)
    this.#run(answer.commands)
    return answer
  }

  #run<C extends Command>(commands: readonly C[]): readonly C[] {
    for (const command of commands) this.#session = applySession(this.#session, command)
    return commands
  }
}
