/** Pages that die: the window is filled again, and after the third time within a minute the person decides. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { diffRecords } from '../../src/document/diff.ts'
import { newDocument } from '../../src/document/new-document.ts'
import { toSnapshot } from '../../src/document/snapshot.ts'
import { call, home, openQuietPage, readLog, startProgram, theWindow, until } from '../kit/electron-program.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { app, standIn } from '../kit/electron-stand-in/index.ts'

/** Ends the page's process, and waits until the window has noticed. */
async function crash(): Promise<void> {
  const page = await standIn.page()
  const gone = new Promise((resolve) => theWindow().webContents.once('render-process-gone', resolve))
  const client = await page.context().newCDPSession(page)
  void client.send('Page.crash').catch(() => undefined)
  await gone
}

const loadedAgain = () => new Promise((resolve) => theWindow().webContents.once('did-finish-load', resolve))

describe.skipIf(noChromium)(`a page that dies${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  beforeAll(() => startProgram())

  test('leaves its document to the next one', async () => {
    const { records } = newDocument({ width: 64, height: 64 })
    const { value } = await call('wire', 'newDocument', { name: 'Left', snapshot: toSnapshot(records) })
    const frame = { x: 8, y: 8, width: 32, height: 32 }
    const moved = new Map([...records].map(([id, record]) => [id, { ...record, frame }]))
    const { key } = value as { key: string }
    await call('wire', 'append', { key, label: 'Move the frame', diff: diffRecords(records, moved) })
    expect(await call('wire', 'begin')).toMatchObject({ value: { lost: [] } })
    await openQuietPage()
    expect(await call('wire', 'begin')).toMatchObject({ value: { lost: [{ id: key, name: 'Left' }] } })
  })

  test('is loaded again without a word, twice', async () => {
    for (const round of [1, 2]) {
      const loaded = loadedAgain()
      await crash()
      await loaded
      expect(await (await standIn.page()).title(), `round ${round}`).toContain('Paella Studio')
      expect(await call('wire', 'begin'), `round ${round}`).toMatchObject({ value: { lost: [{ name: 'Left' }] } })
    }
    expect(standIn.dialogs).toEqual([])
    expect(readLog()).toContain("the page's process ended: crashed, exit code 5")
  })

  test('is for the person to decide about the third time', async () => {
    standIn.answer('showMessageBox', { response: 0 })
    const loaded = loadedAgain()
    await crash()
    await loaded
    expect(standIn.dialogs).toMatchObject([{ options: { buttons: ['Try again', 'Quit'] } }])
    expect(await call('desktop', 'describe')).toMatchObject({ type: 'result' })
  })

  test('does not keep its window open: the person is asked', async () => {
    await openQuietPage()
    theWindow().emit('unresponsive')
    standIn.answer('showMessageBox', { response: 1 })
    theWindow().close()
    await until(() => standIn.ended.length > 0)
    expect([standIn.ended, standIn.windows]).toEqual([[0], []])
  })
})

test('a window that was moved off its screens opens where it can be reached', async () => {
  // Played by the next start, which reads what this one wrote.
  writeFileSync(join(home, 'userData', 'window.json'), '{"x":9000,"y":9000,"width":800,"height":600,"maximized":false}')
  app.emit('activate')
  await until(() => standIn.windows.length === 1)
  expect(theWindow().options).toMatchObject({ width: 1440, height: 900 })
  expect(theWindow().options.x).toBeUndefined()
})
