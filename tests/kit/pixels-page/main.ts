/** A page with the pixel worker and nothing else, for tests: a small document drawn in both ways, and the measurements. */
import '../../../src/renderer/src/app/without-eval.ts'
import { addRasterLayer, newDocument, renderTree, replaceSurfaces, type Surface } from '../../../src/document/index.ts'
import { compositeTree } from '../../../src/raster/composite-tree.ts'
import { writeRect } from '../../../src/raster/tiles.ts'
import { allowOwnOnly } from '../../../src/renderer/src/app/trusted-types.ts'
import type { PixelsEvent } from '../../../src/renderer/src/pixels/pixels-api.ts'
import { startPixels } from '../../../src/renderer/src/pixels/start-pixels.ts'
import { type BenchFigures, type BenchOptions, benchPixels } from '../pixels-bench.ts'

export interface PixelsPageApi {
  /** Paints on a document of two layers, through the worker; says what did not fit. */
  paint(): Promise<{ differences: number; namesAreHashes: boolean; events: string[]; afterClose: string }>
  bench(options: BenchOptions): Promise<BenchFigures>
}

declare global {
  interface Window {
    readonly pixelsPage: PixelsPageApi
  }
}

allowOwnOnly()

const size = { width: 600, height: 400 }
const rect = { x: 0, y: 0, ...size }

async function hashOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function paint(): ReturnType<PixelsPageApi['paint']> {
  const { pixels, close } = startPixels()
  const tiles = new Map<string, Uint8Array>()
  const get = (id: string): Uint8Array => {
    const bytes = tiles.get(id)
    if (bytes === undefined) throw new Error(`no tile ${id}`)
    return bytes
  }
  let shown: (changes: number) => void = () => undefined
  const answers: Promise<void>[] = []
  const screen = new Uint8Array(size.width * size.height * 4)
  const events = new Set<string>()
  const hear = (event: PixelsEvent): void => {
    events.add(event.type)
    if (event.type === 'need') {
      answers.push(pixels.addTiles({ tiles: event.ids.map((id) => ({ id, bytes: get(id) })) }))
    }
    if (event.type === 'made') for (const { id, bytes } of event.tiles) tiles.set(id, bytes)
    if (event.type === 'shown') shown(event.changes)
    if (event.type !== 'patch') return
    for (let y = 0; y < event.height; y++) {
      const to = ((event.row * 256 + event.y + y) * size.width + event.column * 256 + event.x) * 4
      screen.set(event.data.subarray(y * event.width * 4, (y + 1) * event.width * 4), to)
    }
  }
  const watching = pixels.watch(null, { onEvent: hear }).catch((error: unknown) => (error as { code: string }).code)
  /** Resolves when all is on screen that so many calls of open and change have told. */
  const shownAfter = (count: number): Promise<void> =>
    new Promise((resolve) => {
      shown = (changes) => changes >= count && resolve()
    })

  const surface = (colour: readonly number[]): Surface => {
    const data = Uint8Array.from({ length: size.width * size.height * 4 }, (_, i) => (colour[i % 4]! + (i >> 6)) & 255)
    let count = 0
    return writeRect({ channels: 4, tiles: {} }, { ...size, channels: 4, data }, rect, get, (bytes) => {
      const id = `${colour[0]}`.padEnd(60, '0') + String(count++).padStart(4, '0')
      tiles.set(id, bytes)
      return id
    })
  }
  const store = newDocument(size)
  addRasterLayer(store, { surface: surface([10, 20, 30, 90]) })
  const layer = addRasterLayer(store, { surface: surface([100, 50, 200, 3]) })
  await pixels.open({ records: [...store.records.values()] })
  store.subscribe((diff) => void answers.push(pixels.change({ diff })))
  const first = shownAfter(1)
  await pixels.view({ level: 0, rect })
  await first
  const brush = { size: 50, hardness: 0.5, spacing: 0.1, opacity: 0.7, pressure: { size: true, opacity: false } }
  await pixels.beginStroke({ target: { layer, part: 'pixels' }, paint: 'colour', colour: [250, 9, 9], brush })
  for (let i = 0; i < 30; i++) await pixels.extendStroke({ points: [{ x: 20 * i, y: 10 * i, pressure: 0.5 + i / 60 }] })
  const { changes } = await pixels.endStroke({ keep: true })
  const committed = shownAfter(2)
  replaceSurfaces(store, 'Stroke', changes)
  await committed
  const want = compositeTree(renderTree(store.records, size).children, rect, get).data
  const differences = want.reduce((sum, value, i) => sum + (value === screen[i] ? 0 : 1), 0)
  const made = Object.values(changes[0]?.surface?.tiles ?? {})
  const names = await Promise.all(made.map(async (id) => (await hashOf(get(id))) === id || id.startsWith('100')))
  await Promise.all(answers)
  close()
  return {
    differences,
    namesAreHashes: names.every(Boolean),
    events: [...events].sort(),
    afterClose: (await watching) ?? '',
  }
}

async function bench(options: BenchOptions): Promise<BenchFigures> {
  const { pixels, close } = startPixels()
  const figures = await benchPixels(pixels, options)
  close()
  return figures
}

Object.assign(window, { pixelsPage: { paint, bench } satisfies PixelsPageApi })
