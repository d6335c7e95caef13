/** The built program with the stand-in for Electron, as a process that journeys drive from outside and kill. */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { childrenOf } from './cli.ts'
import { builtFolder } from './electron-program.ts'
import type { StudioUnderTest } from './journeys.ts'
import { enginesOf, kill } from './processes.ts'
import { type Hands, StudioDriver, until } from './studio-driver.ts'

const register = new URL('./electron-stand-in/register.mjs', import.meta.url).href
const program = fileURLToPath(new URL('./electron-studio-program.ts', import.meta.url))

/** @param folder in which saved files and the program's data come to lie */
export async function openElectronStudio(folder: string): Promise<StudioUnderTest> {
  const saved = join(folder, 'saved')
  mkdirSync(saved, { recursive: true })
  const port = await freePort()
  const env = {
    ...process.env,
    STAND_IN_FOLDER: join(folder, 'electron'),
    STAND_IN_EXITS: '1',
    STAND_IN_DEBUG_PORT: String(port),
  }
  const words = ['--import', register, program, join(builtFolder, 'main', 'index.js')]
  const studio = spawn(process.execPath, words, { env, stdio: ['pipe', 'ignore', 'inherit'] })
  const pid = studio.pid ?? 0
  const browser = await connected(port)
  const page = await windowOf(browser)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  const tell = (line: object): void => void studio.stdin.write(`${JSON.stringify(line)}\n`)
  const end = async (): Promise<void> => {
    const children = childrenOf(pid)
    studio.kill('SIGKILL')
    if (studio.exitCode === null && studio.signalCode === null) {
      await new Promise((resolve) => studio.once('exit', resolve))
    }
    for (const child of children) kill(child)
  }
  return {
    driver: new StudioDriver(page, hands(saved, tell)),
    complaints,
    engines: () => enginesOf(pid),
    async killAndReopen() {
      await end()
      return await openElectronStudio(folder)
    },
    close: end,
  }
}

/** Answers are given before the dialog comes: the stand-in keeps them. */
function hands(folder: string, tell: (line: object) => void): Hands {
  return {
    folder,
    async menu(_page, menu, item) {
      tell({ click: [menu, item] })
    },
    async open(path, act) {
      tell({ answer: 'showOpenDialog', value: { canceled: false, filePaths: [path] } })
      await act()
    },
    async save(name, act) {
      tell({ answer: 'showSaveDialog', value: { canceled: false, filePath: join(folder, name) } })
      await act()
    },
  }
}

async function connected(port: number): Promise<Browser> {
  let browser: Browser | undefined
  await until(async () => {
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`).catch(() => undefined)
    return browser !== undefined
  }, 30_000)
  if (browser === undefined) throw new Error('assertion failed: until returns when there is a browser')
  return browser
}

async function windowOf(browser: Browser): Promise<Page> {
  const pages = (): Page[] => browser.contexts().flatMap((context) => context.pages())
  await until(async () => pages().some((page) => page.url().includes('studio')), 30_000)
  const page = pages().find((candidate) => candidate.url().includes('studio'))
  if (page === undefined) throw new Error('assertion failed: until returns when there is a page')
  return page
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
