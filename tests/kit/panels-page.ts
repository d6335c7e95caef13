/** The panels in Debian's Chromium over the fake model: bundled into a folder of its own and served under the studio's own policy. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { responseHeaders } from '../../src/main/security/content-policy.ts'
import type { FakeStudio } from './fake-studio.ts'

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
// As root in a container there is no sandbox to be had, and nothing of Chromium's own may go out to the network.
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']

declare global {
  interface Window {
    /** Of the page of the panels. */
    readonly studio: FakeStudio
    readonly violations: readonly string[]
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface PanelsSite {
  /** A page of its own, with what it complained of; it ends with the site. */
  open(options?: BrowserContextOptions): Promise<{ readonly page: Page; readonly complaints: readonly string[] }>
  close(): Promise<void>
}

export async function openPanelsSite(): Promise<PanelsSite> {
  const folder = await mkdtemp(join(tmpdir(), 'paella-panels-'))
  await build({
    configFile: false,
    root: fileURLToPath(new URL('panels-page', import.meta.url)),
    plugins: [react()],
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })
  const server = await serve(folder)
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath, args })
  return {
    async open(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await page.getByRole('tree').waitFor()
      return { page, complaints }
    },
    async close() {
      await browser.close()
      server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (content) => {
        const type = types[extname(path === '/' ? '.html' : path) || '.html'] ?? 'application/octet-stream'
        response.writeHead(200, { ...responseHeaders, 'content-type': type }).end(content)
      },
      () => response.writeHead(404).end(),
    )
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
