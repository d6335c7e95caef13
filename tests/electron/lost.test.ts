/** The thread that keeps documents ends by itself: the page hears of it instead of waiting, and the program starts again. */
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { builtFolder, call, openQuietPage, readLog, startProgram, until } from '../kit/electron-program.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { standIn } from '../kit/electron-stand-in/index.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

/** A thread that ends with the first question of a page. */
const thread = `
import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ port }) => port?.on('message', () => { throw new Error('a bug of ours') }))
`

describe.skipIf(noChromium)(
  `a program that lost its documents' thread${noChromium ? ` (skipped: ${noChromium})` : ''}`,
  () => {
    beforeAll(async () => {
      const built = await temporaryFolder()
      for (const part of ['main', 'preload', 'renderer']) {
        cpSync(join(builtFolder, part), join(built, part), { recursive: true })
      }
      writeFileSync(join(built, 'main', 'backstage-thread.js'), thread)
      writeFileSync(join(built, 'main', 'package.json'), '{ "type": "module" }')
      standIn.answer('showMessageBox', { response: 0 })
      await startProgram(built)
    })

    test('asks the person once, says why in its log, and starts again', async () => {
      await until(() => standIn.ended.length > 0)
      expect(standIn.dialogs).toMatchObject([{ options: { buttons: ['Start again', 'Quit'] } }])
      expect(standIn.ended).toEqual(['relaunch', 1])
      expect(readLog()).toMatch(
        /backstage: Error: a bug of ours[\s\S]*the backstage is lost: the program behind the window ended/,
      )
    })

    test('ends every call of its pages meanwhile', async () => {
      await openQuietPage()
      const answer = {
        type: 'fault',
        error: { code: 'engine-lost', message: expect.stringMatching(/your work is kept/) },
      }
      expect(await call('wire', 'begin')).toMatchObject(answer)
      expect(await call('wire', 'describe')).toMatchObject(answer)
      expect(await call('desktop', 'describe')).toMatchObject({ type: 'result' })
      expect(standIn.dialogs).toHaveLength(1)
    })
  },
)
