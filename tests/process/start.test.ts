/** What `npm start` decides: Electron's window where there can be one, else the browser, in one line that says why. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../kit/cli.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const script = join(root, 'build', 'start.mjs')
const isRoot = process.getuid?.() === 0
/** Somebody who is not root, as Electron wants it; undefined where whoever runs this is. */
const somebody = isRoot ? 65_534 : undefined
const canRunAs =
  spawnSync(process.execPath, ['--check', script], somebody === undefined ? {} : { uid: somebody }).status === 0
const electronIsHere = existsSync(join(root, 'node_modules', 'electron', 'path.txt'))

let folder: string
beforeAll(async () => {
  await buildProgram()
  folder = await temporaryFolder()
  await chmod(folder, 0o777)
})

interface How {
  readonly words?: readonly string[]
  readonly uid?: number | undefined
  readonly env?: Readonly<Record<string, string>>
}

/** The first lines that it prints, up to the address where there is one; it is ended then. */
async function startedWith({ words = [], uid, env = {} }: How): Promise<{ lines: string[]; code: number | null }> {
  const own = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_DATA_HOME: join(folder, `data-${uid}`),
    INIT_CWD: folder,
  }
  const child = spawn(process.execPath, [script, ...words], {
    cwd: root,
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (text.includes('Ctrl-C')) child.kill('SIGINT')
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { lines: text.trimEnd().split('\n'), code }
}

const opened = ['Paella Studio is open at', expect.stringMatching(/^ {2}http:/), 'Ctrl-C ends it.']

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  test('opens in the browser where there is no screen', async () => {
    const { lines, code } = await startedWith({})
    expect(lines).toEqual(['There is no screen, so the studio opens in your browser.', ...opened])
    expect(code).toBe(0)
  })

  test.skipIf(!isRoot)('opens in the browser for root, for whom Electron would drop its sandbox', async () => {
    const { lines } = await startedWith({ env: { DISPLAY: ':9' } })
    expect(lines).toEqual(['Electron does not run as root, so the studio opens in your browser.', ...opened])
  })

  describe.skipIf(!canRunAs)('npm start with a screen', () => {
    /** Says what it was started with, instead of opening a window. */
    function electronThatEndsWith(code: number): Readonly<Record<string, string>> {
      const program = join(folder, 'electron')
      writeFileSync(
        program,
        `#!/bin/sh\necho "$# words, the last is $2, in $(pwd)"\ntest -x "$PAELLA_NODE" || exit 9\nexit ${code}\n`,
      )
      chmodSync(program, 0o755)
      return { DISPLAY: ':9', ELECTRON_OVERRIDE_DIST_PATH: folder }
    }

    test('starts Electron with the file, where the person is, and tells it a node for the engine', async () => {
      const env = electronThatEndsWith(0)
      const { lines, code } = await startedWith({ words: ['apple.ora'], uid: somebody, env })
      expect([lines, code]).toEqual([[`2 words, the last is apple.ora, in ${folder}`], 0])
    })

    test('opens in the browser where Electron ends at once', async () => {
      const { lines } = await startedWith({ uid: somebody, env: electronThatEndsWith(3) })
      const why = 'Electron did not start (exit code 3), so the studio opens in your browser.'
      expect(lines.slice(1)).toEqual([why, ...opened])
    })

    test.skipIf(electronIsHere)(
      'opens in the browser, without a word more, where Electron can neither be found nor fetched',
      async () => {
        const env = { DISPLAY: ':9', ELECTRON_MIRROR: 'http://127.0.0.1:9/' }
        const { lines } = await startedWith({ uid: somebody, env })
        const why = 'Electron is not here and cannot be fetched, so the studio opens in your browser.'
        expect(lines).toEqual([why, ...opened])
      },
    )
  })
})
