import { describe, expect, test } from 'vitest'
import { type ActionId, actions, parseChord, toolIds } from '../../../src/editor/index.ts'
import { canvasMenu, layerMenu, selectionMenu, studioMenus, zoomMenu } from '../../../src/renderer/src/panels/menus.ts'
import { recentAction, runCommand } from '../../../src/renderer/src/panels/page-actions.ts'
import { toolAction, toolGroups } from '../../../src/renderer/src/panels/tool-icons.ts'
import { strings } from '../../../src/renderer/src/strings/strings.ts'
import type { Menu, MenuItem } from '../../../src/shared/contract/desktop-api.ts'
import { FakeStudio } from '../../kit/fake-studio.ts'

const items = (list: readonly MenuItem[]): Extract<MenuItem, { type: 'item' }>[] =>
  list.flatMap((item) => (item.type === 'item' ? [item] : item.type === 'submenu' ? items(item.items) : []))
const all = (menus: readonly Menu[]) => menus.flatMap((menu) => items(menu.items))
const find = (menus: readonly Menu[], action: string) => all(menus).find((item) => item.action === action)

describe('the menu bar', () => {
  const studio = new FakeStudio()
  const menus = studioMenus(studio, strings, 'other')

  test('has its menus in the usual order', () => {
    expect(menus.map(({ label }) => label)).toEqual([
      'File',
      'Edit',
      'Image',
      'Layer',
      'Select',
      'Model',
      'View',
      'Help',
    ])
  })

  test('has every action that the tool rail and the brush have no place for, each once', () => {
    const elsewhere = new Set<ActionId>([
      ...toolIds.map(toolAction),
      ...actions.map(({ id }) => id).filter((id) => id.startsWith('brush.') || id.startsWith('colours.')),
    ])
    const known = new Set<string>(actions.map(({ id }) => id))
    const listed = all(menus)
      .map(({ action }) => action)
      .filter((action) => known.has(action))
    expect([...new Set(listed)].toSorted()).toEqual(
      actions
        .map(({ id }) => id)
        .filter((id) => !elsewhere.has(id) || id === 'edit.transform')
        .toSorted(),
    )
    // The list of shortcuts stands where people look for it, twice.
    expect(listed.filter((action) => action !== 'help.shortcuts')).toHaveLength(new Set(listed).size - 1)
  })

  test('has no two lines in a row, and none at an end', () => {
    for (const { items } of menus) {
      const marks = items.map(({ type }) => (type === 'separator' ? '-' : 'x')).join('')
      expect(marks).not.toMatch(/^-|--|-$/)
    }
  })

  test('greys out what would do nothing', () => {
    expect(find(menus, 'layer.mergeGroup')?.enabled).toBe(false)
    expect(find(menus, 'layer.add')?.enabled).toBe(true)
    const empty = new FakeStudio()
    empty.set({ document: null })
    expect(find(studioMenus(empty, strings, 'other'), 'layer.add')?.enabled).toBe(false)
  })

  test('shows keys as chord.ts writes them, the first of several', () => {
    expect(find(menus, 'edit.redo')?.keys).toBe('Ctrl+Shift+Z')
    expect(find(menus, 'file.export')?.keys).toBeNull()
    for (const { keys } of all(menus)) expect(keys === null || parseChord(keys) !== null).toBe(true)
  })

  test("follows a person's own keys", () => {
    studio.setPreferences({ keys: { 'file.export': ['Alt+X'], 'edit.redo': [] } })
    const changed = studioMenus(studio, strings, 'other')
    expect(find(changed, 'file.export')?.keys).toBe('Alt+X')
    expect(find(changed, 'edit.redo')?.keys).toBeNull()
    studio.setPreferences({ keys: {} })
  })

  test('checks switches only, as they are', () => {
    expect(find(menus, 'view.panels')?.checked).toBe(true)
    studio.set({ maskShown: true })
    expect(find(studioMenus(studio, strings, 'other'), 'view.mask')?.checked).toBe(true)
    expect(find(menus, 'view.mask')?.checked).toBe(false)
    expect(find(menus, 'file.save')?.checked).toBeUndefined()
  })

  test('names what would be undone, redone and run', async () => {
    const studio = new FakeStudio()
    studio.addSteps(2)
    studio.act('edit.undo')
    await expect.poll(() => studio.state.document?.history.position).toBe(1)
    const menus = studioMenus(studio, strings, 'other')
    expect(find(menus, 'edit.undo')?.label).toBe('Undo Brush stroke')
    expect(find(menus, 'edit.redo')?.label).toBe('Redo Select')
    studio.set({ generation: { ...studio.state.generation, verb: 'extend' } })
    expect(find(studioMenus(studio, strings, 'other'), 'generate.run')?.label).toBe('Extend')
  })

  test('lists recent files, or says that there are none', () => {
    expect(find(menus, recentAction('/home/ana/Downloads/harbour.jpg'))?.enabled).toBe(true)
    const studio = new FakeStudio({ start: null })
    expect(all(studioMenus(studio, strings, 'other')).find(({ label }) => label === 'Nothing yet')?.enabled).toBe(false)
  })

  test('offers lost documents as long as there are some', () => {
    expect(find(menus, 'recover')).toBeDefined()
    expect(find(studioMenus(new FakeStudio({ start: null }), strings, 'other'), 'recover')).toBeUndefined()
  })

  test('leaves quitting to the system on macOS', () => {
    expect(find(menus, 'file.quit')).toBeDefined()
    expect(find(studioMenus(studio, strings, 'mac'), 'file.quit')).toBeUndefined()
  })
})

test('the tool rail has every tool once', () => {
  expect(toolGroups.flat().toSorted()).toEqual([...toolIds].toSorted())
})

test('menus under the pointer hold actions only', () => {
  const studio = new FakeStudio()
  const known = new Set<string>(actions.map(({ id }) => id))
  for (const menu of [canvasMenu, layerMenu, zoomMenu, selectionMenu]) {
    const list = items(menu(studio, strings))
    expect(list.length).toBeGreaterThan(4)
    expect(list.filter(({ action }) => !known.has(action))).toEqual([])
  }
})

describe('runCommand', () => {
  test('does actions, recent files and the dialog of lost documents', () => {
    const studio = new FakeStudio()
    expect(runCommand(studio, 'file.export')).toBe(true)
    expect(studio.calls.at(-1)).toEqual({ name: 'act', args: ['file.export'] })
    expect(runCommand(studio, recentAction('/a:b/c.ora'))).toBe(true)
    expect(studio.calls.at(-1)).toEqual({ name: 'openRecent', args: ['/a:b/c.ora'] })
    expect(runCommand(studio, 'recover')).toBe(true)
    expect(studio.state.dialog).toEqual({ type: 'recover' })
  })

  test('says of anything else that it is not its own', () => {
    const studio = new FakeStudio()
    expect(runCommand(studio, 'reveal:/a/b.png')).toBe(false)
    expect(runCommand(studio, 'toString')).toBe(false)
    expect(studio.calls).toEqual([])
  })
})
