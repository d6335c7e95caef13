import { describe, expect, test } from 'vitest'
import { everything, newFolder, runJob, testLibrary, textRequest } from '../../kit/library.ts'

describe('a job', () => {
  test('makes its pictures from seed, seed + 1 ..., each in the gallery before it is told', async () => {
    const { api, engine } = await testLibrary(await newFolder())
    const events = await runJob(api, textRequest('a house', { seed: 40, count: 3 }))
    expect(engine.finished).toEqual([40, 41, 42])
    const told = events.filter(({ type }) => type === 'kept' || type === 'picture').map(({ type }) => type)
    expect(told).toEqual(['kept', 'picture', 'kept', 'picture', 'kept', 'picture'])
    const { pictures, total } = await api.listPictures({ filter: everything, offset: 0, limit: 10 })
    expect(total).toBe(3)
    expect(pictures.map(({ seed }) => seed)).toEqual([42, 41, 40])
  })
})
