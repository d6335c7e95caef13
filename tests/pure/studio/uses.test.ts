/** The request that each verb makes. */
import { describe, expect, test } from 'vitest'
import {
  firstFrame,
  type Ground,
  type Plan,
  planRun,
  touched,
} from '../../../src/renderer/src/studio/generation-plan.ts'
import type { GenerationSettings, Verb } from '../../../src/renderer/src/studio/studio-state.ts'
import { type Inputs, noInputs, requestOf, useOf } from '../../../src/renderer/src/studio/uses.ts'
import { generateRequestSchema } from '../../../src/shared/contract/request.ts'
import { gridOf, model, plain, settings, varied } from './generating-kit.ts'

const ground: Ground = {
  canvas: { width: 1000, height: 800 },
  frame: { x: 100, y: 40, width: 256, height: 128 },
  selection: null,
  known: null,
}

function requested(verb: Verb, inputs: Partial<Inputs> = {}, more: Partial<GenerationSettings> = {}, at = {}) {
  const chosen = { ...settings, ...more }
  const plan = planRun(verb, { ...ground, ...at }, model)
  const request = requestOf(plan, useOf(plan, chosen, { ...noInputs, ...inputs }), chosen, model)
  // The engine takes it.
  expect(generateRequestSchema.safeParse(request).error).toBeUndefined()
  return request
}

const drawn = { version: 1, model: 'mini', size: { width: 256, height: 128 }, seed: 5, count: 1 }
const numbers = { steps: 8, guidance: 3, temperature: [1, 0.4], typicalMass: null, renoise: 'start' }
const picture = plain(256, 128, 4)

describe('the request', () => {
  test('to generate is the prompt at the size of the frame', () => {
    expect(requested('generate', {}, { negative: ' text ', count: 3, typicalMass: 0.2, renoise: 'prev' })).toEqual({
      ...drawn,
      use: { use: 'text', prompt: 'a fox' },
      negative: 'text',
      count: 3,
      sampling: { ...numbers, typicalMass: 0.2, renoise: 'prev' },
    })
  })

  test('to restyle is the picture of the frame, with the engine’s own steps and noise unless the person has chosen', () => {
    const { steps: _, renoise: __, ...own } = numbers
    expect(requested('restyle', { image: picture }, { strength: 0.3 })).toEqual({
      ...drawn,
      use: { use: 'restyle', prompt: 'a fox', image: { kind: 'pixels', pixels: picture }, strength: 0.3 },
      sampling: own,
    })
    expect(requested('restyle', { image: picture }, { steps: 12, renoise: 'rand' }).sampling).toMatchObject({
      steps: 12,
      renoise: 'rand',
    })
  })

  test('to vary is the picture of the frame, or the one that was chosen', () => {
    const use = { use: 'vary', prompt: 'a fox', promptWeight: 0.25 }
    expect(requested('vary', { image: picture }, { promptWeight: 0.25 })).toMatchObject({
      ...drawn,
      use: { ...use, image: { pixels: picture } },
    })
    const other = varied(40, 30, 3)
    const reference = { name: 'a.png', pixels: other }
    expect(requested('vary', { image: picture }, { promptWeight: 0.25, reference }).use).toMatchObject({
      image: { pixels: other },
    })
    expect(requested('vary', { image: picture }, { prompt: '', promptWeight: 0.25 }).use).toMatchObject({
      promptWeight: 0,
    })
  })

  test('to interpolate is one strip, whatever the count', () => {
    expect(requested('interpolate', {}, { promptTo: ' a bear ', frames: 5, count: 4 })).toMatchObject({
      ...drawn,
      use: { use: 'interpolate', prompt: 'a fox', to: 'a bear', frames: 5, path: 'slerp' },
      count: 1,
    })
  })

  test('for a gradient is both prompts and where it goes', () => {
    expect(requested('gradient', {}, { promptTo: 'a bear', direction: 'vertical' }).use).toEqual({
      use: 'gradient',
      prompt: 'a fox',
      to: 'a bear',
      direction: 'vertical',
    })
  })

  test('for regions is each mask that shows in the frame, at the size that is worked on', () => {
    const mask = plain(256, 128, 1, 0)
    for (let y = 32; y < 64; y++) mask.data.fill(255, y * 256 + 64, y * 256 + 128)
    const regions = [
      { prompt: ' sky ', mask },
      { prompt: 'beside', mask: plain(256, 128, 1, 0) },
    ]
    const at = { frame: { x: 0, y: 0, width: 512, height: 256 } }
    const scaled = plain(512, 256, 1, 0)
    for (let y = 64; y < 128; y++) scaled.data.fill(255, y * 512 + 128, y * 512 + 256)
    const { use, size } = requested('regions', { regions: [{ ...regions[0]!, mask: scaled }, regions[1]!] }, {}, at)
    expect(size).toEqual({ width: 256, height: 128 })
    expect(use).toMatchObject({
      use: 'regions',
      prompt: 'a fox',
      regions: [{ x: 64, y: 32, width: 64, height: 32, prompt: 'sky', mask: { pixels: mask } }],
    })
    expect(use).toHaveProperty('regions.length', 1)
  })

  test('to fill is what lies around the selection, with tokens that are known, counted from its corner', () => {
    const at = { selection: { x: 300, y: 200, width: 20, height: 10 } }
    const image = plain(276, 266, 4)
    const mask = plain(276, 266, 1)
    const request = requested('fill', { image, mask }, {}, at)
    expect(request).not.toHaveProperty('size')
    expect(request.use).toEqual({
      use: 'inpaint',
      prompt: 'a fox',
      image: { kind: 'pixels', pixels: image },
      mask: { kind: 'pixels', pixels: mask },
      feather: 6,
      context: 64,
    })
    const known = { area: { x: 280, y: 190, width: 128, height: 128 }, grid: gridOf(32, 32) }
    expect(requested('fill', { image, mask, known }, {}, at).use).toMatchObject({
      known: { area: { x: 280 - 172, y: 190 - 72, width: 128, height: 128 }, grid: known.grid },
    })
    expect(requested('reroll', { image, mask }, {}, at).use).toMatchObject({ use: 'inpaint', chance: true })
  })

  test('to extend is the old picture and how much is beyond each side of it; no px of it changes', () => {
    const at = { frame: { x: -64, y: 700, width: 256, height: 256 } }
    const request = requested('extend', { image: plain(192, 100, 4) }, {}, at)
    expect(request).not.toHaveProperty('size')
    expect(request.use).toMatchObject({
      use: 'outpaint',
      left: 64,
      top: 0,
      right: 0,
      bottom: 156,
      feather: 0,
    })
  })

  test('has pictures in memory of their own', () => {
    const { use } = requested('restyle', { image: picture })
    expect(use.use === 'restyle' && use.image.kind === 'pixels' && use.image.pixels.data.buffer).not.toBe(
      picture.data.buffer,
    )
  })
})

describe('the plan', () => {
  const plan = (verb: Verb, at: Partial<Ground>): Plan => planRun(verb, { ...ground, ...at }, model)

  test('draws large frames at twice the size of the model, in its multiples', () => {
    expect(plan('generate', { frame: { x: 0, y: 0, width: 960, height: 480 } })).toMatchObject({
      size: { width: 256, height: 128 },
    })
    expect(plan('generate', { frame: { x: 0, y: 0, width: 96, height: 64 } })).toMatchObject({
      size: { width: 96, height: 64 },
    })
  })

  test('sends of a large picture only what lies around the selection, and all that known tokens cover', () => {
    const at = { canvas: { width: 8000, height: 8000 }, selection: { x: 3000, y: 20, width: 400, height: 100 } }
    expect(plan('fill', at)).toMatchObject({ kind: 'fill', whole: { x: 2800, y: 0, width: 800, height: 320 } })
    const known = { x: 2500, y: -32, width: 1024, height: 512 }
    expect(plan('fill', { ...at, known })).toMatchObject({ whole: { x: 2500, y: 0, width: 1100, height: 480 } })
  })

  test('grows the canvas by what of the frame lies beyond it', () => {
    const frame = { x: -64, y: 700, width: 256, height: 256 }
    expect(plan('extend', { frame })).toEqual({
      kind: 'extend',
      verb: 'extend',
      whole: frame,
      inside: { x: 0, y: 700, width: 192, height: 100 },
      canvas: { x: -64, y: 0, width: 1064, height: 956 },
    })
  })

  test('begins with a frame inside of the canvas, on the grid', () => {
    for (const size of [
      { width: 1000, height: 800 },
      { width: 100, height: 3000 },
      { width: 20, height: 20 },
    ]) {
      const { x, y, width, height } = firstFrame(size, model)
      expect([x % 4, y % 4, width % 32, height % 32]).toEqual([0, 0, 0, 0])
      if (size.width >= 32) expect(x + width).toBeLessThanOrEqual(size.width)
    }
  })

  test('touches every px of the mask above 0 and no other', () => {
    expect([...touched({ width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 1, 128, 255) }).data]).toEqual([
      0, 255, 255, 255,
    ])
  })
})
