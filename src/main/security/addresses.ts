/** Which addresses a window may show, which senders may call, and which may be handed to the person's own browser. */

/** The app's own origin: a scheme of ours, one host. */
export const appScheme = 'app'
export const appHost = 'studio'
export const appOrigin = `${appScheme}://${appHost}`

/** Hosts that the app links to: its own pages and the publishers of the models. */
const externalHosts: ReadonlySet<string> = new Set(['arxiv.org', 'github.com', 'huggingface.co'])

/** @returns whether a frame of the app may go there, or may call us from there; anything but our own pages may not */
export function isOwnAddress(address: string): boolean {
  const url = parse(address)
  return url?.protocol === `${appScheme}:` && url.host === appHost && url.username === '' && url.password === ''
}

/** @returns the address to open in the person's own browser; undefined for all that is not https to a host we link to */
export function externalAddress(address: string): string | undefined {
  const url = parse(address)
  const isPlain = url?.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
  return isPlain && externalHosts.has(url.hostname) ? url.href : undefined
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined
}
