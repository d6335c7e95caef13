/** Documents behind a window: what is told arrives in order, survives its window and its program, and comes back as it was. */
import { describe, expect, test } from 'vitest'
import { History, renameLayer, setOpacity, toSnapshot } from '../../../src/document/index.ts'
import { tileIdOf } from '../../../src/files/tile-store.ts'
import type { StudioEvent } from '../../../src/shared/contract/studio-api.ts'
import { faultStorage, MemoryDisk } from '../../kit/fault-storage.ts'
import { type TestStudio, TestWindow, testStudio, tileOf } from '../../kit/backstage.ts'

const dataFolder = '/home/data'
const onDisk = (disk = new MemoryDisk(['/home'])): TestStudio & { disk: MemoryDisk } => ({
  ...testStudio({ dataFolder, storage: disk }),
  disk,
})
const refused = { code: 'bad-request' }

test('a page begins with the folder, the version and nothing to recover', async () => {
  const { page } = onDisk()
  const { platform, ...start } = await page().api.begin()
  expect(['linux', 'mac', 'windows']).toContain(platform)
  expect(start).toEqual({ version: '0.0.0', folder: '/home/pictures', recent: [], lost: [], settings: null })
})

test('tiles, changes and a flush that are sent at once take effect in their order', async () => {
  const { page } = onDisk()
  const { api } = page()
  const window = await TestWindow.create(api)
  for (let seed = 1; seed <= 5; seed++) window.paint(seed, ['0,0', '1,0'])
  window.told.push(api.flush({ key: window.key }))
  await window.settled()
  const { tiles } = await api.getTiles({ key: window.key, ids: [tileIdOf(tileOf(17)), tileIdOf(tileOf(16))] })
  expect(tiles).toEqual([tileOf(17), tileOf(16)])
})

test('a window that goes leaves its documents to the next, with all that it told', async () => {
  const { page } = onDisk()
  const first = page()
  const window = await TestWindow.create(first.api)
  window.paint(1)
  const layer = window.paint(2)
  setOpacity(window.store, layer, 0.5)
  await window.settled()
  first.leave()
  const { api } = page()
  const { lost } = await api.begin()
  expect(lost).toMatchObject([{ id: window.key, name: 'Untitled', path: null }])
  const opened = await api.recover({ id: window.key })
  expect(opened).toEqual({
    key: window.key,
    name: 'Untitled',
    path: null,
    snapshot: window.snapshot,
    dirty: true,
    warnings: [],
  })
  // The document is the new window's now, and goes on.
  const next = new TestWindow(api, opened)
  next.paint(3)
  await next.settled()
  expect((await api.begin()).lost).toEqual([])
  await expect(first.api.flush({ key: window.key })).rejects.toMatchObject({ code: 'engine-lost' })
})

test('a program that ends gives its documents to the next program, and only once', async () => {
  const { page, studio, disk } = onDisk()
  const window = await TestWindow.create(page().api, undefined, 'Apple')
  for (let seed = 1; seed <= 3; seed++) window.paint(seed)
  await window.settled()
  await studio.close()
  const later = onDisk(disk)
  const one = later.page().api
  const two = later.page().api
  expect((await one.begin()).lost).toMatchObject([{ id: window.key, name: 'Apple' }])
  const opened = await one.recover({ id: window.key })
  expect(opened).toMatchObject({ name: 'Apple', dirty: true, warnings: [], snapshot: window.snapshot })
  await expect(two.recover({ id: window.key })).rejects.toMatchObject(refused)
  expect((await two.begin()).lost).toEqual([])
  expect(await one.getTiles({ key: opened.key, ids: [tileIdOf(tileOf(48))] })).toEqual({ tiles: [tileOf(48)] })
})

test('of two that want the same lost document at once one gets it', async () => {
  const { page, studio, disk } = onDisk()
  const window = await TestWindow.create(page().api)
  window.paint(1)
  await window.settled()
  await studio.close()
  const later = onDisk(disk)
  const [one, two] = [later.page().api, later.page().api]
  const outcomes = await Promise.allSettled([one.recover({ id: window.key }), two.recover({ id: window.key })])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('what nobody touched is not offered: an empty canvas, a document as its file holds it', async () => {
  const { page, studio, disk } = onDisk()
  const { api } = page()
  await TestWindow.create(api)
  const saved = await TestWindow.create(api)
  saved.paint(1)
  await saved.settled()
  await api.save({ key: saved.key, path: '/home/a.ora' })
  await studio.close()
  expect(await disk.list('/home/data/sessions')).toEqual([])
})

test('a lost document in which nothing is that a file does not hold is tidied away, a change later it is offered', async () => {
  const { page, disk } = onDisk()
  const { api } = page()
  const window = await TestWindow.create(api)
  window.paint(1)
  await window.settled()
  await api.save({ key: window.key, path: '/home/a.ora' })
  const killed = disk.afterPowerCut(1)
  expect((await onDisk(killed).page().api.begin()).lost).toEqual([])
  expect(await killed.list('/home/data/sessions')).toEqual([])
  window.paint(2)
  await window.settled()
  await api.flush({ key: window.key })
  const { lost } = await onDisk(disk.afterPowerCut(1)).page().api.begin()
  expect(lost).toMatchObject([{ name: 'a.ora', path: '/home/a.ora' }])
})

test('a document that is closed leaves nothing behind', async () => {
  const { page, disk } = onDisk()
  const { api } = page()
  const window = await TestWindow.create(api)
  window.paint(1)
  await api.writeStep({ key: window.key, id: 'step-1', json: '{}' })
  await api.closeDocument({ key: window.key })
  expect(await disk.list('/home/data/sessions')).toEqual([])
  await expect(api.flush({ key: window.key })).rejects.toMatchObject(refused)
})

test('a lost document can be thrown away, here or by another program', async () => {
  const { page, studio, disk } = onDisk()
  const first = page()
  for (const seed of [1, 2]) (await TestWindow.create(first.api)).paint(seed)
  await new Promise((resolve) => setTimeout(resolve, 10))
  first.leave()
  const { api } = page()
  const [one, two] = (await api.begin()).lost
  await api.discardLost({ id: one?.id ?? '' })
  expect((await api.begin()).lost).toMatchObject([{ id: two?.id }])
  await studio.close()
  const later = onDisk(disk).page().api
  await later.discardLost({ id: two?.id ?? '' })
  expect((await later.begin()).lost).toEqual([])
  expect(await disk.list('/home/data/sessions')).toEqual([])
})

test('changes that do not fit are refused and change nothing', async () => {
  const { page } = onDisk()
  const { api } = page()
  const window = await TestWindow.create(api)
  const layer = window.paint(1)
  await window.settled()
  const bad: unknown[] = [
    { added: {}, removed: { nobody: {} }, updated: {} },
    { added: { [layer]: window.store.get(layer) }, removed: {}, updated: {} },
    { added: {}, removed: {}, updated: { [layer]: { before: { opacity: 1 }, after: { opacity: 7 } } } },
    { added: {}, removed: {} },
    'nonsense',
    null,
  ]
  for (const diff of bad)
    await expect(api.append({ key: window.key, label: 'Bad', diff }), JSON.stringify(diff)).rejects.toMatchObject(
      refused,
    )
  renameLayer(window.store, layer, 'Good')
  await window.settled()
})

describe('the journal', () => {
  test('a change that cannot be replayed ends the recovery there, and is told', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await TestWindow.create(api)
    window.paint(1)
    await window.settled()
    await api.flush({ key: window.key })
    const before = window.snapshot
    for (const seed of [2, 3, 4]) window.paint(seed)
    await window.settled()
    await api.flush({ key: window.key })
    const killed = disk.afterPowerCut(1)
    const journal = killed.files.get(`/home/data/sessions/${window.key}/journal`)
    if (journal === undefined) throw new Error('no journal')
    // A flipped byte in the first entry after the base and the first change.
    const at = Buffer.from(journal.now).indexOf('Layer of 2')
    journal.now = Uint8Array.from(journal.now, (byte, i) => (i === at ? byte ^ 1 : byte))
    const opened = await onDisk(killed).page().api.recover({ id: window.key })
    expect(opened.snapshot).toEqual(before)
    expect(opened.warnings).toEqual(['The last 3 changes of 4 could not be recovered.'])
  })

  test('tiles that are gone are left out, told, and the rest can be saved', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await TestWindow.create(api)
    window.paint(1, ['0,0', '1,0'])
    await window.settled()
    await api.flush({ key: window.key })
    const killed = disk.afterPowerCut(1)
    const id = tileIdOf(tileOf(17))
    await killed.unlink(`/home/data/sessions/${window.key}/tiles/${id.slice(0, 2)}/${id}`)
    const later = onDisk(killed).page().api
    const opened = await later.recover({ id: window.key })
    expect(opened.warnings).toMatchObject([expect.stringMatching(/^A part of the picture could not be recovered/)])
    expect(JSON.stringify(opened.snapshot)).not.toContain(id)
    await later.save({ key: opened.key, path: '/home/rescued.ora' })
  })

  test('a folder that cannot be read for a moment loses no tile', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await TestWindow.create(api)
    window.paint(1)
    await window.settled()
    await api.flush({ key: window.key })
    const killed = disk.afterPowerCut(1)
    let lists = 0
    const failing = faultStorage(killed, ({ operation }) =>
      operation === 'list' && ++lists > 2 ? { kind: 'fail', code: 'EIO' } : undefined,
    )
    const { api: later } = testStudio({ dataFolder, storage: failing }).page()
    expect((await later.begin()).lost).toHaveLength(1)
    await expect(later.recover({ id: window.key })).rejects.toMatchObject({ code: 'file-unreadable', detail: 'EIO' })
    expect(await onDisk(killed).page().api.recover({ id: window.key })).toMatchObject({
      snapshot: window.snapshot,
      warnings: [],
    })
  })

  test('a full disk is told and told again when there is room, and nothing is lost', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const events: StudioEvent[] = []
    const window = await TestWindow.create(api)
    void api.watch(null, { onEvent: (event) => events.push(event) }).catch(() => undefined)
    disk.capacity = 5000
    window.paint(1)
    await window.settled()
    await expect(api.flush({ key: window.key })).rejects.toMatchObject({ code: 'write-failed', detail: 'ENOSPC' })
    disk.capacity = Number.POSITIVE_INFINITY
    await api.flush({ key: window.key })
    expect(events).toMatchObject([
      { type: 'journal-problem', key: window.key, message: expect.stringContaining('disk is full') },
      { type: 'journal-problem', key: window.key, message: null },
    ])
    const opened = await onDisk(disk.afterPowerCut(0)).page().api.recover({ id: window.key })
    expect(opened.snapshot).toEqual(window.snapshot)
  })

  test('a page that begins to listen hears of a problem that is there already', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await TestWindow.create(api)
    disk.capacity = 5000
    window.paint(1)
    await api.flush({ key: window.key }).catch(() => undefined)
    const event = await new Promise<StudioEvent>((resolve) => {
      void api.watch(null, { onEvent: resolve }).catch(() => undefined)
    })
    expect(event).toMatchObject({ key: window.key, message: expect.stringContaining('disk is full') })
  })
})

describe('sweeping', () => {
  test('removes what nobody names, keeps what the window asks for and what the document shows', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await TestWindow.create(api)
    window.paint(1)
    await window.settled()
    await api.flush({ key: window.key })
    // Long ago: what was put a moment ago stays in any case.
    const realNow = Date.now
    Date.now = () => realNow() + 600_000
    try {
      const { ids } = await api.putTiles({ key: window.key, tiles: [tileOf(90), tileOf(91)] })
      await api.flush({ key: window.key })
      Date.now = () => realNow() + 1_200_000
      await api.sweep({ key: window.key, keep: [ids[0] ?? ''] })
      const names = [...disk.files.keys()]
        .filter((path) => path.includes('/tiles/'))
        .map((path) => path.split('/').at(-1))
      expect(new Set(names)).toEqual(new Set([tileIdOf(tileOf(16)), ids[0]]))
    } finally {
      Date.now = realNow
    }
  })

  test('leaves tiles that were put a moment ago and are named next', async () => {
    const { page } = onDisk()
    const { api } = page()
    const window = await TestWindow.create(api)
    window.paint(1)
    const sweeping = api.sweep({ key: window.key, keep: [] })
    window.paint(2)
    await Promise.all([sweeping, window.settled()])
    const ids = [16, 32].map((seed) => tileIdOf(tileOf(seed)))
    expect((await api.getTiles({ key: window.key, ids })).tiles).toEqual([tileOf(16), tileOf(32)])
    await api.flush({ key: window.key })
  })
})

test('steps of the history are kept, read back, dropped, and gone for a new window', async () => {
  const { page } = onDisk()
  const first = page()
  const window = await TestWindow.create(first.api)
  window.paint(1)
  const { key } = window
  const writing = first.api.writeStep({ key, id: 'step-1', json: '{"a":1}' })
  expect(await first.api.readStep({ key, id: 'step-1' })).toEqual({ json: '{"a":1}' })
  await writing
  await first.api.writeStep({ key, id: 'step-2', json: '2' })
  await first.api.dropStep({ key, id: 'step-2' })
  await expect(first.api.readStep({ key, id: 'step-2' })).rejects.toMatchObject({ code: 'file-not-found' })
  await expect(first.api.writeStep({ key, id: '../owner', json: '' })).rejects.toMatchObject(refused)
  first.leave()
  const { api } = page()
  await api.recover({ id: key })
  await expect(api.readStep({ key, id: 'step-1' })).rejects.toMatchObject({ code: 'file-not-found' })
})

test('a document is its own page’s alone', async () => {
  const { page } = onDisk()
  const mine = await TestWindow.create(page().api)
  const other = page().api
  await expect(other.putTiles({ key: mine.key, tiles: [] })).rejects.toMatchObject(refused)
  await expect(other.closeDocument({ key: mine.key })).rejects.toMatchObject(refused)
  await expect(other.recover({ id: mine.key })).rejects.toMatchObject(refused)
  await mine.api.flush({ key: mine.key })
})

test('the replica is the window’s document, whatever was undone and redone', async () => {
  const { page } = onDisk()
  const first = page()
  const window = await TestWindow.create(first.api)
  const history = new History(window.store)
  for (let seed = 1; seed <= 6; seed++) window.paint(seed)
  for (const step of ['undo', 'undo', 'redo', 'undo', 'undo'] as const) await history[step]()
  window.paint(9)
  await window.settled()
  first.leave()
  const { snapshot } = await page().api.recover({ id: window.key })
  expect(snapshot).toEqual(JSON.parse(JSON.stringify(toSnapshot(window.store.records))))
})
