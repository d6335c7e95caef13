/** Debian's Chromium, as the stand-in and the tests of the browser tier start it. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** Why there can be no window on this machine; undefined where there can. */
export const noChromium: string | undefined = existsSync(executablePath)
  ? undefined
  : `there is no Chromium at ${executablePath}: install Debian's package chromium, or name another in CHROMIUM_PATH`

// As root in a container there is no sandbox to be had, and nothing of Chromium's own may go out to the network.
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Another process may drive the pages too where STAND_IN_DEBUG_PORT names a port for it. */
export function launchChromium(): Promise<Browser> {
  const port = process.env['STAND_IN_DEBUG_PORT']
  const more = port === undefined ? [] : [`--remote-debugging-port=${port}`]
  return chromium.launch({ executablePath, args: [...args, ...more] })
}
