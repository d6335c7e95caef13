/**
 * All that a page gets of Electron: two pipes as pairs of functions, and the paths of dropped files. Everything that crosses is
 * copied; no event object, and nothing else of Electron, reaches the page.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { PreloadBridge } from '../shared/contract/desktop-api.ts'

type PipeName = Parameters<PreloadBridge['post']>[0]

const pipes: readonly PipeName[] = ['wire', 'desktop']
const listeners = new Map<PipeName, (message: unknown) => void>()

for (const pipe of pipes) {
  ipcRenderer.on(pipe, (_event, message: unknown) => listeners.get(pipe)?.(message))
}

const bridge: PreloadBridge = {
  post(pipe, message) {
    ipcRenderer.send(known(pipe), message)
  },
  listen(pipe, listener) {
    if (typeof listener !== 'function') throw new TypeError('a listener is a function')
    listeners.set(known(pipe), listener)
  },
  pathOf(file) {
    try {
      return webUtils.getPathForFile(file as File)
    } catch {
      // Not a file at all.
      return ''
    }
  },
}

contextBridge.exposeInMainWorld('paella', bridge)

function known(pipe: PipeName): PipeName {
  if (!pipes.includes(pipe)) throw new TypeError('there is no such pipe')
  return pipe
}
