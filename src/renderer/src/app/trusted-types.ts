/**
 * The page's policy wants every piece of HTML and every script to be named by a trusted policy. The only one there is lets an
 * element be emptied, which Konva does to its container, and a worker be started from the app's own files; no text ever becomes
 * markup here.
 */
interface TrustedTypes {
  createPolicy(
    name: 'default',
    rules: { createHTML(html: string): string; createScriptURL(url: string): string },
  ): unknown
}

export function allowOwnOnly(): void {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
  trustedTypes?.createPolicy('default', {
    createHTML(html) {
      if (html === '') return html
      throw new TypeError('no text becomes markup in this page')
    },
    createScriptURL(url) {
      const { protocol, host } = new URL(url, location.href)
      if (protocol === location.protocol && host === location.host) return url
      throw new TypeError('only scripts of the app itself are run in this page')
    },
  })
}
