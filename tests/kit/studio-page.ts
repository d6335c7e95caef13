/** The built studio in Debian's Chromium: starts its process, opens its address in a page of its own, and cleans up. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const program = fileURLToPath(new URL('../../out/main/studio-web.js', import.meta.url))
// As root in a container there is no sandbox to be had, and nothing of Chromium's own may go out to the network.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why there can be no browser test on this machine; undefined where there can. */
export const noBrowser: string | undefined = existsSync(chromiumPath)
  ? undefined
  : `there is no Chromium at ${chromiumPath}: install Debian's package chromium, or name another in CHROMIUM_PATH`

export interface StudioPage {
  readonly page: Page
  /** What the page wrote to its console as errors, what it threw, and what its policy blocked. */
  readonly complaints: string[]
  /** Process id of the studio. */
  readonly pid: number
  close(): Promise<void>
}

export async function openStudio(): Promise<StudioPage> {
  const studio = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const address = await addressOf(studio)
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath, args })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(address)
  return {
    page,
    complaints,
    pid: studio.pid ?? 0,
    async close() {
      await browser.close()
      studio.kill('SIGTERM')
      if (studio.exitCode === null) await new Promise((resolve) => studio.once('exit', resolve))
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
