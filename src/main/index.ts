/**
 * Electron's entry: one program, one window, the backstage behind it. Everything that must stand before the first page (sandbox,
 * protocol, permissions, the network's lock) stands here in order; what each thing means is in its own file.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, dialog, Menu, session, shell } from 'electron'
import { type Backstage, startBackstage } from '../backstage/start.ts'
import { openIpc } from './ipc.ts'
import { openLog } from './log-file.ts'
import { menuTemplate } from './menus.ts'
import { filesHandedOver, filesOf } from './opened-files.ts'
import { programPaths } from './program-paths.ts'
import { registerAppScheme, serveApp } from './security/app-protocol.ts'
import { confine } from './security/navigation.ts'
import { denyNetwork } from './security/network.ts'
import { denyPermissions } from './security/permissions.ts'
import { StudioWindow } from './studio-window.ts'

/** Journals are flushed within milliseconds; a thread that takes longer hangs. */
const closeMilliseconds = 10_000

app.enableSandbox()
app.setName('Paella Studio')
registerAppScheme()

// A program started from its sources gets its own path as first word.
const files = filesOf(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd())
if (app.requestSingleInstanceLock({ files })) run()
else app.quit()

function run(): void {
  const log = openLog(app.getPath('logs'))
  process.on('uncaughtExceptionMonitor', (error) => log(error.stack ?? String(error)))
  const paths = programPaths({
    built: fileURLToPath(new URL('.', import.meta.url)),
    isPackaged: app.isPackaged,
    resources: process.resourcesPath,
    platform: process.platform,
    developersNode: process.env['PAELLA_NODE'],
  })
  const pictures = app.getPath('pictures')

  let backstage: Backstage | undefined
  let window: StudioWindow | undefined
  /** Whether the program ends with its window though it is macOS. */
  let quits = false
  let quitAfterClose = false
  let isOver = false

  function openWindow(): StudioWindow {
    const opened = new StudioWindow({
      preload: paths.preload,
      stateFile: join(app.getPath('userData'), 'window.json'),
      folder: pictures,
      connect: () => running().connect(),
      onLost: (reason) => void startAgain(reason),
      onCloseRequested() {
        quitAfterClose = quits
        quits = false
      },
      log,
    })
    opened.onClosed(() => {
      window = undefined
    })
    window = opened
    return opened
  }

  function running(): Backstage {
    backstage ??= startBackstage({
      entry: join(paths.home, 'backstage-thread.js'),
      home: paths.home,
      dataFolder: join(app.getPath('userData'), 'studio'),
      saveFolder: join(pictures, 'Paella Studio'),
      execPath: paths.node,
      giveToTrash: (path) => shell.trashItem(path),
      onLog: log,
    })
    return backstage
  }

  function open(paths: readonly string[]): void {
    window ??= openWindow()
    for (const path of paths) window.desktop.open(path)
  }

  async function startAgain(reason: string): Promise<void> {
    if (isOver) return
    isOver = true
    log(`the backstage is lost: ${reason}`)
    const { response } = await dialog.showMessageBox({
      type: 'error',
      message: 'The part of Paella Studio that keeps documents ended unexpectedly.',
      detail: 'Your work is kept, and offered when the program starts again.',
      buttons: ['Start again', 'Quit'],
      defaultId: 0,
    })
    if (response === 0) app.relaunch()
    app.exit(1)
  }

  openIpc((id) => (window?.id === id ? window : undefined), log)
  app.on('web-contents-created', (_event, contents) => {
    confine(contents, (address) => void shell.openExternal(address))
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    if (app.isReady()) open([path])
    else files.push(path)
  })
  app.on('second-instance', (_event, _argv, _folder, data) => {
    open(filesHandedOver(data))
    window?.show()
  })
  app.on('activate', () => open([]))
  app.on('before-quit', () => {
    quits = true
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' || quitAfterClose) app.quit()
  })
  app.on('will-quit', (event) => {
    if (isOver || backstage === undefined) return
    // Only once: the second time there is nothing left to write.
    isOver = true
    event.preventDefault()
    const timer = setTimeout(() => app.exit(1), closeMilliseconds)
    void backstage.close().then(() => {
      clearTimeout(timer)
      app.quit()
    })
  })

  void app.whenReady().then(() => {
    denyPermissions(session.defaultSession)
    denyNetwork(session.defaultSession)
    serveApp(paths.renderer)
    app.setAboutPanelOptions({ applicationName: app.name, applicationVersion: app.getVersion() })
    // Electron's own menu would come with keys of its own; the page tells us ours.
    const none = { platform: process.platform, appName: app.name, choose: () => undefined, contents: () => undefined }
    const template = menuTemplate([], none)
    Menu.setApplicationMenu(template.length > 0 ? Menu.buildFromTemplate(template) : null)
    open(files)
  })
}
