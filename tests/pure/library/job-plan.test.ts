import { describe, expect, test } from 'vitest'
import { fixRequest, nextPart, picturesOf } from '../../../src/library/job-plan.ts'
import type { GenerateRequest } from '../../../src/shared/contract/request.ts'

const request = (more: Partial<GenerateRequest>) =>
  fixRequest({ version: 1, use: { use: 'text', prompt: 'a house' }, ...more }, () => 77)

describe('the parts of a job', () => {
  test('are the runs of missing pictures, each from the seed of its first', () => {
    const job = request({ seed: 10, count: 6 })
    const made = new Set([0, 3])
    const part = nextPart(job, made)
    expect(part).toMatchObject({ first: 1, pictures: 2, request: { seed: 11, count: 2 } })
    for (const picture of [1, 2]) made.add(picture)
    expect(nextPart(job, made)).toMatchObject({ first: 4, pictures: 2, request: { seed: 14, count: 2 } })
    for (const picture of [4, 5]) made.add(picture)
    expect(nextPart(job, made)).toBeUndefined()
  })

  test('of frames between prompts are single frames of the same seed, or whole rows of them', () => {
    const use = { use: 'interpolate', prompt: 'a', to: 'b', frames: 3, path: 'slerp' } as const
    const job = request({ use, seed: 5, count: 2 })
    expect(picturesOf(job)).toBe(6)
    expect(nextPart(job, new Set())).toMatchObject({ first: 0, pictures: 6, request: { seed: 5, count: 2, use } })
    const second = nextPart(job, new Set([0]))
    expect(second).toMatchObject({ first: 1, pictures: 1, request: { seed: 5, count: 1, use: { frame: 1 } } })
    const last = nextPart(job, new Set([0, 1, 2]))
    expect(last).toMatchObject({ first: 3, pictures: 3, request: { seed: 6, count: 1, use: { frames: 3 } } })
    expect(last?.request.use).not.toHaveProperty('frame')
    expect(nextPart(job, new Set([0, 1, 2, 3, 5]))).toMatchObject({ first: 4, request: { seed: 6, use: { frame: 1 } } })
  })

  test('of one chosen frame is that frame', () => {
    const use = { use: 'interpolate', prompt: 'a', to: 'b', frames: 3, path: 'lerp', frame: 2 } as const
    expect(picturesOf(request({ use }))).toBe(1)
    expect(nextPart(request({ use }), new Set())).toMatchObject({ pictures: 1, request: { use } })
  })

  test('have a seed though the request had none', () => {
    expect(nextPart(request({}), new Set())).toMatchObject({ request: { seed: 77, count: 1 } })
  })
})
