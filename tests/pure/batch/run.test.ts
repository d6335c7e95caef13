/** Runs on an engine without a network: what is written, what is left, and what is told when things go wrong. */
import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { BatchControl, type BatchEngine, type BatchOutcome, planBatch, runBatch } from '../../../src/batch/index.ts'
import { lockBatch } from '../../../src/batch/lock.ts'
import { writeManifest, type ManifestItem } from '../../../src/batch/manifest.ts'
import { batchesIn, findBatch } from '../../../src/batch/batch-folder.ts'
import { nodeStorage, type Storage, type StoredFile } from '../../../src/files/storage.ts'
import type { BatchProgress, BatchSpec } from '../../../src/shared/contract/batch.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { promptBatch, StubEngine } from '../../kit/batch-engine.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

interface Manifest {
  readonly batch: string
  readonly done: number
  readonly failed: number
  readonly skipped: number
  readonly items: readonly ManifestItem[]
}

const readManifest = async (path: string): Promise<Manifest> => JSON.parse(await readFile(path, 'utf8')) as Manifest

/** Everything but what the batch keeps for itself. */
async function picturesIn(out: string): Promise<Record<string, string>> {
  const names = (await readdir(out, { recursive: true })).sort()
  const found: Record<string, string> = {}
  for (const name of names) {
    if (name.startsWith('.paella-batch') || name.startsWith('manifest') || (await stat(join(out, name))).isDirectory())
      continue
    found[name] = createHash('sha256')
      .update(await readFile(join(out, name)))
      .digest('hex')
  }
  return found
}

const times = async (out: string, names: readonly string[]) =>
  await Promise.all(names.map(async (name) => (await stat(join(out, name))).mtimeMs))

describe('a run', () => {
  test('writes each picture, and a manifest that says all of each', async () => {
    const out = join(await temporaryFolder(), 'new', 'folder')
    const engine = new StubEngine()
    const spec = promptBatch(out, ['a', 'b, "c"\nd'], { seeds: 2, name: '{row}/{prompt}-{seed}' })
    const { progress, stopped, errors, manifest } = await runBatch(spec, engine)
    expect([stopped, errors, progress.items, progress.done]).toEqual([false, [], 4, 4])
    const files = ['1/a-0.png', '1/a-1.png', '2/b-c-d-0.png', '2/b-c-d-1.png']
    const pictures = await picturesIn(out)
    expect(Object.keys(pictures)).toEqual(files)
    const told = await readManifest(manifest)
    expect(told).toMatchObject({ done: 4, failed: 0, skipped: 0 })
    expect(told.items.map((item) => item.file)).toEqual(files)
    for (const item of told.items) {
      expect(item).toMatchObject({
        state: 'done',
        width: 2,
        height: 1,
        modelSha256: 'f'.repeat(64),
        sha256: pictures[item.file],
      })
      expect(item).toMatchObject({
        tokensSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        milliseconds: expect.any(Number),
      })
    }
    const csv = parse(await readFile(join(out, 'manifest.csv')), { columns: true }) as Record<string, string>[]
    expect(csv.map(({ file, prompt, seed, sha256 }) => [file, prompt, seed, sha256])).toEqual(
      told.items.map((item) => [item.file, item.prompt, String(item.seed), pictures[item.file]]),
    )
    expect(engine.most).toBeGreaterThan(1)
  })

  test.each([
    ['jpeg', { type: 'jpeg', quality: 80 }, 'a-0.jpg'],
    ['webp', { type: 'webp' }, 'a-0.webp'],
    ['avif', { type: 'avif', quality: 50 }, 'a-0.avif'],
    ['png', { type: 'png' }, 'a-0.png'],
  ] as const)('as %s has the bytes of that format, without a recipe', async (type, format, file) => {
    const out = await temporaryFolder()
    await runBatch(promptBatch(out, ['a'], { format, withRecipe: false }), new StubEngine())
    expect(await readFile(join(out, file), 'utf8')).toMatch(new RegExp(`^${type} `))
  })

  test('notes what fails and goes on; the same run later tries it again and touches nothing else', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, ['a', 'fail here', 'c'])
    const first = await runBatch(spec, new StubEngine())
    expect(first.progress).toMatchObject({
      done: 2,
      failed: 1,
      lastError: 'fail-here-0.png: The stub fails at fail here.',
    })
    expect(first.errors).toEqual([{ file: 'fail-here-0.png', message: 'The stub fails at fail here.' }])
    const told = await readManifest(first.manifest)
    expect(told.items[1]).toMatchObject({ state: 'failed', prompt: 'fail here', error: { code: 'bad-request' } })
    const before = await times(out, ['a-0.png', 'c-0.png'])
    const engine = new StubEngine()
    await runBatch(spec, engine)
    expect(engine.requests.map(({ use }) => use.prompt)).toEqual(['fail here'])
    expect(await times(out, ['a-0.png', 'c-0.png'])).toEqual(before)
  })

  test('of a finished batch does nothing, and makes again what was deleted', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, ['a', 'b', 'c'])
    await runBatch(spec, new StubEngine())
    const whole = await picturesIn(out)
    await unlink(join(out, 'b-0.png'))
    const engine = new StubEngine()
    const { progress } = await runBatch(spec, engine)
    expect([progress.done, engine.requests.length]).toEqual([3, 1])
    expect(await picturesIn(out)).toEqual(whole)
    expect((await planBatch(spec, engine)).finished).toBe(3)
  })
})

describe('files that are there and not of the batch', () => {
  async function withForeign(existing: BatchSpec['existing']) {
    const out = await temporaryFolder()
    await writeFile(join(out, 'b-0.png'), 'mine')
    const spec = promptBatch(out, ['a', 'b', 'b'], { existing })
    const outcome = await runBatch(spec, new StubEngine())
    const again = await runBatch(spec, new StubEngine())
    return {
      out,
      outcome,
      again,
      pictures: Object.keys(await picturesIn(out)),
      mine: await readFile(join(out, 'b-0.png'), 'utf8'),
    }
  }

  test('are left alone by skip, which makes no picture for them', async () => {
    const { outcome, again, pictures, mine } = await withForeign('skip')
    expect([pictures, mine]).toEqual([['a-0.png', 'b-0-2.png', 'b-0.png'], 'mine'])
    expect(outcome.progress).toMatchObject({ done: 2, skipped: 1 })
    expect(again.progress).toMatchObject({ done: 2, skipped: 1 })
    expect((await readManifest(outcome.manifest)).items[1]).toMatchObject({ state: 'skipped', file: 'b-0.png' })
  })

  test('stay beside the new ones with suffix', async () => {
    const { again, pictures, mine } = await withForeign('suffix')
    expect([pictures, mine]).toEqual([['a-0.png', 'b-0-2.png', 'b-0.png', 'b-0_2.png'], 'mine'])
    expect(again.progress).toMatchObject({ done: 3, skipped: 0 })
    expect((await readManifest(again.manifest)).items.map(({ file }) => file)).toEqual([
      'a-0.png',
      'b-0_2.png',
      'b-0-2.png',
    ])
  })

  test('give way to the new ones with replace', async () => {
    const { pictures, mine } = await withForeign('replace')
    expect(pictures).toEqual(['a-0.png', 'b-0-2.png', 'b-0.png'])
    expect(mine).not.toBe('mine')
  })
})

describe('an engine that dies', () => {
  test('is asked once more; who was in it beside the killer loses nothing', async () => {
    const out = await temporaryFolder()
    const engine = new StubEngine(5)
    const { progress, errors } = await runBatch(promptBatch(out, ['a', 'die', 'die once', 'b', 'c']), engine)
    expect(progress).toMatchObject({ done: 4, failed: 1 })
    expect(errors).toEqual([{ file: 'die-0.png', message: 'The stub died; try again.' }])
    const asked = engine.requests.map(({ use }) => use.prompt)
    expect(asked.filter((prompt) => prompt === 'die')).toHaveLength(2)
    expect(asked.filter((prompt) => prompt === 'die once')).toHaveLength(2)
  })

  test('of every picture ends the run, which says so and can go on', async () => {
    const out = await temporaryFolder()
    const prompts = Array.from({ length: 20 }, (_, i) => `die ${i}`)
    const engine = new StubEngine()
    await expect(runBatch(promptBatch(out, prompts), engine)).rejects.toMatchObject({ code: 'engine-lost' })
    expect(engine.requests.length).toBeLessThan(12)
  })
})

/** A file's own ways, as plain functions. */
function nothingElse(file: StoredFile): StoredFile {
  return {
    read: (buffer, position) => file.read(buffer, position),
    write: (bytes) => file.write(bytes),
    size: () => file.size(),
    sync: () => file.sync(),
    syncData: () => file.syncData(),
    close: () => file.close(),
  }
}

describe('a disk', () => {
  const isRoot = process.getuid?.() === 0

  test('whose folder is gone ends the run with one line that says so', async () => {
    const out = join(await temporaryFolder(), 'drive')
    const engine = new StubEngine(2)
    const onProgress = ({ done }: BatchProgress): void => {
      if (done === 3) void rename(out, `${out}-unplugged`)
    }
    const prompts = Array.from({ length: 500 }, (_, i) => `p${i}`)
    await expect(runBatch(promptBatch(out, prompts), engine, { onProgress })).rejects.toMatchObject({
      code: 'write-failed',
      message: expect.stringMatching(/folder is gone/),
    })
    expect(engine.requests.length).toBeLessThan(100)
  })

  test('that is full ends the run with one line that says so; with room, the same run goes on', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(
      out,
      Array.from({ length: 30 }, (_, i) => `p${i}`),
    )
    let room = 8
    const open: Storage['open'] = async (path, how, mode) => {
      const file = await nodeStorage.open(path, how, mode)
      // A full disk takes a part and says nothing.
      const write = (bytes: Uint8Array) => file.write(room-- > 0 ? bytes : bytes.subarray(0, 0))
      return { ...nothingElse(file), write: path.includes('.paella-batch') ? (bytes) => file.write(bytes) : write }
    }
    const engine = new StubEngine()
    await expect(runBatch(spec, engine, { storage: { ...nodeStorage, open } })).rejects.toMatchObject({
      code: 'write-failed',
      message: expect.stringMatching(/the disk is full: free some space/),
    })
    expect(Object.keys(await picturesIn(out))).toHaveLength(8)
    expect(engine.requests.length).toBeLessThan(13)
    expect((await readManifest(join(out, 'manifest.json'))).items).toHaveLength(8)
    expect((await runBatch(spec, new StubEngine())).progress.done).toBe(30)
    expect(Object.keys(await picturesIn(out))).toHaveLength(30)
  })

  test.skipIf(isRoot)('that takes no files ends the run before the engine does anything', async () => {
    const out = await temporaryFolder()
    await chmod(out, 0o500)
    onTestFinished(() => chmod(out, 0o700))
    const engine = new StubEngine()
    await expect(runBatch(promptBatch(out, ['a']), engine)).rejects.toMatchObject({ code: 'write-failed' })
    expect(engine.requests).toEqual([])
  })
})

describe('from outside', () => {
  let run: Promise<BatchOutcome> | undefined
  const prompts = Array.from({ length: 40 }, (_, i) => `p${i}`)

  test('a stop lets the running picture end, and the same run makes the rest', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, prompts)
    const control = new BatchControl()
    const engine = new StubEngine(3)
    const onProgress = ({ done }: BatchProgress): void => {
      if (done === 5) control.stop()
    }
    const { stopped, progress, manifest } = await runBatch(spec, engine, { control, onProgress })
    expect(stopped).toBe(true)
    expect(progress.done).toBeLessThan(9)
    expect(engine.requests).toHaveLength(progress.done)
    expect((await readManifest(manifest)).items).toHaveLength(progress.done)
    const kept = Object.keys(await picturesIn(out))
    const before = await times(out, kept)
    const second = await runBatch(spec, engine)
    expect([second.stopped, second.progress.done]).toEqual([false, 40])
    expect(engine.requests).toHaveLength(40)
    expect(await times(out, kept)).toEqual(before)
  })

  test('a pause lets the running picture end and begins no other until it is over', async () => {
    const out = await temporaryFolder()
    const control = new BatchControl()
    const engine = new StubEngine(1)
    const paused = new Promise<void>((resolve) => {
      const onProgress = ({ done }: BatchProgress): void => {
        if (done !== 5) return
        control.pause(true)
        resolve()
      }
      run = runBatch(promptBatch(out, prompts), engine, { control, onProgress })
    })
    await paused
    await engine.idle()
    await sleep(30)
    const asked = engine.requests.length
    expect(asked).toBeLessThan(8)
    await sleep(30)
    expect(engine.requests).toHaveLength(asked)
    control.pause(false)
    expect((await run)?.progress.done).toBe(40)
    expect(engine.requests).toHaveLength(40)
  })
})

describe('shards', () => {
  const prompts = ['a', 'a', 'b', 'c', 'd', 'a', 'e']

  test('together leave the same files and the same manifest as one run', async () => {
    const [whole, split] = [await temporaryFolder(), await temporaryFolder()]
    const one = await runBatch(promptBatch(whole, prompts, { seeds: 3 }), new StubEngine())
    const shards = [1, 2, 3].map((index) => ({ index, of: 3 }))
    const outcomes = await Promise.all(
      shards.map((shard) => runBatch(promptBatch(split, prompts, { seeds: 3 }), new StubEngine(), { shard })),
    )
    expect(await picturesIn(split)).toEqual(await picturesIn(whole))
    expect(outcomes.map(({ progress }) => progress.done)).toEqual([7, 7, 7])
    for (const [index, { manifest }] of outcomes.entries())
      expect((await readManifest(manifest)).items.map((item) => item.index % 3)).toEqual(Array(7).fill(index))
    const timeless = ({ items }: Manifest) => items.map((item) => ({ ...item, milliseconds: 0 }))
    const joined = await readManifest(join(split, 'manifest.json'))
    expect(timeless(joined)).toEqual(timeless(await readManifest(one.manifest)))
  })

  test('of machines that share nothing are joined where their folders are put together', async () => {
    const out = await temporaryFolder()
    const spec = promptBatch(out, prompts)
    await runBatch(spec, new StubEngine(), { shard: { index: 2, of: 2 } })
    await expect(readManifest(join(out, 'manifest.json'))).rejects.toThrow()
    const folder = await findBatch(out, (await batchesIn(out))[0] ?? '')
    if (folder === undefined) throw new Error('no batch')
    expect(await writeManifest(folder)).toMatchObject({ done: 3, path: join(out, 'manifest.json') })
  })
})

describe('two runs of one batch in one folder', () => {
  test('do not work at once; shards of one division do', async () => {
    const folder = await temporaryFolder()
    const held = await lockBatch(folder, '1-of-2')
    await expect(lockBatch(folder, '1-of-2')).rejects.toThrow(/being made by shard 1\/2 \(process \d+ on /)
    await expect(lockBatch(folder, '1-of-1')).rejects.toThrow(/wait for its end/)
    await expect(lockBatch(folder, 'queue')).rejects.toMatchObject({ code: 'bad-request' })
    const other = await lockBatch(folder, '2-of-2')
    await Promise.all([held.release(), other.release()])
    const whole = await lockBatch(folder, '1-of-1')
    await whole.release()
    expect(await readdir(folder)).toEqual([])
  })

  test('are told of a dead holder: at once on this machine, by its silence on another', async () => {
    const folder = await temporaryFolder()
    const { hostname } = await import('node:os')
    await writeFile(
      join(folder, 'lock-1-of-1-aa'),
      JSON.stringify({ label: '1-of-1', host: hostname(), process: '999999999:1' }),
    )
    await writeFile(
      join(folder, 'lock-1-of-1-bb'),
      JSON.stringify({ label: '1-of-1', host: 'elsewhere', process: '1:1' }),
    )
    const lock = await lockBatch(folder, '1-of-1', { beat: 10, silence: 50 })
    expect(await readdir(folder)).toHaveLength(1)
    await lock.release()
  })

  test('of another machine that lives is believed', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'lock-1-of-1-cc')
    const text = JSON.stringify({ label: '1-of-1', host: 'elsewhere', process: '1:1' })
    await writeFile(path, text)
    const beat = () => writeFile(path, text, { flag: 'r+' })
    const timer = setInterval(() => void beat(), 20)
    onTestFinished(() => clearInterval(timer))
    await expect(lockBatch(folder, '1-of-1', { beat: 10, silence: 2000 })).rejects.toThrow(/elsewhere/)
  })
})

test('two batches in one folder have manifests of their own, and do not take each other\u2019s files', async () => {
  const out = await temporaryFolder()
  const one = await runBatch(promptBatch(out, ['a']), new StubEngine())
  const two = await runBatch(promptBatch(out, ['a', 'b']), new StubEngine())
  expect(Object.keys(await picturesIn(out))).toEqual(['a-0.png', 'a-0_2.png', 'b-0.png'])
  expect(one.manifest).toBe(join(out, 'manifest.json'))
  expect(two.manifest).toMatch(/manifest-[0-9a-f]{8}\.json$/)
})

test('a batch that was begun with other weights is not gone on with', async () => {
  const out = await temporaryFolder()
  await runBatch(promptBatch(out, ['a']), new StubEngine())
  const stub = new StubEngine()
  const info = await stub.describe()
  const models = info.models.map((model) => ({ ...model, sha256: 'e'.repeat(64) }))
  const other: BatchEngine = {
    describe: () => Promise.resolve({ ...info, models }),
    generate: () => Promise.reject(new StudioError('internal', 'not asked for')),
    encodePicture: () => Promise.reject(new StudioError('internal', 'not asked for')),
  }
  await expect(runBatch(promptBatch(out, ['a']), other)).rejects.toThrow(/other weights/)
})

test('pictures of a folder are handed to the engine, and one that cannot be read is an error of its own', async () => {
  const folder = await temporaryFolder()
  const out = await temporaryFolder()
  await mkdir(join(folder, 'x'))
  await writeFile(join(folder, 'x', 'a.png'), 'bytes of a')
  await writeFile(join(folder, 'b.png'), 'bytes of b')
  const masks = await temporaryFolder()
  await mkdir(join(masks, 'x'))
  await writeFile(join(masks, 'x', 'a.png'), 'mask of a')
  const operation = { use: 'inpaint' as const, prompt: 'p', feather: 4, context: 16 }
  const source = { kind: 'pictures' as const, folder, recursive: true, masks, operation }
  const engine = new StubEngine()
  const { progress, errors } = await runBatch(
    { ...promptBatch(out, ['-'], { name: '{folder}/{name}' }), source },
    engine,
  )
  expect(progress).toMatchObject({ done: 1, failed: 1 })
  expect(errors).toEqual([{ file: 'b.png', message: 'There is no mask of the same name for this picture.' }])
  expect(Object.keys(await picturesIn(out))).toEqual([join('x', 'a.png')])
  const bytes = (text: string) => new Uint8Array(Buffer.from(text))
  expect(engine.requests[0]?.use).toMatchObject({
    image: { kind: 'file', bytes: bytes('bytes of a'), name: 'a.png' },
    mask: { bytes: bytes('mask of a') },
  })
})
