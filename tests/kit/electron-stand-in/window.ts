/**
 * Electron's `BrowserWindow` and its web contents: a page of Chromium with the program's own preload in it. Messages go over a
 * binding of the developer tools' protocol, requests to the program's own protocol, and nowhere else.
 */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { BrowserWindowConstructorOptions, Rectangle, WindowOpenHandlerResponse } from 'electron'
import type { Browser, BrowserContext, CDPSession, Page, Request as PageRequest, Route } from 'playwright-core'
import { app, StandInEvent, windows } from './app.ts'
import { launchChromium } from './chromium.ts'
import { makeCodec } from './codec.ts'
import { standIn } from './control.ts'
import { type Frame, fromHttp, ipcMain, toHttp } from './ipc.ts'
import { bindingName, dispatchName, pageScript, pieceLength } from './page-side.ts'
import { defaultSession, protocolHandlers } from './session.ts'

const codec = makeCodec()

let browser: Promise<Browser> | undefined

class NavigationEvent extends StandInEvent {
  readonly url: string
  readonly isMainFrame: boolean

  constructor(url: string, isMainFrame: boolean) {
    super()
    this.url = url
    this.isMainFrame = isMainFrame
  }
}

class WebContents extends EventEmitter {
  readonly id: number
  readonly session = defaultSession
  readonly #window: BrowserWindow
  #openHandler: ((details: { url: string }) => WindowOpenHandlerResponse) | undefined

  constructor(window: BrowserWindow, id: number) {
    super()
    this.#window = window
    this.id = id
  }

  get mainFrame(): Frame {
    const url = this.getURL()
    // Of a scheme of ours, URL says that the origin is 'null'.
    return { url, origin: url.split('/', 3).join('/'), parent: null, isDestroyed: () => this.isDestroyed() }
  }
  getURL(): string {
    return this.#window.host.address
  }
  isDestroyed(): boolean {
    return this.#window.isDestroyed()
  }
  send(channel: string, ...messages: unknown[]): void {
    this.#window.host.dispatch(codec.write([channel, ...structuredClone(messages)]))
  }
  setWindowOpenHandler(handler: (details: { url: string }) => WindowOpenHandlerResponse): void {
    this.#openHandler = handler
  }
  /** What the program answers to a new window. */
  asksToOpen(url: string): WindowOpenHandlerResponse['action'] {
    return this.#openHandler?.({ url }).action ?? 'allow'
  }
}

/** The page of a window, and of those that follow it after a crash. */
class Host {
  address = ''
  readonly #contents: WebContents
  readonly #preload: string
  #context: Promise<BrowserContext> | undefined
  #page: Promise<{ page: Page; client: CDPSession }> | undefined
  /** Messages to the page go one after the other. */
  #sending: Promise<unknown> = Promise.resolve()
  #received = ''
  #isLoading = false
  #mainContext = 0

  constructor(contents: WebContents, preload: string) {
    this.#contents = contents
    this.#preload = preload
  }

  async page(): Promise<Page> {
    return (await this.#opened()).page
  }

  async load(url: string): Promise<void> {
    const { page } = await this.#opened()
    this.#isLoading = true
    try {
      await page.goto(toHttp(url), { waitUntil: 'load' })
    } finally {
      this.#isLoading = false
    }
  }

  dispatch(text: string): void {
    const send = async (): Promise<void> => {
      const { client } = await this.#opened()
      for (let at = 0; at === 0 || at < text.length; at += pieceLength) {
        const piece = (at + pieceLength >= text.length ? '1' : '0') + text.slice(at, at + pieceLength)
        await client.send('Runtime.callFunctionOn', {
          executionContextId: this.#mainContext,
          functionDeclaration: `function (piece) { window[Symbol.for('${dispatchName}')](piece) }`,
          arguments: [{ value: piece }],
        })
      }
    }
    // A page that went away meanwhile hears nothing, as with Electron.
    this.#sending = this.#sending.then(send).catch(() => undefined)
  }

  async close(): Promise<void> {
    await (await this.#context)?.close()
  }

  #opened(): Promise<{ page: Page; client: CDPSession }> {
    this.#page ??= this.#open()
    return this.#page
  }

  async #open(): Promise<{ page: Page; client: CDPSession }> {
    browser ??= launchChromium()
    this.#context ??= (await browser).newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
    const context = await this.#context
    const page = await context.newPage()
    const client = await context.newCDPSession(page)
    this.#listen(page, client, context)
    await client.send('Page.enable')
    await client.send('Runtime.enable')
    await client.send('Runtime.addBinding', { name: bindingName })
    const source = pageScript(this.#preload, makeCodec, process.platform)
    await client.send('Page.addScriptToEvaluateOnNewDocument', { source })
    await page.route('**/*', (route, request) => this.#answer(route, request))
    return { page, client }
  }

  #listen(page: Page, client: CDPSession, context: BrowserContext): void {
    const frames = new Map<number, string>()
    let mainFrame = ''
    client.on('Runtime.executionContextCreated', ({ context: { id, auxData } }) => {
      const { frameId, isDefault } = (auxData ?? {}) as { frameId?: string; isDefault?: boolean }
      if (isDefault !== true || frameId === undefined) return
      frames.set(id, frameId)
      if (mainFrame === '' || frameId === mainFrame) this.#mainContext = id
    })
    client.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId !== undefined) return
      mainFrame = frame.id
      this.address = fromHttp(frame.url)
      this.#received = ''
      this.#contents.emit('did-navigate', new StandInEvent(), this.address, 200, '')
    })
    client.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== bindingName || frames.get(executionContextId) !== mainFrame) return
      this.#received += payload.slice(1)
      if (payload[0] === '0') return
      const [channel, ...messages] = codec.read(this.#received) as [string, ...unknown[]]
      this.#received = ''
      const { mainFrame: senderFrame } = this.#contents
      ipcMain.emit(channel, { sender: this.#contents, senderFrame }, ...messages)
    })
    page.on('crash', () => {
      this.#page = undefined
      // What was on its way to the page that died would be waited for without an end.
      this.#sending = Promise.resolve()
      this.#contents.emit('render-process-gone', new StandInEvent(), { reason: 'crashed', exitCode: 5 })
    })
    context.on('page', (popup) => {
      if (popup === page) return
      void popup.opener().then(async (opener) => {
        if (opener === null) return
        await popup.waitForURL(/./).catch(() => undefined)
        if (this.#contents.asksToOpen(fromHttp(popup.url())) === 'deny') await popup.close()
      })
    })
  }

  async #answer(route: Route, request: PageRequest): Promise<void> {
    const url = fromHttp(request.url())
    if (request.isNavigationRequest()) {
      const isMainFrame = request.frame().parentFrame() === null
      if (this.#isLoading && isMainFrame) this.#isLoading = false
      else if (this.#isRefused(new NavigationEvent(url, isMainFrame))) return route.abort('aborted')
    }
    if (!defaultSession.allows(url)) {
      standIn.cancelled.push(url)
      return route.abort('blockedbyclient')
    }
    const handler = protocolHandlers.get(new URL(url).protocol.slice(0, -1))
    if (handler === undefined) {
      standIn.leaked.push(url)
      return route.abort('internetdisconnected')
    }
    const response = await handler(new Request(url, { method: request.method() }))
    const headers = Object.fromEntries(response.headers)
    await route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) })
  }

  #isRefused(event: NavigationEvent): boolean {
    this.#contents.emit('will-frame-navigate', event)
    if (event.isMainFrame && !event.defaultPrevented) this.#contents.emit('will-navigate', event)
    return event.defaultPrevented
  }
}

export class BrowserWindow extends EventEmitter {
  static #last = 0
  readonly options: BrowserWindowConstructorOptions
  readonly webContents: WebContents
  readonly host: Host
  title: string
  edited = false
  represented = ''
  progress: { readonly progress: number; readonly mode: string } | null = null
  #bounds: Rectangle
  #isDestroyed = false
  #isVisible: boolean
  #isMaximized = false
  #isFullScreen = false

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    const { sandbox, contextIsolation, nodeIntegration, preload } = options.webPreferences ?? {}
    if (sandbox !== true || contextIsolation !== true || nodeIntegration !== false) {
      throw new Error('the stand-in has no window that is not sandboxed and isolated')
    }
    this.options = options
    this.title = options.title ?? app.name
    this.#isVisible = options.show !== false
    this.#bounds = {
      x: options.x ?? 10,
      y: options.y ?? 10,
      width: options.width ?? 800,
      height: options.height ?? 600,
    }
    BrowserWindow.#last += 1
    this.webContents = new WebContents(this, BrowserWindow.#last)
    this.host = new Host(this.webContents, preload === undefined ? '' : readFileSync(preload, 'utf8'))
    windows.add(this)
    standIn.windows.push(this)
    standIn.page = () => this.host.page()
    app.emit('web-contents-created', new StandInEvent(), this.webContents)
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows] as BrowserWindow[]
  }

  async loadURL(url: string): Promise<void> {
    await this.host.load(url)
    this.emit('ready-to-show')
    this.webContents.emit('did-finish-load')
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  isVisible(): boolean {
    return this.#isVisible
  }
  show(): void {
    this.#isVisible = true
  }
  focus(): void {
    this.emit('focus')
  }
  isMinimized(): boolean {
    return false
  }
  restore(): void {
    this.emit('restore')
  }
  maximize(): void {
    this.#isMaximized = true
  }
  isMaximized(): boolean {
    return this.#isMaximized
  }
  isFullScreen(): boolean {
    return this.#isFullScreen
  }
  setProgressBar(progress: number, options: { readonly mode: string }): void {
    this.progress = { progress, ...options }
  }
  setFullScreen(on: boolean): void {
    this.#isFullScreen = on
  }
  getNormalBounds(): Rectangle {
    return this.#bounds
  }
  setBounds(bounds: Rectangle): void {
    this.#bounds = bounds
  }
  setTitle(title: string): void {
    this.title = title
  }
  getTitle(): string {
    return this.title
  }
  setDocumentEdited(edited: boolean): void {
    this.edited = edited
  }
  setRepresentedFilename(path: string): void {
    this.represented = path
  }

  /** As the person does it: the program may refuse. */
  close(): void {
    const event = new StandInEvent()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }
  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    windows.delete(this)
    standIn.windows = BrowserWindow.getAllWindows()
    void this.host.close()
    this.emit('closed')
    if (windows.size === 0) app.emit('window-all-closed')
  }
}

standIn.close = async () => {
  const opened = browser
  browser = undefined
  await (await opened)?.close()
}
