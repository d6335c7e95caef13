/** The page's way to the program behind it: Electron's preload where there is one, else a socket to the door that served the page. */
import { type DesktopApi, desktopMethods, type PreloadBridge } from '../../../shared/contract/desktop-api.ts'
import { type PageApi, pageMethods } from '../../../shared/contract/page-api.ts'
import { connect } from '../../../shared/wire/connect.ts'
import { type Pipe, pipeEnd } from '../../../shared/wire/pipe.ts'
import { type BrowserShell, browserDesktop } from './browser-desktop.ts'
import { openSocketPipe } from './socket-pipe.ts'

export interface Connected {
  readonly api: PageApi
  readonly desktop: DesktopApi
  /** Null where there is a shell of the system. */
  readonly browser: BrowserShell | null
}

export async function connectStudio(): Promise<Connected> {
  const { paella } = window as { paella?: PreloadBridge }
  if (paella !== undefined) {
    return {
      api: connect<PageApi>(pageMethods, bridgePipe(paella, 'wire')),
      desktop: connect<DesktopApi>(desktopMethods, bridgePipe(paella, 'desktop')),
      browser: null,
    }
  }
  const browser = browserDesktop()
  const pipe = await openSocketPipe(`ws://${location.host}/wire`)
  return { api: connect<PageApi>(pageMethods, pipe), desktop: browser.desktop, browser }
}

function bridgePipe(bridge: PreloadBridge, name: 'wire' | 'desktop'): Pipe {
  const end = pipeEnd(
    (message) => bridge.post(name, message),
    () => undefined,
  )
  bridge.listen(name, (message) => end.receive(message))
  return end.pipe
}
