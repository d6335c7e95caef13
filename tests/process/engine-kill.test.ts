/** The real engine process, killed at random moments of start, loading and sampling, with models of both releases. */
import { expect, test } from 'vitest'
import { killEngines } from '../kit/engine-kills.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

test('24 kills end in a coded error each, and the next call gives the very picture', async () => {
  const { codes, late, afterwards } = await killEngines(await temporaryFolder(), 24)
  expect([...new Set(codes)]).toEqual(['engine-lost'])
  expect(codes.length).toBeGreaterThan(5)
  expect(codes.length + late).toBe(24)
  expect(Object.values(afterwards).map((tokens) => tokens.length)).toEqual([1, 1])
}, 120_000)
