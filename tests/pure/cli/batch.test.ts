/** From the words of `paella batch` to a specification, and what is told while it runs. */
import { describe, expect, test } from 'vitest'
import { type BatchOptions, batchSpec } from '../../../src/cli/batch-options.ts'
import { batchProgressText } from '../../../src/cli/batch-reporter.ts'
import { batchSpecSchema } from '../../../src/shared/contract/batch.ts'
import { Pace } from '../../../src/batch/pace.ts'
import { runCli } from './test-cli.ts'

const plain: BatchOptions = {
  out: 'out',
  recursive: true,
  format: 'png',
  existing: 'suffix',
  recipe: true,
  queue: 'paella',
  device: 'auto',
}
const rows = [{ prompt: 'a' }]

describe('options', () => {
  test('of a list are its batch, with the seed 0 where none is named, so that the same words go on', () => {
    const spec = batchSpec({ ...plain, steps: 4, typical: 'off', size: { width: 64, height: 32 } }, rows)
    expect(batchSpecSchema.parse(spec)).toEqual(spec)
    expect(spec).toMatchObject({
      source: { kind: 'prompts', rows },
      seed: 0,
      seeds: 1,
      name: '{prompt}-{seed}',
      sampling: { steps: 4, typicalMass: null },
      format: { type: 'png' },
      model: null,
    })
  })

  test.each([
    [
      { use: 'restyle', prompt: 'p' },
      { use: 'restyle', prompt: 'p', strength: 0.65 },
    ],
    [{ use: 'vary' }, { use: 'vary', prompt: '', promptWeight: 0 }],
    [
      { use: 'vary', prompt: 'p' },
      { use: 'vary', prompt: 'p', promptWeight: 0.5 },
    ],
    [
      { use: 'inpaint', prompt: 'p', masks: 'm' },
      { use: 'inpaint', prompt: 'p', feather: 8, context: 64 },
    ],
    [
      { use: 'outpaint', prompt: 'p', left: 16 },
      { use: 'outpaint', prompt: 'p', left: 16, right: 0, top: 0, bottom: 0, feather: 8 },
    ],
  ] as const)('of a folder, %o, are the operation %o', (options, operation) => {
    const spec = batchSpec({ ...plain, pictures: 'photos', ...options }, undefined)
    expect(batchSpecSchema.parse(spec)).toEqual(spec)
    expect(spec.source).toMatchObject({ kind: 'pictures', folder: 'photos', recursive: true, operation })
    expect(spec.name).toBe('{folder}/{name}-{seed}')
  })

  test.each([
    ['jpeg', undefined, { type: 'jpeg', quality: 90 }],
    ['webp', undefined, { type: 'webp' }],
    ['webp', 50, { type: 'webp', quality: 50 }],
    ['avif', undefined, { type: 'avif', quality: 60 }],
  ] as const)('--format %s with --quality %s is %o', (format, quality, wanted) => {
    expect(batchSpec({ ...plain, format, ...(quality === undefined ? {} : { quality }) }, rows).format).toEqual(wanted)
  })
})

describe('words that do not go together', () => {
  test.each([
    [['batch', '--out', 'o'], /Nothing to make/],
    [['batch', '--pictures', 'p', '--out', 'o'], /--use/],
    [['batch', '--pictures', 'p', '--use', 'restyle', '--out', 'o'], /needs a --prompt/],
    [['batch', '--pictures', 'p', '--use', 'inpaint', '--prompt', 'x', '--out', 'o'], /--masks/],
    [['batch', '--pictures', 'p', '--use', 'outpaint', '--prompt', 'x', '--out', 'o'], /Nothing to extend/],
    [['batch', '--pictures', 'p', '--use', 'vary'], /--out/],
    [['batch', '--pictures', 'p', '--use', 'vary', '--out', 'o', '--quality', '5'], /--quality/],
    [['batch', 'a.txt', '--pictures', 'p', '--out', 'o'], /two batches/],
    [['batch', 'a.txt', '--spec', 'b.json'], /leave the list/],
    [['batch', 'a.txt', '--out', 'o', '--enqueue'], /--redis/],
    [['batch', 'a.txt', '--out', 'o', '--shard', '3/2'], /--shard 3\/2/],
    [['batch', 'missing.txt', '--out', 'o'], /no file missing.txt/],
    [['batch', '--merge', '/nowhere'], /No batch was begun/],
    [['worker'], /--redis/],
  ])('%j are refused before an engine starts', async (words, message) => {
    const { code, stderr, settings } = await runCli(words)
    expect([code, settings]).toEqual([2, []])
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd()).not.toContain('\n')
  })
})

describe('progress', () => {
  const done = { is: 'done', file: 'a.png', earlier: false } as const

  test('says how fast it goes and when it ends, once there is a picture, and counts no time of a pause', () => {
    let now = 1_000_000
    const pace = new Pace(10, () => now)
    pace.add({ ...done, earlier: true }, 'o/x.png')
    expect(pace.progress).toMatchObject({ done: 1, picturesAnHour: null, finishesAt: null, last: null })
    now += 2_000
    pace.add(done, 'o/a.png')
    now += 2_000
    pace.add(done, 'o/b.png')
    expect(pace.progress).toMatchObject({ picturesAnHour: 1800, finishesAt: now + 7 * 2_000, last: 'o/b.png' })
    now += 600_000
    pace.resume()
    now += 2_000
    pace.add(done, 'o/c.png')
    expect(pace.progress.picturesAnHour).toBe(1800)
  })

  test('is one line', () => {
    const now = new Date(2026, 10, 25, 14, 0).getTime()
    const progress = { items: 200, done: 36, skipped: 0, failed: 1, picturesAnHour: 5400, last: null, lastError: null }
    expect(batchProgressText({ ...progress, finishesAt: now + 125_000 }, now)).toBe(
      '37/200, 1 failed, 5400 pictures an hour, 2 min 5 s left (14:02)',
    )
    expect(batchProgressText({ ...progress, finishesAt: now + 36 * 3_600_000 }, now)).toMatch(/36 h 0 min left \(Fri/)
    expect(batchProgressText({ ...progress, picturesAnHour: null, finishesAt: null }, now)).toBe('37/200, 1 failed')
  })
})
