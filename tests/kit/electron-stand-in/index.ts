/**
 * A stand-in for the module 'electron', for machines where its binary cannot be had: the program's own main process runs in this
 * Node, its windows are pages of Debian's Chromium. It has what our program asks for and no more, so that a new call fails
 * here until somebody has thought about it. What it cannot show: the sandbox, a world of its own for the preload, native
 * dialogs and menus, other platforms.
 */
import type * as Electron from 'electron'
import { type App, app } from './app.ts'
import { ask, standIn } from './control.ts'
import { ipcMain } from './ipc.ts'
import { protocol, type Session, session } from './session.ts'
import { BrowserWindow } from './window.ts'

export const dialog = {
  showOpenDialog: (_window: unknown, options: object) => ask<Electron.OpenDialogReturnValue>('showOpenDialog', options),
  showSaveDialog: (_window: unknown, options: object) => ask<Electron.SaveDialogReturnValue>('showSaveDialog', options),
  showMessageBox: (first: object, options?: object) =>
    ask<Electron.MessageBoxReturnValue>('showMessageBox', options ?? first),
}

export const shell = {
  openExternal: async (address: string): Promise<void> => void standIn.opened.push(address),
  showItemInFolder: (path: string): void => void standIn.revealed.push(path),
}

export const Menu = {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => ({ items: template }),
  setApplicationMenu(menu: { items: Electron.MenuItemConstructorOptions[] } | null): void {
    standIn.menus.push(menu?.items ?? null)
  },
}

const area = { x: 0, y: 0, width: 1920, height: 1080 }
export const screen = { getAllDisplays: () => [{ workArea: area }] }

export { app, BrowserWindow, ipcMain, protocol, session, standIn }
export default { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, shell }

// The guard against drift: every name here is one of Electron's, but for what is listed as our own.
type Strange<Ours, Theirs, Own extends string = never> = Exclude<keyof Ours, keyof Theirs | Own>
type Module = typeof Electron
type Nothing<Names extends never> = Names
export type Drift = [
  Nothing<Strange<App, Electron.App>>,
  Nothing<Strange<BrowserWindow, Electron.BrowserWindow, 'host' | 'options' | 'edited' | 'represented' | 'progress'>>,
  Nothing<Strange<BrowserWindow['webContents'], Electron.WebContents, 'asksToOpen'>>,
  Nothing<Strange<Session, Electron.Session, 'handlers' | 'spellChecker' | 'allows'>>,
  Nothing<Strange<typeof dialog, Module['dialog']>>,
  Nothing<Strange<typeof shell, Module['shell']>>,
  Nothing<Strange<typeof Menu, Module['Menu']>>,
  Nothing<Strange<typeof protocol, Module['protocol']>>,
  Nothing<Strange<typeof screen, Module['screen']>>,
]
