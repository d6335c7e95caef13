/** Items 12 to 15 of Electron's security checklist, as a table: every way out of the page, by every door that leads there. */
import { EventEmitter } from 'node:events'
import type { WebContents } from 'electron'
import { describe, expect, test } from 'vitest'
import { confine } from '../../../src/main/security/navigation.ts'

type OpenHandler = (details: { url: string }) => { action: string }

function newContents() {
  const opened: string[] = []
  let handler: OpenHandler | undefined
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler(given: OpenHandler) {
      handler = given
    },
  })
  confine(contents as unknown as WebContents, (address) => opened.push(address))
  return {
    opened,
    windowOpen: (url: string) => handler?.({ url }).action,
    isStopped(name: string, url: string, isMainFrame = true): boolean {
      let stopped = false
      const preventDefault = (): void => {
        stopped = true
      }
      contents.emit(name, { url, isMainFrame, preventDefault })
      return stopped
    },
  }
}

const elsewhere = [
  'https://evil.example/',
  'http://127.0.0.1:5173/',
  'app://studio.evil/',
  'app://studio@evil/',
  'app://evil/',
  'javascript:alert(1)',
  'data:text/html,hello',
  'blob:https://evil.example/1',
  'file:///home/me/dropped.html',
  'about:blank',
  'chrome://gpu',
]

describe('a page goes nowhere', () => {
  const doors = ['will-navigate', 'will-redirect', 'will-frame-navigate']
  test.each(doors.flatMap((door) => elsewhere.map((url) => [door, url] as const)))('by %s to %s', (door, url) => {
    expect(newContents().isStopped(door, url)).toBe(true)
  })

  test.each(elsewhere)('by a new window to %s', (url) => {
    const contents = newContents()
    expect(contents.windowOpen(url)).toBe('deny')
    expect(contents.opened).toEqual([])
  })

  test('by a frame, not even to itself', () => {
    expect(newContents().isStopped('will-frame-navigate', 'app://studio/', false)).toBe(true)
  })

  test('by a webview', () => {
    expect(newContents().isStopped('will-attach-webview', 'app://studio/')).toBe(true)
  })
})

test('a page may be loaded again', () => {
  expect(newContents().isStopped('will-navigate', 'app://studio/')).toBe(false)
})

test("a link to a site that the app knows opens in the person's own browser, and no window", () => {
  const contents = newContents()
  expect(contents.windowOpen('https://arxiv.org/abs/2211.07292')).toBe('deny')
  expect(contents.opened).toEqual(['https://arxiv.org/abs/2211.07292'])
})
