/**
 * Every action by its name: what it does, whether it would do anything now, and whether it is a switch that is on. Actions of
 * tools and camera are the editor's; those of layers, selection and picture have files of their own.
 */
import { type ActionId, isBrushTool, toolIds } from '../../../editor/index.ts'
import type { Clipboard } from './clipboard.ts'
import type { Commander } from './commander.ts'
import type { Files } from './files.ts'
import { type Generating, isOfGenerating } from './generating.ts'
import type { Library } from './library.ts'
import { type DocumentAction, type DocumentActions, layerActions } from './layer-actions.ts'
import type { Parts } from './parts.ts'
import { pictureActions } from './picture-actions.ts'
import type { Preferences, StudioState } from './studio-state.ts'

export interface WindowActionLinks {
  readonly commander: Commander
  readonly clipboard: Clipboard
  readonly files: Files
  readonly generating: Generating
  readonly library: Library
  setPreferences(changes: Partial<Preferences>): void
  showMask(show: boolean): void
  generate(where: 'next' | 'queue'): void
  quit(): void
  close(): void
  /** What only panels can do: put the focus somewhere, open a field. */
  toPanels(action: ActionId): void
}

/** What needs no open document. */
const withoutDocument: readonly ActionId[] = [
  'file.new',
  'file.open',
  'file.place',
  'file.quit',
  'view.zones',
  'view.panels',
  'view.fullscreen',
  'view.resetLayout',
  'view.theme',
  'view.preferences',
  'view.nextRegion',
  'view.gallery',
  'view.queue',
  'view.batch',
  'queue.pause',
  'prompt.focus',
  'help.shortcuts',
  'help.open',
  'colours.swap',
  'colours.reset',
]

const viewOf: Partial<Readonly<Record<ActionId, NonNullable<StudioState['view']>>>> = {
  'view.gallery': 'gallery',
  'view.queue': 'queue',
  'view.batch': 'batch',
}

export class WindowActions {
  readonly #parts: Parts
  readonly #links: WindowActionLinks
  readonly #ofDocument: DocumentActions

  constructor(parts: Parts, links: WindowActionLinks) {
    this.#parts = parts
    this.#links = links
    const operate = links.commander.operate.bind(links.commander)
    this.#ofDocument = { ...layerActions(parts, operate), ...pictureActions(parts, operate) }
  }

  can(action: ActionId): boolean {
    const document = this.#parts.document()
    const { session } = this.#parts.editor
    if (isOfGenerating(action)) return this.#links.generating.can(action)
    if (withoutDocument.includes(action) || toolIds.some((id) => action === `tool.${id}`)) return true
    if (document === null) return false
    if (action === 'edit.undo') return document.history.canUndo
    if (action === 'edit.redo') return document.history.canRedo
    if (action.startsWith('brush.')) return isBrushTool(session.tool)
    return this.#ofDocument[action]?.can(document) ?? true
  }

  isOn(action: ActionId): boolean {
    const document = this.#parts.document()
    const { preferences, maskShown } = this.#parts.holder.state
    if (isOfGenerating(action)) return this.#links.generating.isOn(action)
    if (action === 'view.panels') return preferences.panelsShown
    if (action === 'view.zones') return preferences.zonesHidden !== true
    if (action === 'queue.pause') return this.#parts.holder.state.queue.paused
    const view = viewOf[action]
    if (view !== undefined) return this.#parts.holder.state.view === view
    if (action === 'view.mask') return maskShown
    const tool = toolIds.find((id) => action === `tool.${id}`)
    if (tool !== undefined) return this.#parts.editor.session.tool === tool
    return (document && this.#ofDocument[action]?.isOn?.(document)) ?? false
  }

  /** An action that is not the editor's. What it would not do now it does not. */
  run(action: ActionId): void {
    if (!this.can(action)) return
    const known = this.#ofDocument[action]
    if (known !== undefined) return this.#runKnown(known)
    const { files, clipboard, commander, generating, library } = this.#links
    const { holder, desktop, notices } = this.#parts
    const { preferences, maskShown } = holder.state
    switch (action) {
      case 'file.new':
        return holder.set({ dialog: { type: 'new' } })
      case 'file.open':
        return this.#settle(files.open())
      case 'file.place':
        return this.#settle(files.place())
      case 'file.save':
        return this.#settle(files.save())
      case 'file.saveAs':
        return this.#settle(files.save('save-as'))
      case 'file.export':
        return holder.set({ dialog: { type: 'export' } })
      case 'file.close':
        return this.#links.close()
      case 'file.quit':
        return this.#links.quit()
      case 'edit.undo':
        return void commander.travel((history) => history.undo())
      case 'edit.redo':
        return void commander.travel((history) => history.redo())
      case 'edit.copy':
        return this.#settle(clipboard.copy('target'))
      case 'edit.copyMerged':
        return this.#settle(clipboard.copy('picture'))
      case 'edit.cut':
        return this.#settle(clipboard.cut((label, operation) => commander.operate(label, operation)))
      case 'edit.paste':
        return this.#settle(clipboard.paste())
      case 'view.mask':
        return this.#links.showMask(!maskShown)
      case 'view.zones':
        return this.#links.setPreferences({ zonesHidden: preferences.zonesHidden !== true })
      case 'view.panels':
        return this.#links.setPreferences({ panelsShown: !preferences.panelsShown })
      case 'view.theme': {
        const dark = preferences.theme === 'dark' || (preferences.theme === 'system' && isDark())
        return this.#links.setPreferences({ theme: dark ? 'light' : 'dark' })
      }
      case 'view.preferences':
        return holder.set({ dialog: { type: 'preferences' } })
      case 'view.gallery':
      case 'view.queue':
      case 'view.batch': {
        const view = viewOf[action] ?? null
        return holder.set({ view: holder.state.view === view ? null : view })
      }
      case 'queue.pause':
        return this.#settle(library.pauseQueue(!holder.state.queue.paused))
      case 'view.fullscreen':
        return void desktop.toggleFullscreen().catch((error: unknown) => notices.fail(error))
      case 'generate.run':
        return this.#links.generate('next')
      case 'generate.queue':
        return this.#links.generate('queue')
      case 'help.shortcuts':
        return holder.set({ dialog: { type: 'shortcuts' } })
      case 'help.open':
        return holder.set({ dialog: { type: 'about' } })
      default:
        return isOfGenerating(action) ? generating.run(action) : this.#links.toPanels(action)
    }
  }

  #runKnown(known: DocumentAction): void {
    const document = this.#parts.document()
    if (document === null) return
    try {
      const running = known.run(document)
      if (running instanceof Promise) this.#settle(running)
    } catch (error) {
      this.#parts.notices.fail(error)
    }
  }

  #settle(running: Promise<unknown>): void {
    running.catch((error: unknown) => this.#parts.notices.fail(error))
  }
}

const isDark = (): boolean => globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches ?? true
