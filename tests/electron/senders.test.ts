/**
 * Item 17 of Electron's security checklist: every channel that the built program listens to, as its registry says, against every
 * kind of sender and of message that must be refused. Nothing of these reaches the documents, the engine or the desktop.
 */
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { desktopMethods } from '../../src/shared/contract/desktop-api.ts'
import { call, openQuietPage, readLog, startProgram, theWindow, until } from '../kit/electron-program.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { ipcMain, standIn } from '../kit/electron-stand-in/index.ts'

interface Sender {
  sender: { id: number }
  senderFrame: { url: string; origin: string; parent: unknown; isDestroyed(): boolean } | null
}

const own = 'app://studio/'
const frame = (changes: object = {}) => ({
  url: own,
  origin: 'app://studio',
  parent: null,
  isDestroyed: () => false,
  ...changes,
})
const sender = (senderFrame: Sender['senderFrame'], id = theWindow().webContents.id): Sender => ({
  sender: { id },
  senderFrame,
})
const throwing = () => {
  throw new Error('Render frame was disposed before WebFrameMain could be accessed')
}

/** Everybody who must not be heard. */
const strangers: readonly [string, () => Sender][] = [
  ['a foreign page', () => sender(frame({ url: 'https://evil.example/', origin: 'https://evil.example' }))],
  ['a foreign host of our scheme', () => sender(frame({ url: 'app://evil/', origin: 'app://evil' }))],
  ['a file', () => sender(frame({ url: 'file:///tmp/a.html', origin: 'file://' }))],
  ['an empty page', () => sender(frame({ url: 'about:blank', origin: 'null' }))],
  ['our page without its origin, as a sandboxed one', () => sender(frame({ origin: 'null' }))],
  ['our origin under another address', () => sender(frame({ url: 'data:text/html,hello' }))],
  ['a frame within our page', () => sender(frame({ parent: frame() }))],
  ['a frame that was destroyed', () => sender(frame({ isDestroyed: () => true }))],
  ['a frame that goes while it is looked at', () => sender(frame({ isDestroyed: throwing }))],
  ['no frame', () => sender(null)],
  ['web contents that are no window of ours', () => sender(frame(), 4711)],
  [
    'the developer tools',
    () => sender(frame({ url: 'devtools://devtools/bundled/inspector.html', origin: 'devtools://devtools' })),
  ],
]

const question = { type: 'call', id: 1, method: 'describe', argument: null, events: false }

const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) })

/** Everything that is no message, from the right sender. */
const malformed: readonly [string, () => readonly unknown[]][] = [
  ['nothing', () => []],
  ['two messages', () => [question, question]],
  ['undefined', () => [undefined]],
  ['null', () => [null]],
  ['a text', () => ['describe']],
  ['a number', () => [1]],
  ['a list', () => [[question]]],
  ['no type', () => [{ ...question, type: undefined }]],
  ['another type', () => [{ ...question, type: 'result' }]],
  ['one property more', () => [{ ...question, path: '/etc/passwd' }]],
  ['no id', () => [{ ...question, id: undefined }]],
  ['an id that is negative', () => [{ ...question, id: -1 }]],
  ['an id that is not whole', () => [{ ...question, id: 1.5 }]],
  ['an id that is no number', () => [{ ...question, id: Number.NaN }]],
  ['an id beyond the whole numbers', () => [{ ...question, id: 2 ** 53 }]],
  ['an id that is a text', () => [{ ...question, id: '1' }]],
  ['no method', () => [{ ...question, method: undefined }]],
  ['a method that is a list', () => [{ ...question, method: ['describe'] }]],
  ['an empty method', () => [{ ...question, method: '' }]],
  ['a method of 65 letters', () => [{ ...question, method: 'x'.repeat(65) }]],
  ['events that are no truth', () => [{ ...question, events: 1 }]],
  ['a Map', () => [{ ...question, argument: new Map([['a', 1]]) }]],
  ['a Date', () => [{ ...question, argument: { at: new Date(0) } }]],
  ['a thing of a class', () => [{ ...question, argument: new URL('app://studio/') }]],
  ['a record without a prototype', () => [{ ...question, argument: Object.create(null) }]],
  ['a bigint', () => [{ ...question, argument: [1n] }]],
  ['an ArrayBuffer by itself', () => [{ ...question, argument: new ArrayBuffer(8) }]],
  ['a text of 321 MB', () => [{ ...question, argument: 'x'.repeat(321 * 1024 * 1024) }]],
  [
    'arrays of 321 MB',
    () => [{ ...question, argument: Array.from({ length: 3 }, () => new Uint8Array(107 * 1024 * 1024)) }],
  ],
  ['two million values', () => [{ ...question, argument: Array.from({ length: 2_000_001 }, () => 0) }]],
  ['100 levels', () => [{ ...question, argument: nested(100) }]],
  [
    'a list that holds itself',
    () => {
      const list: unknown[] = []
      list.push(list)
      return [{ ...question, argument: list }]
    },
  ],
]

let sent: unknown[]
let refused = 0

describe.skipIf(noChromium)(`the program${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  beforeAll(async () => {
    await startProgram()
    await openQuietPage()
    const channels = ipcMain.eventNames().map(String)
    process.stdout.write(`${channels.length} channels: ${channels.join(', ')}\n`)
  })
  beforeEach(() => {
    sent = []
    vi.spyOn(theWindow().webContents, 'send').mockImplementation((_channel, message) => void sent.push(message))
    return () => vi.restoreAllMocks()
  })

  /** Whatever would answer does so within this time. */
  const settled = () => new Promise((resolve) => setTimeout(resolve, 30))
  const refusals = () =>
    readLog()
      .split('\n')
      .filter((line) => line.includes('refused a message')).length

  test('listens to two channels, and serves no calls of Electron besides', () => {
    expect(ipcMain.eventNames()).toEqual(['wire', 'desktop'])
  })

  test('hears its own page', async () => {
    for (const channel of ipcMain.eventNames()) {
      ipcMain.emit(channel, sender(frame()), { ...question, id: 7, method: channel === 'wire' ? 'begin' : 'describe' })
    }
    await until(() => sent.length === 2)
    expect(sent).toMatchObject([{ id: 7 }, { id: 7 }])
  })

  describe.each(strangers)('refuses %s', (_, stranger) => {
    test.each(['wire', 'desktop'])('on %s, and sends nothing back', async (channel) => {
      const before = refusals()
      ipcMain.emit(channel, stranger(), question)
      await settled()
      expect(sent).toEqual([])
      expect(refusals()).toBe(before + 1)
      refused += 1
    })
  })

  describe.each(malformed)('refuses %s', (_, messages) => {
    test.each(['wire', 'desktop'])('on %s, and says so to the page', async (channel) => {
      const before = refusals()
      ipcMain.emit(channel, sender(frame()), ...messages())
      await settled()
      expect(sent).toMatchObject([
        { error: { code: 'bad-request', message: expect.stringMatching(/^A message was refused/) } },
      ])
      expect(refusals()).toBe(before + 1)
      refused += 1
    })
  })

  test('answers 1,000 random arguments to each method of the desktop with an error, and does nothing', async () => {
    // Without arguments there is nothing to get wrong.
    const harmless = ['describe', 'toggleFullscreen', 'closeWindow', 'watch']
    const methods = Object.keys(desktopMethods).filter((name) => !harmless.includes(name))
    const random = randomValues(7)
    const menu = standIn.menu
    let id = 10
    for (const method of methods) {
      for (let i = 0; i < 1_000; i += 1) {
        id += 1
        ipcMain.emit('desktop', sender(frame()), { ...question, id, method, argument: random() })
      }
    }
    await until(() => sent.length === methods.length * 1_000)
    const codes = sent.map((answer) => (answer as { error?: { code: string } }).error?.code)
    expect(codes.filter((code) => code !== 'bad-request')).toEqual([])
    expect([standIn.dialogs, standIn.opened, standIn.revealed, standIn.recent]).toEqual([[], [], [], []])
    expect(standIn.menu).toBe(menu)
    refused += sent.length
  })

  test('is as well as before', async () => {
    vi.restoreAllMocks()
    expect(await call('desktop', 'describe')).toMatchObject({ type: 'result' })
    process.stdout.write(`${refused} messages refused\n`)
  })
})

/** Values that a fuzzer makes of what pages could send: the same ones every time. */
function randomValues(seed: number): () => unknown {
  let state = seed
  const below = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  const words = [
    'kind',
    'path',
    'address',
    'menus',
    'title',
    'label',
    'items',
    'type',
    'document',
    '/',
    'https://',
    '..',
    '',
  ]
  const word = () => words[below(words.length)] as string
  const value = (depth: number): unknown => {
    const makers: readonly (() => unknown)[] = [
      () => null,
      () => undefined,
      () => below(3) === 0,
      () => below(1000) - 500,
      () => Number.NaN,
      word,
      () => word().repeat(below(1000)),
      () => new Uint8Array(below(100)),
      () => Array.from({ length: below(4) }, () => value(depth + 1)),
      () => Object.fromEntries(Array.from({ length: below(4) }, () => [word(), value(depth + 1)])),
    ]
    return (makers[below(depth > 4 ? 6 : makers.length)] as () => unknown)()
  }
  return () => value(0)
}
