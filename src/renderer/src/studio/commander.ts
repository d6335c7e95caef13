/**
 * Carries out what the editor asks for: each document command becomes one step of the history. What needs pixels is computed by
 * the worker in its turn and committed when it comes back; a layer that changed meanwhile refuses it.
 */
import { type History, type PictureChange, replaceSurfaces, setFrame, setSelection } from '../../../document/index.ts'
import { type ActionId, type Command, toScreen } from '../../../editor/index.ts'
import { translation } from '../../../shared/geometry/affine.ts'
import { intersect, type Size } from '../../../shared/geometry/rect.ts'
import type { PixelOperation } from '../pixels/pixels-api.ts'
import { steps, told, work } from '../strings/steps.ts'
import type { LiveStroke } from './live-stroke.ts'
import type { LiveTransform } from './live-transform.ts'
import type { Parts } from './parts.ts'

const reshaping: readonly PixelOperation['do'][] = ['crop', 'canvas-size', 'turn']

type TransformCommand = Extract<Command, { type: 'transform' }>

export class Commander {
  readonly #parts: Parts
  readonly #liveStroke: LiveStroke
  readonly #liveTransform: LiveTransform
  readonly #act: (action: ActionId) => void

  /** @param act does the actions that are not the editor's */
  constructor(parts: Parts, stroke: LiveStroke, transform: LiveTransform, act: (action: ActionId) => void) {
    this.#parts = parts
    this.#liveStroke = stroke
    this.#liveTransform = transform
    this.#act = act
  }

  run(commands: readonly Command[]): void {
    for (const command of commands) this.#run(command)
  }

  /** Computes a change of pixels and commits it as one step. Resolves to false where it failed, which was told. */
  async operate(label: string, operation: PixelOperation): Promise<boolean> {
    const { queue, pixels } = this.#parts
    const document = this.#parts.document()
    if (document === null) return false
    const done = await queue.run(work.working, async () => {
      const { changes, picture } = await pixels.operate(operation)
      if (this.#parts.document() !== document) return false
      replaceSurfaces(document.store, label, changes, operation.do === 'crop' ? frameInside(picture) : picture)
      // Where the picture has another shape, what was looked at is elsewhere.
      if (reshaping.includes(operation.do)) this.#fit()
      return true
    })
    return done ?? false
  }

  /** Goes through the history; what comes to have another shape is shown whole where it would not be. */
  async travel(go: (history: History) => Promise<boolean>): Promise<void> {
    const document = this.#parts.document()
    if (document === null) return
    await this.#parts.queue.run('', async () => {
      const { width, height } = document.store.canvas
      await go(document.history)
      if (this.#parts.document() !== document) return
      const { canvas } = document.store
      const isReshaped = canvas.width !== width || canvas.height !== height
      if (isReshaped && !this.#isInView(canvas)) this.#fit()
    })
  }

  #isInView({ width, height }: Size): boolean {
    const { camera, viewport, foot } = this.#parts.editor.session
    const start = toScreen(camera, { x: 0, y: 0 })
    const end = toScreen(camera, { x: width, y: height })
    return start.x >= 0 && start.y >= 0 && end.x <= viewport.width && end.y <= viewport.height - foot
  }

  #fit(): void {
    const { editor, holder } = this.#parts
    this.run(editor.act('view.fit'))
    holder.set({ session: editor.session })
  }

  #run(command: Command): void {
    const { editor, notices, pixels } = this.#parts
    const document = this.#parts.document()
    switch (command.type) {
      case 'setCamera':
      case 'setTool':
      case 'setBrush':
      case 'setColours':
        // The editor has applied it to its session already.
        return
      case 'action':
        return this.#act(command.action)
      case 'refuse':
        return notices.tell('warning', told.refusals[command.reason])
      case 'pickColour': {
        const { point, to } = command
        void pixels.colourAt({ point }).then((colour) => {
          if (colour === null) return
          editor.configure({ colours: { ...editor.session.colours, [to]: colour } })
          this.#parts.holder.set({ session: editor.session })
        }, notices.fail.bind(notices))
        return
      }
      case 'setFrame':
        if (document !== null) setFrame(document.store, command.frame)
        return
      case 'deselect':
        if (document?.store.canvas.selection) {
          void this.#parts.queue.run('', () => setSelection(document.store, steps.deselect, null))
        }
        return
      case 'stroke': {
        if (this.#liveStroke.finish(command)) return
        const { type: _, ...stroke } = command
        void this.operate(command.paint === 'colour' ? steps.brush : steps.eraser, { do: 'stroke', ...stroke })
        return
      }
      case 'fill': {
        const { type: _, ...flood } = command
        void this.operate(steps.flood, { do: 'flood', ...flood })
        return
      }
      case 'select':
        void this.operate(steps.select, { do: 'select', shape: command.shape, mode: command.mode })
        return
      case 'translate':
        return this.#transform(steps.move, { target: command.target, matrix: translation(command.dx, command.dy) })
      case 'transform':
        return this.#transform(steps.transform, command)
      case 'crop':
        void this.operate(steps.crop, { do: 'crop', rect: command.rect })
    }
  }

  /** What is on screen stays until the change shows. */
  #transform(label: string, { target, matrix }: Pick<TransformCommand, 'target' | 'matrix'>): void {
    void this.#liveTransform.hold(this.operate(label, { do: 'transform', target, matrix }))
  }
}

/** A frame that reached over all of the picture does so afterwards: what was cut off is not to be extended again. */
function frameInside(picture: PictureChange): PictureChange {
  const { canvas } = picture
  if (canvas?.frame === undefined) return picture
  const { width, height } = canvas
  const whole = { x: 0, y: 0, width, height }
  return { ...picture, canvas: { ...canvas, frame: intersect(canvas.frame, whole) ?? whole } }
}
