/** Tiles on their way: asked for once, waited for, missing, evicted, made; and the cache by itself. */
import { describe, expect, it } from 'vitest'
import { addRasterLayer } from '../../../src/document/index.ts'
import { PixelEngine } from '../../../src/renderer/src/pixels/pixel-engine.ts'
import type { PixelsEvent } from '../../../src/renderer/src/pixels/pixels-api.ts'
import { Pyramid } from '../../../src/renderer/src/pixels/pyramid.ts'
import { TileCache } from '../../../src/renderer/src/pixels/tile-cache.ts'
import { isSame, sha256, TestPage } from './page.ts'
import { opaque, picture } from './scenes.ts'

const size = { width: 700, height: 560 }

async function twoLayers(budget?: number): Promise<{ page: TestPage; lower: string; upper: string }> {
  const page = new TestPage(size, budget)
  const lower = page.addLayer(opaque(1, 700, 560))
  const upper = page.addLayer(picture(2, 300, 300), 10, 10)
  return { page, lower, upper }
}

describe('tiles of the document', () => {
  it('are asked for once each, those of a place in the picture together, and only where something looks', async () => {
    const { page, lower, upper } = await twoLayers()
    await page.open()
    const asked = page.asked()
    const all = [...Object.values(page.surfaceOf(lower).tiles), ...Object.values(page.surfaceOf(upper).tiles)]
    expect(asked.length).toBe(new Set(asked).size)
    expect(new Set(asked)).toEqual(new Set(all))
    const together = [page.surfaceOf(lower).tiles['0,0'], page.surfaceOf(upper).tiles['0,0']]
    const event = page.events.find((event) => event.type === 'need' && event.ids.includes(together[0] ?? ''))
    expect(event).toEqual({ type: 'need', ids: together })
    const part = new TestPage(size)
    part.addLayer(opaque(1, 700, 560))
    await part.engine.view({ level: 0, rect: { x: 0, y: 0, width: 200, height: 200 } })
    await part.engine.open({ records: [...part.store.records.values()] })
    await part.settle()
    expect(part.asked()).toHaveLength(1)
  })

  it('hold up only what needs them', async () => {
    const { page, lower } = await twoLayers()
    const late = page.surfaceOf(lower).tiles['1,1'] ?? ''
    page.withheld.add(late)
    await page.open()
    expect(page.events.some(({ type }) => type === 'shown')).toBe(false)
    await page.look(0, { x: 0, y: 0, width: 256, height: 256 })
    const { data } = page.truth({ x: 5, y: 5, width: 1, height: 1 })
    expect(await page.engine.colourAt({ point: { x: 5, y: 5 } })).toEqual([...data.subarray(0, 3)])
    await page.engine.addTiles({ tiles: [{ id: late, bytes: page.get(late) }] })
    await page.look(0)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('that are damaged fail what needs them, and nothing else; where they come after all, they are shown', async () => {
    const { page, lower } = await twoLayers()
    const broken = page.surfaceOf(lower).tiles['2,0'] ?? ''
    page.broken.add(broken)
    await page.open()
    expect(page.events.at(-1)).toMatchObject({ type: 'shown' })
    expect(page.display.has('0/2,0')).toBe(false)
    expect(page.display.has('0/1,1')).toBe(true)
    const target = { layer: lower, part: 'pixels' } as const
    const rect = { x: 600, y: 0, width: 10, height: 10 }
    const failure = { code: 'document-broken', message: 'A tile is damaged.' }
    await expect(page.engine.read({ what: 'picture', rect })).rejects.toMatchObject(failure)
    await expect(page.engine.operate({ do: 'fill', target, colour: [1, 2, 3] })).rejects.toMatchObject(failure)
    await expect(page.engine.read({ what: 'picture', rect: { ...rect, x: 0 } })).resolves.toBeDefined()
    await page.engine.addTiles({ tiles: [{ id: broken, bytes: page.get(broken) }] })
    await page.settle()
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })

  it('leave memory beyond the budget, and are asked for again', async () => {
    // Room for 6 tiles of the 16.
    const { page, lower } = await twoLayers(6 * 262_144)
    await page.open()
    expect(isSame(page.shown(), page.truth())).toBe(true)
    const before = page.events.length
    await page.look(1)
    await page.look(2)
    expect(page.asked(before).length).toBeGreaterThan(0)
    const wide = new TestPage(size)
    wide.addLayer(page.pixelsOf(page.surfaceOf(lower)))
    wide.addLayer(picture(2, 300, 300), 10, 10)
    await wide.open(2)
    expect(isSame(page.shown(2), wide.shown(2))).toBe(true)
    await page.operate({ do: 'flip', axis: 'horizontal' })
    await page.look(0)
    expect(isSame(page.shown(), page.truth())).toBe(true)
  })
})

describe('tiles that are made', () => {
  it('are told before the answer, at most 8 at once, each once, named by their hash', async () => {
    const events: PixelsEvent[] = []
    const page = new TestPage({ width: 1500, height: 1500 })
    const layer = page.addLayer(picture(1, 600, 600), 700, 700)
    addRasterLayer(page.store, { surface: page.flatSurface([1, 2, 3, 255], 6, 6) })
    await page.open(3)
    void page.engine.watch(null, { onEvent: (event) => events.push(event) })
    const { changes } = await page.engine.operate({
      do: 'transform',
      target: { layer, part: 'pixels' },
      matrix: { a: 1, b: 0, c: 0, d: 1, e: 3, f: 5 },
    })
    const made = events.flatMap((event) => (event.type === 'made' ? [event.tiles] : []))
    expect(made.every((tiles) => tiles.length <= 8)).toBe(true)
    const tiles = made.flat()
    expect(new Set(tiles.map(({ id }) => id))).toEqual(new Set(Object.values(changes[0]?.surface?.tiles ?? {})))
    expect(new Set(tiles.map(({ id }) => id)).size).toBe(tiles.length)
    expect(tiles.length).toBeGreaterThan(8)
    expect(tiles.every(({ id, bytes }) => id === sha256(bytes))).toBe(true)
  })

  it('of a document that was closed are told no more, and what was under way is cancelled', async () => {
    const page = new TestPage(size)
    const layer = page.addLayer(picture(1, 600, 500))
    await page.open()
    // The tiles of the layer are forgotten with the document, and never come again.
    for (const id of Object.values(page.surfaceOf(layer).tiles)) page.withheld.add(id)
    await page.engine.open({ records: [...page.store.records.values()] })
    const target = { layer, part: 'pixels' } as const
    const filled = page.engine.operate({ do: 'fill', target, colour: [1, 2, 3] })
    const outcome = expect(filled).rejects.toMatchObject({ code: 'cancelled' })
    await page.settle()
    const before = page.events.length
    await page.engine.open({ records: null })
    await outcome
    await page.settle()
    expect(page.events.slice(before).map(({ type }) => type)).toEqual(['reset', 'outline'])
  })
})

describe('the cache', () => {
  const kib = (n: number): Uint8Array => new Uint8Array(1024 * n)
  const newCache = (asked: string[] = []): TileCache => new TileCache(4096, (ids) => asked.push(...ids))

  it('drops what was not used for longest, but keeps what is pinned, and the level on screen as long as it can', () => {
    const cache = newCache()
    for (const id of ['a', 'b', 'c', 'd']) cache.add(id, kib(1))
    cache.get('a')
    cache.add('e', kib(1))
    expect(['a', 'b', 'c', 'd', 'e'].filter((id) => cache.has(id))).toEqual(['a', 'c', 'd', 'e'])
    cache.pin(['c'])
    cache.add('f', kib(2))
    expect(['a', 'c', 'd', 'e', 'f'].filter((id) => cache.has(id))).toEqual(['c', 'e', 'f'])
    cache.unpin(['c'])
    cache.favourite = 2
    cache.add('m', kib(2), 2)
    cache.add('n', kib(2), 2)
    expect(['c', 'e', 'f', 'm', 'n'].filter((id) => cache.has(id))).toEqual(['m', 'n'])
    cache.add('o', kib(1), 2)
    expect(cache.has('m')).toBe(false)
    expect(cache.bytes).toBe(3072)
  })

  it('asks once for what several wait for', async () => {
    const asked: string[] = []
    const cache = newCache(asked)
    const first = cache.request(['a', 'b'])
    const second = cache.request(['b', 'c'])
    expect(asked).toEqual(['a', 'b', 'c'])
    for (const id of ['a', 'b', 'c']) cache.add(id, kib(1))
    await Promise.all([first, second])
    await cache.request(['a'])
    expect(asked).toHaveLength(3)
  })
})

describe('the pyramid', () => {
  const surface = (tiles: Record<string, string>) => ({ channels: 4 as const, tiles })

  it('names four tiles as one, left of and above the origin too, and the same four always the same', () => {
    const pyramid = new Pyramid()
    const half = pyramid.at(surface({ '0,0': 'a', '1,0': 'b', '-1,-1': 'c', '-2,-1': 'd', '5,4': 'e' }), 1)
    expect(Object.keys(half.tiles).sort()).toEqual(['-1,-1', '0,0', '2,2'])
    expect(pyramid.mip(half.tiles['0,0'] ?? '')).toEqual({
      level: 1,
      channels: 4,
      children: ['a', 'b', undefined, undefined],
    })
    expect(pyramid.mip(half.tiles['-1,-1'] ?? '')?.children).toEqual([undefined, undefined, 'd', 'c'])
    expect(pyramid.mip(half.tiles['2,2'] ?? '')?.children).toEqual([undefined, 'e', undefined, undefined])
    const other = pyramid.at(surface({ '0,0': 'a', '1,0': 'b', '5,4': 'f' }), 1)
    expect(other.tiles['0,0']).toBe(half.tiles['0,0'])
    expect(other.tiles['2,2']).not.toBe(half.tiles['2,2'])
  })
})

describe('the engine', () => {
  it('ends a watch when its signal is raised', async () => {
    const engine = new PixelEngine({ hash: async () => '', pause: async () => undefined })
    const controller = new AbortController()
    const events: PixelsEvent[] = []
    const watching = engine.watch(null, { signal: controller.signal, onEvent: (event) => events.push(event) })
    await engine.open({ records: null })
    controller.abort()
    await watching
    await engine.open({ records: null })
    expect(events).toHaveLength(2)
  })
})
