/** Mixing conditions between prompts, and laying them out over the grid. */
import { describe, expect, test } from 'vitest'
import { everywhere, layOut, lerp, norm, slerp } from '../../../src/engine/conditions.ts'

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
    const { extent, values } = layOut({ width: 3, height: 2 }, 2, (x, y) => {
      asked.push(`${x},${y}`)
      return Float32Array.of(10 * y + x, 100 + 10 * y + x)
    })
    expect(extent).toBe('spatial')
    expect(asked).toEqual(['0,0', '1,0', '2,0', '0,1', '1,1', '2,1'])
    expect([...values]).toEqual([0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112])
  })

  test('that is one vector is global', () => {
    expect(everywhere(a)).toEqual({ extent: 'global', values: a })
  })
})
