/**
 * All menus as data, made anew from the state whenever one is opened: the menu bar in the page, the native menus, and the
 * menus of canvas and layers are the same entries.
 */
import { type ActionId, type Platform, writeChord } from '../../../editor/index.ts'
import type { Menu, MenuItem } from '../../../shared/contract/desktop-api.ts'
import type { Strings } from '../strings/strings.ts'
import type { StudioModel } from '../studio/studio-model.ts'
import { verbs } from '../studio/studio-state.ts'
import { keymapOf } from './controls/keys.ts'
import { recentAction, recoverAction } from './page-actions.ts'

/** What a run does, whatever the picture asks for. */
const verbEntries = (['auto', ...verbs] as const).map((verb) => `generate.as.${verb}` as const)

/** What can be on or off. */
const switches: readonly ActionId[] = [
  'view.mask',
  'view.zones',
  'view.panels',
  'view.gallery',
  'view.queue',
  'view.batch',
  'queue.pause',
  'layer.toggleMask',
  'staging.compare',
  ...verbEntries,
]

const separator: MenuItem = { type: 'separator' }
const zoomLevels = ['view.zoom.100', 'view.zoom.200', 'view.zoom.400', 'view.zoom.800'] as const

/** One entry for each action, '-' for a line between them. */
type Entry = ActionId | '-' | MenuItem

/** The menu bar. On macOS quitting has its place in the program's own menu, which the shell makes. */
export function studioMenus(studio: StudioModel, strings: Strings, platform: Platform): readonly Menu[] {
  const words = strings.window.menus
  const list = (entries: readonly Entry[]) => menuItems(studio, strings, entries)
  const { start } = studio.state
  const isMac = platform === 'mac'
  const recover: Entry[] = start !== null && start.lost.length > 0 ? [command(words.recover, recoverAction)] : []
  return [
    {
      label: words.file,
      items: list([
        'file.new',
        'file.open',
        recentMenu(studio, strings),
        ...recover,
        '-',
        'file.place',
        '-',
        'file.save',
        'file.saveAs',
        'file.export',
        '-',
        'file.close',
        ...(isMac ? [] : (['file.quit'] as const)),
      ]),
    },
    {
      label: words.edit,
      items: list([
        'edit.undo',
        'edit.redo',
        '-',
        'edit.cut',
        'edit.copy',
        'edit.copyMerged',
        'edit.paste',
        'edit.clear',
        '-',
        'edit.fill',
        'edit.transform',
        '-',
        'help.shortcuts',
        'view.preferences',
      ]),
    },
    {
      label: words.image,
      items: list([
        'image.canvasSize',
        'image.crop',
        '-',
        'image.rotateRight',
        'image.rotateLeft',
        'image.rotate180',
        'image.flipHorizontally',
        'image.flipVertically',
        '-',
        'frame.fitSelection',
        'frame.fitCanvas',
      ]),
    },
    {
      label: words.layer,
      items: list([
        'layer.add',
        'layer.addGroup',
        'layer.duplicate',
        'layer.rename',
        'layer.remove',
        '-',
        'layer.addMask',
        'layer.toggleMask',
        'layer.invertMask',
        'layer.removeMask',
        '-',
        'layer.flipHorizontally',
        'layer.flipVertically',
        '-',
        'layer.moveUp',
        'layer.moveDown',
        'layer.above',
        'layer.below',
        '-',
        'layer.mergeDown',
        'layer.mergeGroup',
        'layer.mergeVisible',
        'layer.flatten',
      ]),
    },
    { label: words.select, items: list(selectEntries) },
    {
      label: words.model,
      items: list([
        'prompt.focus',
        'generate.run',
        'generate.queue',
        { type: 'submenu', label: words.runAs, items: list(verbEntries) },
        'generate.cancel',
        '-',
        ...stagingEntries,
        '-',
        'queue.pause',
      ]),
    },
    {
      label: words.view,
      items: list([
        'view.gallery',
        'view.queue',
        'view.batch',
        '-',
        ...zoomEntries,
        '-',
        'view.mask',
        'view.zones',
        'view.panels',
        'view.fullscreen',
        '-',
        'view.theme',
        'view.resetLayout',
        'view.nextRegion',
      ]),
    },
    {
      label: words.help,
      items: list(['help.shortcuts', '-', 'help.open']),
    },
  ]
}

const zoomEntries = ['view.zoomIn', 'view.zoomOut', 'view.fit', 'view.fitFrame', ...zoomLevels] as const

const stagingEntries = [
  'staging.previous',
  'staging.next',
  'staging.accept',
  'staging.discard',
  '-',
  'staging.original',
  'staging.compare',
  'staging.scrubBack',
  'staging.scrubForward',
  'staging.continue',
] as const

const selectEntries = [
  'select.all',
  'select.none',
  'select.invert',
  '-',
  'select.grow',
  'select.shrink',
  'select.feather',
  '-',
  'select.fromLayer',
  'select.fromMask',
  'select.toMask',
  'select.toMaskLayer',
] as const

/** Where there is no room for buttons. */
export const selectionMenu = (studio: StudioModel, strings: Strings): readonly MenuItem[] =>
  menuItems(studio, strings, selectEntries)

/** Of the number that says the zoom. */
export const zoomMenu = (studio: StudioModel, strings: Strings): readonly MenuItem[] =>
  menuItems(studio, strings, zoomEntries)

export const canvasMenu = (studio: StudioModel, strings: Strings): readonly MenuItem[] =>
  menuItems(studio, strings, [
    'edit.cut',
    'edit.copy',
    'edit.paste',
    'edit.clear',
    '-',
    'edit.transform',
    'edit.fill',
    '-',
    'select.all',
    'select.none',
    'select.invert',
    'select.feather',
    '-',
    'frame.fitSelection',
    'image.crop',
    '-',
    'view.fit',
    'view.zoom.100',
  ])

export const layerMenu = (studio: StudioModel, strings: Strings): readonly MenuItem[] =>
  menuItems(studio, strings, [
    'layer.rename',
    'layer.duplicate',
    'layer.addGroup',
    'layer.remove',
    '-',
    'layer.addMask',
    'layer.toggleMask',
    'layer.invertMask',
    'layer.removeMask',
    '-',
    'select.fromLayer',
    'select.toMask',
    'layer.flipHorizontally',
    'layer.flipVertically',
    '-',
    'layer.mergeDown',
    'layer.mergeGroup',
    'layer.mergeVisible',
  ])

function menuItems(studio: StudioModel, strings: Strings, entries: readonly Entry[]): MenuItem[] {
  return entries.map((entry) => {
    if (entry === '-') return separator
    return typeof entry === 'string' ? actionItem(studio, strings, entry) : entry
  })
}

function actionItem(studio: StudioModel, strings: Strings, action: ActionId): MenuItem {
  const [chord] = keymapOf(studio.state).chords(action)
  return {
    type: 'item',
    label: labelOf(studio, strings, action),
    action,
    keys: chord === undefined ? null : writeChord(chord),
    enabled: studio.canAct(action),
    checked: switches.includes(action) ? studio.isOn(action) : undefined,
  }
}

/** What is undone has the name of its step, and running the model has the name of what it would do. */
function labelOf({ state }: StudioModel, strings: Strings, action: ActionId): string {
  const { labels, position } = state.document?.history ?? { labels: [], position: 0 }
  const [undone, redone] = [labels[position - 1], labels[position]]
  if (action === 'edit.undo' && undone !== undefined) return strings.window.undoOf(undone)
  if (action === 'edit.redo' && redone !== undefined) return strings.window.redoOf(redone)
  if (action === 'generate.run') return strings.prompt.verbs[state.generation.verb]
  return strings.actions[action]
}

function recentMenu({ state }: StudioModel, strings: Strings): MenuItem {
  const words = strings.window.menus
  const recent = state.start?.recent ?? []
  const nothing: MenuItem = { ...command(words.noRecent, ''), enabled: false }
  return {
    type: 'submenu',
    label: words.openRecent,
    items: recent.length === 0 ? [nothing] : recent.map(({ path }) => command(path, recentAction(path))),
  }
}

const command = (label: string, action: string) =>
  ({ type: 'item', label, action, keys: null, enabled: true }) as const satisfies MenuItem
