/** The pixel worker in Debian's Chromium: builds its page as the app is built, serves it with the app's own headers, and opens it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { serveFile } from '../../src/main/security/served-files.ts'

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
// As root in a container there is no sandbox to be had, and nothing of Chromium's own may go out to the network.
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']
const root = fileURLToPath(new URL('pixels-page', import.meta.url))

export interface PixelsPage {
  readonly page: Page
  /** What the page wrote to its console as errors or warnings, what its policy blocked, and what it threw. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** @param folder an empty one, for what is built */
export async function openPixelsPage(folder: string): Promise<PixelsPage> {
  const out = join(folder, 'page')
  const options = { outDir: out, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } }
  await build({ configFile: false, root, logLevel: 'error', build: options })
  const server = createServer((request, response) => {
    void serveFile(out, new URL(request.url ?? '/', 'http://localhost').pathname).then(({ status, headers, body }) => {
      response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath, args })
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => 'pixelsPage' in window)
  return {
    page,
    complaints,
    async close() {
      await browser.close()
      server.close()
    },
  }
}
