/** Queue, gallery and batches as windows call them: over a pipe, with every request checked, and with the events of `watch`. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { TrashOfParent } from '../../../src/backstage/trash-of-parent.ts'
import type { BatchSpec } from '../../../src/shared/contract/batch.ts'
import { type PageApi, pageMethods } from '../../../src/shared/contract/page-api.ts'
import type { StudioEvent } from '../../../src/shared/contract/studio-api.ts'
import { connect } from '../../../src/shared/wire/connect.ts'
import { pipePair } from '../../../src/shared/wire/pipe.ts'
import { servePage } from '../../../src/backstage/serve-page.ts'
import { testStudio } from '../../kit/backstage.ts'
import { everything, newFolder, runJob, textRequest, until } from '../../kit/library.ts'
import { PictureEngine } from '../../kit/picture-engine.ts'

async function window() {
  const dataFolder = await newFolder()
  const engine = new PictureEngine()
  const studio = testStudio({ dataFolder }, engine)
  onTestFinished(async () => {
    await studio.batch.close()
    await studio.library.close()
  })
  const [near, far] = pipePair()
  servePage(studio.studio, { engine, library: studio.library.api, batch: studio.batch }, far)
  const api = connect<PageApi>(pageMethods, near)
  const events: StudioEvent[] = []
  api.watch(null, { onEvent: (event) => events.push(event) }).catch(() => undefined)
  return { api, events, dataFolder, engine }
}

const spec = (out: string, prompts: readonly string[]): BatchSpec => ({
  version: 1,
  source: { kind: 'prompts', rows: prompts.map((prompt) => ({ prompt })) },
  model: null,
  negative: '',
  size: null,
  seed: 1,
  seeds: 1,
  sampling: {},
  out,
  name: '{prompt}-{seed}',
  format: { type: 'png' },
  existing: 'skip',
  withRecipe: true,
})

describe('the door', () => {
  const id = '0b8e6b6e-6a8d-4b57-9a35-0d5c2d1d7a11'
  const refused: readonly [string, (api: PageApi) => Promise<unknown>][] = [
    ['a job that is no request', (api) => api.enqueue({ request: null as never, title: '', where: 'last' })],
    [
      'a title without an end',
      (api) => api.enqueue({ request: textRequest('a'), title: 'x'.repeat(1001), where: 'last' }),
    ],
    ['a job by a name of another kind', (api) => api.follow({ id: '../x' })],
    ['a job that is not there', (api) => api.cancelJob({ id, keep: true })],
    ['a page of too many pictures', (api) => api.listPictures({ filter: everything, offset: 0, limit: 501 })],
    ['a page before the first', (api) => api.listPictures({ filter: everything, offset: -1, limit: 5 })],
    [
      'a use that does not exist',
      (api) => api.listPictures({ filter: { ...everything, use: 'x' as never }, offset: 0, limit: 5 }),
    ],
    ['a folder by half a path', (api) => api.copyPictures({ ids: [], folder: 'pictures' })],
    ['pictures by no names', (api) => api.trashPictures({ ids: ['/etc/passwd'] })],
    ['a batch into half a path', (api) => api.startBatch({ spec: spec('out', ['a']) })],
    ['a batch of nothing', (api) => api.planBatch({ spec: spec('/out', []) })],
    [
      'a list of prompts of no known kind',
      (api) => api.readRows({ source: { kind: 'bytes', name: 'a.exe', bytes: new Uint8Array(1) } }),
    ],
  ]
  test.each(refused)('refuses %s', async (_, call) => {
    const { api } = await window()
    await expect(call(api)).rejects.toMatchObject({ code: 'bad-request' })
  })
})

test('a picture that is not in the gallery is said to be missing', async () => {
  const { api } = await window()
  const id = '0b8e6b6e-6a8d-4b57-9a35-0d5c2d1d7a11'
  await expect(api.readPicture({ id })).rejects.toMatchObject({ code: 'file-not-found' })
})

test('a job and its pictures go through a window’s pipe as they are, and every window hears of them', async () => {
  const { api, events } = await window()
  const heard = await runJob(api, textRequest('a house', { seed: 3, count: 2 }))
  expect(heard.filter(({ type }) => type === 'picture').length).toBe(2)
  const { pictures } = await api.listPictures({ filter: everything, offset: 0, limit: 10 })
  expect(pictures.map(({ seed }) => seed)).toEqual([4, 3])
  await until(() => ['queue', 'gallery'].every((type) => events.some((event) => event.type === type)))
})

describe('a batch', () => {
  test('is made into its own folder and not into the gallery, and its progress is told', async () => {
    const { api, events, dataFolder } = await window()
    const out = join(dataFolder, 'out')
    expect(await api.batch()).toEqual({ is: 'none' })
    expect((await api.planBatch({ spec: spec(out, ['one', 'two', 'three']) })).items).toBe(3)
    await api.startBatch({ spec: spec(out, ['one', 'two', 'three']) })
    await until(async () => (await api.batch()).is === 'ended')
    const state = await api.batch()
    expect(state).toMatchObject({ out, progress: { items: 3, done: 3, failed: 0, lastError: null } })
    expect(JSON.parse(await readFile(state.is === 'none' ? '' : state.manifest, 'utf8'))).toBeTypeOf('object')
    expect((await readdir(out)).filter((name) => name.endsWith('.png')).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'one-1.png',
      'three-1.png',
      'two-1.png',
    ])
    expect((await api.listPictures({ filter: everything, offset: 0, limit: 10 })).total).toBe(0)
    await until(() => events.some((event) => event.type === 'batch' && event.batch.is === 'ended'))
  })

  test('runs alone, pauses, and stops after the picture that is being made', async () => {
    const { api, engine, dataFolder } = await window()
    const out = join(dataFolder, 'out')
    const prompts = Array.from({ length: 30 }, (_, i) => `number ${i} slowly 5`)
    await api.startBatch({ spec: spec(out, prompts) })
    await expect(api.startBatch({ spec: spec(out, ['one']) })).rejects.toMatchObject({ code: 'bad-request' })
    await until(() => engine.finished.length > 0)
    await api.pauseBatch({ paused: true })
    expect(await api.batch()).toMatchObject({ is: 'paused' })
    await api.pauseBatch({ paused: false })
    await api.stopBatch()
    await until(async () => (await api.batch()).is === 'ended')
    const ended = await api.batch()
    const done = ended.is === 'none' ? 0 : ended.progress.done
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(30)
    await api.startBatch({ spec: spec(out, prompts) })
    await until(async () => (await api.batch()).is === 'ended')
    expect(await api.batch()).toMatchObject({ progress: { done: 30, failed: 0 } })
    expect(engine.finished.length).toBe(30)
  })

  test('that cannot be made ends with the reason', async () => {
    const { api, dataFolder } = await window()
    const taken = join(dataFolder, 'a-file')
    await writeFile(taken, '')
    await api.startBatch({ spec: spec(join(taken, 'out'), ['one']) })
    await until(async () => (await api.batch()).is === 'ended')
    const state = await api.batch()
    expect(state.is === 'none' ? null : state.progress.lastError).toContain('a-file')
  })

  test('takes its rows from a file by its path, or from bytes; what is no text is refused', async () => {
    const { api, dataFolder } = await window()
    const folder = join(dataFolder, 'lists')
    await mkdir(folder)
    const path = join(folder, 'prompts.csv')
    await writeFile(path, 'prompt,seed\n"a house, red",7\n')
    expect(await api.readRows({ source: { kind: 'path', path } })).toMatchObject({
      rows: [{ prompt: 'a house, red', seed: 7 }],
    })
    const bytes = new TextEncoder().encode('one\ntwo\n')
    expect((await api.readRows({ source: { kind: 'bytes', name: 'p.txt', bytes } })).rows.length).toBe(2)
    const latin = Uint8Array.of(0x48, 0xe4, 0x75)
    await expect(api.readRows({ source: { kind: 'bytes', name: 'p.txt', bytes: latin } })).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(api.readRows({ source: { kind: 'path', path: `${path}.csv` } })).rejects.toMatchObject({
      code: 'file-not-found',
    })
  })
})

test('the trash of the windowing system answers each question by itself, with its reason where it refuses', async () => {
  const asked: [number, string][] = []
  const trash = new TrashOfParent((call, path) => asked.push([call, path]))
  const first = trash.give('/a.png')
  const second = trash.give('/b.png')
  expect(asked.map(([, path]) => path)).toEqual(['/a.png', '/b.png'])
  trash.answer(asked[1]?.[0] ?? 0, 'there is no trash')
  trash.answer(asked[0]?.[0] ?? 0, null)
  await expect(second).rejects.toThrow('there is no trash')
  expect(await first).toBeUndefined()
})
