/**
 * From a URL of the app to a file of the built renderer, and to no other: used by the app's own protocol and by the loopback
 * door. What comes in is decoded once; the file's real path must lie inside the root.
 */
import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { responseHeaders } from './content-policy.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}

export interface Served {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const notFound: Served = { status: 404, headers: responseHeaders, body: new Uint8Array() }

/**
 * @param root folder of the built renderer
 * @param pathname of the URL, as URL parsing leaves it; '/' is index.html
 */
export async function serveFile(root: string, pathname: string): Promise<Served> {
  const path = await findServed(root, pathname)
  const type = path === undefined ? undefined : types[extname(path)]
  if (path === undefined || type === undefined) return notFound
  return { status: 200, headers: { ...responseHeaders, 'content-type': type }, body: await readFile(path) }
}

/** The real path of the file that a pathname names inside `root`; undefined where there is none or it would lead outside. */
export async function findServed(root: string, pathname: string): Promise<string | undefined> {
  const decoded = decodeOnce(pathname)
  if (decoded === undefined) return undefined
  const name = decoded === '/' ? 'index.html' : decoded.slice(1)
  // A segment that is '..', empty, or holds what some file system reads as more than a name, is never one of ours.
  if (!name.split('/').every((segment) => /^[\w-][\w.-]*$/.test(segment) && !segment.endsWith('.'))) return undefined
  try {
    const [realRoot, real] = await Promise.all([realpath(root), realpath(join(root, name))])
    const isInside = real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)
    return isInside && (await stat(real)).isFile() ? real : undefined
  } catch {
    return undefined
  }
}

function decodeOnce(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return undefined
  }
}
