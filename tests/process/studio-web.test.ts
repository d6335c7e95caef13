/** The program behind `npm run web`: its address, its options, and that Ctrl-C loses nothing. */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { diffRecords } from '../../src/document/diff.ts'
import { newDocument } from '../../src/document/new-document.ts'
import { toSnapshot } from '../../src/document/snapshot.ts'
import { type StudioApi, studioMethods } from '../../src/shared/contract/studio-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { socketPipe } from '../../src/web/socket-pipe.ts'
import { buildProgram, childrenOf, run, type Running, start, untilGone } from '../kit/cli.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const program = fileURLToPath(new URL('../../out/main/studio-web.js', import.meta.url))

let home: string
beforeAll(async () => {
  await buildProgram()
  home = await temporaryFolder()
})

/** A page of the program, without a browser. */
async function openPage(running: Running): Promise<StudioApi> {
  const [, line = ''] = await running.lines(3)
  const address = new URL(line.trim())
  const { headers } = await fetch(address, { redirect: 'manual' })
  const cookie = (headers.get('set-cookie') ?? '').split(';', 1).join('')
  const socket = new WebSocket(`ws://${address.host}/wire`, { headers: { origin: address.origin, cookie } })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return connect<StudioApi>(studioMethods, socketPipe(socket))
}

describe('the studio for a browser', () => {
  test('prints its address, saves where it is told, and remembers where it is told', async () => {
    const words = ['--folder', 'pictures', '--data', 'data']
    const running = start(home, words, { program })
    expect(await running.lines(3)).toEqual([
      'Paella Studio is open at',
      expect.stringMatching(/^ {2}http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/),
      'Ctrl-C ends it.',
    ])
    const page = await openPage(running)
    expect(await page.begin()).toMatchObject({ folder: join(home, 'pictures'), lost: [], settings: null })
    await page.saveSettings({ settings: { theme: 'light' } })
    running.process.kill('SIGTERM')
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' })

    const again = start(home, words, { program })
    expect(await (await openPage(again)).begin()).toMatchObject({ settings: { theme: 'light' } })
  })

  test('ends at Ctrl-C, though it comes twice, with its engine, and keeps the document that was open', async () => {
    const words = ['--data', 'kept']
    const running = start(home, words, { program })
    const page = await openPage(running)
    const { records } = newDocument({ width: 64, height: 64 })
    const { key } = await page.newDocument({ name: 'Kept', snapshot: toSnapshot(records) })
    const moved = new Map(
      [...records].map(([id, record]) => [id, { ...record, frame: { x: 8, y: 8, width: 32, height: 32 } }]),
    )
    await page.append({ key, label: 'Move the frame', diff: diffRecords(records, moved) })
    const children = childrenOf(running.process.pid)
    running.process.kill('SIGINT')
    running.process.kill('SIGINT')
    const { code, stderr } = await running.ended
    expect([code, stderr]).toEqual([0, ''])
    await untilGone(children)

    const { lost } = await (await openPage(start(home, words, { program }))).begin()
    expect(lost).toMatchObject([{ name: 'Kept', path: null }])
  })

  test('says what it can be told, and what it cannot', async () => {
    expect(await run(home, ['--help'], { program })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--folder DIR'),
    })
    expect(await run(home, ['--port', 'high'], { program })).toEqual({
      code: 2,
      stdout: '',
      stderr: "paella: --port is a number from 0 to 65535, not 'high'.\n",
    })
  })

  test('says so where its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    const ended = await run(home, ['--port', `${port}`, '--data', 'taken'], { program })
    other.close()
    expect(ended).toMatchObject({
      code: 1,
      stderr: `paella: The studio cannot be opened: port ${port} is taken; choose another with --port.\n`,
    })
  })
})
