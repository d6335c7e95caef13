/**
 * The window's model as panels, menus and keys know it. Each call goes to the part whose business it is; nothing here throws: what
 * a layer or a file refuses is told in a notice.
 */
import {
  type BlendMode,
  type LayerId,
  layerOf,
  moveLayers,
  type Place,
  renameLayer,
  setBlendMode,
  setFrame,
  setIsolated,
  setLayerMask,
  setLocked,
  setOpacity,
  setVisible,
} from '../../../document/index.ts'
import type {
  ActionId,
  Brush,
  BrushTool,
  Colours,
  Session,
  Target,
  ToolId,
  TransformNumbers,
} from '../../../editor/index.ts'
import type { PictureFormat, Pixels } from '../../../shared/contract/picture.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import { steps } from '../strings/steps.ts'
import { Gesture } from './gesture.ts'
import type { Phase, StudioModel } from './studio-model.ts'
import { WindowGenerating } from './window-generating.ts'

export class Studio extends WindowGenerating implements StudioModel {
  readonly #opacity = new Gesture()
  #saveName: ((name: string | null) => void) | null = null

  act(action: ActionId): void {
    this.obey(this.parts.editor.act(action))
  }

  canAct(action: ActionId): boolean {
    return this.actions.can(action)
  }

  isOn(action: ActionId): boolean {
    return this.actions.isOn(action)
  }

  setTool(tool: ToolId): void {
    this.obey(this.parts.editor.setTool(tool))
  }

  setBrush(tool: BrushTool, brush: Brush): void {
    const { editor } = this.parts
    editor.configure({ brushes: { ...editor.session.brushes, [tool]: brush } })
    this.tell()
  }

  setColours(colours: Colours): void {
    this.configure({ colours })
  }

  configure(changes: Partial<Omit<Session, 'tool'>>): void {
    this.parts.editor.configure(changes)
    this.tell()
  }

  setTransform(transform: Partial<TransformNumbers>): void {
    this.obey(this.parts.editor.dispatch({ type: 'numbers', transform }))
  }

  finish(how: 'apply' | 'discard'): void {
    this.obey(this.parts.editor.dispatch({ type: how }))
  }

  // Layers

  chooseLayer(id: LayerId, how?: 'only' | 'toggle' | 'range'): void {
    this.parts.document()?.choose(id, how)
  }

  choosePart(id: LayerId, part: Target['part']): void {
    this.parts.document()?.choosePart(id, part)
  }

  renameLayer(id: LayerId, name: string): void {
    this.edit((store) => renameLayer(store, id, name))
  }

  setVisible(id: LayerId, visible: boolean): void {
    this.edit((store) => setVisible(store, id, visible))
  }

  setLocked(id: LayerId, locked: boolean): void {
    this.edit((store) => setLocked(store, id, locked))
  }

  setOpacity(id: LayerId, opacity: number, phase: Phase): void {
    this.edit((store, { history }) => {
      this.#opacity.apply(history, steps.opacity, id, phase, () => setOpacity(store, id, opacity))
    })
  }

  setBlendMode(id: LayerId, mode: BlendMode): void {
    this.edit((store) => setBlendMode(store, id, mode))
  }

  setIsolated(id: LayerId, isolated: boolean): void {
    this.edit((store) => setIsolated(store, id, isolated))
  }

  setMaskEnabled(id: LayerId, enabled: boolean): void {
    this.edit((store) => {
      const layer = layerOf(store.records, id)
      if (layer?.mask) setLayerMask(store, id, { ...layer.mask, enabled })
    })
  }

  moveLayers(ids: readonly LayerId[], place: Place): void {
    this.edit((store) => moveLayers(store, ids, place))
  }

  thumbnail(layer: LayerId, part: Target['part'], side: number): Promise<Pixels | null> {
    return this.parts.pixels.thumbnail({ target: { layer, part }, side }).catch(() => null)
  }

  jumpTo(position: number): void {
    void this.commander.travel((history) => history.jumpTo(position))
  }

  // The whole picture

  newDocument(size: Size, background: 'white' | 'transparent'): void {
    this.closeDialog()
    this.settle(this.files.create(size, background))
  }

  resizeCanvas(size: Size, anchor: { readonly x: 0 | 0.5 | 1; readonly y: 0 | 0.5 | 1 }): void {
    this.closeDialog()
    const canvas = this.parts.document()?.store.canvas
    if (canvas === undefined) return
    const offset = {
      x: Math.round((size.width - canvas.width) * anchor.x),
      y: Math.round((size.height - canvas.height) * anchor.y),
    }
    void this.commander.operate(steps.canvasSize, { do: 'canvas-size', size, offset })
  }

  changeSelection(what: 'grow' | 'shrink' | 'feather', px: number): void {
    this.closeDialog()
    const labels = { grow: steps.selectGrow, shrink: steps.selectShrink, feather: steps.selectFeather }
    void this.commander.operate(labels[what], { do: `select-${what}`, px })
  }

  // Files

  open(source: FileSource): void {
    this.settle(this.files.open(source))
  }

  openRecent(path: string): void {
    this.open({ kind: 'path', path })
  }

  exportPicture(options: {
    readonly format: PictureFormat
    readonly area: Rect | 'selection' | null
    readonly withRecipe: boolean
  }): void {
    this.closeDialog()
    this.settle(this.files.export(options.format, options.area, options.withRecipe))
  }

  recover(id: string): void {
    this.settle(this.files.recover(id))
  }

  discardLost(id: string): void {
    this.settle(this.files.discardLost(id))
  }

  answerUnsaved(answer: 'save' | 'discard' | 'cancel'): void {
    this.files.answerUnsaved(answer)
  }

  answerSaveName(name: string | null): void {
    this.closeDialog()
    this.#saveName?.(name)
    this.#saveName = null
  }

  /** For a shell without dialogs: asks for a name in the studio's folder, in the window itself. */
  askSaveName(suggested: string): Promise<string | null> {
    this.#saveName?.(null)
    const folder = this.state.start?.folder ?? ''
    this.showDialog({ type: 'save-name', suggested, folder })
    return new Promise((resolve) => {
      this.#saveName = resolve
    })
  }

  copyOrPaste(how: 'copy' | 'cut' | 'paste', files: readonly File[] = []): void {
    if (how === 'paste') this.settle(this.clipboard.paste(files))
    else this.act(`edit.${how}`)
  }

  windowLeft(): void {
    this.clipboard.windowLeft()
  }

  // The model

  setFrame(frame: Rect): void {
    this.edit((store) => setFrame(store, frame))
  }

  // The window

  closeDialog(): void {
    this.parts.holder.set({ dialog: null })
  }

  /** Something beside the model went wrong. */
  tellFailure(error: unknown): void {
    this.parts.notices.fail(error)
  }

  dismissNotice(id: number): void {
    this.parts.notices.dismiss(id)
  }
}
