/** The loopback door: the page for whoever has the address, nothing for anybody else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { decodeMessage, encodeMessage, type TextCoding } from '../../src/shared/wire/binary-codec.ts'
import { type Door, openDoor } from '../../src/web/door.ts'

const coding: TextCoding = { encode: (text) => Buffer.from(text), decode: (bytes) => Buffer.from(bytes).toString() }

let root: string
let door: Door
let token: string
let port: number
const ends: string[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'paella-door-'))
  await writeFile(join(root, 'index.html'), 'the page')
  door = await openDoor({
    root,
    onPage(pipe) {
      pipe.onMessage((message) => pipe.post({ echo: message }))
      pipe.onClose((reason) => ends.push(reason))
    },
  })
  const address = new URL(door.address)
  token = address.searchParams.get('token') ?? ''
  port = Number(address.port)
})

afterAll(async () => {
  await door.close()
  await rm(root, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
}

/** By hand: fetch would not let a test lie about Host. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const cookie = () => `paella=${token}`

/** Resolves with how the attempt ended: open, or the status it was refused with. */
function knock(headers: Record<string, string>, path = '/wire'): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('open', () => resolve(socket))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}

describe('the printed address', () => {
  test('is on loopback, with a token nobody guesses', () => {
    expect(door.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
  })

  test('turns its token into a cookie that scripts cannot read, and shows a page without it', async () => {
    const { status, headers } = await get(`/?token=${token}`)
    expect([status, headers['location']]).toEqual([303, '/'])
    expect(headers['set-cookie']?.[0]).toBe(`paella=${token}; HttpOnly; SameSite=Strict; Path=/`)
    const page = await get('/', { cookie: `other=1; ${cookie()}` })
    expect([page.status, page.text]).toEqual([200, 'the page'])
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  })
})

describe('refused are', () => {
  const cases: [string, string, Record<string, string>, string, number][] = [
    ['a visitor without the cookie', '/', {}, 'GET', 403],
    ['a wrong cookie', '/', { cookie: 'paella=wrong' }, 'GET', 403],
    ['a cookie of the right length', '/', { cookie: `paella=${'a'.repeat(43)}` }, 'GET', 403],
    ['a wrong token', '/?token=wrong', {}, 'GET', 403],
    ['a name that was bound to this address', '/', { host: 'evil.example' }, 'GET', 403],
    ['another port in Host', '/', { host: '127.0.0.1:1' }, 'GET', 403],
    ['a post', '/', {}, 'POST', 405],
  ]
  test.each(cases)('%s', async (what, path, headers, method, status) => {
    const own = what.includes('cookie') || path.includes('token') ? {} : { cookie: cookie() }
    expect((await get(path, { ...own, ...headers }, method)).status).toBe(status)
  })

  test('files outside the renderer, with the cookie too', async () => {
    expect((await get('/..%2f..%2fetc/passwd', { cookie: cookie() })).status).toBe(404)
  })

  test('sockets of other pages, other names, without the cookie, or elsewhere', async () => {
    const origin = `http://127.0.0.1:${port}`
    expect(await knock({ origin, host: 'evil.example', cookie: cookie() })).toBe(403)
    expect(await knock({ origin: 'http://evil.example', cookie: cookie() })).toBe(403)
    expect(await knock({ cookie: cookie() })).toBe(403)
    expect(await knock({ origin })).toBe(403)
    expect(await knock({ origin, cookie: cookie() }, '/other')).toBe(403)
  })
})

describe('the wire of a page', () => {
  const open = async (): Promise<WebSocket> => {
    const socket = await knock({ origin: `http://127.0.0.1:${port}`, cookie: cookie() })
    if (typeof socket === 'number') throw new Error(`refused with ${socket}`)
    return socket
  }

  test('carries arrays both ways, as they were', async () => {
    const socket = await open()
    const answer = new Promise<Buffer>((resolve) => socket.once('message', (data: Buffer) => resolve(data)))
    const message = { pixels: new Uint8Array(100_000).map((_, i) => i % 251), tokens: Int32Array.of(1, -2, 3) }
    socket.send(encodeMessage(message, coding))
    expect(decodeMessage(await answer, coding)).toStrictEqual({ echo: message })
    socket.close()
  })

  test.each([
    ['text', '{"id":1}'],
    ['bytes that are no message', Buffer.from([255, 255, 255, 255, 0])],
  ])('ends at %s', async (_, data) => {
    const socket = await open()
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.send(data)
    expect(await closed).toBe(1003)
  })

  test('tells when the page was closed', async () => {
    const socket = await open()
    const before = ends.length
    socket.close()
    await expect.poll(() => ends.slice(before)).toEqual(['the page was closed'])
  })
})
