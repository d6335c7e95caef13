/** The pixel worker as it is built, in a real browser under the app's own policy; and how fast it is there and in Node. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PixelEngine } from '../../src/renderer/src/pixels/pixel-engine.ts'
import { benchPixels } from '../kit/pixels-bench.ts'
import { openPixelsPage, type PixelsPage } from '../kit/pixels-page.ts'
import { noBrowser } from '../kit/studio-page.ts'

const levels = [0, 2] as const
const large = { side: 4096, layers: 20, brush: 60, points: 300 } as const

/** Figures to read; how fast a machine has to be is no fact about the code. */
const print = (where: string, figures: object): void =>
  void process.stdout.write(`${JSON.stringify({ where, ...figures })}\n`)

describe.skipIf(noBrowser)(`the pixel worker${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixels-page-'))
  let pixels: PixelsPage

  beforeAll(async () => {
    pixels = await openPixelsPage(folder)
  })
  afterAll(async () => {
    await pixels?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('draws, takes a stroke, names what it made and ends when it is closed', async () => {
    const found = await pixels.page.evaluate(() => window.pixelsPage.paint())
    expect(found).toEqual({
      differences: 0,
      namesAreHashes: true,
      events: ['made', 'need', 'outline', 'patch', 'reset', 'shown'],
      afterClose: 'engine-lost',
    })
  })

  test.each(levels)('follows a pen on 20 full layers of 4096 x 4096 px (level %i)', async (level) => {
    const figures = await pixels.page.evaluate((options) => window.pixelsPage.bench(options), { ...large, level })
    print('Chromium', figures)
    expect(figures.stroke.most).toBeGreaterThan(0)
  })

  test('complains of nothing in its console', () => {
    expect(pixels.complaints).toEqual([])
  })
})

test.each(levels)('the engine in Node follows a pen on 20 full layers of 4096 x 4096 px (level %i)', async (level) => {
  const engine = new PixelEngine({
    hash: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  })
  const figures = await benchPixels(engine, { ...large, level })
  print('Node', { ...figures, megabytes: Math.round(process.memoryUsage().rss / 2 ** 20) })
  expect(figures.stroke.most).toBeGreaterThan(0)
})
