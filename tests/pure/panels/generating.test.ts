/** Small decisions of the panels of generating: sizes, thumbnails, regions. */
import { describe, expect, test } from 'vitest'
import { addMaskLayer, moveLayers, newDocument } from '../../../src/document/index.ts'
import { frameSizes, resizedAboutCentre, usualModel } from '../../../src/renderer/src/panels/frame-sizes.ts'
import { regionShape } from '../../../src/renderer/src/panels/prompt/region-shape.ts'
import { maskLayers, regionColour } from '../../../src/renderer/src/panels/region-colours.ts'
import { smallPicture } from '../../../src/renderer/src/panels/staging/small-picture.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { sampleSurface } from '../../kit/sample-document.ts'

describe('sizes of the frame', () => {
  const mini = { sizeMultiple: 32, defaults: { size: { width: 128, height: 128 } } }

  test.each([mini, usualModel, { sizeMultiple: 48, defaults: { size: { width: 240, height: 240 } } }])(
    'are such as a model takes: $sizeMultiple',
    (model) => {
      const all = Object.values(frameSizes(model)).flat()
      for (const { width, height } of all)
        expect([width % model.sizeMultiple, height % model.sizeMultiple]).toEqual([0, 0])
      expect(new Set(all.map(({ width, height }) => `${width} ${height}`)).size).toBe(all.length)
    },
  )

  test('are near the shape that they say', () => {
    for (const { width, height, ratio } of frameSizes(usualModel).landscape) {
      const [across = 1, down = 1] = (ratio ?? '').split(' : ').map(Number)
      expect(Math.abs(width / height / (across / down) - 1)).toBeLessThan(0.07)
    }
  })

  test('are the same upright', () => {
    const { landscape, portrait } = frameSizes(mini)
    expect(portrait.map(({ width, height }) => [height, width])).toEqual(
      landscape.map(({ width, height }) => [width, height]),
    )
    expect(portrait[0]?.ratio).toBe('3 : 4')
  })

  test('leave the middle of the frame where it is', () => {
    expect(resizedAboutCentre({ x: 10, y: 20, width: 100, height: 60 }, { width: 60, height: 100 })).toEqual({
      x: 30,
      y: 0,
      width: 60,
      height: 100,
    })
  })
})

describe('a picture in small', () => {
  const half = (channels: 1 | 3 | 4): Pixels => {
    const data = new Uint8Array(400 * 200 * channels)
    for (let i = 0; i < 400 * 200; i++) data.fill(i % 400 < 200 ? 40 : 200, i * channels, (i + 1) * channels)
    return { width: 400, height: 200, channels, data }
  }

  test.each([1, 3] as const)('of %d channels keeps its shape and its colours', (channels) => {
    const small = smallPicture(half(channels), 40)
    expect([small.width, small.height, small.channels]).toEqual([40, 20, 4])
    expect([...small.data.subarray(0, 4)]).toEqual([40, 40, 40, 255])
    expect([...small.data.subarray(-4)]).toEqual([200, 200, 200, 255])
  })

  test('does not take the colour of what cannot be seen', () => {
    const data = Uint8Array.of(255, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 255, 255)
    const small = smallPicture({ width: 2, height: 2, channels: 4, data }, 1)
    expect([...small.data.subarray(0, 3)]).toEqual([0, 0, 255])
    expect(small.data[3]).toBeGreaterThan(80)
    expect(small.data[3]).toBeLessThan(175)
  })

  test('is never larger than it is, and never without a px', () => {
    expect(smallPicture({ width: 3, height: 2, channels: 1, data: new Uint8Array(6) }, 96)).toMatchObject({
      width: 3,
      height: 2,
    })
    expect(smallPicture({ width: 1000, height: 1, channels: 1, data: new Uint8Array(1000) }, 10).height).toBe(1)
  })
})

describe('a region on the canvas', () => {
  test('has its middle where it is strong, and a tint as strong', () => {
    const data = new Uint8Array(4 * 2 * 4).fill(255)
    for (let i = 0; i < 8; i++) data.fill(i === 3 ? 200 : 0, i * 4, i * 4 + 3)
    const shape = regionShape({ width: 4, height: 2, channels: 4, data }, '#102030')
    expect(shape?.middle).toEqual({ x: 3.5 / 4, y: 0.5 / 2 })
    expect([...(shape?.tint.data.subarray(12, 16) ?? [])]).toEqual([16, 32, 48, 200])
    expect(shape?.tint.data[3]).toBe(0)
  })

  test('is nowhere where its mask is empty', () => {
    expect(regionShape(null, '#102030')).toBeNull()
    expect(regionShape({ width: 1, height: 1, channels: 4, data: Uint8Array.of(0, 0, 0, 255) }, '#102030')).toBeNull()
  })

  test('has a colour that it keeps when layers are moved', () => {
    const store = newDocument({ width: 64, height: 64 })
    const ids = ['a', 'b', 'c'].map((name) => addMaskLayer(store, { name, surface: sampleSurface(1), prompt: name }))
    const colours = () => ids.map((id) => regionColour(store.records, id))
    const before = colours()
    expect(new Set(before).size).toBe(3)
    expect(maskLayers(store.records)).toHaveLength(3)
    moveLayers(store, [ids[0]!], { parent: null })
    expect(colours()).toEqual(before)
  })
})
