/** The built program with the stand-in for Electron: starts it in this process, once for each test file, and speaks for its page. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll } from 'vitest'
import { BrowserWindow, standIn } from './electron-stand-in/index.ts'
import { temporaryFolder } from './temp-folder.ts'

/** Folder of the built program. */
export const builtFolder = process.env['PAELLA_OUT'] ?? fileURLToPath(new URL('../../out', import.meta.url))

export type PipeName = 'wire' | 'desktop'

/** What comes back from a call: see messages.ts of the wire. */
export interface Answer {
  readonly type: 'result' | 'error' | 'fault'
  readonly value?: unknown
  readonly error?: { readonly code: string; readonly message: string }
}

interface Speaker {
  call(pipe: PipeName, method: string, argument: unknown, events: boolean): Promise<Answer>
  readonly events: unknown[]
}

/** Everything that the program keeps lies in here. */
export let home = ''

/** Resolves when the page has loaded. @param built folder of a built program that is not the usual one */
export async function startProgram(built: string = builtFolder): Promise<void> {
  home = await temporaryFolder()
  standIn.folder = home
  afterAll(() => standIn.close())
  await import(/* @vite-ignore */ join(built, 'main', 'index.js'))
  await until(() => standIn.windows.length > 0)
  await (await standIn.page()).waitForFunction(() => document.readyState === 'complete')
}

export function theWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) throw new Error('the program has no window')
  return window
}

/** A page of the program's own without scripts: what happens then is what the test makes happen. */
export async function openQuietPage(): Promise<void> {
  const [sheet] = globSync('assets/*.css', { cwd: join(builtFolder, 'renderer') })
  await theWindow().loadURL(`app://studio/${sheet}`)
}

/** Makes a call as the page would, and resolves with what ends it. Takes the page's listeners, if it has some. */
export async function call(pipe: PipeName, method: string, argument: unknown = null): Promise<Answer> {
  const page = await speakingPage()
  return page.evaluate(
    ([pipe, method, argument]) =>
      (window as unknown as { speaker: Speaker }).speaker.call(pipe, method, argument, false),
    [pipe, method, argument] as const,
  )
}

/** Starts a call that tells events; they are collected from now on. */
export async function watch(pipe: PipeName): Promise<void> {
  const page = await speakingPage()
  await page.evaluate((pipe) => {
    void (window as unknown as { speaker: Speaker }).speaker.call(pipe, 'watch', null, true)
  }, pipe)
}

/** Takes the events that came since the last time. */
export async function events(): Promise<unknown[]> {
  const page = await speakingPage()
  return page.evaluate(() => (window as unknown as { speaker: Speaker }).speaker.events.splice(0))
}

export async function speakingPage(): Promise<Page> {
  const page = await standIn.page()
  await page.evaluate(() => {
    const globals = window as unknown as {
      speaker?: Speaker
      paella: {
        post(pipe: PipeName, message: unknown): void
        listen(pipe: PipeName, listener: (message: unknown) => void): void
      }
    }
    if (globals.speaker !== undefined) return
    const waiting = new Map<number, (answer: Answer) => void>()
    const events: unknown[] = []
    // The page's own calls begin at 1.
    let last = 1_000_000
    for (const pipe of ['wire', 'desktop'] as const) {
      globals.paella.listen(pipe, (message) => {
        const answer = message as Answer & { id?: number; event?: unknown }
        if (answer.type === 'fault') for (const resolve of waiting.values()) resolve(answer)
        else if ('event' in answer) events.push(answer.event)
        else waiting.get(answer.id ?? 0)?.(answer)
      })
    }
    globals.speaker = {
      events,
      call(pipe, method, argument, events) {
        last += 1
        const id = last
        return new Promise((resolve) => {
          waiting.set(id, resolve)
          globals.paella.post(pipe, { type: 'call', id, method, argument, events })
        })
      },
    }
  })
  return page
}

/** The program's log. */
export function readLog(): string {
  const [file] = globSync('logs/studio.log', { cwd: home })
  return file === undefined ? '' : readFileSync(join(home, file), 'utf8')
}

export async function until(holds: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited for ${milliseconds} ms in vain: ${holds.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
