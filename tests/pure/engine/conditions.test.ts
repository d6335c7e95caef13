/** Mixing conditions between prompts, and laying them out over the grid. */
import { describe, expect, test } from 'vitest'
import {
  everywhere,
  isVector,
  layOut,
  lerp,
  type Meaning,
  mix,
  norm,
  slerp,
  type Voice,
} from '../../../src/engine/conditions.ts'
import { float32 } from '../../../src/engine/tensor/tensor.ts'

const a = Float32Array.of(3, 0, 0)
const b = Float32Array.of(0, 1, 0)
const close = (values: Float32Array, expected: readonly number[]): void => {
  expect(values).toHaveLength(expected.length)
  expected.forEach((x, i) => expect(values[i]).toBeCloseTo(x, 5))
}

describe('mixing straight', () => {
  test('goes from the first to the second', () => {
    close(lerp(a, b, 0), [3, 0, 0])
    close(lerp(a, b, 0.25), [2.25, 0.25, 0])
    close(lerp(a, b, 1), [0, 1, 0])
  })
})

describe('mixing along the circle', () => {
  test('begins at the first and ends at the second', () => {
    close(slerp(a, b, 0), [3, 0, 0])
    close(slerp(a, b, 1), [0, 1, 0])
  })

  test('turns at an even pace while lengths change evenly', () => {
    // A third of the way through 90 degrees: 30 degrees, length 3 - 2/3.
    const third = slerp(a, b, 1 / 3)
    close(third, [(7 / 3) * Math.cos(Math.PI / 6), (7 / 3) * 0.5, 0])
    expect(norm(slerp(a, b, 0.5))).toBeCloseTo(2, 5)
  })

  test('keeps the length of equally long vectors, where the straight way falls short', () => {
    const [x, y] = [Float32Array.of(0.6, 0.8, 0), Float32Array.of(0, -0.8, 0.6)]
    for (const t of [0.1, 0.5, 0.9]) expect(norm(slerp(x, y, t))).toBeCloseTo(1, 5)
    expect(norm(lerp(x, y, 0.5))).toBeLessThan(0.7)
  })

  test('goes straight where there is no circle: parallel, opposite or zero vectors', () => {
    close(slerp(a, Float32Array.of(6, 0, 0), 0.5), [4.5, 0, 0])
    close(slerp(a, Float32Array.of(-1, 0, 0), 0.5), [1, 0, 0])
    for (const value of slerp(new Float32Array(3), b, 0.5)) expect(value).not.toBeNaN()
    close(slerp(new Float32Array(3), new Float32Array(3), 0.5), [0, 0, 0])
  })
})

describe('a condition', () => {
  test('laid out asks for every cell once and lies channel by channel, row by row', () => {
    const asked: string[] = []
    const laid = layOut({ width: 3, height: 2 }, (x, y) => {
      asked.push(`${x},${y}`)
      return Float32Array.of(10 * y + x, 100 + 10 * y + x)
    })
    expect(asked).toEqual(['0,0', '1,0', '2,0', '0,1', '1,1', '2,1'])
    const values = Float32Array.of(0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112)
    expect(laid).toEqual({ extent: 'spatial', values })
  })

  test('that is one vector is global', () => {
    expect(everywhere(a)).toEqual({ extent: 'global', values: a })
  })
})

describe('voices', () => {
  const voice = (): readonly Voice[] => [{ told: { caption: float32(new Float32Array(4), [1, 4]) }, weight: 1 }]
  const [first, second] = [voice(), voice()]
  const shares = (meaning: Meaning) => {
    if (isVector(meaning)) throw new Error('a vector')
    return meaning.map(({ told, weight }) => [told === first[0]?.told ? 'first' : 'second', weight])
  }

  test('fade over from the first to the second, and are alone at the ends', () => {
    expect(shares(mix(first, second, 0))).toEqual([['first', 1]])
    expect(shares(mix(first, second, 0.25, 'slerp'))).toEqual([
      ['first', 0.75],
      ['second', 0.25],
    ])
    expect(shares(mix(first, second, 1))).toEqual([['second', 1]])
  })

  test('that say the same are one', () => {
    expect(shares(mix(mix(first, second, 0.5), first, 0.5))).toEqual([
      ['first', 0.75],
      ['second', 0.25],
    ])
  })

  test('are laid out each with its share in every cell', () => {
    const laid = layOut({ width: 2, height: 1 }, (x) => mix(first, second, x * 0.5))
    if (laid.extent !== 'voices') throw new Error('no voices')
    expect(laid.voices.map(({ weight }) => weight)).toEqual([Float32Array.of(1, 0.5), Float32Array.of(0, 0.5)])
    expect(everywhere(second)).toEqual({ extent: 'voices', voices: second })
  })
})
