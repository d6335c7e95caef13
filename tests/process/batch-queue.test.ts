/** A batch in a queue of a real Redis: workers that share it, are killed, or find what others have put there. */
import { createHash } from 'node:crypto'
import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runBatch } from '../../src/batch/index.ts'
import { enqueueBatch, runWorker } from '../../src/batch/redis-queue.ts'
import { promptBatch, StubEngine } from '../kit/batch-engine.ts'
import { start } from '../kit/cli.ts'
import { noRedis, type RunningRedis, startRedis } from '../kit/redis.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const program = fileURLToPath(new URL('worker-child.ts', import.meta.url))
const prompts = Array.from({ length: 80 }, (_, i) => (i % 9 === 3 ? 'same' : `prompt ${i}`))

async function hashesOf(out: string): Promise<string[][]> {
  const names = (await readdir(out)).filter((name) => !name.startsWith('.paella-batch') && !name.startsWith('manifest'))
  return await Promise.all(
    names.sort().map(async (name) => [
      name,
      createHash('sha256')
        .update(await readFile(join(out, name)))
        .digest('hex'),
    ]),
  )
}

async function itemsOf(out: string): Promise<readonly Record<string, unknown>[]> {
  const { items } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8')) as {
    items: Record<string, unknown>[]
  }
  return items.map((item) => ({ ...item, milliseconds: 0 }))
}

describe.skipIf(noRedis)(`a queue${noRedis === undefined ? '' : ` (skipped: ${noRedis})`}`, () => {
  let redis: RunningRedis
  let whole: string
  const address = () => ({ url: redis.url, queue: 'test' })
  const worker = (milliseconds: number, out?: string) =>
    start(out ?? '/tmp', [JSON.stringify({ url: redis.url, milliseconds, out })], { program })

  beforeAll(async () => {
    redis = await startRedis()
    whole = await temporaryFolder()
    await runBatch(promptBatch(whole, prompts), new StubEngine())
  })
  afterAll(() => redis?.stop())
  beforeEach(async () => {
    const connection = new Redis(redis.url)
    await connection.flushall()
    connection.disconnect()
  })

  /** In each of the states, jobs. */
  async function counts(): Promise<Record<string, number>> {
    const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
    const queue = new Queue('test', { connection })
    const found = await queue.getJobCounts('wait', 'active', 'completed', 'failed', 'delayed')
    await queue.close()
    connection.disconnect()
    return found
  }

  test('of two workers one of which is killed is finished by the other: every item once, as from one run', async () => {
    const out = await temporaryFolder()
    await enqueueBatch(promptBatch(out, prompts), new StubEngine(), address())
    const [first, second] = [worker(20), worker(20)]
    await Promise.all([first.lines(8), second.lines(8)])
    first.process.kill('SIGKILL')
    const { code, stdout, stderr } = await second.ended
    expect([code, stderr]).toEqual([0, ''])
    const made = (await first.ended).stdout.trimEnd().split('\n').length
    const { done } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { readonly done: number }
    // What the killed one had in hand may be counted by both.
    expect(made + done).toBeGreaterThanOrEqual(prompts.length)
    expect(made + done).toBeLessThanOrEqual(prompts.length + 2)
    expect(await hashesOf(out)).toEqual(await hashesOf(whole))
    expect(await itemsOf(out)).toEqual(await itemsOf(whole))
    expect(await counts()).toMatchObject({ wait: 0, active: 0, failed: 0, completed: prompts.length })
  })

  test('that is filled twice, before or after, doubles nothing', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, prompts)
    expect(await enqueueBatch(spec, new StubEngine(), address())).toEqual({ items: 80, finished: 0 })
    await enqueueBatch(spec, new StubEngine(), address())
    expect(await counts()).toMatchObject({ wait: 80 })
    const engine = new StubEngine()
    expect(await runWorker(engine, address(), { untilEmpty: true })).toMatchObject({ done: 80, failed: 0 })
    expect(await enqueueBatch(spec, new StubEngine(), address())).toEqual({ items: 80, finished: 80 })
    expect(await counts()).toMatchObject({ wait: 0, completed: 80 })
    expect(engine.requests).toHaveLength(80)
  })

  test('tries again what failed, when it is filled again', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, ['a', 'fail b', 'c'])
    for (const asked of [3, 1]) {
      await enqueueBatch(spec, new StubEngine(), address())
      const engine = new StubEngine()
      const outcome = await runWorker(engine, address(), { untilEmpty: true })
      expect([outcome.failed, engine.requests.length]).toEqual([1, asked])
    }
    expect((await itemsOf(out)).map(({ state }) => state)).toEqual(['done', 'failed', 'done'])
  })

  test('is worked on where the folder lies elsewhere, with --out', async () => {
    const out = join(await temporaryFolder(), 'there')
    await enqueueBatch(promptBatch(out, ['a']), new StubEngine(), address())
    await rename(out, `${out}-mounted`)
    await expect(runWorker(new StubEngine(), address(), { untilEmpty: true })).rejects.toMatchObject({
      code: 'file-not-found',
    })
    expect(await counts()).toMatchObject({ failed: 0, completed: 0 })
    const { done } = await runWorker(new StubEngine(), address(), { untilEmpty: true, out: `${out}-mounted` })
    expect(done).toBe(1)
    expect(await readdir(`${out}-mounted`)).toContain('a-0.png')
  })

  test('with a file that leads out of the folder is refused', async () => {
    const out = await temporaryFolder()
    await enqueueBatch(promptBatch(out, ['a']), new StubEngine(), address())
    const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
    const queue = new Queue('test', { connection })
    const [job] = await queue.getJobs(['wait'])
    await job?.updateData({ ...job.data, item: { ...job.data.item, file: '../../stolen.png' } })
    await expect(runWorker(new StubEngine(), address(), { untilEmpty: true })).rejects.toMatchObject({
      code: 'bad-request',
    })
    await queue.close()
    connection.disconnect()
  })

  test('is not worked on beside a run of the same batch', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, prompts)
    await enqueueBatch(spec, new StubEngine(), address())
    const run = runBatch(spec, new StubEngine(10))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await expect(runWorker(new StubEngine(), address(), { untilEmpty: true })).rejects.toThrow(
      /being made by another run/,
    )
    expect((await run).progress.done).toBe(80)
  })
})

test('a Redis that does not answer is told so, without the password', async () => {
  const address = { url: 'redis://user:secret@127.0.0.1:1', queue: 'test' }
  const attempt = runWorker(new StubEngine(), address)
  await expect(attempt).rejects.toThrow(/^Redis at redis:\/\/127\.0\.0\.1:1 cannot be reached .*ECONNREFUSED/)
})
