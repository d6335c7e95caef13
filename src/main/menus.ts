/**
 * The page's menus as Electron's templates. Keys are shown and never taken: they are the page's to handle. On macOS a menu cannot
 * be kept from acting on its keys, but it gets only those that the page left alone, which are those of a text field with the
 * focus: there they do what they do in every text field, and nothing else.
 */
import type { MenuItemConstructorOptions, WebContents } from 'electron'
import type { Menu, MenuItem } from '../shared/contract/desktop-api.ts'

export interface MenuContext {
  readonly platform: NodeJS.Platform
  readonly appName: string
  /** An item was chosen. */
  choose(action: string): void
  /** What has the focus, for the commands of text fields. */
  contents(): Pick<WebContents, TextCommand> | undefined
}

type TextCommand = 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll'

const textCommands: Readonly<Record<string, TextCommand>> = {
  'Ctrl+Z': 'undo',
  'Ctrl+Shift+Z': 'redo',
  'Ctrl+X': 'cut',
  'Ctrl+C': 'copy',
  'Ctrl+V': 'paste',
  'Ctrl+A': 'selectAll',
}

export function menuTemplate(menus: readonly Menu[], context: MenuContext): MenuItemConstructorOptions[] {
  const ours = menus.map(({ label, items }) => ({
    label: escaped(label, context),
    submenu: entries(items, context),
  }))
  if (context.platform !== 'darwin') return ours
  return [{ role: 'appMenu', label: context.appName }, ...ours, { role: 'windowMenu' }]
}

function entries(items: readonly MenuItem[], context: MenuContext): MenuItemConstructorOptions[] {
  return withoutIdleSeparators(items.filter((item) => !isInAppMenu(item, context)).map((item) => entry(item, context)))
}

function entry(item: MenuItem, context: MenuContext): MenuItemConstructorOptions {
  if (item.type === 'separator') return { type: 'separator' }
  const label = escaped(item.label, context)
  if (item.type === 'submenu') return { label, submenu: entries(item.items, context) }
  const { keys, enabled, checked, role, action } = item
  const shown = keys === null ? undefined : accelerator(keys)
  const textCommand = keys !== null && Object.hasOwn(textCommands, keys) ? textCommands[keys] : undefined
  const common = {
    label,
    // What is greyed out does not get its keys, which a text field may want.
    enabled: enabled || (context.platform === 'darwin' && textCommand !== undefined),
    ...(shown === undefined ? {} : { accelerator: shown, registerAccelerator: false }),
  }
  if (role !== undefined) return { ...common, role }
  return {
    ...common,
    ...(checked === undefined ? {} : { type: 'checkbox' as const, checked }),
    click(_item, _window, event) {
      if (!event.triggeredByAccelerator) context.choose(action)
      else if (textCommand !== undefined) context.contents()?.[textCommand]()
    },
  }
}

/** macOS has these in the menu that bears the app's name. */
const isInAppMenu = (item: MenuItem, { platform }: MenuContext): boolean =>
  platform === 'darwin' && item.type === 'item' && (item.role === 'quit' || item.role === 'about')

function withoutIdleSeparators(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  const isLine = (item: MenuItemConstructorOptions | undefined): boolean => item?.type === 'separator'
  const single = items.filter((item, i) => !(isLine(item) && (i === 0 || isLine(items[i - 1]))))
  return isLine(single.at(-1)) ? single.slice(0, -1) : single
}

/** A single & underlines the letter behind it, except on macOS. */
const escaped = (label: string, { platform }: MenuContext): string =>
  platform === 'darwin' ? label : label.replaceAll('&', '&&')

/** Keys that have a name, by Electron's name for them. */
const names: Readonly<Record<string, string>> = {
  '+': 'Plus',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Escape: 'Esc',
  ...Object.fromEntries(
    ['Backspace', 'Delete', 'End', 'Enter', 'Home', 'Insert', 'PageDown', 'PageUp', 'Space', 'Tab'].map((key) => [
      key,
      key,
    ]),
  ),
}

/** 'Ctrl+Shift+Z' as Electron writes it; undefined for what is no chord, which Electron would refuse. */
export function accelerator(keys: string): string | undefined {
  const parts = /^((?:(?:Ctrl|Alt|Shift)\+)*)([!-~]|[A-Z][A-Za-z]+|F\d{1,2})$/.exec(keys)
  if (parts === null) return undefined
  const [, modifiers = '', key = ''] = parts
  const isSign = key.length === 1 || /^F\d/.test(key)
  const name = Object.hasOwn(names, key) ? names[key] : isSign ? key : undefined
  return name === undefined ? undefined : modifiers.replace('Ctrl+', 'CommandOrControl+') + name
}
