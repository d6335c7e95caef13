/** Keeps the shell in step with the window: its menus, its title, and what it reports, such as a file to open or a wish to close. */
import type { DesktopApi } from '../../../shared/contract/desktop-api.ts'
import { studioMenus } from '../panels/menus.ts'
import { strings } from '../strings/strings.ts'
import type { StudioState } from '../studio/studio-state.ts'
import type { Studio } from '../studio/studio.ts'

/** @param command does what an entry of the native menus asks for */
export function followDesktop(studio: Studio, desktop: DesktopApi, command: (text: string) => void): void {
  const fail = (error: unknown): void => studio.tellFailure(error)
  let shown = ''
  let menus = ''
  let progress = JSON.stringify(noProgress)
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
    const bar = progressOf(studio.state)
    const barText = JSON.stringify(bar)
    if (barText !== progress) {
      progress = barText
      desktop.setProgress(bar).catch(fail)
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

const noProgress = { share: null, paused: false } as const

/** Of the batch, else of the job that runs; in whole percents, so that the shell is told seldom. */
export function progressOf({ batch, queue }: Pick<StudioState, 'batch' | 'queue'>): {
  readonly share: number | null
  readonly paused: boolean
} {
  if (batch.is === 'running' || batch.is === 'paused') {
    const { items, done, skipped, failed } = batch.progress
    return { share: items === 0 ? null : percents((done + skipped + failed) / items), paused: batch.is === 'paused' }
  }
  const isRunning = queue.jobs.some(({ state }) => state === 'running')
  return isRunning && queue.share !== null ? { share: percents(queue.share), paused: false } : noProgress
}

const percents = (share: number): number => Math.round(share * 100) / 100
