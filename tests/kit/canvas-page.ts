/** The canvas alone in Debian's Chromium, without the rest of the studio: bundles its page in memory and opens it. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, type Rollup } from 'vite'

const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
// As root in a container there is no sandbox to be had, and nothing of Chromium's own may go out to the network.
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']
const entry = fileURLToPath(new URL('canvas-page-entry.ts', import.meta.url))

/** The roles of colours as the window's style sheet has them. */
const styles = `
  :root { --canvas: #0e0f11; --line: #34373e; --text: #e9e7e2; --accent: #f2a33c; --on-accent: #241705; color-scheme: dark }
  @media (prefers-color-scheme: light) {
    :root { --canvas: #dedbd4; --line: #d3cec4; --text: #262420; --accent: #b4630a; --on-accent: #fff; color-scheme: light }
  }
  body { margin: 0 }
  :focus-visible { outline: 2px solid var(--accent) }`

export interface CanvasPage {
  readonly page: Page
  /** What the page wrote to its console as errors or warnings, and what it threw. */
  readonly complaints: string[]
  close(): Promise<void>
}

export interface CanvasPageOptions {
  readonly size?: { readonly width: number; readonly height: number }
  readonly ratio?: number
  readonly colorScheme?: 'dark' | 'light'
  readonly reducedMotion?: 'reduce' | 'no-preference'
}

let bundled: Promise<string> | undefined

/** One script with everything in it. */
async function bundle(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    // React as it is for development: it complains of what it does not like.
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'page' } },
  })
  const [{ output: chunks }] = output as [Rollup.RollupOutput]
  return chunks[0].code
}

export async function openCanvasPage(options: CanvasPageOptions = {}): Promise<CanvasPage> {
  const {
    size = { width: 800, height: 600 },
    ratio = 1,
    colorScheme = 'dark',
    reducedMotion = 'no-preference',
  } = options
  bundled ??= bundle()
  const script = await bundled
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath, args })
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: ratio, colorScheme, reducedMotion })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  // An address of this machine, answered from here: pages that come from nowhere may do less.
  const html = `<!doctype html><html lang="en"><title>Canvas</title><style>${styles}</style><body></body></html>`
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto('http://localhost/')
  await page.addScriptTag({ content: script })
  await page.locator('[role=application] canvas').first().waitFor({ state: 'attached' })
  return { page, complaints, close: () => browser.close() }
}
