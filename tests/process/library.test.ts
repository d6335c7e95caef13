/** The queue in its real processes: killed in the middle, with an engine that dies, and with two programs at once. */
import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startBackstage } from '../../src/backstage/start.ts'
import { extractRecipe } from '../../src/raster/png-recipe.ts'
import { type PageApi, pageMethods } from '../../src/shared/contract/page-api.ts'
import type { FollowEvent } from '../../src/shared/contract/queue-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { buildProgram, paella } from '../kit/cli.ts'
import { everything, followed, newFolder, runJob, textRequest, until } from '../kit/library.ts'
import { runWithKills } from '../kit/queue-kills.ts'
import { sourceBackstage } from '../kit/source-backstage.ts'

const engineEntry = fileURLToPath(new URL('../kit/picture-engine-process.ts', import.meta.url))

function program(folder: string): PageApi {
  const backstage = startBackstage({ ...sourceBackstage(folder), engineEntry })
  onTestFinished(() => backstage.close())
  return connect<PageApi>(pageMethods, backstage.connect())
}

test('60 jobs over 3 kills of the program make each of their pictures exactly once', async () => {
  const killed = await runWithKills(await newFolder(), 60, [48, 30, 12])
  expect(killed).toMatchObject({ pictures: 120, kills: 3, files: 120, strangers: 0, doubled: 0, missing: 0 })
  expect(killed.openAtKills.every((open) => open > 0)).toBe(true)
})

test('a job that kills the engine’s process twice is held, its follower is told, and the next one runs', async () => {
  const api = program(await newFolder())
  const enqueue = async (prompt: string) =>
    (await api.enqueue({ request: textRequest(prompt), title: prompt, where: 'last' })).id
  const [deadly, other] = [await enqueue('dies'), await enqueue('a house')]
  await expect(api.follow({ id: deadly })).rejects.toMatchObject({ code: 'engine-lost' })
  await followed(api, other)
  const { jobs } = await api.queue()
  expect(jobs.map(({ title, state }) => `${title}: ${state}`)).toEqual(['a house: done', 'dies: held'])
})

test('windows hear of queue and gallery by their watch, and a window that goes ends nothing', async () => {
  const folder = await newFolder()
  const backstage = startBackstage({ ...sourceBackstage(folder), engineEntry })
  onTestFinished(() => backstage.close())
  const leaving = backstage.connect()
  const [first, second] = [leaving, backstage.connect()].map((pipe) => connect<PageApi>(pageMethods, pipe))
  if (first === undefined || second === undefined) throw new Error('there are two pipes')
  const types = new Set<string>()
  const watching = new Promise<void>((resolve) => {
    const onEvent = ({ type }: { readonly type: string }) => {
      types.add(type)
      if (types.size === 2) resolve()
    }
    second.watch(null, { onEvent }).catch(() => undefined)
  })
  const request = textRequest('a house slowly 20', { count: 2 })
  const { id } = await first.enqueue({ request, title: '', where: 'last' })
  const left = first.follow({ id })
  leaving.close()
  await expect(left).rejects.toThrow()
  await followed(second, id)
  await watching
  expect([...types].sort()).toEqual(['gallery', 'queue'])
  expect((await second.listPictures({ filter: everything, offset: 0, limit: 9 })).total).toBe(2)
})

test('two programs of one folder each have a queue; the next start finds the pictures of both', async () => {
  const folder = await newFolder()
  const first = startBackstage({ ...sourceBackstage(folder), engineEntry })
  const second = startBackstage({ ...sourceBackstage(folder), engineEntry })
  for (const backstage of [first, second]) {
    const api = connect<PageApi>(pageMethods, backstage.connect())
    const { id } = await api.enqueue({ request: textRequest('a house'), title: '', where: 'last' })
    await followed(api, id)
  }
  await Promise.all([first.close(), second.close()])
  expect(readdirSync(folder).filter((name) => name.startsWith('library'))).toEqual([
    'library-2.sqlite',
    'library.sqlite',
  ])
  const { total } = await program(folder).listPictures({ filter: everything, offset: 0, limit: 9 })
  expect(total).toBe(2)
})

test('who starts the thread throws files away for it, and says where that failed', async () => {
  const entry = join(await newFolder(), 'thread.mjs')
  await writeFile(
    entry,
    `import { parentPort, workerData } from 'node:worker_threads'
    for (const [call, path] of ['/a.png', '/b.png'].entries()) parentPort.postMessage({ type: 'trash', call, path })
    parentPort.on('message', (message) => {
      if (message.type === 'close') process.exit(0)
      parentPort.postMessage({ type: 'log', line: JSON.stringify([workerData.hasTrash, message.call, message.error]) })
    })`,
  )
  const lines: string[] = []
  const given: string[] = []
  const giveToTrash = async (path: string): Promise<void> => {
    given.push(path)
    if (path === '/b.png') throw new Error('no trash here')
  }
  const backstage = startBackstage({
    entry,
    home: '',
    dataFolder: '',
    saveFolder: '',
    giveToTrash,
    onLog: (line) => lines.push(line),
  })
  await until(() => lines.length === 2)
  await backstage.close()
  expect(given).toEqual(['/a.png', '/b.png'])
  expect(lines).toEqual(['[true,0,null]', '[true,1,"no trash here"]'])
})

test('with the real engine: a picture, its steps, a WebP of it, and one that was stopped half way', async () => {
  await buildProgram()
  const folder = await newFolder()
  const home = dirname(paella)
  const backstage = startBackstage({
    entry: join(home, 'backstage-thread.js'),
    home,
    dataFolder: folder,
    saveFolder: folder,
  })
  onTestFinished(() => backstage.close())
  const api = connect<PageApi>(pageMethods, backstage.connect())
  await runJob(api, textRequest('a harbour', { seed: 5, sampling: { steps: 3 } }))
  const [picture] = (await api.listPictures({ filter: everything, offset: 0, limit: 9 })).pictures
  const id = picture?.id ?? ''
  expect(picture).toMatchObject({ prompt: 'a harbour', seed: 5, partial: false })
  const { png } = await api.readPicture({ id })
  expect(extractRecipe(png)).toMatchObject({ request: { seed: 5, sampling: { steps: 3 } } })
  const { steps, confidence } = (await api.readTrajectory({ id })) ?? {}
  expect(steps?.length).toBe(3)
  const last = steps?.at(-1)?.tokens
  expect(last && confidence?.probability.length).toBe((last?.width ?? 0) * (last?.height ?? 0))
  const [thumbnail] = (await api.thumbnails({ ids: [id] })).files
  expect(Buffer.from(thumbnail?.subarray(0, 12) ?? []).toString('latin1')).toMatch(/^RIFF....WEBP$/s)

  const request = textRequest('a harbour', { seed: 5, sampling: { steps: 200 } })
  const { id: job } = await api.enqueue({ request, title: '', where: 'last' })
  const onEvent = (event: FollowEvent): void => {
    if (event.type === 'step' && event.step === 2) void api.cancelJob({ id: job, keep: true })
  }
  await expect(api.follow({ id: job }, { onEvent })).rejects.toMatchObject({ code: 'cancelled' })
  const [partial] = (await api.listPictures({ filter: everything, offset: 0, limit: 9 })).pictures
  expect(partial).toMatchObject({ partial: true, job })
  const taken = (await api.readTrajectory({ id: partial?.id ?? '' }))?.steps.length
  const kept = extractRecipe((await api.readPicture({ id: partial?.id ?? '' })).png)
  expect(kept?.request.sampling.stopAfter).toBe(taken)
})
