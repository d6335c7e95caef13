/**
 * The backstage as programs run it: a thread of its own and an engine's process behind it, killed, left and ended in every way; the
 * built thread with the real engine and real pictures.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Backstage, type BackstageOptions, startBackstage } from '../../src/backstage/start.ts'
import { createStudio } from '../../src/backstage/studio.ts'
import {
  addGroup,
  addRasterLayer,
  fromSnapshot,
  moveLayers,
  setBlendMode,
  setOpacity,
} from '../../src/document/index.ts'
import { flattened } from '../../src/files/flatten.ts'
import { wholePicture } from '../../src/files/picture-strips.ts'
import { type PageApi, pageMethods } from '../../src/shared/contract/page-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { PngEngine, TestWindow, tileOf } from '../kit/backstage.ts'
import { buildProgram, childrenOf, run, untilGone } from '../kit/cli.ts'
import { promptCall } from '../kit/fake-engine.ts'
import { layersIn, readOra } from '../kit/ora-reader.ts'
import { sourceBackstage } from '../kit/source-backstage.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const folder = await temporaryFolder()
const child = fileURLToPath(new URL('backstage-child.ts', import.meta.url))
const report = (line: string): boolean => process.stdout.write(`  ${line}\n`)
let folders = 0
const newFolder = async (): Promise<string> => {
  const path = join(folder, String(++folders))
  await mkdir(path)
  return path
}

interface Line {
  readonly engine?: number
  readonly key?: string
  readonly painted?: number
  readonly at?: number
}

function startChild(what: string, data: string): { process: ChildProcess; lines: Line[]; ended: Promise<unknown> } {
  const running = spawn(process.execPath, [child, what, data], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void running.kill('SIGKILL'))
  const lines: Line[] = []
  createInterface({ input: running.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line))
  return { process: running, lines, ended: once(running, 'close') }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}

function start(options: BackstageOptions): Backstage {
  const backstage = startBackstage(options)
  onTestFinished(() => backstage.close())
  return backstage
}

const page = (backstage: Backstage) => {
  const pipe = backstage.connect()
  return { api: connect<PageApi>(pageMethods, pipe), leave: () => pipe.close() }
}

/** The document of a program that is gone, taken on in this process; undefined where there was nothing in it yet. */
async function recovered(dataFolder: string): Promise<TestWindow | undefined> {
  const codecs = new PngEngine()
  const studio = createStudio({ dataFolder, saveFolder: folder, version: '1', codecs, log: () => undefined })
  onTestFinished(() => studio.close())
  const { api } = studio.connect()
  const [lost, ...others] = (await api.begin()).lost
  expect(others).toEqual([])
  return lost && new TestWindow(api, await api.recover({ id: lost.id }))
}

test('kill -9 at any moment loses at most two seconds of what was done', async () => {
  let longest = 0
  let changes = 0
  const kills = 8
  for (let kill = 0; kill < kills; kill++) {
    const data = await newFolder()
    const { process: running, lines, ended } = startChild('paint', data)
    await until(() => lines.some(({ painted }) => painted === 1))
    await sleep(100 + Math.random() * 2500)
    running.kill('SIGKILL')
    const killed = Date.now()
    await ended
    const told = lines.filter((line): line is Required<Pick<Line, 'painted' | 'at'>> => line.painted !== undefined)
    const window = await recovered(data)
    const layers = window === undefined ? 0 : window.store.records.size - 1
    const lost = told.slice(layers)
    changes += told.length
    longest = Math.max(longest, ...lost.map(({ at }) => killed - at))
    expect(layers).toBeGreaterThanOrEqual(told.filter(({ at }) => at < killed - 2000).length)
    if (window === undefined) continue
    // Each change that came back has its pixels.
    for (let seed = 1; seed <= layers; seed++) {
      const layer = [...window.store.records.values()].find(
        (record) => 'name' in record && record.name === `Layer of ${seed}`,
      )
      const ids = layer?.kind === 'raster' ? Object.values(layer.surface.tiles) : []
      const { tiles } = await window.api.getTiles({ key: window.key, ids })
      expect(Buffer.compare(tiles[0] ?? new Uint8Array(), tileOf(seed * 16)), `layer ${seed}`).toBe(0)
    }
    await window.api.closeDocument({ key: window.key })
    await rm(data, { recursive: true })
  }
  report(`${kills} kills among ${changes} changes: the oldest lost change was ${longest} ms old`)
})

describe('a thread of its own', () => {
  test('serves the studio and the engine over one pipe, and keeps documents of a page that is gone', async () => {
    const backstage = start(sourceBackstage(await newFolder()))
    const first = page(backstage)
    const begun = await first.api.begin()
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly version: string }
    expect(begun.version).toBe(version)
    expect((await first.api.describe()).version).toMatch(/^fake \d+$/)
    const window = await TestWindow.create(first.api)
    for (let seed = 1; seed <= 20; seed++) window.paint(seed)
    await window.settled()
    first.leave()
    const { api } = page(backstage)
    await expect.poll(async () => (await api.begin()).lost.map(({ id }) => id)).toEqual([window.key])
    const opened = await api.recover({ id: window.key })
    expect(opened.snapshot).toEqual(window.snapshot)
  })

  test('what a page leaves without a word is on the disk when all has ended', async () => {
    const data = await newFolder()
    const backstage = startBackstage(sourceBackstage(data))
    const { api } = page(backstage)
    const window = await TestWindow.create(api)
    window.paint(1)
    window.paint(2)
    await window.settled()
    await backstage.close()
    expect((await recovered(data))?.snapshot).toEqual(window.snapshot)
  })

  test('answers while it saves', async () => {
    const data = await newFolder()
    const backstage = start(sourceBackstage(data))
    const { api } = page(backstage)
    const window = await TestWindow.create(api, { width: 2048, height: 2048 })
    const keys = Array.from({ length: 64 }, (_, i) => `${i % 8},${Math.floor(i / 8)}`)
    for (let seed = 1; seed <= 4; seed++) window.paint(seed, keys)
    await window.settled()
    await api.flush({ key: window.key })
    const state = { isSaving: true }
    const saving = api.save({ key: window.key, path: join(data, 'a.ora') }).finally(() => {
      state.isSaving = false
    })
    const waits: number[] = []
    for (let seed = 50; state.isSaving; seed++) {
      const asked = performance.now()
      await api.putTiles({ key: window.key, tiles: [tileOf(seed)] })
      waits.push(performance.now() - asked)
      await sleep(10)
    }
    await saving
    waits.sort((a, b) => a - b)
    const median = waits[waits.length >> 1] ?? 0
    report(
      `putTiles while saving: median ${median.toFixed(1)} ms, longest ${waits.at(-1)?.toFixed(1)} ms of ${waits.length}`,
    )
    expect(waits.length).toBeGreaterThan(5)
    expect(median).toBeLessThan(250)
  })

  test('saving goes on while the engine is killed and while it hangs', async () => {
    const data = await newFolder()
    const backstage = start(sourceBackstage(data))
    const { api } = page(backstage)
    const window = await TestWindow.create(api)
    window.paint(1)
    await window.settled()
    await expect(api.generate(promptCall('die'))).rejects.toMatchObject({ code: 'engine-lost' })
    const cancel = new AbortController()
    let hanging: Promise<unknown> | undefined
    await new Promise((resolve) => {
      hanging = api
        .generate(promptCall('hang'), { onEvent: resolve, signal: cancel.signal })
        .catch((error: unknown) => error)
    })
    await api.save({ key: window.key, path: join(data, 'a.ora') })
    await api.exportPicture({
      key: window.key,
      format: { type: 'png' },
      path: join(data, 'a.png'),
      area: null,
      recipe: null,
    })
    expect((await sharp(join(data, 'a.png')).metadata()).width).toBe(600)
    cancel.abort()
    await hanging
  })
})

describe('no engine outlives the program', () => {
  test.each([
    ['is killed', 'wait'],
    ['exits while the engine is blocked', 'exit'],
  ])('that %s', async (_, what) => {
    const { process: running, lines, ended } = startChild(what, await newFolder())
    await until(() => lines.some(({ engine }) => engine !== undefined))
    if (what === 'wait') running.kill('SIGKILL')
    await ended
    await untilGone([lines.find(({ engine }) => engine !== undefined)?.engine ?? -1])
  })

  test('that closes its backstage', async () => {
    const backstage = startBackstage(sourceBackstage(await newFolder()))
    const { api } = page(backstage)
    const pid = Number((await api.describe()).version.replace('fake ', ''))
    await backstage.close()
    await untilGone([pid])
    expect(childrenOf(process.pid)).not.toContain(pid)
    await expect(api.begin()).rejects.toMatchObject({ code: 'engine-lost' })
  })
})

test('a saved document is what OpenRaster’s specification says, by a reader that is not ours', async () => {
  const data = await newFolder()
  const studio = createStudio({
    dataFolder: data,
    saveFolder: data,
    version: '1',
    codecs: new PngEngine(),
    log: () => undefined,
  })
  onTestFinished(() => studio.close())
  const { api } = studio.connect()
  const window = await TestWindow.create(api, { width: 520, height: 300 }, 'A "quoted" <name> & more')
  const { store } = window
  window.paint(1, ['0,0', '1,0', '2,0', '0,1', '1,1', '2,1'])
  setBlendMode(store, window.paint(2, ['1,0', '-1,-1']), 'color-dodge')
  const group = addGroup(store, { name: 'Group <&">' })
  const inner = window.paint(3, ['0,1'])
  moveLayers(store, [inner], { parent: group, at: 'top' })
  setOpacity(store, group, 0.25)
  window.paint(4, [])
  await window.settled()
  const path = join(data, 'a.ora')
  const { key } = window
  // The second time with what the first left, which must be as good.
  for (const _ of [1, 2]) {
    await api.save({ key, path })
    const unpacked = await newFolder()
    const read = await readOra(path, unpacked)
    expect(read.image.attributes).toMatchObject({ version: '0.0.5', w: '520', h: '300' })
    const [top, second, third, low, ...others] = read.image.children[0]?.children ?? []
    expect(others).toEqual([])
    expect([top?.tag, second?.tag, third?.tag, low?.tag]).toEqual(['layer', 'stack', 'layer', 'layer'])
    expect(second?.attributes).toMatchObject({ name: 'Group <&">', opacity: '0.25', isolation: 'auto' })
    expect(layersIn(second ?? read.image)).toMatchObject([{ attributes: { name: 'Layer of 3', x: '0', y: '256' } }])
    expect(third?.attributes).toMatchObject({ 'composite-op': 'svg:color-dodge', x: '-256', y: '-256' })
    expect(read.layers.get(third?.attributes['src'] ?? '')).toMatchObject({ width: 768, height: 512 })
    const part = read.layers.get(low?.attributes['src'] ?? '')
    expect(part).toMatchObject({ width: 768, height: 512, channels: 4 })
    expect(Buffer.compare(Buffer.from(part?.data.subarray(0, 1024) ?? []), tileOf(16).subarray(0, 1024))).toBe(0)
    const load = async (id: string) => (await api.getTiles({ key, ids: [id] })).tiles[0] ?? new Uint8Array()
    expect(read.merged).toEqual(await wholePicture(flattened(store.records, load)))
    expect([read.thumbnail.width, read.thumbnail.height]).toEqual([256, 148])
    // Pictures are stored as they are, so that every reader finds them without unpacking twice.
    for (const { name, isStored } of read.parts) if (name.endsWith('.png')) expect(isStored, name).toBe(true)
    report(`read by ${read.by}: ${read.parts.length} parts`)
  }
})

describe('the built thread with the real engine', () => {
  async function built(): Promise<{ api: PageApi; data: string }> {
    await buildProgram()
    const data = await newFolder()
    const home = fileURLToPath(new URL('../../out/main/', import.meta.url))
    const options = {
      entry: join(home, 'backstage-thread.js'),
      home,
      dataFolder: data,
      saveFolder: join(data, 'saved'),
    }
    return { api: page(start(options)).api, data }
  }

  test('opens a photo, places another, saves, opens again and exports', async () => {
    const { api, data } = await built()
    const photo = join(data, 'photo.jpg')
    const noise = sharp({
      create: {
        width: 700,
        height: 500,
        channels: 3,
        background: '#246',
        noise: { type: 'gaussian', mean: 120, sigma: 40 },
      },
    })
    await noise.jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toFile(photo)
    const opened = await api.openFile({ source: { kind: 'path', path: photo } })
    // Upright: the picture lies on its side in the file.
    expect(fromSnapshot(opened.snapshot).canvas).toMatchObject({ width: 500, height: 700 })
    const window = new TestWindow(api, opened)
    const webp = await sharp({ create: { width: 300, height: 20, channels: 4, background: '#f008' } })
      .webp({ lossless: true })
      .toBuffer()
    const placed = await api.importPicture({
      key: opened.key,
      source: { kind: 'bytes', name: 'red.webp', bytes: webp },
    })
    expect(placed).toMatchObject({ name: 'red', width: 300, height: 20, recipe: null })
    addRasterLayer(window.store, { surface: placed.surface, name: placed.name })
    await window.settled()
    const path = join(data, 'saved', 'photo.ora')
    const saved = await api.save({ key: opened.key, path })
    expect(saved).toMatchObject({ path, name: 'photo.ora' })
    const again = await api.openFile({ source: { kind: 'path', path } })
    expect(again.snapshot).toEqual(window.snapshot)
    const pixels = async (key: string, format: 'png' | 'webp' | 'jpeg'): Promise<Uint8Array> => {
      const how = format === 'jpeg' ? { type: format, quality: 90 } : { type: format }
      const { content } = await api.exportPicture({
        key,
        format: how,
        path: null,
        area: null,
        recipe: null,
      })
      return new Uint8Array(
        await sharp(content ?? new Uint8Array())
          .ensureAlpha()
          .raw()
          .toBuffer(),
      )
    }
    const png = await pixels(again.key, 'png')
    expect(Buffer.compare(png, await pixels(again.key, 'webp'))).toBe(0)
    const decoded = await sharp(photo).rotate().ensureAlpha().raw().toBuffer()
    // Where nothing lies on the photo it is as it was decoded.
    expect(Buffer.compare(png.subarray(500 * 20 * 4), decoded.subarray(500 * 20 * 4))).toBe(0)
    const jpeg = await pixels(again.key, 'jpeg')
    let difference = 0
    for (let i = 0; i < png.length; i++) difference += Math.abs((png[i] ?? 0) - (jpeg[i] ?? 0))
    expect(difference / png.length).toBeLessThan(8)
    const out = join(data, 'by-command.png')
    expect(await run(data, ['export', path, '--out', out])).toEqual({ code: 0, stdout: `${out}\n`, stderr: '' })
    await api.exportPicture({
      key: again.key,
      format: { type: 'png' },
      path: join(data, 'a.png'),
      area: null,
      recipe: null,
    })
    expect(Buffer.compare(await readFile(out), await readFile(join(data, 'a.png')))).toBe(0)
    expect((await run(data, ['export', path, '--out', join(data, 'by-command.webp')])).code).toBe(0)
    expect((await api.begin()).recent.map((file) => file.path)).toEqual([path, photo])
  })

  test('tells what is no picture by its code, and lives on', async () => {
    const { api, data } = await built()
    const path = join(data, 'text.png')
    await writeFile(path, 'no picture')
    await expect(api.openFile({ source: { kind: 'path', path } })).rejects.toMatchObject({ code: 'not-a-picture' })
    await expect(api.openFile({ source: { kind: 'path', path: data } })).rejects.toMatchObject({
      code: 'file-unreadable',
    })
    expect((await api.begin()).lost).toEqual([])
  })
})
