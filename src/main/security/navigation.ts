/**
 * Where windows may go: nowhere but to the page they show. A link to a site that the app knows opens in the person's own browser;
 * every other way out (redirects, frames, new windows, webviews) ends here.
 */
import type { WebContents } from 'electron'
import { externalAddress, isOwnAddress } from './addresses.ts'

/** @param openExternal gets an address that was checked */
export function confine(contents: WebContents, openExternal: (address: string) => void): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOwnAddress(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    // Our pages have no frames.
    if (!event.isMainFrame || !isOwnAddress(event.url)) event.preventDefault()
  })
  contents.setWindowOpenHandler(({ url }) => {
    const address = externalAddress(url)
    if (address !== undefined) openExternal(address)
    return { action: 'deny' }
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
