/** The app's own protocol: app://studio/ is the built renderer, read-only, with its policy on every answer. */
import { protocol } from 'electron'
import { appHost, appScheme } from './addresses.ts'
import { responseHeaders } from './content-policy.ts'
import { serveFile } from './served-files.ts'

/** Before the app is ready. The content policy holds: `bypassCSP` is not among the privileges. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** @param root folder of the built renderer */
export function serveApp(root: string): void {
  protocol.handle(appScheme, async ({ url, method }) => {
    const { host, pathname } = new URL(url)
    if (host !== appHost || method !== 'GET')
      return new Response(null, { status: 404, headers: { ...responseHeaders } })
    const { status, headers, body } = await serveFile(root, pathname)
    return new Response(new Uint8Array(body), { status, headers: { ...headers } })
  })
}
