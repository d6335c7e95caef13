/**
 * The same program in Electron itself, where its binary is there (`npx install-electron`) and a screen: what no stand-in can show.
 * Skipped, with the reason in its name, everywhere else.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtFolder } from '../kit/electron-program.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const folder = fileURLToPath(new URL('../../node_modules/electron', import.meta.url))
const program = existsSync(join(folder, 'path.txt'))
  ? join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
  : undefined

function whyNot(): string | undefined {
  if (program === undefined || !existsSync(program))
    return "Electron's binary is not here: npx install-electron fetches it"
  if (process.platform !== 'linux') return undefined
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'there is no screen: xvfb-run lends one'
  return process.getuid?.() === 0 ? 'root can only run it without its sandbox' : undefined
}

const noElectron = whyNot()
let app: ElectronApplication
let page: Page

describe.skipIf(noElectron)(`Electron${noElectron ? ` (skipped: ${noElectron})` : ''}`, () => {
  beforeAll(async () => {
    const home = await temporaryFolder()
    const args = [join(builtFolder, 'main', 'index.js'), `--user-data-dir=${home}`]
    app = await _electron.launch({ executablePath: program as string, args })
    page = await app.firstWindow()
    await page.waitForFunction(() => document.readyState === 'complete')
  })
  afterAll(() => app?.close())

  test('shows the page under its own scheme, and reaches its documents and its engine', async () => {
    expect(await page.evaluate(() => location.href)).toBe('app://studio/')
    const answer = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const { paella } = window as unknown as {
            paella: {
              post(pipe: string, message: unknown): void
              listen(pipe: string, listener: (message: unknown) => void): void
            }
          }
          paella.listen('wire', (message) => {
            if ((message as { id?: number }).id === 1_000_001) resolve(message)
          })
          paella.post('wire', { type: 'call', id: 1_000_001, method: 'begin', argument: null, events: false })
        }),
    )
    expect(answer).toMatchObject({ type: 'result', value: { platform: expect.any(String) } })
  })

  test('keeps Node and Electron from the page, and its files from fetch', async () => {
    const found = await page.evaluate(async () => ({
      strangers: ['require', 'process', 'Buffer', 'module'].filter((name) => name in window),
      file: await fetch('file:///etc/hostname').then(
        () => 'read',
        () => 'refused',
      ),
    }))
    expect(found).toEqual({ strangers: [], file: 'refused' })
  })

  test('isolates the preload from a page that rewrites what arrays are', async () => {
    const answer = await page.evaluate(() => {
      const { prototype } = Array
      Object.defineProperty(prototype, 'includes', { value: () => true })
      const { paella } = window as unknown as { paella: { post(pipe: string, message: unknown): void } }
      try {
        paella.post('other', {})
        return 'sent'
      } catch {
        return 'refused'
      }
    })
    expect(answer).toBe('refused')
  })

  test('opens no second window and goes nowhere', async () => {
    await page.evaluate(() => void window.open('https://example.org/'))
    await page.evaluate(() => {
      location.href = 'https://example.org/'
    })
    await page.waitForTimeout(300)
    expect(app.windows()).toHaveLength(1)
    expect(await page.evaluate(() => location.href)).toBe('app://studio/')
  })

  test('denies permissions', async () => {
    const states = await page.evaluate(() =>
      Promise.all(
        ['geolocation', 'notifications', 'midi', 'camera'].map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state),
        ),
      ),
    )
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
  })

  test('runs every page in the sandbox', async () => {
    const sandboxed = await app.evaluate(({ app }) =>
      app
        .getAppMetrics()
        .filter(({ type }) => type === 'Tab')
        .map(({ sandboxed }) => sandboxed),
    )
    if (process.platform !== 'linux') expect(sandboxed).not.toContain(false)
    expect(await app.evaluate(() => process.argv.includes('--no-sandbox'))).toBe(false)
  })
})
