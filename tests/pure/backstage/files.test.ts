/** Opening, importing, saving and exporting behind a window, with real files in memory and an engine that knows PNG alone. */
import { describe, expect, test } from 'vitest'
import { createStudio } from '../../../src/backstage/studio.ts'
import { fromSnapshot, renderTree, setBlendMode, setLayerMask, setOpacity } from '../../../src/document/index.ts'
import { oraMimetype } from '../../../src/files/ora-write.ts'
import { OraFile } from '../../../src/files/ora-read.ts'
import { encodePng } from '../../../src/files/png-write.ts'
import { readZip } from '../../../src/files/zip-read.ts'
import { type Storage } from '../../../src/files/storage.ts'
import { tileIdOf } from '../../../src/files/tile-store.ts'
import { storedPart, type ZipPart, zipChunks } from '../../../src/files/zip-write.ts'
import { compositeTree } from '../../../src/raster/composite-tree.ts'
import { parametersText } from '../../../src/raster/parameters-text.ts'
import { embedRecipe, extractRecipe } from '../../../src/raster/png-recipe.ts'
import { readText } from '../../../src/raster/png-text.ts'
import { readRect } from '../../../src/raster/tiles.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Recipe } from '../../../src/shared/contract/recipe.ts'
import { type OpenedDocument, type StudioApi, studioMethods } from '../../../src/shared/contract/studio-api.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'
import { type TestStudio, TestWindow, testStudio, tileOf } from '../../kit/backstage.ts'
import { fakePicture } from '../../kit/fake-engine.ts'
import { faultStorage, MemoryDisk } from '../../kit/fault-storage.ts'
import { decodePng } from '../../kit/png-reader.ts'

const dataFolder = '/home/data'
const onDisk = (disk = new MemoryDisk(['/home']), storage: Storage = disk): TestStudio & { disk: MemoryDisk } => ({
  ...testStudio({ dataFolder, storage }),
  disk,
})

async function write(disk: MemoryDisk, path: string, ...chunks: Uint8Array[]): Promise<void> {
  const file = await disk.open(path, 'wx')
  for (const chunk of chunks) await file.write(chunk)
}

const picture = (width: number, height: number, channels: 1 | 3 | 4 = 3): Pixels => ({
  width,
  height,
  channels,
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 7 + (i >> 8)) & 255),
})

/** What a document shows, put together from tiles that come from behind the window. */
async function shown(
  api: StudioApi,
  { key, snapshot }: Pick<OpenedDocument, 'key' | 'snapshot'>,
  area?: Rect,
): Promise<Pixels> {
  const { records, canvas } = fromSnapshot(snapshot)
  const ids = [...new Set(JSON.stringify(snapshot).match(/[0-9a-f]{64}/g))]
  const { tiles } = await api.getTiles({ key, ids })
  const byId = new Map(ids.map((id, i) => [id, tiles[i] ?? new Uint8Array()]))
  const rect = area ?? { x: 0, y: 0, width: canvas.width, height: canvas.height }
  return compositeTree(renderTree(records, canvas).children, rect, (id) => byId.get(id) ?? new Uint8Array())
}

/** Several layers with modes, opacity and a mask, over more than one tile each way. */
async function painted(api: StudioApi): Promise<TestWindow> {
  const window = await TestWindow.create(api, { width: 700, height: 530 })
  window.paint(1, ['0,0', '1,0', '2,0', '0,1', '1,1', '2,1', '0,2', '1,2', '2,2'])
  setBlendMode(window.store, window.paint(2, ['0,0', '1,1', '2,2', '-1,0']), 'multiply')
  const masked = window.paint(3, ['1,0', '1,1'])
  const coverage = tileOf(9, 1)
  window.told.push(api.putTiles({ key: window.key, tiles: [coverage] }))
  setLayerMask(window.store, masked, { enabled: true, surface: { channels: 1, tiles: { '1,1': tileIdOf(coverage) } } })
  setOpacity(window.store, window.paint(4, ['2,1']), 0.4)
  await window.settled()
  return window
}

async function reopened(
  disk: MemoryDisk,
  path: string,
): Promise<{ api: StudioApi; opened: OpenedDocument; test: TestStudio }> {
  const later = onDisk(disk)
  const { api } = later.page()
  return { api, opened: await api.openFile({ source: { kind: 'path', path } }), test: later }
}

describe('saving', () => {
  test('and opening again gives the same records, tiles and picture', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    const shares: number[] = []
    const saved = await api.save(
      { key: window.key, path: '/home/a.ora' },
      { onEvent: ({ share }) => shares.push(share) },
    )
    expect(saved).toMatchObject({ path: '/home/a.ora', name: 'a.ora' })
    expect(saved.bytes).toBe(disk.files.get('/home/a.ora')?.now.length)
    expect(shares.at(-1)).toBe(1)
    expect([...shares].sort((a, b) => a - b)).toEqual(shares)
    const { api: other, opened, test: later } = await reopened(disk, '/home/a.ora')
    expect(opened).toMatchObject({ name: 'a.ora', path: '/home/a.ora', dirty: false, warnings: [] })
    expect(opened.snapshot).toEqual(window.snapshot)
    expect(await shown(other, opened)).toEqual(await shown(api, window))
    // Nothing was decoded: the tiles came as they were.
    expect(later.engine.decoded).toEqual([])
    expect((await other.begin()).recent).toMatchObject([{ path: '/home/a.ora' }])
  })

  test('takes the document as it was when asked, whatever is changed meanwhile', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    const { snapshot } = window
    const saving = api.save({ key: window.key, path: '/home/a.ora' })
    window.paint(5)
    await Promise.all([saving, window.settled()])
    expect((await reopened(disk, '/home/a.ora')).opened.snapshot).toEqual(snapshot)
    expect((await page().api.begin()).lost).toEqual([])
  })

  test('a second time takes what did not change from the file before, and is the same as anew', async () => {
    const { disk } = onDisk()
    const storage = faultStorage(disk, () => undefined)
    const { page } = onDisk(disk, storage)
    const { api } = page()
    const window = await painted(api)
    await api.save({ key: window.key, path: '/home/a.ora' })
    window.paint(6, ['2,2'])
    await window.settled()
    await api.save({ key: window.key, path: '/home/a.ora' })
    await api.save({ key: window.key, path: '/home/b.ora' })
    const anew = await reopened(disk, '/home/a.ora')
    await anew.api.save({ key: anew.opened.key, path: '/home/c.ora' })
    const [a, b, c] = ['a', 'b', 'c'].map((name) => Buffer.from(disk.files.get(`/home/${name}.ora`)?.now ?? []))
    expect(Buffer.compare(a ?? Buffer.alloc(0), c ?? Buffer.alloc(1))).toBe(0)
    expect(Buffer.compare(b ?? Buffer.alloc(0), c ?? Buffer.alloc(1))).toBe(0)
  })

  test('takes from the opened file what did not change since it was written', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    await api.save({ key: window.key, path: '/home/a.ora' })
    const { api: other, opened } = await reopened(disk, '/home/a.ora')
    const next = new TestWindow(other, opened)
    next.paint(6, ['2,2'])
    await next.settled()
    await other.save({ key: next.key, path: '/home/b.ora' })
    // The same document without a word in the file of where its strips lie, as an older version would have saved it.
    const plain = disk.files.get('/home/a.ora')
    if (plain === undefined) throw new Error('no file')
    const renamed = Buffer.from(plain.now).toString('latin1').replaceAll('paella/strips.json', 'paella/strips.none')
    plain.now = Uint8Array.from(Buffer.from(renamed, 'latin1'))
    const third = await reopened(disk, '/home/a.ora')
    const anew = new TestWindow(third.api, third.opened)
    anew.paint(6, ['2,2'])
    await anew.settled()
    await third.api.save({ key: anew.key, path: '/home/c.ora' })
    const [b, c] = ['b', 'c'].map((name) => Buffer.from(disk.files.get(`/home/${name}.ora`)?.now ?? []))
    expect(Buffer.compare(b ?? Buffer.alloc(0), c ?? Buffer.alloc(1))).toBe(0)
  })

  test.each(['nonsense', '{"version":2,"strips":[]}', '{"version":1,"strips":[["a","b",-1,0,0,0,0]]}'])(
    'makes everything anew where what the file says of its strips is %j',
    async (said) => {
      const { page, disk } = onDisk()
      const { api } = page()
      const window = await painted(api)
      await api.save({ key: window.key, path: '/home/a.ora' })
      const parts = await readZip(await disk.open('/home/a.ora', 'r'))
      const others: ZipPart[] = []
      for (const [name, part] of parts)
        others.push(storedPart(name, name === 'paella/strips.json' ? Buffer.from(said) : await part.read(2 ** 28)))
      await write(disk, '/home/odd.ora', ...(await partsOf(others)))
      const { api: other, opened } = await reopened(disk, '/home/odd.ora')
      expect(opened.warnings).toEqual([])
      await other.save({ key: opened.key, path: '/home/b.ora' })
      const [a, b] = ['a', 'b'].map((name) => Buffer.from(disk.files.get(`/home/${name}.ora`)?.now ?? []))
      expect(Buffer.compare(a ?? Buffer.alloc(0), b ?? Buffer.alloc(1))).toBe(0)
    },
  )

  test('is right where somebody else has changed or removed the file before', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    await api.save({ key: window.key, path: '/home/a.ora' })
    const file = disk.files.get('/home/a.ora')
    if (file === undefined) throw new Error('no file')
    const good = file.now
    file.now = Uint8Array.from(good, (byte, i) => (i % 1000 === 500 ? byte ^ 1 : byte))
    await api.save({ key: window.key, path: '/home/b.ora' })
    expect(Buffer.compare(disk.files.get('/home/b.ora')?.now ?? new Uint8Array(), good)).toBe(0)
    await disk.unlink('/home/b.ora')
    await api.save({ key: window.key, path: '/home/c.ora' })
    expect(Buffer.compare(disk.files.get('/home/c.ora')?.now ?? new Uint8Array(), good)).toBe(0)
  })

  test('needs no engine', async () => {
    const { page, engine, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    engine.isDead = true
    await api.save({ key: window.key, path: '/home/a.ora' })
    await api.exportPicture({ key: window.key, format: { type: 'png' }, path: '/home/a.png', area: null, recipe: null })
    expect(await disk.list('/home')).toEqual(['a.ora', 'a.png', 'data'])
    const jpeg = {
      key: window.key,
      format: { type: 'jpeg', quality: 90 },
      path: '/home/a.jpg',
      area: null,
      recipe: null,
    } as const
    await expect(api.exportPicture(jpeg)).rejects.toMatchObject({ code: 'engine-lost' })
  })

  test('keeps the version before it the first time, makes the studio’s folder, and refuses other endings', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    await write(disk, '/home/a.ora', Buffer.from('older'))
    for (const _ of [1, 2]) await api.save({ key: window.key, path: '/home/a.ora' })
    expect(Buffer.from(disk.files.get('/home/a.ora~1')?.now ?? []).toString()).toBe('older')
    await api.save({ key: window.key, path: '/home/pictures/a.ora' })
    for (const path of ['/home/.bashrc', '/home/a.png', 'a.ora', '/home/nowhere\0.ora'])
      await expect(api.save({ key: window.key, path }), path).rejects.toMatchObject({ code: 'bad-request' })
    await expect(api.save({ key: window.key, path: '/gone/a.ora' })).rejects.toMatchObject({ code: 'write-failed' })
  })

  test('can be cancelled, and then the old file is as it was', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    await write(disk, '/home/a.ora', Buffer.from('older'))
    const controller = new AbortController()
    const hooks = { signal: controller.signal, onEvent: () => controller.abort() }
    await expect(api.save({ key: window.key, path: '/home/a.ora' }, hooks)).rejects.toMatchObject({ code: 'cancelled' })
    expect(await disk.list('/home')).toEqual(['a.ora', 'data'])
    expect(disk.files.get('/home/a.ora')?.now.length).toBe(5)
  })

  test('goes on when its window goes', async () => {
    const { page, studio, disk } = onDisk()
    const { api, leave } = page()
    const window = await painted(api)
    const { snapshot } = window
    const saving = api.save({ key: window.key, path: '/home/a.ora' })
    leave()
    await expect(saving).rejects.toMatchObject({ code: 'engine-lost' })
    await studio.close()
    expect((await reopened(disk, '/home/a.ora')).opened.snapshot).toEqual(snapshot)
  })

  test('a document of all that there is has a thumbnail and a merged image that are what it shows', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    await api.save({ key: window.key, path: '/home/a.ora' })
    const file = await OraFile.open(disk, '/home/a.ora')
    const whole = await shown(api, window)
    expect(decodePng(await file.merged())).toEqual(whole)
    const parts = await readZip(await disk.open('/home/a.ora', 'r'))
    const thumbnail = decodePng((await parts.get('Thumbnails/thumbnail.png')?.read(2 ** 20)) ?? new Uint8Array())
    expect([thumbnail.width, thumbnail.height]).toEqual([256, 194])
  })
})

describe('exporting', () => {
  const png = { format: { type: 'png' }, recipe: null } as const

  test('gives what the document shows, all of it or a part', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    const { key } = window
    const exported = await api.exportPicture({ ...png, key, path: '/home/a.png', area: null })
    expect(exported).toMatchObject({ path: '/home/a.png', name: 'a.png', content: null })
    expect(decodePng(disk.files.get('/home/a.png')?.now ?? new Uint8Array())).toEqual(await shown(api, window))
    for (const area of [
      { x: 3, y: 250, width: 600, height: 20 },
      { x: 255, y: 255, width: 2, height: 258 },
      { x: 699, y: 529, width: 1, height: 1 },
    ]) {
      const { content, bytes } = await api.exportPicture({ ...png, key, path: null, area })
      expect(bytes).toBe(content?.length)
      expect(decodePng(content ?? new Uint8Array()), JSON.stringify(area)).toEqual(await shown(api, window, area))
    }
  })

  test('JPEG and WebP are the engine’s work', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    for (const [format, path] of [
      [{ type: 'jpeg', quality: 80 }, '/home/a.jpg'],
      [{ type: 'webp' }, '/home/a.webp'],
    ] as const) {
      await api.exportPicture({ key: window.key, format, path, area: null, recipe: null })
      expect(decodePng(disk.files.get(path)?.now ?? new Uint8Array())).toEqual(await shown(api, window))
    }
  })

  test('refuses areas outside of the canvas, names that do not fit, and more than can be sent', async () => {
    const { page } = onDisk()
    const { api } = page()
    const { key } = await painted(api)
    for (const area of [
      { x: 0, y: 0, width: 701, height: 1 },
      { x: 700, y: 0, width: 1, height: 1 },
    ])
      await expect(api.exportPicture({ ...png, key, path: null, area })).rejects.toMatchObject({ code: 'bad-request' })
    await expect(api.exportPicture({ ...png, key, path: '/home/a.jpg', area: null })).rejects.toMatchObject({
      code: 'bad-request',
    })
    const wide = await TestWindow.create(api, { width: 20_000, height: 4 })
    for (const format of [{ type: 'png' }, { type: 'webp' }] as const)
      await expect(
        api.exportPicture({ key: wide.key, format, path: null, area: null, recipe: null }),
      ).rejects.toMatchObject({ code: 'picture-too-large' })
    await api.exportPicture({ ...png, key: wide.key, path: '/home/wide.png', area: null })
  })

  test('puts a recipe into a PNG; of one that had pictures, the words alone', async () => {
    const { page } = onDisk()
    const { api } = page()
    const { key } = await painted(api)
    const recipe = recipeOf('an apple')
    const exporting = async (value: unknown): Promise<Uint8Array> => {
      const { content } = await api.exportPicture({
        ...png,
        key,
        path: null,
        area: null,
        recipe: JSON.stringify(value),
      })
      return content ?? new Uint8Array()
    }
    const whole = await exporting(recipe)
    expect(extractRecipe(whole)).toEqual(recipe)
    expect(readText(whole, 'parameters')).toBe(parametersText(recipe))
    const image = { kind: 'pixels', pixels: { width: 1, height: 1, channels: 3, data: null } }
    const use = { use: 'restyle', prompt: 'a pear', image, strength: 0.5 }
    const words = await exporting({ ...recipe, request: { ...recipe.request, use } })
    expect(extractRecipe(words)).toBeUndefined()
    expect(readText(words, 'parameters')).toContain('a pear')
    const region = { x: 0, y: 0, width: 8, height: 8, prompt: 'a hill', mask: image }
    const regions = { use: 'regions', prompt: 'a plum', regions: [region] }
    const masked = await exporting({ ...recipe, request: { ...recipe.request, use: regions } })
    expect(readText(masked, 'parameters')).toContain('a plum')
    expect(decodePng(await exporting('nonsense')).width).toBe(700)
  })
})

describe('opening', () => {
  test.each([1, 3, 4] as const)('a picture of %i channels is a document of one layer', async (channels) => {
    const { page, disk } = onDisk()
    const { api } = page()
    const pixels = picture(300, 270, channels)
    await write(disk, '/home/My photo.png', await encodePng(pixels))
    const opened = await api.openFile({ source: { kind: 'path', path: '/home/My photo.png' } })
    expect(opened).toMatchObject({ name: 'My photo.png', path: null, dirty: false, warnings: [] })
    const { records, canvas } = fromSnapshot(opened.snapshot)
    expect([canvas.width, canvas.height]).toEqual([300, 270])
    expect([...records.values()].map(({ kind }) => kind).sort()).toEqual(['canvas', 'raster'])
    expect([...records.values()].find(({ kind }) => kind === 'raster')).toMatchObject({ name: 'My photo' })
    const { data } = await shown(api, opened)
    const wrong = Array.from({ length: 300 * 270 }, (_, i) => i).filter((i) => {
      const at = (c: number) => pixels.data[i * channels + (channels === 1 ? 0 : c)]
      const alpha = channels === 4 ? at(3) : 255
      // What cannot be seen has no colour.
      const expected = alpha === 0 ? [0, 0, 0, 0] : [at(0), at(1), at(2), alpha]
      return expected.some((value, c) => data[i * 4 + c] !== value)
    })
    expect(wrong).toEqual([])
    expect((await api.begin()).recent).toMatchObject([{ path: '/home/My photo.png' }])
  })

  test('bytes open as files do, told apart by what is in them', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    await api.save({ key: window.key, path: '/home/a.ora' })
    const bytes = disk.files.get('/home/a.ora')?.now ?? new Uint8Array()
    const opened = await api.openFile({ source: { kind: 'bytes', name: 'dropped.png', bytes } })
    expect(opened).toMatchObject({ name: 'dropped.png', path: null, snapshot: window.snapshot })
    const asDocument = await encodePng(picture(3, 2))
    const other = await api.openFile({ source: { kind: 'bytes', name: 'odd.ora', bytes: asDocument } })
    expect(fromSnapshot(other.snapshot).canvas).toMatchObject({ width: 3, height: 2 })
  })

  test('what cannot be opened is told by its code, and leaves no session', async () => {
    const { page, engine, disk } = onDisk()
    const { api } = page()
    await write(disk, '/home/empty.png')
    await write(disk, '/home/text.png', Buffer.from('no picture'))
    await write(disk, '/home/some.zip', ...(await partsOf([storedPart('a', Buffer.from('b'))])))
    const tried: [string, string][] = [
      ['/home/none.png', 'file-not-found'],
      ['/home', 'file-unreadable'],
      ['/home/empty.png', 'not-a-picture'],
      ['/home/text.png', 'not-a-picture'],
      ['/home/some.zip', 'document-broken'],
    ]
    for (const [path, code] of tried)
      await expect(api.openFile({ source: { kind: 'path', path } }), path).rejects.toMatchObject({ code })
    await expect(api.openFile({ source: { kind: 'path', path: '/home/some.zip' } })).rejects.toMatchObject({
      message: expect.stringMatching(/^'some\.zip' cannot be opened/),
    })
    engine.isDead = true
    await expect(api.openFile({ source: { kind: 'path', path: '/home/text.png' } })).rejects.toMatchObject({
      code: 'engine-lost',
    })
    expect(await disk.list('/home/data/sessions').catch(() => [])).toEqual([])
  })

  test('a picture’s recipe comes along, without the pictures in it', async () => {
    const { page } = onDisk()
    const { api } = page()
    const recipe = recipeOf('an apple')
    const image = { kind: 'file', bytes: Uint8Array.of(1, 2, 3), name: 'a.png' } as const
    const use = { use: 'restyle', prompt: 'a pear', image, strength: 0.5 } as const
    const made = { ...recipe, request: { ...recipe.request, use } }
    const bytes = embedRecipe(new Uint8Array(await encodePng(picture(4, 4))), made, 'words')
    const opened = await api.openFile({ source: { kind: 'bytes', name: 'made.png', bytes } })
    const layer = [...fromSnapshot(opened.snapshot).records.values()].find(({ kind }) => kind === 'raster')
    expect(JSON.parse((layer?.kind === 'raster' ? layer.recipe : null) ?? 'null')).toMatchObject({
      request: { use: { prompt: 'a pear', image: { bytes: null } } },
    })
  })

  const foreign = async (broken = false): Promise<Uint8Array[]> => {
    const xml = `<image w="400" h="300"><stack>
      <stack name="Two   words" opacity="0.5" isolation="isolate">
        <layer name="top" src="data/a.png" x="-100" y="250" composite-op="svg:multiply" visibility="hidden"/>
      </stack><layer name="low" src="data/b.png" x="10" y="20" composite-op="svg:plus"/></stack></image>`
    return await partsOf([
      storedPart('mimetype', Buffer.from(oraMimetype)),
      storedPart('stack.xml', Buffer.from(xml)),
      storedPart('data/a.png', await encodePng(picture(300, 20, 4))),
      storedPart('data/b.png', broken ? Buffer.from('no picture') : await encodePng(picture(200, 270))),
      storedPart('mergedimage.png', await encodePng(picture(400, 300))),
    ])
  }

  test('a document of another program keeps its layers, places and modes, and says what it could not', async () => {
    const { page, engine, disk } = onDisk()
    const { api } = page()
    await write(disk, '/home/krita.ora', ...(await foreign()))
    const opened = await api.openFile({ source: { kind: 'path', path: '/home/krita.ora' } })
    expect(opened.warnings).toEqual(["'low' blends with svg:plus, taken as normal."])
    expect(opened).toMatchObject({ name: 'krita.ora', path: null, dirty: false })
    expect(engine.decoded).toEqual(["The picture of layer 'top'", "The picture of layer 'low'"])
    const { records } = fromSnapshot(opened.snapshot)
    const named = (name: string) => [...records.values()].find((record) => 'name' in record && record.name === name)
    const group = named('Two words')
    expect(group).toMatchObject({ kind: 'group', opacity: 0.5, isolated: true })
    expect(named('top')).toMatchObject({ parent: group?.id, visible: false, blendMode: 'multiply' })
    const low = named('low')
    if (low?.kind !== 'raster' || group?.kind !== 'group') throw new Error('layers were expected')
    expect(low.order < group.order).toBe(true)
    const ids = Object.values(low.surface.tiles)
    const { tiles } = await api.getTiles({ key: opened.key, ids })
    const byId = new Map(ids.map((id, i) => [id, tiles[i] ?? new Uint8Array()]))
    const rect = { x: 10, y: 20, width: 200, height: 270 }
    const pixels = readRect(low.surface, rect, (id) => byId.get(id) ?? new Uint8Array())
    const source = picture(200, 270)
    expect(pixels.data.filter((_, i) => i % 4 !== 3)).toEqual(source.data)
    expect(new Set(pixels.data.filter((_, i) => i % 4 === 3))).toEqual(new Set([255]))
  })

  test('a layer whose picture is damaged is empty, and the others open', async () => {
    const { page, disk } = onDisk()
    const { api } = page()
    await write(disk, '/home/krita.ora', ...(await foreign(true)))
    const { warnings, snapshot } = await api.openFile({ source: { kind: 'path', path: '/home/krita.ora' } })
    expect(warnings[1]).toMatch(/^'low' is empty: The picture of layer 'low' cannot be read as a picture/)
    expect([...fromSnapshot(snapshot).records.keys()]).toHaveLength(4)
  })

  test.each([
    ['a tile', 'paella/tiles/', 300],
    ['the snapshot', 'paella/document.json', 30],
  ])('our own document with %s damaged opens from its pictures, and says so', async (_, part, offset) => {
    const { page, disk } = onDisk()
    const { api } = page()
    const window = await painted(api)
    await api.save({ key: window.key, path: '/home/a.ora' })
    const file = disk.files.get('/home/a.ora')
    if (file === undefined) throw new Error('no file')
    const at = Buffer.from(file.now).indexOf(part) + offset
    file.now = Uint8Array.from(file.now, (byte, i) => (i === at ? byte ^ 0x55 : byte))
    const { api: other, opened } = await reopened(disk, '/home/a.ora')
    expect(opened.path).toBeNull()
    expect(opened.warnings[0]).toMatch(/^What Paella Studio keeps in a\.ora is damaged/)
    const before = await shown(api, window)
    const after = await shown(other, opened)
    // Modes and opacity are kept; masks are in the pixels, rounded once more.
    let largest = 0
    for (let i = 0; i < before.data.length; i++)
      largest = Math.max(largest, Math.abs((before.data[i] ?? 0) - (after.data[i] ?? 0)))
    expect(largest).toBeLessThanOrEqual(2)
  })
})

test('a picture is imported as tiles of the open document, which stay until they are named', async () => {
  const { page } = onDisk()
  const { api } = page()
  const window = await TestWindow.create(api)
  const recipe = recipeOf('an apple')
  const bytes = embedRecipe(new Uint8Array(await encodePng(picture(260, 40))), recipe, 'words')
  const imported = await api.importPicture({ key: window.key, source: { kind: 'bytes', name: 'in.png', bytes } })
  expect(imported).toMatchObject({ name: 'in', width: 260, height: 40, surface: { channels: 4 } })
  expect(Object.keys(imported.surface.tiles)).toEqual(['0,0', '1,0'])
  expect(JSON.parse(imported.recipe ?? '')).toEqual(JSON.parse(JSON.stringify(recipe)))
  await api.sweep({ key: window.key, keep: [] })
  expect((await api.getTiles({ key: window.key, ids: Object.values(imported.surface.tiles) })).tiles).toHaveLength(2)
})

test('of a document that is placed as a picture the merged image is taken', async () => {
  const { page } = onDisk()
  const { api } = page()
  const window = await painted(api)
  await api.save({ key: window.key, path: '/home/a.ora' })
  const other = await TestWindow.create(api)
  const source = { kind: 'path', path: '/home/a.ora' } as const
  expect(await api.importPicture({ key: other.key, source })).toMatchObject({ name: 'a', width: 700, height: 530 })
})

describe('settings', () => {
  test('are kept as they were given', async () => {
    const { page, disk } = onDisk()
    const settings = { theme: 'dark', panels: [1, 2, { three: null }] }
    await page().api.saveSettings({ settings })
    expect((await onDisk(disk).page().api.begin()).settings).toEqual(settings)
  })

  test.each(['', 'nonsense', '{"format":1', '{"format":2,"value":1}', '[]', '\0\0\0'])(
    'that are damaged (%j) are set aside, and defaults stand for them',
    async (text) => {
      const { disk } = onDisk()
      for (const folder of ['/home/data']) await disk.makeFolder(folder)
      await write(disk, '/home/data/settings.json', Buffer.from(text))
      await write(disk, '/home/data/recent.json', Buffer.from(text))
      const { api } = onDisk(disk).page()
      expect(await api.begin()).toMatchObject({ settings: null, recent: [] })
      expect(await disk.list('/home/data')).toEqual(['recent.json.damaged', 'settings.json.damaged'])
      expect(Buffer.from(disk.files.get('/home/data/settings.json.damaged')?.now ?? []).toString()).toBe(text)
      await api.saveSettings({ settings: 1 })
      expect((await onDisk(disk).page().api.begin()).settings).toBe(1)
    },
  )

  test('that cannot be written are told, and what was there stays', async () => {
    const { page, disk } = onDisk()
    await page().api.saveSettings({ settings: 'old' })
    const failing = faultStorage(disk, ({ operation }) =>
      operation === 'open' ? { kind: 'fail', code: 'EROFS' } : undefined,
    )
    const broken = onDisk(disk, failing).page().api
    await expect(broken.saveSettings({ settings: 'new' })).rejects.toMatchObject({
      code: 'write-failed',
      detail: 'EROFS',
    })
    expect((await onDisk(disk).page().api.begin()).settings).toBe('old')
    await expect(page().api.saveSettings({ settings: 'x'.repeat(2 ** 21) })).rejects.toMatchObject({
      code: 'bad-request',
    })
  })

  test('what a killed program was writing is tidied away', async () => {
    const { disk } = onDisk()
    await disk.makeFolder('/home/data')
    await write(disk, '/home/data/.settings.json.999999-0123456789ab.paella-part', Buffer.from('half'))
    await onDisk(disk).page().api.begin()
    expect(await disk.list('/home/data')).toEqual([])
  })
})

test('a studio can be made of its parts, for windows that are tested with it', () => {
  const { engine, disk } = onDisk()
  const studio = createStudio({
    dataFolder,
    saveFolder: '/home',
    version: '1',
    codecs: engine,
    log: () => undefined,
    storage: disk,
  })
  expect(new Set(Object.keys(studio.connect().api))).toEqual(new Set(Object.keys(studioMethods)))
})

/** A recipe as an engine makes it, of a size that one can be. */
function recipeOf(prompt: string): Recipe {
  const { recipe } = fakePicture(prompt)
  return { ...recipe, request: { ...recipe.request, size: { width: 64, height: 64 } } }
}

async function partsOf(parts: readonly ZipPart[]): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of zipChunks(parts)) chunks.push(chunk)
  return chunks
}
