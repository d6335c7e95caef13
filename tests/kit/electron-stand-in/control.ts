/** What a test sees and scripts of the stand-in: everything the program asked of Electron, and the answers of the person. */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import type { Page } from 'playwright-core'

type DialogName = 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'

export const standIn = {
  /** Folder under which all of the program's folders are. A test sets its own before it starts the program. */
  folder: process.env['STAND_IN_FOLDER'] ?? join(tmpdir(), 'electron-stand-in'),
  /** Folder of app.asar where an installed program is played; undefined for one from its sources. */
  resources: process.env['STAND_IN_RESOURCES'],
  /** Whether app.exit ends this process. */
  exits: process.env['STAND_IN_EXITS'] === '1',
  /** Calls whose order matters, as they came: 'enableSandbox', 'registerSchemes', 'ready', ... */
  order: [] as string[],
  /** What each dialog showed, in order. */
  dialogs: [] as { readonly name: DialogName; readonly options: Readonly<Record<string, unknown>> }[],
  /** Each menu of the program in the order in which they were set; null is no menu at all. */
  menus: [] as (readonly MenuItemConstructorOptions[] | null)[],
  /** Addresses that were given to the person's browser. */
  opened: [] as string[],
  /** Paths that were shown in the file manager. */
  revealed: [] as string[],
  recent: [] as string[],
  /** Addresses that a page asked for and the program cancelled. */
  cancelled: [] as string[],
  /** Addresses that would have gone out to the network. */
  leaked: [] as string[],
  /** Exit codes that were asked for; 'relaunch' where it was to start again. */
  ended: [] as (number | 'relaunch')[],

  /** The menu that shows now; undefined is Electron's own. */
  get menu(): readonly MenuItemConstructorOptions[] | null | undefined {
    return this.menus.at(-1)
  },

  /** The next dialog of this kind is answered so. One that nobody expected throws. */
  answer(name: DialogName, value: object): void {
    answers.push({ name, value })
  },
  /** Chooses an entry of the menu by its labels: click('File', 'Open…'). */
  click(...labels: readonly string[]): void {
    const item = this.menuItem(...labels)
    item.click?.(undefined as never, undefined, { triggeredByAccelerator: false })
  },
  menuItem(...labels: readonly string[]): MenuItemConstructorOptions {
    let items = this.menu ?? []
    let found: MenuItemConstructorOptions | undefined
    for (const label of labels) {
      found = items.find((item) => item.label === label)
      if (found === undefined) throw new Error(`there is no menu entry '${labels.join(' > ')}'`)
      items = Array.isArray(found.submenu) ? found.submenu : []
    }
    if (found === undefined) throw new Error('a menu entry has a label')
    return found
  },
  /** Titles of the windows that are open, oldest first. */
  windows: [] as { readonly title: string }[],
  /** The page of the newest window. */
  page: (): Promise<Page> => Promise.reject(new Error('no window was opened')),
  /** Ends Chromium. */
  close: async (): Promise<void> => undefined,
}

const answers: { readonly name: DialogName; readonly value: object }[] = []

export function ask<Answer>(name: DialogName, options: object): Promise<Answer> {
  standIn.dialogs.push({ name, options: options as Readonly<Record<string, unknown>> })
  const at = answers.findIndex((answer) => answer.name === name)
  const [answer] = at < 0 ? [] : answers.splice(at, 1)
  if (answer === undefined) return Promise.reject(new Error(`nobody answers ${name}: ${JSON.stringify(options)}`))
  return Promise.resolve(answer.value as Answer)
}

export function folderOf(name: string): string {
  const folder = join(standIn.folder, name)
  mkdirSync(folder, { recursive: true })
  return folder
}
