/**
 * The studio in a browser of this machine, where Electron cannot be had: the built renderer and one WebSocket, on the loopback
 * address alone. Whoever wants in needs the token of the printed address; it becomes a cookie that scripts cannot read, so that it
 * stands in no history or referrer. Other pages of the same browser are kept out by checking Host (against rebinding of names)
 * and Origin.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { responseHeaders } from '../main/security/content-policy.ts'
import { serveFile } from '../main/security/served-files.ts'
import type { Pipe } from '../shared/wire/pipe.ts'
import { socketPipe } from './socket-pipe.ts'

export interface DoorOptions {
  /** Folder of the built renderer. */
  readonly root: string
  /** Called for every page that connects; the page is gone when the pipe closes. */
  readonly onPage: (pipe: Pipe) => void
  /** 0 = any free one. */
  readonly port?: number
}

export interface Door {
  /** What to open in the browser; holds the token. */
  readonly address: string
  close(): Promise<void>
}

const cookieName = 'paella'
/** Of one message: pictures go in tiles, but a file that was dropped on the page comes in one piece. */
const largestMessage = 256 * 1024 * 1024

export async function openDoor({ root, onPage, port = 0 }: DoorOptions): Promise<Door> {
  const token = randomBytes(32).toString('base64url')
  const server = createServer(
    (request, response) => void answer(request, response, { root, token, host: hostOf(server) }),
  )
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage, perMessageDeflate: false })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const host = hostOf(server)
    const isOurs =
      request.headers.host === host && request.headers.origin === `http://${host}` && hasToken(request, token)
    if (!isOurs || request.url !== '/wire') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (page) => onPage(socketPipe(page)))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  return {
    address: `http://${hostOf(server)}/?token=${token}`,
    close() {
      for (const page of sockets.clients) page.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const hostOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`

interface DoorState {
  readonly root: string
  readonly token: string
  readonly host: string
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { root, token, host }: DoorState,
): Promise<void> {
  const refuse = (status: number): void => void response.writeHead(status, responseHeaders).end()
  if (request.headers.host !== host) return refuse(403)
  if (request.method !== 'GET') return refuse(405)
  const url = new URL(request.url ?? '/', `http://${host}`)
  if (isSame(url.searchParams.get('token'), token)) {
    const cookie = `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`
    response
      .writeHead(303, { ...responseHeaders, location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' })
      .end()
    return
  }
  if (!hasToken(request, token)) return refuse(403)
  const { status, headers, body } = await serveFile(root, url.pathname)
  response.writeHead(status, { ...headers, 'cache-control': 'no-store' }).end(body)
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.some(([name, value]) => name === cookieName && isSame(value, token))
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string | null | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}
