/** Keeps the shell in step with the window: its menus, its title, and what it reports, such as a file to open or a wish to close. */
import type { DesktopApi } from '../../../shared/contract/desktop-api.ts'
import { studioMenus } from '../panels/menus.ts'
import { strings } from '../strings/strings.ts'
import type { Studio } from '../studio/studio.ts'

/** @param command does what an entry of the native menus asks for */
export function followDesktop(studio: Studio, desktop: DesktopApi, command: (text: string) => void): void {
  const fail = (error: unknown): void => studio.tellFailure(error)
  let shown = ''
  let menus = ''
  const follow = (): void => {
    const { document: open, desktop: shell, start } = studio.state
    const title =
      open === null ? strings.window.appName : `${open.name}${open.dirty ? ' •' : ''} – ${strings.window.appName}`
    const window = { title, edited: open?.dirty ?? false, path: open?.path ?? null }
    const text = JSON.stringify(window)
    if (text !== shown) {
      shown = text
      globalThis.document.title = title
      desktop.setWindow(window).catch(fail)
    }
    if (!shell.nativeMenus) return
    const now = studioMenus(studio, strings, start?.platform === 'mac' ? 'mac' : 'other')
    const described = JSON.stringify(now)
    if (described === menus) return
    menus = described
    desktop.setMenus({ menus: now }).catch(fail)
  }
  studio.subscribe(follow)
  follow()
  desktop
    .watch(null, {
      onEvent(event) {
        if (event.type === 'menu') command(event.action)
        else if (event.type === 'open') studio.open(event.source)
        else studio.requestClose().catch(fail)
      },
    })
    .catch(fail)
}
