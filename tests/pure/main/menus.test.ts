/** The page's menus as Electron's: keys that are shown and left to the page, standard entries where each system has them. */
import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, test, vi } from 'vitest'
import { accelerator, type MenuContext, menuTemplate } from '../../../src/main/menus.ts'
import type { Menu, MenuItem } from '../../../src/shared/contract/desktop-api.ts'

const item = (changes: Partial<Extract<MenuItem, { type: 'item' }>> = {}): MenuItem => ({
  type: 'item',
  label: 'Undo',
  action: 'edit.undo',
  keys: 'Ctrl+Z',
  enabled: true,
  ...changes,
})
const line: MenuItem = { type: 'separator' }

function context(changes: Partial<MenuContext> = {}): MenuContext {
  return { platform: 'linux', appName: 'Paella Studio', choose: () => undefined, contents: () => undefined, ...changes }
}

const only = (menus: readonly Menu[], changes?: Partial<MenuContext>): MenuItemConstructorOptions =>
  entriesOf(
    menuTemplate(menus, context(changes)).find(({ label }) => label === 'Edit'),
  )[0] as MenuItemConstructorOptions
const entriesOf = (entry: MenuItemConstructorOptions | undefined): MenuItemConstructorOptions[] =>
  Array.isArray(entry?.submenu) ? entry.submenu : []
const edit = (...items: readonly MenuItem[]): Menu[] => [{ label: 'Edit', items }]

function click(entry: MenuItemConstructorOptions, triggeredByAccelerator: boolean): void {
  entry.click?.(undefined as never, undefined, { triggeredByAccelerator })
}

describe('an entry', () => {
  test('shows its keys and does not take them', () => {
    expect(only(edit(item()))).toMatchObject({ accelerator: 'CommandOrControl+Z', registerAccelerator: false })
    expect(only(edit(item({ keys: null })))).not.toHaveProperty('accelerator')
  })

  test('is greyed out and ticked as the page says', () => {
    expect(only(edit(item({ enabled: false })))).toMatchObject({ enabled: false })
    expect(only(edit(item()))).not.toHaveProperty('type')
    expect(only(edit(item({ checked: true })))).toMatchObject({ type: 'checkbox', checked: true })
  })

  test('has its & shown, not taken for the mark of a letter', () => {
    expect(only(edit(item({ label: 'Cut & paste' }))).label).toBe('Cut && paste')
    expect(only(edit(item({ label: 'Cut & paste' })), { platform: 'darwin' }).label).toBe('Cut & paste')
  })

  test('asks the page when it is chosen', () => {
    const choose = vi.fn()
    click(only(edit(item()), { choose }), false)
    expect(choose).toHaveBeenCalledExactlyOnceWith('edit.undo')
  })

  test('is a command of the text field where its keys came back from the page, and nothing where there is none such', () => {
    const choose = vi.fn()
    const undo = vi.fn()
    const contents = () => ({ undo }) as unknown as ReturnType<MenuContext['contents']>
    click(only(edit(item()), { choose, contents, platform: 'darwin' }), true)
    expect(undo).toHaveBeenCalledOnce()
    click(only(edit(item({ action: 'view.fit', keys: 'Ctrl+0' })), { choose, contents }), true)
    expect([undo.mock.calls.length, choose.mock.calls.length]).toEqual([1, 0])
  })

  test('that text fields need is not greyed out on macOS, where its keys would be dead then', () => {
    const copy = item({ label: 'Copy', action: 'edit.copy', keys: 'Ctrl+C', enabled: false })
    expect(only(edit(copy), { platform: 'darwin' })).toMatchObject({ enabled: true })
    expect(only(edit(copy))).toMatchObject({ enabled: false })
  })

  test('is within its menu, however deep', () => {
    const deep: MenuItem = {
      type: 'submenu',
      label: 'More',
      items: [{ type: 'submenu', label: 'Yet more', items: [item()] }],
    }
    const [more] = entriesOf(menuTemplate(edit(deep), context())[0])
    expect(entriesOf(entriesOf(more)[0])[0]).toMatchObject({ label: 'Undo' })
  })
})

describe('macOS', () => {
  const quit = item({ label: 'Quit', role: 'quit', action: 'file.quit' })
  const about = item({ label: 'About', role: 'about', action: 'help.about', keys: null })

  test('has quit and about in the menu of the app, and no lines left over', () => {
    const template = menuTemplate(edit(about, line, item(), line, line, quit), context({ platform: 'darwin' }))
    expect(template.map(({ role, label }) => role ?? label)).toEqual(['appMenu', 'Edit', 'windowMenu'])
    expect(entriesOf(template[1]).map(({ type, label }) => label ?? type)).toEqual(['Undo'])
  })

  test('is alone in that', () => {
    const template = menuTemplate(edit(item(), line, quit), context({ platform: 'win32' }))
    expect(template.map(({ label }) => label)).toEqual(['Edit'])
    expect(entriesOf(template[0]).at(-1)).toMatchObject({ role: 'quit', registerAccelerator: false })
  })
})

describe('keys', () => {
  test.each([
    ['Ctrl+Shift+Z', 'CommandOrControl+Shift+Z'],
    ['Ctrl+Alt+C', 'CommandOrControl+Alt+C'],
    ['Ctrl++', 'CommandOrControl+Plus'],
    ['Ctrl+=', 'CommandOrControl+='],
    ['V', 'V'],
    ['[', '['],
    ['F2', 'F2'],
    ['Shift+F6', 'Shift+F6'],
    ['Escape', 'Esc'],
    ['Ctrl+ArrowUp', 'CommandOrControl+Up'],
    ['Ctrl+PageDown', 'CommandOrControl+PageDown'],
    ['Alt+Backspace', 'Alt+Backspace'],
  ])('%s are %s for Electron', (keys, written) => {
    expect(accelerator(keys)).toBe(written)
  })

  test.each(['', 'Ctrl+', 'Meta+Q', 'Ctrl+Ctrl', 'ctrl+z', 'Ctrl+Ö', 'Ctrl Z', 'Ctrl+Z\n'])('%j are none', (keys) => {
    expect(accelerator(keys)).toBeUndefined()
  })
})
