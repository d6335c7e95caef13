/** Batches whose process is killed with -9, wherever it is: the next run leaves what one undisturbed run would have left. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { BatchSpec } from '../../src/shared/contract/batch.ts'
import { promptBatch } from '../kit/batch-engine.ts'
import { start } from '../kit/cli.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const program = fileURLToPath(new URL('batch-child.ts', import.meta.url))
const prompts = Array.from({ length: 60 }, (_, i) => (i % 7 === 3 ? 'same' : `prompt ${i}`))

/** Name, time of the last change, and hash of all that is there but the batch's own. */
async function filesOf(out: string): Promise<Map<string, { readonly time: number; readonly hash: string }>> {
  const found = new Map<string, { time: number; hash: string }>()
  for (const name of (await readdir(out, { recursive: true })).sort()) {
    const path = join(out, name)
    const { mtimeMs, isDirectory } = await stat(path).then((s) => ({
      mtimeMs: s.mtimeMs,
      isDirectory: s.isDirectory(),
    }))
    if (isDirectory || name.startsWith('.paella-batch') || name.startsWith('manifest')) continue
    found.set(name, {
      time: mtimeMs,
      hash: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    })
  }
  return found
}

const hashesOf = async (out: string) => [...(await filesOf(out))].map(([name, { hash }]) => [name, hash])

async function itemsOf(out: string): Promise<object[]> {
  const { items } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as { readonly items: object[] }
  return items.map((item) => ({ ...item, milliseconds: 0 }))
}

const run = (cwd: string, spec: BatchSpec, milliseconds = 1) =>
  start(cwd, [JSON.stringify({ spec, milliseconds })], { program })

async function undisturbed(spec: BatchSpec): Promise<string> {
  const out = await temporaryFolder()
  if (spec.existing !== 'suffix') throw new Error('only what does not depend on the folder')
  expect((await run(out, { ...spec, out }).ended).stdout).toMatch(/end \d+\n$/)
  return out
}

/** Runs it again and again, each time killed a little later, until one comes to its end. Returns how often it was killed. */
async function killedAgainAndAgain(spec: BatchSpec, delays: readonly number[]): Promise<number> {
  let kills = 0
  for (const delay of delays) {
    const before = await filesOf(spec.out)
    const running = run(spec.out, spec)
    await running.lines(1)
    setTimeout(() => running.process.kill('SIGKILL'), delay)
    const { code } = await running.ended
    const after = await filesOf(spec.out)
    // A temporary file of the kill before may go; what was finished stays as it is.
    for (const [name, { time }] of before) if (!name.includes('paella-part')) expect(after.get(name)?.time).toBe(time)
    if (code === 0) break
    kills += 1
  }
  const { stdout, stderr } = await run(spec.out, spec).ended
  expect([stdout.split('\n').at(-2), stderr]).toEqual([`end ${prompts.length}`, ''])
  return kills
}

describe('a batch that is killed', () => {
  test('again and again ends with the same files and the same manifest, and touches none that was finished', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, prompts, { name: '{prompt:1}/{prompt}-{seed}' })
    const whole = await undisturbed(spec)
    // Odd numbers, so that the kills meet every part of writing an item sooner or later.
    const kills = await killedAgainAndAgain(spec, [3, 17, 5, 29, 11, 7, 41, 13, 2, 23])
    expect(kills).toBeGreaterThan(3)
    expect(await hashesOf(out)).toEqual(await hashesOf(whole))
    expect(await itemsOf(out)).toEqual(await itemsOf(whole))
  })

  test('beside files of others keeps them, and doubles none of its own', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, prompts)
    const foreign = ['same-0.png', 'prompt-5-0.png', 'prompt-40-0.png']
    for (const name of foreign) await writeFile(join(out, name), 'mine')
    await killedAgainAndAgain(spec, [3, 17, 5, 29, 11])
    const names = [...(await filesOf(out)).keys()]
    expect(names).toHaveLength(prompts.length + foreign.length)
    for (const name of foreign) {
      expect(await readFile(join(out, name), 'utf8')).toBe('mine')
      expect(names).toContain(name.replace('.png', '_2.png'))
    }
  })

  test('between a file and its line in the journal knows the file again', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, ['a', 'b'])
    await run(out, spec).ended
    const journal = join(
      out,
      '.paella-batch',
      (await readdir(join(out, '.paella-batch'))).find((name) => name.length === 24) ?? '',
      'journal-1-of-1.jsonl',
    )
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n')
    const states = lines.map((line) => (JSON.parse(line) as { readonly state: string }).state)
    expect(states.sort()).toEqual(['done', 'done', 'writing', 'writing'])
    const before = await filesOf(out)
    // As a kill leaves it: the last line torn.
    await writeFile(journal, `${lines.slice(0, 3).join('\n')}\n${lines[3]?.slice(0, 9)}`)
    const { stdout } = await run(out, spec).ended
    expect(stdout).toBe('end 2\n')
    expect(await filesOf(out)).toEqual(before)
    expect(await itemsOf(out)).toHaveLength(2)
  })

  test('while another run waits lets that one have it at once', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, prompts)
    const first = run(out, spec, 50)
    await first.lines(2)
    const refused = await run(out, spec).ended
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/being made by another run/)
    first.process.kill('SIGKILL')
    await first.ended
    expect((await run(out, spec).ended).stdout).toMatch(/end 60\n$/)
  })
})
