/** The cells that are drawn before a run are those that the engine draws anew: both do the same sums, each on its own. */
import { describe, expect, test } from 'vitest'
import { seededDraws } from '../../../src/engine/sampler/draws.ts'
import { inpaintTask, outpaintTask } from '../../../src/engine/uses/fill.ts'
import { type Ground, planRun } from '../../../src/renderer/src/studio/generation-plan.ts'
import { noInputs, useOf } from '../../../src/renderer/src/studio/uses.ts'
import { zonesOf } from '../../../src/renderer/src/studio/zones.ts'
import { crop } from '../../../src/raster/turn.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Rect } from '../../../src/shared/geometry/rect.ts'
import { gridOf, model, plain, settings } from './generating-kit.ts'

/** As much of a loaded model as a fill asks for. */
const loaded = {
  manifest: { imageSize: 128 },
  sizeMultiple: model.sizeMultiple,
  pixelsPerToken: model.pixelsPerToken,
  labels: 8192,
  encode: async ({ width, height }: Pixels) => new Int32Array((width * height) / 16),
  text: async () => ({ values: new Float32Array(4), cut: undefined }),
} as never

const canvas = { width: 1000, height: 800 }
const base: Ground = { canvas, frame: { x: 0, y: 0, width: 256, height: 256 }, selection: null, known: null }

/** An ellipse in the rectangle, over `whole`. */
function ellipse(whole: Rect, { x, y, width, height }: Rect): Pixels {
  const mask = plain(whole.width, whole.height, 1, 0)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [dx, dy] = [(column + 0.5) / width - 0.5, (row + 0.5) / height - 0.5]
      if (dx * dx + dy * dy <= 0.25) mask.data[(row + y - whole.y) * whole.width + column + x - whole.x] = 255
    }
  }
  return mask
}

const cellsOf = (cells: Uint8Array): number[] => Array.from(cells, (value) => (value > 0 ? 1 : 0))
const from = ({ x, y, ...size }: Rect, whole: Rect): Rect => ({ x: x - whole.x, y: y - whole.y, ...size })

describe('the zones of a fill', () => {
  test.each([
    { x: 300, y: 200, width: 37, height: 21 },
    { x: 0, y: 0, width: 15, height: 15 },
    { x: 983, y: 700, width: 17, height: 100 },
    // Larger than the model works on: drawn smaller.
    { x: 100, y: 50, width: 700, height: 520 },
  ])('are the engine’s for a selection at %j', async (selection) => {
    const plan = planRun('fill', { ...base, selection }, model)
    const mask = ellipse(plan.whole, selection)
    const zones = zonesOf(plan, model, crop(mask, from(selection, plan.whole)), null)
    const image = plain(plan.whole.width, plan.whole.height, 3)
    const use = useOf(plan, settings, { ...noInputs, image, mask })
    if (use.use !== 'inpaint') throw new Error('a fill is an inpainting')
    const task = (await inpaintTask(loaded, use, () => undefined))(seededDraws(1))
    expect(zones).not.toBeNull()
    expect(from(zones!.area, plan.whole)).toEqual(task.area)
    expect([zones!.columns, zones!.rows]).toEqual([task.grid.width, task.grid.height])
    expect(cellsOf(zones!.cells)).toEqual(Array.from(task.mask ?? []))
    expect(zones!.mask).toEqual(selection)
  })

  test('are those of the known tokens where it lies inside of them', async () => {
    const selection = { x: 301, y: 203, width: 20, height: 30 }
    const known = { area: { x: 256, y: 160, width: 256, height: 192 }, grid: gridOf(64, 48) }
    const plan = planRun('fill', { ...base, selection, known: known.area }, model)
    const mask = ellipse(plan.whole, selection)
    const zones = zonesOf(plan, model, crop(mask, from(selection, plan.whole)), known)
    const image = plain(plan.whole.width, plan.whole.height, 3)
    const use = useOf(plan, settings, { ...noInputs, image, mask, known })
    if (use.use !== 'inpaint') throw new Error('a fill is an inpainting')
    const task = (await inpaintTask(loaded, use, () => undefined))(seededDraws(1))
    expect(zones).toMatchObject({ area: known.area, columns: 64, rows: 48 })
    expect(from(known.area, plan.whole)).toEqual(task.area)
    expect(cellsOf(zones!.cells)).toEqual(Array.from(task.mask ?? []))
  })

  test('of a re-roll are how likely each cell is drawn anew', async () => {
    const selection = { x: 300, y: 200, width: 64, height: 64 }
    const plan = planRun('reroll', { ...base, selection }, model)
    const mask = ellipse(plan.whole, selection)
    const soft = { ...mask, data: mask.data.map((value) => (value === 0 ? 0 : 102)) }
    const zones = zonesOf(plan, model, crop(soft, from(selection, plan.whole)), null)
    const image = plain(plan.whole.width, plan.whole.height, 3)
    const use = useOf(plan, settings, { ...noInputs, image, mask: soft })
    if (use.use !== 'inpaint') throw new Error('a re-roll is an inpainting')
    const start = await inpaintTask(loaded, use, () => undefined)
    const rounds = 200
    const drawn = new Float64Array(zones!.cells.length)
    for (let seed = 0; seed < rounds; seed++) {
      for (const [cell, isDrawn] of (start(seededDraws(seed)).mask ?? []).entries()) drawn[cell]! += isDrawn
    }
    const whole = Array.from(zones!.cells).flatMap((value, cell) => (value === 102 ? [drawn[cell]! / rounds] : []))
    expect(whole.length).toBeGreaterThan(100)
    expect(whole.reduce((sum, share) => sum + share, 0) / whole.length).toBeCloseTo(0.4, 1)
    for (const [cell, value] of zones!.cells.entries()) if (value === 0) expect(drawn[cell]).toBe(0)
  })
})

test.each([
  { x: -64, y: 100, width: 256, height: 256 },
  { x: 872, y: 672, width: 256, height: 256 },
  { x: 100, y: -128, width: 640, height: 512 },
])('the zones of an extension to %j are the engine’s', async (frame) => {
  const plan = planRun('extend', { ...base, frame }, model)
  if (plan.kind !== 'extend') throw new Error('it extends')
  const zones = zonesOf(plan, model, null, null)
  const use = useOf(plan, settings, { ...noInputs, image: plain(plan.inside.width, plan.inside.height, 3) })
  if (use.use !== 'outpaint') throw new Error('an extension is an outpainting')
  const task = (await outpaintTask(loaded, use, () => undefined))(seededDraws(1))
  expect(from(zones!.area, plan.whole)).toEqual(task.area)
  expect([zones!.columns, zones!.rows]).toEqual([task.grid.width, task.grid.height])
  expect(cellsOf(zones!.cells)).toEqual(Array.from(task.mask ?? []))
})
