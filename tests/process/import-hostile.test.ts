/** What hostile files cost: the import of each takes at most 5 s of processor time, and all of a family 256 MiB of memory. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { families } from '../kit/hostile/all.ts'
import { wholeFile } from '../kit/hostile/case.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'
import type { ImportTold } from './import-child.ts'

const folder = await temporaryFolder()
const entry = fileURLToPath(new URL('import-child.ts', import.meta.url))

describe.each(Object.entries(families))('%s', (family, cases) => {
  test('cost at most 5 s each and 256 MiB together', async () => {
    const here = join(folder, family.slice(0, 1))
    mkdirSync(here)
    const child = fork(entry, [here], { execArgv: ['--max-old-space-size=256'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = new AbortController()
    child.once('exit', () => ended.abort())
    const attempt = async (name: string, bytes: Uint8Array): Promise<ImportTold> => {
      writeFileSync(join(here, name), bytes)
      child.send(name)
      const [told] = (await once(child, 'message', { signal: ended.signal })) as [ImportTold]
      rmSync(join(here, name))
      return told
    }
    const { memory: before } = await attempt('whole.pt', wholeFile())
    for (const { id, what, name, bytes, says, code = 'model-broken' } of cases) {
      const told = await attempt(name, bytes())
      expect([id, what, told.code]).toEqual([id, what, says === undefined ? 'taken' : code])
      expect(told.seconds, `${id} ${what}`).toBeLessThan(5)
      expect(told.memory - before, `${id} ${what}`).toBeLessThan(256 * 2 ** 20)
    }
  })
})
