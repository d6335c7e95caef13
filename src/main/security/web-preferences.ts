/** What a page of ours may do, for every window: as little as Electron knows how to give. Nothing here is left to a default. */
import type { WebPreferences } from 'electron'

/** @param preload path of the built preload script */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    plugins: false,
    // The checker would fetch its dictionaries from the network.
    spellcheck: false,
  }
}
