/** The gallery: what is listed, found and starred; what becomes of files that go, by the trash or behind its back. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Library } from '../../../src/library/library.ts'
import { everything, newFolder, runJob, testLibrary, textRequest, until } from '../../kit/library.ts'
import { decodePng } from '../../kit/png-reader.ts'

type Api = Library['api']

const list = async (api: Api, filter: Partial<typeof everything> = {}, offset = 0, limit = 500) =>
  await api.listPictures({ filter: { ...everything, ...filter }, offset, limit })

const prompts = async (api: Api, search: string) =>
  (await list(api, { search })).pictures.map(({ prompt }) => prompt).sort()

const idsOf = async (api: Api) => (await list(api)).pictures.map(({ id }) => id)

describe('the list', () => {
  test('comes in pages, the newest first, with how many there are and on which days', async () => {
    const { api } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house', { seed: 1, count: 5 }))
    const page = await list(api, {}, 1, 2)
    expect(page.pictures.map(({ seed }) => seed)).toEqual([4, 3])
    expect(page.total).toBe(5)
    expect(page.days.reduce((sum, { count }) => sum + count, 0)).toBe(5)
    expect(page.days[0]?.day).toMatch(/^\d{4}-\d\d-\d\d$/)
  })

  test('finds pictures by all words of the search, parts of words and short ones included, in any language', async () => {
    const { api } = await testLibrary(await newFolder())
    const requests = [
      textRequest('A harbour at night'),
      textRequest('harbour by day', { negative: 'people' }),
      textRequest('夜の港'),
      textRequest('100% of "it"', { model: 'paella-mini' }),
    ]
    for (const request of requests) await runJob(api, request)
    expect(await prompts(api, 'HARB')).toEqual(['A harbour at night', 'harbour by day'])
    expect(await prompts(api, 'arbour night')).toEqual(['A harbour at night'])
    expect(await prompts(api, 'people')).toEqual(['harbour by day'])
    expect(await prompts(api, '港')).toEqual(['夜の港'])
    expect(await prompts(api, 'at harbour')).toEqual(['A harbour at night'])
    expect(await prompts(api, '0%')).toEqual(['100% of "it"'])
    expect(await prompts(api, '"it"')).toEqual(['100% of "it"'])
    expect(await prompts(api, 'mini')).toEqual(['100% of "it"'])
    expect(await prompts(api, '_')).toEqual([])
    expect(await prompts(api, 'NOT harbour OR')).toEqual([])
  })

  test('can be of one use, or of starred pictures', async () => {
    const { api } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house', { count: 2 }))
    await runJob(api, { version: 1, use: { use: 'gradient', prompt: 'a', to: 'b', direction: 'vertical' } })
    expect((await list(api, { use: 'gradient' })).total).toBe(1)
    const [id = ''] = (await list(api, { use: 'text' })).pictures.map((picture) => picture.id)
    await api.starPictures({ ids: [id], starred: true })
    expect((await list(api, { starred: true })).pictures).toMatchObject([{ id, starred: true }])
    await api.starPictures({ ids: [id], starred: false })
    expect((await list(api, { starred: true })).total).toBe(0)
  })

  test('is told anew when pictures come, go or change', async () => {
    const { api, events } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house'))
    await until(() => events.some(({ type }) => type === 'gallery'))
  })
})

describe('a picture', () => {
  test('has a thumbnail of at most 256 px a side, in the order of the ids', async () => {
    const { api } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house large 300'))
    await runJob(api, textRequest('a small house'))
    const [small = '', large = ''] = await idsOf(api)
    const { files } = await api.thumbnails({ ids: [large, small, 'none'] })
    const sizes = files.map((file) => {
      if (file === null) return null
      const { width, height } = decodePng(file)
      return [width, height]
    })
    expect(sizes).toEqual([[256, 256], [24, 16], null])
  })

  test('keeps the tokens of all of its steps and how sure the last was', async () => {
    const { api } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house', { seed: 3, count: 2 }))
    const [id = ''] = await idsOf(api)
    const trajectory = await api.readTrajectory({ id })
    expect(trajectory?.steps.length).toBe(4)
    expect([...(trajectory?.steps[2]?.tokens.codes ?? [])]).toEqual([4, 0, 3, 0])
    expect([...(trajectory?.confidence.probability ?? [])]).toEqual([0.25, 1])
  })

  test('loses them when they are too much together, the oldest first; the picture stays', async () => {
    const folder = await newFolder()
    const { api, library } = await testLibrary(folder, { mostTrajectories: 3000 })
    await runJob(api, textRequest('a house', { count: 20 }))
    const ids = await idsOf(api)
    const kept = await Promise.all(ids.map(async (id) => (await api.readTrajectory({ id })) !== null))
    expect(ids.length).toBe(20)
    const count = kept.lastIndexOf(true) + 1
    expect(count).toBeGreaterThan(0)
    expect(kept).toEqual(ids.map((_, i) => i < count))
    await library.close()
    const again = await testLibrary(folder, { mostTrajectories: 3000 })
    await runJob(again.api, textRequest('a tree'))
    expect(await again.api.readTrajectory({ id: ids[count - 1] ?? '' })).toBeNull()
  })

  test('whose file was removed behind our back is shown as gone, and is not in the next list', async () => {
    const { api } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house', { count: 2 }))
    const [first, second] = (await list(api)).pictures
    await rm(first?.path ?? '')
    const ids = [first?.id ?? '', second?.id ?? '']
    expect((await api.thumbnails({ ids })).files.map((file) => file === null)).toEqual([true, false])
    await expect(api.readPicture({ id: ids[0] ?? '' })).rejects.toMatchObject({ code: 'file-not-found' })
    expect(await idsOf(api)).toEqual([ids[1]])
  })

  test('is copied into a folder under a free name', async () => {
    const folder = await newFolder()
    const { api } = await testLibrary(folder)
    await runJob(api, textRequest('a house', { seed: 4, count: 2 }))
    const ids = await idsOf(api)
    const target = join(folder, 'copies', 'here')
    const shares: number[] = []
    const first = await api.copyPictures({ ids, folder: target }, { onEvent: ({ share }) => shares.push(share) })
    const second = await api.copyPictures({ ids, folder: target })
    expect(shares).toEqual([0.5, 1])
    expect((await readdir(target)).sort()).toEqual([
      'a-house-4-2.png',
      'a-house-4.png',
      'a-house-5-2.png',
      'a-house-5.png',
    ])
    const { png } = await api.readPicture({ id: ids[0] ?? '' })
    for (const { paths } of [first, second]) expect(new Uint8Array(await readFile(paths[0] ?? ''))).toEqual(png)
  })
})

describe('the trash', () => {
  test('takes pictures out of the list and gives them back, star and all', async () => {
    const { api } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house', { count: 3 }))
    const ids = await idsOf(api)
    const before = (await list(api)).pictures
    await api.starPictures({ ids, starred: true })
    await api.trashPictures({ ids: ids.slice(0, 2) })
    expect(await idsOf(api)).toEqual(ids.slice(2))
    await expect(readFile(before[0]?.path ?? '')).rejects.toMatchObject({ code: 'ENOENT' })
    await api.undoTrash({ ids: ids.slice(0, 2) })
    expect((await list(api)).pictures).toEqual(before.map((picture) => ({ ...picture, starred: true })))
    await api.readPicture({ id: ids[0] ?? '' })
  })

  test('gives back under a free name where a new picture has taken the old one', async () => {
    const { api } = await testLibrary(await newFolder())
    await runJob(api, textRequest('a house', { seed: 1 }))
    const [id = ''] = await idsOf(api)
    await api.trashPictures({ ids: [id] })
    await runJob(api, textRequest('a house', { seed: 1 }))
    await api.undoTrash({ ids: [id] })
    const names = (await list(api)).pictures.map(({ path }) => path.split(/[/\\]/).at(-1))
    expect(new Set(names)).toEqual(new Set(['a-house-1-2.png', 'a-house-1.png']))
  })

  test('is for good with the end of the program; a job does not make again what was thrown away', async () => {
    const folder = await newFolder()
    const first = await testLibrary(folder)
    await runJob(first.api, textRequest('a house', { count: 2 }))
    const ids = await idsOf(first.api)
    await first.api.trashPictures({ ids: [ids[0] ?? ''] })
    await first.library.close()
    const second = await testLibrary(folder)
    expect(await idsOf(second.api)).toEqual([ids[1]])
    expect((await second.api.queue()).jobs).toMatchObject([{ state: 'done', finished: 2 }])
    expect(second.engine.calls).toEqual([])
  })
})

describe('the next start', () => {
  test('takes in what lies in the folder without a row: pictures of another program, moved ones under their new name', async () => {
    const [mine, other] = [await newFolder(), await newFolder()]
    const foreign = await testLibrary(other)
    await runJob(foreign.api, textRequest('a foreign house'))
    const [brought] = (await list(foreign.api)).pictures
    const first = await testLibrary(mine)
    await runJob(first.api, textRequest('a house', { count: 2 }))
    const [moved, copied] = (await list(first.api)).pictures
    await first.api.starPictures({ ids: [moved?.id ?? ''], starred: true })
    await first.library.close()
    const album = join(mine, 'pictures', 'album')
    await mkdir(album)
    await rename(moved?.path ?? '', join(album, 'best.png'))
    await writeFile(join(album, 'copy.png'), await readFile(copied?.path ?? ''))
    await writeFile(join(album, 'foreign.png'), await readFile(brought?.path ?? ''))
    await writeFile(join(album, 'nothing.png'), 'no picture at all')
    const second = await testLibrary(mine)
    const { pictures } = await list(second.api)
    expect(pictures.length).toBe(3)
    expect(pictures.find(({ id }) => id === moved?.id)).toMatchObject({ starred: true, path: join(album, 'best.png') })
    expect(pictures.find(({ id }) => id === brought?.id)).toMatchObject({ prompt: 'a foreign house', width: 24 })
  })

  test('builds the list anew from the files where the database is damaged, which is set aside', async () => {
    const folder = await newFolder()
    const first = await testLibrary(folder)
    await runJob(first.api, textRequest('a house', { seed: 5, count: 3 }))
    const before = (await list(first.api)).pictures
    await first.library.close()
    await writeFile(join(folder, 'library.sqlite'), 'this is no database, whatever its name says')
    const second = await testLibrary(folder)
    const after = (await list(second.api)).pictures
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
    const facts = (pictures: typeof before) => pictures.map((picture) => ({ ...picture, madeAt: 0 })).sort(byId)
    expect(facts(after)).toEqual(facts(before))
    expect(await readdir(folder)).toContain('library.sqlite.damaged')
    expect(second.log.some((line) => line.includes('damaged'))).toBe(true)
    expect((await second.api.queue()).jobs).toEqual([])
  })
})
