/** Seeded mutations of whole files: each is taken or refused with a code. `npm run fuzz` does 100,000. */
import { expect, test } from 'vitest'
import { attempt } from '../../fuzz/attempt.ts'
import { mutation } from '../../fuzz/mutate.ts'

test('3000 mutated files are taken or refused, and nothing else happens', () => {
  const codes = new Set<string>()
  for (let index = 0; index < 3000; index++) codes.add(attempt(mutation(7, index)))
  expect([...codes].sort()).toEqual(['checkpoint-mismatch', 'model-broken', 'taken'])
})

test('a mutation with the same number is the same', () => {
  expect(mutation(7, 12)).toEqual(mutation(7, 12))
  expect(mutation(7, 12)).not.toEqual(mutation(8, 12))
})
