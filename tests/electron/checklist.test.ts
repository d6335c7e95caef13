/**
 * The twenty items of Electron's security checklist (docs/tutorial/security.md), each by something that would be seen if it were
 * not so: the built program is started and asked. What only the real binary can show is in real-electron.test.ts.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { builtFolder, call, openQuietPage, startProgram, theWindow, until } from '../kit/electron-program.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { defaultSession, protocolHandlers, schemes } from '../kit/electron-stand-in/session.ts'
import { ipcMain, standIn } from '../kit/electron-stand-in/index.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const own = 'app://studio/'

const preferences = () => theWindow().options.webPreferences ?? {}
/** Everything that the built page may show or run, as text. */
const pageText = () =>
  globSync('**/*.{html,js,css}', { cwd: join(builtFolder, 'renderer') })
    .map((path) => readFileSync(join(builtFolder, 'renderer', path), 'utf8'))
    .join('\n')

async function served(address: string, method = 'GET'): Promise<Response> {
  const handler = protocolHandlers.get('app')
  if (handler === undefined) throw new Error('nobody serves app:')
  return handler(new Request(address, { method }))
}

/** Whether a listener of the web contents stops an event that tells of an address. */
function isStopped(name: string, url = 'https://evil.example/', isMainFrame = true): boolean {
  let stopped = false
  theWindow().webContents.emit(name, {
    url,
    isMainFrame,
    preventDefault() {
      stopped = true
    },
  })
  return stopped
}

/** Every permission that Electron's types know. */
function permissions(): string[] {
  const types = readFileSync(join(root, 'node_modules', 'electron', 'electron.d.ts'), 'utf8')
  const lines = types
    .split('\n')
    .filter((line) => /set(?:PermissionRequest|PermissionCheck)Handler\(handler/.test(line))
  const names = lines.flatMap((line) => [...line.matchAll(/'([a-zA-Z-]+)'/g)].map(([, name]) => name as string))
  return [...new Set(names)]
}

function isGranted(permission: string, address: string): boolean {
  let granted: unknown
  const request = defaultSession.handlers.get('setPermissionRequestHandler') as (...values: unknown[]) => void
  const check = defaultSession.handlers.get('setPermissionCheckHandler') as (...values: unknown[]) => unknown
  request({ getURL: () => address }, permission, (answer: unknown) => {
    granted = answer
  })
  const checked = check(null, permission, new URL(address).origin === 'null' ? address : new URL(address).origin)
  expect(checked, permission).toBe(granted)
  return granted !== false
}

/** By the numbers of the checklist. */
const checks: Readonly<Record<number, readonly [title: string, check: () => Promise<void> | void]>> = {
  1: [
    'Only load secure content',
    () => {
      expect([standIn.leaked, standIn.cancelled]).toEqual([[], []])
      for (const address of [
        'http://example.org/',
        'https://example.org/',
        'ws://example.org/',
        'ftp://a/',
        'file:///a',
      ]) {
        expect(defaultSession.allows(address), address).toBe(false)
      }
      expect(defaultSession.allows(`${own}index.html`)).toBe(true)
      expect(defaultSession.spellChecker).toBe(false)
      expect(pageText()).not.toMatch(/(?:src|href)="?http/)
    },
  ],
  2: [
    'Disable the Node.js integration for remote content',
    async () => {
      const { nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames } = preferences()
      expect([nodeIntegration, nodeIntegrationInWorker, nodeIntegrationInSubFrames]).toEqual([false, false, false])
      const page = await standIn.page()
      expect(await page.evaluate(() => ['require', 'process', 'Buffer'].filter((name) => name in window))).toEqual([])
    },
  ],
  3: [
    'Enable context isolation',
    async () => {
      expect(preferences().contextIsolation).toBe(true)
      const page = await standIn.page()
      const kept = await page.evaluate(() => {
        const { paella } = window as unknown as { paella: { post: unknown } }
        const { post } = paella
        try {
          paella.post = () => undefined
        } catch {
          // Frozen, as a module's code is strict.
        }
        return (window as unknown as { paella: { post: unknown } }).paella.post === post
      })
      expect(kept).toBe(true)
    },
  ],
  4: [
    'Enable process sandboxing',
    () => {
      expect(preferences().sandbox).toBe(true)
      expect(standIn.order.indexOf('enableSandbox')).toBe(0)
      expect(standIn.order).toContain('ready')
    },
  ],
  5: [
    'Handle session permission requests from remote content',
    () => {
      expect(permissions().length).toBeGreaterThan(40)
      expect(permissions().filter((name) => isGranted(name, own))).toEqual(['clipboard-sanitized-write'])
      expect(permissions().filter((name) => isGranted(name, 'https://evil.example/'))).toEqual([])
      const deviceAnswers = [
        'setDevicePermissionHandler',
        'setBluetoothPairingHandler',
        'setDisplayMediaRequestHandler',
      ]
      expect(deviceAnswers.filter((name) => !defaultSession.handlers.has(name))).toEqual([])
      for (const name of ['select-hid-device', 'select-serial-port', 'select-usb-device']) {
        expect(defaultSession.listenerCount(name), name).toBe(1)
      }
    },
  ],
  6: ['Do not disable webSecurity', () => expect(preferences().webSecurity).toBe(true)],
  7: [
    'Define a Content Security Policy',
    async () => {
      // Its effect is shown in content-policy.test.ts.
      for (const path of ['', 'index.html', 'missing.js', '../../etc/passwd']) {
        const { headers } = await served(own + path)
        expect(headers.get('content-security-policy'), path).toContain("default-src 'none'; script-src 'self';")
      }
    },
  ],
  8: ['Do not set allowRunningInsecureContent', () => expect(preferences().allowRunningInsecureContent).toBe(false)],
  9: ['Do not enable experimental features', () => expect(preferences().experimentalFeatures).toBe(false)],
  10: [
    'Do not use enableBlinkFeatures',
    () => {
      expect(preferences()).not.toHaveProperty('enableBlinkFeatures')
      expect(readFileSync(join(builtFolder, 'main', 'index.js'), 'utf8')).not.toContain('appendSwitch')
    },
  ],
  11: [
    'Do not use allowpopups for WebViews',
    () => {
      expect(preferences().webviewTag).toBe(false)
      expect(pageText()).not.toMatch(/<webview|createElement\("webview/)
    },
  ],
  12: ['Verify WebView options before creation', () => expect(isStopped('will-attach-webview')).toBe(true)],
  13: [
    'Disable or limit navigation',
    async () => {
      for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
        expect(isStopped(name), name).toBe(true)
        expect(isStopped(name, own), name).toBe(false)
      }
      expect(isStopped('will-frame-navigate', own, false)).toBe(true)
      const page = await standIn.page()
      await page.evaluate(() => {
        location.href = 'https://evil.example/'
      })
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)))
      expect([page.url().startsWith('http://studio.app.localhost/'), standIn.leaked]).toEqual([true, []])
    },
  ],
  14: [
    'Disable or limit creation of new windows',
    async () => {
      const contents = theWindow().webContents
      expect(contents.asksToOpen('https://evil.example/')).toBe('deny')
      expect(contents.asksToOpen(own)).toBe('deny')
      const page = await standIn.page()
      await page.evaluate(() => void window.open('https://evil.example/'))
      await until(() => page.context().pages().length === 1)
      expect(standIn.leaked).toEqual([])
    },
  ],
  15: [
    'Do not use shell.openExternal with untrusted content',
    async () => {
      standIn.opened.splice(0)
      theWindow().webContents.asksToOpen('file:///etc/passwd')
      for (const address of [
        'file:///etc/passwd',
        'https://evil.example/',
        '\\\\server\\share',
        'ms-settings:privacy',
      ]) {
        expect(await call('desktop', 'openLink', { address }), address).toMatchObject({ type: 'error' })
      }
      expect(standIn.opened).toEqual([])
      theWindow().webContents.asksToOpen('https://github.com/dome272/Paella')
      expect(standIn.opened).toEqual(['https://github.com/dome272/Paella'])
    },
  ],
  16: [
    'Use a current version of Electron',
    () => {
      const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
      const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'))
      // Pinned, and no older than the major that was current in November 2026: three majors are supported at a time.
      expect(devDependencies.electron).toBe(version)
      expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(45)
    },
  ],
  17: [
    'Validate the sender of all IPC messages',
    async () => {
      // All senders and messages are in senders.test.ts.
      const sent: unknown[] = []
      const { webContents } = theWindow()
      const send = webContents.send.bind(webContents)
      webContents.send = (_channel: string, ...messages: unknown[]) => void sent.push(...messages)
      const question = { type: 'call', id: 1, method: 'begin', argument: null, events: false }
      for (const channel of ipcMain.eventNames()) {
        ipcMain.emit(channel, { sender: { id: webContents.id }, senderFrame: null }, question)
        ipcMain.emit(channel, { sender: { id: -1 }, senderFrame: webContents.mainFrame }, question)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
      webContents.send = send
      expect(sent).toEqual([])
    },
  ],
  18: [
    'Avoid usage of the file:// protocol and prefer usage of custom protocols',
    async () => {
      expect(theWindow().webContents.getURL()).toMatch(/^app:\/\/studio\//)
      expect(schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }])
      expect((await served(own)).status).toBe(200)
      for (const address of ['app://evil/', `${own}..%2f..%2fetc/passwd`, `${own}%2e%2e/main/index.js`]) {
        expect((await served(address)).status, address).toBe(404)
      }
      expect((await served(own, 'POST')).status).toBe(404)
    },
  ],
  19: [
    'Check which fuses you can change',
    async () => {
      // The wire of a packaged program is read in tests/process/pack.test.ts.
      const hook = new URL('../../build/after-pack.mjs', import.meta.url).href
      const { fuses } = (await import(hook)) as { fuses: Readonly<Record<string, unknown>> }
      const { FuseV1Options } = await import('@electron/fuses')
      const indices = Object.values(FuseV1Options).filter((value) => typeof value === 'number')
      expect(indices.filter((index) => typeof fuses[index] !== 'boolean')).toEqual([])
      expect(fuses['strictlyRequireAllFuses']).toBe(true)
    },
  ],
  20: [
    'Do not expose Electron APIs to untrusted web content',
    async () => {
      const page = await standIn.page()
      const surface = await page.evaluate(() => {
        const { paella } = window as unknown as { paella: Readonly<Record<string, unknown>> }
        return Object.entries(paella).map(([name, value]) => `${name}: ${typeof value}`)
      })
      expect(surface).toEqual(['post: function', 'listen: function', 'pathOf: function'])
      const preload = readFileSync(join(builtFolder, 'preload', 'index.cjs'), 'utf8')
      expect([...preload.matchAll(/require\(([^)]*)\)/g)].map(([, what]) => what)).toEqual(['"electron"'])
      expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1)
    },
  ],
}

test('every item of the checklist has a check', () => {
  expect(Object.keys(checks).map(Number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})

describe.skipIf(noChromium)(`the program${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  beforeAll(async () => {
    await startProgram()
    await openQuietPage()
  })

  test.each(Object.entries(checks).map(([number, [title, check]]) => [number, title, check] as const))(
    'item %s: %s',
    (_number, _title, check) => check(),
  )
})
