/** The built studio in Debian's Chromium: starts its process, opens its address in a page of its own, and cleans up. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { launchChromium, noChromium } from './electron-stand-in/chromium.ts'
import type { StudioUnderTest } from './journeys.ts'
import { enginesOf, kill } from './processes.ts'
import { type Hands, StudioDriver, typeInto } from './studio-driver.ts'

const out = process.env['PAELLA_OUT'] ?? fileURLToPath(new URL('../../out', import.meta.url))
/** Why there can be no browser test on this machine; undefined where there can. */
export const noBrowser = noChromium

export interface StudioPage extends StudioUnderTest {
  readonly page: Page
  readonly complaints: string[]
  /** Process id of the studio. */
  readonly pid: number
}

export interface Looks {
  readonly width?: number
  readonly height?: number
  readonly colours?: 'dark' | 'light'
}

/** @param folder in which saved files and the studio's data come to lie */
export async function openStudio(folder: string, looks: Looks = {}): Promise<StudioPage> {
  const saved = join(folder, 'saved')
  const words = [join(out, 'main', 'studio-web.js'), '--data', join(folder, 'data'), '--folder', saved]
  const studio = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const address = await addressOf(studio)
  const browser = await launchChromium()
  const { width = 1280, height = 800, colours = 'dark' } = looks
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: colours })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  // What is unsaved is asked about by the page itself; a test that closes the window means it.
  page.on('dialog', (dialog) => void dialog.accept())
  await page.goto(address)
  const pid = studio.pid ?? 0
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const engines = enginesOf(pid)
    studio.kill(signal)
    if (studio.exitCode === null && studio.signalCode === null)
      await new Promise((resolve) => studio.once('exit', resolve))
    // A power cut takes the engine along.
    if (signal === 'SIGKILL') for (const engine of engines) kill(engine)
    await browser.close()
  }
  return {
    page,
    driver: new StudioDriver(page, browserHands(page, saved)),
    complaints,
    pid,
    engines: () => enginesOf(pid),
    async killAndReopen() {
      await end('SIGKILL')
      return await openStudio(folder, looks)
    },
    close: () => end('SIGTERM'),
  }
}

function browserHands(page: Page, folder: string): Hands {
  return {
    folder,
    async menu(page, menu, item) {
      await page.getByRole('menubar').getByRole('menuitem', { name: menu, exact: true }).click()
      await page.getByRole('menu').getByRole('menuitem', { name: item }).first().click()
    },
    async open(path, act) {
      // A dialog that is still on its way out has the keys to itself; a person would press again.
      for (let attempt = 1; ; attempt++) {
        const chooser = page
          .waitForEvent('filechooser', { timeout: attempt < 5 ? 3_000 : 30_000 })
          .catch(() => undefined)
        await act()
        const opened = await chooser
        if (opened !== undefined) return await opened.setFiles(path)
        if (attempt === 5) throw new Error('no dialog for a file came')
      }
    },
    async save(name, act) {
      await act()
      const field = page.getByRole('dialog').getByRole('textbox', { name: 'Name' })
      await typeInto(field, name)
      await field.press('Enter')
    },
  }
}

function addressOf(studio: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    studio.once('exit', (code) => reject(new Error(`the studio ended with ${code} before it was open`)))
    if (!studio.stdout) throw new Error('assertion failed: the studio has no output')
    createInterface({ input: studio.stdout }).on('line', (line) => {
      const address = /http:\/\/\S+/.exec(line)?.[0]
      if (address) resolve(address)
    })
  })
}
