/** Nothing leaves the machine: whatever a page or Chromium itself asks the network for is cancelled before it is sent. */
import type { Session } from 'electron'
import { isOwnAddress } from './addresses.ts'

/** Addresses that never reach a network; devtools: are the pages of the developer tools themselves. */
const local = /^(?:blob|data|devtools):/

export const isLoadable = (address: string): boolean => isOwnAddress(address) || local.test(address)

export function denyNetwork(session: Session): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isLoadable(url) }))
  session.setSpellCheckerEnabled(false)
}
