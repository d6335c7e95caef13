import { describe, expect, test } from 'vitest'
import { fromHex, fromHsv, isSameColour, toHex, toHsv } from '../../../src/renderer/src/panels/colour.ts'

const black = { hue: 0, saturation: 0, brightness: 0 }

describe('hex digits', () => {
  test('are written with six digits', () => {
    expect(toHex([242, 163, 60])).toBe('#f2a33c')
    expect(toHex([0, 0, 0])).toBe('#000000')
  })

  test.each([
    ['#f2a33c', [242, 163, 60]],
    [' F2A33C ', [242, 163, 60]],
    ['fa3', [255, 170, 51]],
    ['#000', [0, 0, 0]],
  ])('%s is read', (text, colour) => {
    expect(fromHex(text)).toEqual(colour)
  })

  test.each(['', '#', 'f2a3', 'f2a33c00', 'orange', '#ggg'])('%s is no colour', (text) => {
    expect(fromHex(text)).toBeNull()
  })
})

describe('hue, saturation and brightness', () => {
  test.each([
    [[255, 0, 0], 0, 100, 100],
    [[255, 255, 0], 60, 100, 100],
    [[0, 255, 0], 120, 100, 100],
    [[0, 255, 255], 180, 100, 100],
    [[0, 0, 255], 240, 100, 100],
    [[255, 0, 255], 300, 100, 100],
    [[128, 64, 64], 0, 50, 50.2],
  ] as const)('of %s', (colour, hue, saturation, brightness) => {
    const hsv = toHsv(colour, black)
    expect(hsv.hue).toBeCloseTo(hue, 5)
    expect(hsv.saturation).toBeCloseTo(saturation, 1)
    expect(hsv.brightness).toBeCloseTo(brightness, 1)
    expect(fromHsv(hsv)).toEqual(colour)
  })

  test('and back give every colour again', () => {
    for (let red = 0; red < 256; red += 15) {
      for (let green = 0; green < 256; green += 17) {
        for (let blue = 0; blue < 256; blue += 17) {
          const colour = [red, green, blue] as const
          expect(isSameColour(fromHsv(toHsv(colour, black)), colour)).toBe(true)
        }
      }
    }
  })

  test('of a grey keep the hue, and of black the saturation, that were there', () => {
    const before = { hue: 210, saturation: 80, brightness: 50 }
    expect(toHsv([90, 90, 90], before)).toMatchObject({ hue: 210, saturation: 0 })
    expect(toHsv([0, 0, 0], before)).toEqual({ hue: 210, saturation: 80, brightness: 0 })
  })
})
