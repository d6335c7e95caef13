/** Bytes to planes and back. */
import { expect, it } from 'vitest'
import { fromPlanar, toPlanar } from '../../../src/raster/planar.ts'
import { randomPixels } from './random.ts'

it('separates the channels of RGB and drops alpha', () => {
  const rgb = { width: 2, height: 1, channels: 3 as const, data: Uint8Array.from([0, 51, 102, 153, 204, 255]) }
  const planes = Float32Array.from([0, 0.6, 0.2, 0.8, 0.4, 1])
  expect(toPlanar(rgb)).toEqual(planes)
  const data = Uint8Array.from([0, 51, 102, 9, 153, 204, 255, 99])
  expect(toPlanar({ ...rgb, channels: 4, data })).toEqual(planes)
})

it('normalises each channel by its own mean and deviation', () => {
  const rgb = { width: 1, height: 1, channels: 3 as const, data: Uint8Array.from([255, 0, 51]) }
  expect(toPlanar(rgb, [0.5, 0.25, 0.2], [0.5, 0.5, 0.25])).toEqual(Float32Array.from([1, -0.5, 0]))
})

it("rounds to float32 at every step: CLIP's red channel as numpy and PyTorch have it, bit by bit", () => {
  const red = { width: 3, height: 1, channels: 3 as const, data: Uint8Array.from([9, 0, 0, 11, 0, 0, 30, 0, 0]) }
  const values = toPlanar(red, [0.48145466, 0, 0], [0.26862954, 1, 1]).subarray(0, 3)
  expect(Array.from(values)).toEqual([-1.6608766317367554, -1.6316797733306885, -1.3543097972869873])
})

it('gives every picture back unchanged', () => {
  const picture = randomPixels(21, 31, 17, 3)
  expect(fromPlanar(toPlanar(picture), picture)).toEqual(picture)
})

it('clamps, rounds to the nearest byte and turns NaN into 0', () => {
  const values = Float32Array.from([-3, 0.4999 / 255, 0.5001 / 255, 254.4 / 255, 7, Number.NaN])
  expect(Array.from(fromPlanar(values, { width: 2, height: 1 }).data)).toEqual([0, 1, 255, 0, 254, 0])
})
