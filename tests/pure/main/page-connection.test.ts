/** What a page is connected to: messages go through as they are, the desktop is served, and a loss is told. */
import { describe, expect, test, vi } from 'vitest'
import { PageConnection } from '../../../src/main/page-connection.ts'
import type { DesktopApi } from '../../../src/shared/contract/desktop-api.ts'
import { pipePair } from '../../../src/shared/wire/pipe.ts'

function newConnection() {
  const [wire, behind] = pipePair()
  const send = vi.fn()
  const onLost = vi.fn()
  const watched: boolean[] = []
  const desktop = {
    describe: async () => ({ nativeMenus: true, nativeDialogs: true }),
    watch: (_nothing, { signal } = {}) =>
      new Promise((resolve) => {
        watched.push(true)
        signal?.addEventListener('abort', () => {
          watched.pop()
          resolve()
        })
      }),
  } as Partial<DesktopApi> as DesktopApi
  const connection = new PageConnection({ wire, desktop, send, onLost })
  return { connection, behind, send, onLost, watched }
}

const call = (method: string) => ({ type: 'call', id: 1, method, argument: null, events: false })

describe('a page', () => {
  test('is heard behind the window, and hears from there, message by message as they are', async () => {
    const { connection, behind, send } = newConnection()
    const heard = vi.fn()
    behind.onMessage(heard)
    const message = { type: 'call', id: 1, method: 'begin', argument: new Uint8Array(3), events: false }
    connection.receive('wire', message)
    await vi.waitFor(() => expect(heard.mock.calls).toEqual([[message]]))
    expect(heard.mock.calls[0]?.[0]).toBe(message)
    behind.post({ type: 'result', id: 1 })
    await vi.waitFor(() => expect(send.mock.calls).toEqual([['wire', { type: 'result', id: 1 }]]))
  })

  test('has the desktop on a pipe of its own', async () => {
    const { connection, send } = newConnection()
    connection.receive('desktop', call('describe'))
    const value = { nativeMenus: true, nativeDialogs: true }
    await vi.waitFor(() => expect(send.mock.calls).toEqual([['desktop', { type: 'result', id: 1, value }]]))
  })

  test('that goes is gone behind the window too, and its calls of the desktop end', async () => {
    const { connection, behind, onLost, watched } = newConnection()
    const gone = vi.fn()
    behind.onClose(gone)
    connection.receive('desktop', call('watch'))
    await vi.waitFor(() => expect(watched).toEqual([true]))
    connection.close()
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce())
    expect([watched, onLost.mock.calls]).toEqual([[], []])
  })

  test('hears of a loss behind the window, at once and with whatever it asks later', async () => {
    const { connection, behind, send, onLost } = newConnection()
    behind.close()
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce())
    const fault = { type: 'fault', error: { code: 'engine-lost' } }
    expect(send.mock.calls).toMatchObject([['wire', fault]])
    connection.receive('wire', call('begin'))
    expect(send.mock.calls).toMatchObject([
      ['wire', fault],
      ['wire', fault],
    ])
  })
})
