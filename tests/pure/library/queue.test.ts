/** The queue's rules, each in one process: what is made, in which order, what becomes of failures, and what followers hear. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { nodeStorage, type Storage } from '../../../src/files/storage.ts'
import { extractRecipe } from '../../../src/raster/png-recipe.ts'
import type { Library } from '../../../src/library/library.ts'
import { CancelSource } from '../../../src/shared/wire/cancel-source.ts'
import { everything, followed, newFolder, runJob, testLibrary, textRequest, until } from '../../kit/library.ts'

type Api = Library['api']

const enqueue = async (
  api: Api,
  prompt: string,
  more: Parameters<typeof textRequest>[1] = {},
  where = 'last' as const,
) => (await api.enqueue({ request: textRequest(prompt, more), title: prompt, where })).id

const states = async (api: Api) => (await api.queue()).jobs.map(({ title, state }) => `${title}: ${state}`)

const waiting = async (api: Api) =>
  (await api.queue()).jobs.filter(({ state }) => state === 'waiting').map(({ title }) => title)

const listed = async (api: Api) => (await api.listPictures({ filter: everything, offset: 0, limit: 500 })).pictures

/** How a job ended, as its follower hears it. */
const end = (api: Api, id: string) =>
  followed(api, id).then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

/** Resolves when a step of the job has been taken. */
const firstStep = (api: Api, id: string) =>
  new Promise<void>((resolve) => {
    const onEvent = ({ type }: { readonly type: string }) => type === 'step' && resolve()
    api.follow({ id }, { onEvent }).catch(() => undefined)
  })

describe('a job', () => {
  test('makes its pictures from seed, seed + 1 ..., each in the gallery before it is told', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    const events = await runJob(api, textRequest('a house', { seed: 40, count: 3 }))
    expect(engine.finished).toEqual([40, 41, 42])
    const told = events.filter(({ type }) => type === 'kept' || type === 'picture').map(({ type }) => type)
    expect(told).toEqual(['kept', 'picture', 'kept', 'picture', 'kept', 'picture'])
    expect((await listed(api)).map(({ seed }) => seed)).toEqual([42, 41, 40])
  })

  test('keeps each picture as a PNG of its prompt and seed, with its recipe inside', async () => {
    const { api, dataFolder } = await testLibrary(await newFolder())
    await runJob(api, textRequest('Ein Haus, am "See"', { seed: 5 }))
    const [picture] = await listed(api)
    expect(picture?.path.startsWith(join(dataFolder, 'pictures', ''))).toBe(true)
    expect(picture?.path).toMatch(/\d{4}-\d\d-\d\d.ein-haus-am-see-5\.png$/)
    const { png } = await api.readPicture({ id: picture?.id ?? '' })
    expect(extractRecipe(png)?.request).toMatchObject({ seed: 5, count: 1, use: { prompt: 'Ein Haus, am "See"' } })
  })

  test('has a seed that stands from the beginning, where it was given none', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house'))
    await runJob(api, textRequest('a house'))
    expect(new Set(engine.finished).size).toBe(2)
  })

  test('is refused where no engine would take it, with the field named', async () => {
    const { api } = await testLibrary(await newFolder())
    await expect(enqueue(api, 'a house', { count: 0 })).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('count') as string,
    })
    await expect(enqueue(api, 'a house', { seed: Number.MAX_SAFE_INTEGER - 100_000, count: 2 })).rejects.toMatchObject({
      message: expect.stringContaining('seed') as string,
    })
    expect((await api.queue()).jobs).toEqual([])
  })

  test('is done once, and its pictures and masks are dropped from the queue then', async () => {
    const { api, library, dataFolder } = await testLibrary(await newFolder())
    const image = { kind: 'file' as const, bytes: new Uint8Array(300_000).fill(7) }
    const use = { use: 'restyle', prompt: 'a house', image, strength: 0.5 } as const
    await runJob(api, { version: 1, use, seed: 3 })
    await library.close()
    const sql = new DatabaseSync(join(dataFolder, 'library.sqlite'))
    expect(sql.prepare('SELECT count(*) AS n FROM requests').get()).toEqual({ n: 0 })
    sql.close()
  })

  test('hands the engine the very pictures that it was given', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i * 31)
    const use = { use: 'vary', prompt: 'a house', image: { kind: 'file', bytes }, promptWeight: 0.5 } as const
    await runJob(api, { version: 1, use, seed: 3 })
    expect(engine.calls[0]?.request.use).toEqual(use)
  })
})

describe('the order', () => {
  test('is that of the requests; "next" goes before all that wait, and a job can be moved', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    await api.pauseQueue({ paused: true })
    for (const prompt of ['one', 'two', 'three']) await enqueue(api, prompt)
    const four = (await api.enqueue({ request: textRequest('four'), title: 'four', where: 'next' })).id
    expect(await waiting(api)).toEqual(['four', 'one', 'two', 'three'])
    const idOf = async (wanted: string) => (await api.queue()).jobs.find(({ title }) => title === wanted)?.id ?? ''
    await api.moveJob({ id: await idOf('three'), before: await idOf('one') })
    await api.moveJob({ id: four, before: null })
    expect(await waiting(api)).toEqual(['three', 'one', 'two', 'four'])
    await api.pauseQueue({ paused: false })
    await followed(api, four)
    expect(engine.calls.map(({ request }) => request.use.prompt)).toEqual(['three', 'one', 'two', 'four'])
  })

  test('of jobs that have ended cannot be changed', async () => {
    const { api } = await testLibrary(await newFolder())
    const id = await enqueue(api, 'a house')
    await followed(api, id)
    await expect(api.moveJob({ id, before: null })).rejects.toMatchObject({ code: 'bad-request' })
  })

  test('a pause lets the running job finish, and outlives the program', async () => {
    const folder = await newFolder()
    const first = await testLibrary(folder)
    const running = await enqueue(first.api, 'one slowly 5')
    const other = await enqueue(first.api, 'two')
    await firstStep(first.api, running)
    await first.api.pauseQueue({ paused: true })
    expect(await end(first.api, running)).toBe('done')
    expect(await states(first.api)).toEqual(['two: waiting', 'one slowly 5: done'])
    await first.library.close()
    const second = await testLibrary(folder)
    await second.library.start()
    expect((await second.api.queue()).paused).toBe(true)
    await second.api.pauseQueue({ paused: false })
    expect(await end(second.api, other)).toBe('done')
  })
})

describe('a failure', () => {
  test('is its own job’s alone, is told to its follower, and a retry makes the missing pictures only', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    const id = await enqueue(api, 'fail out-of-memory', { seed: 10, count: 3 })
    const other = await enqueue(api, 'a house')
    expect(await end(api, id)).toBe('out-of-memory')
    expect(await end(api, other)).toBe('done')
    const job = (await api.queue()).jobs.find((candidate) => candidate.id === id)
    expect(job).toMatchObject({ state: 'failed', pictures: 3, finished: 1, error: { code: 'out-of-memory' } })
    for (const _ of [1, 2]) {
      await api.retryJob({ id })
      await end(api, id)
    }
    expect(
      engine.calls.filter(({ request }) => request.seed !== undefined && request.use.prompt.startsWith('fail')),
    ).toMatchObject([
      { request: { seed: 10, count: 3 } },
      { request: { seed: 11, count: 2 } },
      { request: { seed: 12, count: 1 } },
    ])
    expect(await states(api)).toContain('fail out-of-memory: done')
    expect((await listed(api)).filter(({ job: of }) => of === id).map(({ seed }) => seed)).toEqual([12, 11, 10])
  })

  test('of the engine’s process is forgiven once; the second one holds the job, and the queue goes on', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    const once = await enqueue(api, 'lost 1')
    const twice = await enqueue(api, 'lost 2')
    const last = await enqueue(api, 'a house')
    expect(await end(api, once)).toBe('done')
    expect(await end(api, twice)).toBe('engine-lost')
    expect(await end(api, last)).toBe('done')
    expect(engine.calls.map(({ request }) => request.use.prompt)).toEqual([
      'lost 1',
      'lost 1',
      'lost 2',
      'lost 2',
      'a house',
    ])
    expect(await states(api)).toEqual(['a house: done', 'lost 2: held', 'lost 1: done'])
    await api.retryJob({ id: twice })
    expect(await end(api, twice)).toBe('done')
  })

  test('of the engine’s process that is forgiven is told to who follows the job', async () => {
    const { api } = await testLibrary(await newFolder())
    const before = await enqueue(api, 'a house slowly 5')
    const id = await enqueue(api, 'lost 1')
    const [events] = await Promise.all([followed(api, id), followed(api, before)])
    const texts = events.flatMap((event) => (event.type === 'warning' ? [event.text] : []))
    expect(texts).toEqual([expect.stringMatching(/was killed.*begins once more\.$/)])
    expect(events.filter(({ type }) => type === 'picture')).toHaveLength(1)
  })

  test('of an engine that did not stop in time is no failure of a job that was cancelled', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    const id = await enqueue(api, 'deaf slowly 5')
    await firstStep(api, id)
    await api.cancelJob({ id, keep: true })
    expect(await end(api, id)).toBe('cancelled')
    expect(await states(api)).toEqual(['deaf slowly 5: stopped'])
    expect(engine.calls).toHaveLength(1)
  })

  test('to write a picture ends its job, and the queue waits until the person has looked after the disk', async () => {
    const folder = await newFolder()
    let isFull = true
    const storage: Storage = {
      ...nodeStorage,
      async open(path, how, mode) {
        if (isFull && how === 'wx') throw Object.assign(new Error('full'), { code: 'ENOSPC' })
        return await nodeStorage.open(path, how, mode)
      },
    }
    const { api } = await testLibrary(folder, { storage })
    const id = await enqueue(api, 'a house', { seed: 1, count: 2 })
    const other = await enqueue(api, 'a tree')
    expect(await end(api, id)).toBe('write-failed')
    expect(await states(api)).toEqual(['a tree: waiting', 'a house: failed'])
    expect((await api.queue()).paused).toBe(true)
    isFull = false
    await api.retryJob({ id })
    await api.pauseQueue({ paused: false })
    expect(await end(api, id)).toBe('done')
    expect(await end(api, other)).toBe('done')
    expect((await listed(api)).length).toBe(3)
  })
})

describe('cancelling', () => {
  test('keeps the running picture as it stands where that is wished, marked as unfinished', async () => {
    const { api } = await testLibrary(await newFolder())
    const id = await enqueue(api, 'a house slowly 20', { seed: 8, count: 3 })
    await firstStep(api, id)
    await api.cancelJob({ id, keep: true })
    expect(await end(api, id)).toBe('cancelled')
    expect(await listed(api)).toMatchObject([{ seed: 8, partial: true, job: id }])
    expect((await api.queue()).jobs).toMatchObject([{ state: 'stopped', pictures: 3, finished: 0, error: null }])
  })

  test('drops it else; a retry then makes what is missing, seed by seed', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    const id = await enqueue(api, 'a house slowly 20', { seed: 8, count: 2 })
    await firstStep(api, id)
    await api.cancelJob({ id, keep: false })
    expect(await end(api, id)).toBe('cancelled')
    expect(await listed(api)).toEqual([])
    await api.retryJob({ id })
    expect(await end(api, id)).toBe('done')
    expect(engine.finished).toEqual([8, 9])
  })

  test('takes a job that waits at once, and its follower hears of it', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    await api.pauseQueue({ paused: true })
    const id = await enqueue(api, 'a house')
    const ended = end(api, id)
    await api.cancelJob({ id, keep: true })
    expect(await ended).toBe('cancelled')
    await api.pauseQueue({ paused: false })
    expect(engine.calls).toEqual([])
  })
})

describe('followers', () => {
  test('that go do not end the job', async () => {
    const { api } = await testLibrary(await newFolder())
    const id = await enqueue(api, 'a house slowly 10')
    const source = new CancelSource()
    const left = api.follow({ id }, { signal: source.signal })
    await firstStep(api, id)
    source.cancel()
    await expect(left).rejects.toMatchObject({ code: 'cancelled' })
    expect(await end(api, id)).toBe('done')
  })

  test('hear how many jobs are ahead, and again when that changes', async () => {
    const { api } = await testLibrary(await newFolder())
    await api.pauseQueue({ paused: true })
    const [first, second] = [await enqueue(api, 'one'), await enqueue(api, 'two')]
    const places: number[] = []
    const following = api.follow(
      { id: second },
      { onEvent: (event) => event.type === 'queued' && places.push(event.ahead) },
    )
    await api.cancelJob({ id: first, keep: false })
    await api.pauseQueue({ paused: false })
    await following
    expect(places).toEqual([1, 0])
  })

  test('are told the steps’ tokens only where the job says so; steps and pictures count over all of its parts', async () => {
    const { api } = await testLibrary(await newFolder())
    const options = { trajectory: true }
    const request = textRequest('a house', { seed: 1, count: 2 })
    const { id } = await api.enqueue({ request, title: '', where: 'last', options })
    const events = await followed(api, id)
    const steps = events.filter((event) => event.type === 'step')
    expect(steps.map(({ picture, pictures, step }) => [picture, pictures, step])).toEqual(
      [0, 1].flatMap((picture) => [1, 2, 3, 4].map((step) => [picture, 2, step])),
    )
    expect(steps.every(({ state }) => state !== undefined)).toBe(true)
    const others = await runJob(api, request)
    expect(others.some((event) => event.type === 'step' && event.state !== undefined)).toBe(false)
  })

  test('of a job that has ended hear how at once', async () => {
    const { api } = await testLibrary(await newFolder())
    const id = await enqueue(api, 'a house', { count: 2 })
    await followed(api, id)
    expect(await api.follow({ id })).toMatchObject({ pictures: 2 })
    await expect(api.follow({ id: 'none' })).rejects.toMatchObject({ code: 'bad-request' })
  })
})

describe('the list', () => {
  test('keeps 200 jobs that have ended, the newest first', async () => {
    const { api } = await testLibrary(await newFolder())
    await api.pauseQueue({ paused: true })
    const ids: string[] = []
    for (let i = 0; i < 205; i++) ids.push(await enqueue(api, `job ${i}`))
    for (const id of ids) await api.cancelJob({ id, keep: false })
    const { jobs } = await api.queue()
    expect(jobs.length).toBe(200)
    expect([jobs[0]?.title, jobs.at(-1)?.title]).toEqual(['job 204', 'job 5'])
    await api.removeJobs({ ids: ids.slice(100) })
    expect((await api.queue()).jobs.length).toBe(95)
  })

  test('tells the share of the running job, and the seconds left once a picture was made', async () => {
    const { api, events } = await testLibrary(await newFolder())
    expect((await api.queue()).secondsLeft).toBeNull()
    await runJob(api, textRequest('a house slowly 30', { count: 2 }))
    const told = events.flatMap((event) => (event.type === 'queue' ? [event.queue] : []))
    expect(told.some(({ share }) => share !== null && share > 0 && share < 1)).toBe(true)
    expect((await api.queue()).secondsLeft).toBe(0)
    await api.pauseQueue({ paused: true })
    await enqueue(api, 'a tree', { count: 10 })
    const { secondsLeft } = await api.queue()
    expect(secondsLeft).toBeGreaterThan(10 * 4 * 0.02)
  })

  test('is told at most ten times a second', async () => {
    const { api, events } = await testLibrary(await newFolder())
    const began = performance.now()
    await runJob(api, textRequest('a house slowly 4', { count: 10 }))
    const told = events.filter(({ type }) => type === 'queue').length
    expect(told).toBeLessThanOrEqual(2 + (performance.now() - began) / 100)
    expect(told).toBeGreaterThan(0)
  })

  test('comes to rest with what is true: the last change is always told', async () => {
    const { api, events } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house'))
    const last = () => events.flatMap((event) => (event.type === 'queue' ? [event.queue] : [])).at(-1)
    await until(() => last()?.jobs[0]?.state === 'done')
    expect(last()).toMatchObject({ share: null, jobs: [{ finished: 1 }] })
  })
})

describe('a program that ends', () => {
  test('lets its running job wait again at the head, and the next one makes the missing pictures only', async () => {
    const folder = await newFolder()
    const first = await testLibrary(folder)
    const id = await enqueue(first.api, 'one slowly 5', { seed: 1, count: 6 })
    await enqueue(first.api, 'two')
    await until(() => first.engine.finished.length >= 2)
    await first.library.close()
    const second = await testLibrary(folder)
    await second.library.start()
    expect(await end(second.api, id)).toBe('done')
    const seeds = (await listed(second.api)).filter(({ job }) => job === id).map(({ seed }) => seed)
    expect(seeds.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6])
    expect(second.engine.finished[0]).toBeGreaterThan(2)
    const [day = ''] = await readdir(join(folder, 'pictures'))
    await until(async () => (await waiting(second.api)).length === 0)
    expect((await readdir(join(folder, 'pictures', day))).length).toBeGreaterThanOrEqual(6)
  })

  test('between the file of a picture and its row has made that picture all the same', async () => {
    const folder = await newFolder()
    const first = await testLibrary(folder)
    const id = await enqueue(first.api, 'fail internal', { seed: 10, count: 3 })
    await end(first.api, id)
    await first.library.close()
    const sql = new DatabaseSync(join(folder, 'library.sqlite'))
    sql.exec(`DELETE FROM pictures; DELETE FROM made; UPDATE jobs SET state = 'running', ended_at = NULL`)
    sql.close()
    const second = await testLibrary(folder)
    await second.library.start()
    await end(second.api, id)
    expect(second.engine.calls).toMatchObject([{ request: { seed: 11, count: 2 } }])
    expect((await listed(second.api)).map(({ seed, job }) => [seed, job === id])).toEqual([
      [11, true],
      [10, true],
    ])
  })

  test('while another one ran beside it leaves its jobs, stars and steps to the next start', async () => {
    const folder = await newFolder()
    const first = await testLibrary(folder)
    await runJob(first.api, textRequest('a house'))
    const second = await testLibrary(folder)
    await runJob(second.api, textRequest('a tree'))
    const [tree] = await listed(second.api)
    await second.api.starPictures({ ids: [tree?.id ?? ''], starred: true })
    await second.api.pauseQueue({ paused: true })
    const left = await enqueue(second.api, 'left behind')
    await second.library.close()
    await first.library.close()
    const third = await testLibrary(folder)
    await third.library.start()
    expect(await end(third.api, left)).toBe('done')
    expect((await listed(third.api)).map(({ prompt, starred }) => `${prompt}${starred ? '*' : ''}`).sort()).toEqual([
      'a house',
      'a tree*',
      'left behind',
    ])
    expect((await third.api.readTrajectory({ id: tree?.id ?? '' }))?.steps.length).toBe(4)
    expect((await third.api.thumbnails({ ids: [tree?.id ?? ''] })).files[0]).toBeInstanceOf(Uint8Array)
    expect(
      (await third.api.listPictures({ filter: { ...everything, search: 'tree' }, offset: 0, limit: 5 })).total,
    ).toBe(1)
    expect((await readdir(folder)).filter((name) => name.startsWith('library-'))).toEqual([])
  })
})
