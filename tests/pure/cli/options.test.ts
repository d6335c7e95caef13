/** Option values: what is taken, what is refused and with which words, and that the limits are those of the contract. */
import { describe, expect, test } from 'vitest'
import * as options from '../../../src/cli/options.ts'
import { buildRequest, textUse } from '../../../src/cli/request.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { generateRequestSchema } from '../../../src/shared/contract/request.ts'

describe('good values', () => {
  test('a size is one number or width x height', () => {
    expect(options.parseSize('128')).toEqual({ width: 128, height: 128 })
    expect(options.parseSize('256x64')).toEqual({ width: 256, height: 64 })
    expect(options.parseSize('256X64')).toEqual({ width: 256, height: 64 })
  })

  test('one temperature stands for both ends', () => {
    expect(options.parseTemperature('0.7')).toEqual([0.7, 0.7])
    expect(options.parseTemperature('1, .5')).toEqual([1, 0.5])
  })

  test('typical is a mass or off', () => {
    expect(options.parseTypical('0.2')).toBe(0.2)
    expect(options.parseTypical('off')).toBe('off')
  })

  test('a region is a rectangle and a prompt, which may hold commas and equal signs', () => {
    const region = { x: 0, y: 8, width: 64, height: 128, prompt: 'a = b, c' }
    expect(options.parseRegion('0,8,64,128=a = b, c')).toEqual(region)
    expect(options.parseRegion(' 0, 8, 64, 128 = a = b, c ')).toEqual(region)
  })

  test('regions are collected in the order they stand', () => {
    const first = options.collectRegions('0,0,1,1=a', undefined)
    expect(options.collectRegions('0,0,1,1=b', first).map((region) => region.prompt)).toEqual(['a', 'b'])
  })
})

describe('bad values are refused with the option, the value and what is wanted', () => {
  const refusals: [name: string, parse: (text: string) => unknown, values: string[], wanted: string][] = [
    ['--size', options.parseSize, ['', '12x', 'x12', '7', '4097', '64x4097', '1e2', '-64', '64.5'], '128 or 256x128'],
    ['--temperature', options.parseTemperature, ['', 'hot', '1,2,3', '-1', '1,', '11', 'NaN'], '0 to 10'],
    ['--typical', options.parseTypical, ['', 'on', '1.1', '-0.1', 'OFF!'], 'from 0 to 1, or off'],
    ['--seed', options.parseSeed, ['', '-1', '1.5', 'abc', '0x10', '9007199254740991'], 'whole number from 0'],
    ['--region', options.parseRegion, ['', '1,2,3=x', '0,0,0,5=x', '0,0,5,5=', '0,0,5,5', '-1,0,5,5=x'], 'x,y,width'],
    ['--n', options.integerOption('--n', 1, 5), ['0', '6', '', '1.0', '１'], 'a whole number from 1 to 5'],
    ['--x', options.numberOption('--x', -1, 5), ['-1.01', '6', '', '1e0', 'Infinity', 'NaN'], 'a number from -1 to 5'],
  ]
  test.each(refusals)('%s', (name, parse, values, wanted) => {
    for (const value of values) {
      expect(() => parse(value), value).toThrow(StudioError)
      expect(() => parse(value), value).toThrow(`${name} ${JSON.stringify(value)} cannot be used`)
      expect(() => parse(value), value).toThrow(wanted)
    }
  })

  test('a 65th region', () => {
    const many = Array.from({ length: 64 }, () => options.parseRegion('0,0,1,1=a'))
    expect(() => options.collectRegions('0,0,1,1=a', many)).toThrow('More than 64')
  })
})

test('a prompt must say something and is at most as long as the contract takes', () => {
  expect(options.parsePrompt('🍎')).toBe('🍎')
  for (const blank of ['', ' ', '\n']) expect(() => options.parsePrompt(blank), blank).toThrow('write what to paint')
  expect(options.parseNegative('')).toBe('')
  for (const length of [10_000, 10_001]) {
    const prompt = 'a'.repeat(length)
    const isGood = generateRequestSchema.safeParse({ version: 1, use: { use: 'text', prompt } }).success
    for (const parse of [
      options.parsePrompt,
      options.parseNegative,
      (text: string) => options.parseRegion(`0,0,1,1=${text}`),
    ]) {
      expect(
        isTaken(() => parse(prompt)),
        String(length),
      ).toBe(isGood)
    }
  }
})

test('the limits are those of the request schema: the ends pass both, one beyond is refused by both', () => {
  const largestSeed = Number.MAX_SAFE_INTEGER - 100_000
  expect(options.parseSeed(String(largestSeed))).toBe(largestSeed)
  expect([accepts({ seed: largestSeed }), accepts({ seed: largestSeed + 1 })]).toEqual([true, false])
  for (const [side, isGood] of [
    [8, true],
    [4096, true],
    [7, false],
    [4097, false],
  ] as const) {
    expect(accepts({ size: { width: side, height: 64 } }), String(side)).toBe(isGood)
    expect(
      isTaken(() => options.parseSize(`${side}x64`)),
      String(side),
    ).toBe(isGood)
  }
  for (const [value, isGood] of [
    [0, true],
    [10, true],
    [10.1, false],
  ] as const) {
    expect(accepts({ sampling: { temperature: [value, 1] } }), String(value)).toBe(isGood)
    expect(
      isTaken(() => options.parseTemperature(`${value},1`)),
      String(value),
    ).toBe(isGood)
  }
})

function isTaken(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}

function accepts(fields: object): boolean {
  return generateRequestSchema.safeParse({ ...buildRequest(textUse('a'), {}, 0), ...fields }).success
}
