/**
 * What pages may ask the system for: nothing, but to put a picture on the clipboard. Electron grants everything where nobody
 * answers, so both handlers are set, and those for devices.
 */
import type { Session } from 'electron'
import { isOwnAddress } from './addresses.ts'

/** Copying a picture. Chromium asks for it only after a key or a click; reading the clipboard goes by the paste event alone. */
const permitted: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** @param address of the page that asks; '' where it is not known */
export function isPermitted(permission: string, address: string): boolean {
  return permitted.has(permission) && isOwnAddress(address)
}

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(isPermitted(permission, contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => isPermitted(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }))
  // Without a stream the request is refused.
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault()
    choose(null)
  })
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault()
    choose('')
  })
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault()
    choose()
  })
}
