/**
 * The actions that only the page can do, as they are about its focus and its panels: the model hands them over. And what menus
 * and notices can ask for besides actions.
 */
import { type ActionId, actions } from '../../../editor/index.ts'
import { undoTrashAction } from '../studio/library.ts'
import type { StudioModel } from '../studio/studio-model.ts'
import { focusNextRegion } from './regions.ts'

/** Heard by the layers panel: the active layer gets a field for its name. */
export const renameRequest = 'paella-rename-layer'

/** @returns false for an action that is not the page's */
export function pageAction(studio: StudioModel, action: ActionId): boolean {
  switch (action) {
    case 'view.nextRegion':
      focusNextRegion()
      return true
    case 'prompt.focus':
      document.querySelector<HTMLTextAreaElement>('[data-prompt]')?.focus()
      return true
    case 'layer.rename':
      window.dispatchEvent(new Event(renameRequest))
      return true
    case 'view.resetLayout':
      studio.setPreferences({ layout: undefined, panelsShown: true })
      return true
    default:
      return false
  }
}

const recentPrefix = 'recent:'
const undoTrashPrefix = undoTrashAction([])

/** What the entry of a recent file sends. */
export const recentAction = (path: string): string => recentPrefix + path
export const recoverAction = 'recover'

/**
 * Does what an entry of a menu or the button of a notice asks for: an action, a recent file, or the dialog of lost documents.
 * @returns false where it is none of these, for the caller to know better
 */
export function runCommand(studio: StudioModel, command: string): boolean {
  if (command.startsWith(recentPrefix)) studio.openRecent(command.slice(recentPrefix.length))
  else if (command.startsWith(undoTrashPrefix)) studio.undoTrash(command.slice(undoTrashPrefix.length).split(','))
  else if (command === recoverAction) studio.showDialog({ type: 'recover' })
  else {
    const action = actions.find(({ id }) => id === command)
    if (action === undefined) return false
    studio.act(action.id)
  }
  return true
}
