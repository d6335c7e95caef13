/** Which items a specification has, their requests and identities, and what a shard takes of them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseShard, planBatch } from '../../../src/batch/index.ts'
import { countItems, type PlanContext, planItems, requestOf } from '../../../src/batch/items.ts'
import { sourcePictures } from '../../../src/batch/pictures.ts'
import { batchId, checkSpec } from '../../../src/batch/spec.ts'
import type { BatchSpec } from '../../../src/shared/contract/batch.ts'
import { generateRequestSchema } from '../../../src/shared/contract/request.ts'
import { promptBatch, StubEngine } from '../../kit/batch-engine.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const context: PlanContext = {
  model: { id: 'stub', size: { width: 64, height: 32 } },
  date: '2026-11-25',
  pictures: [],
}
const planned = (spec: BatchSpec, some: Partial<PlanContext> = {}) => [...planItems(spec, { ...context, ...some })]

describe('items of a list', () => {
  test('are rows times seeds, in order, with what the row sets', () => {
    const rows = [
      { prompt: 'a', seed: 5, count: 2, width: 128, steps: 3, negative: 'n' },
      { prompt: 'b', guidance: 2 },
    ]
    const spec = promptBatch('out', rows, {
      seeds: 3,
      negative: 'all',
      size: { width: 64, height: 32 },
      sampling: { steps: 9 },
    })
    const items = planned(spec)
    expect(items.map(({ file }) => file)).toEqual(['a-5.png', 'a-6.png', 'b-0.png', 'b-1.png', 'b-2.png'])
    expect(countItems(spec, [])).toBe(5)
    const requests = items.map((item) => requestOf(spec, item, 'stub', {}))
    for (const request of requests) expect(generateRequestSchema.parse(request)).toEqual(request)
    expect(requests[1]).toEqual({
      version: 1,
      model: 'stub',
      use: { use: 'text', prompt: 'a' },
      seed: 6,
      count: 1,
      sampling: { steps: 3 },
      negative: 'n',
      size: { width: 128, height: 32 },
    })
    expect(requests[2]).toMatchObject({ negative: 'all', sampling: { steps: 9, guidance: 2 } })
  })

  test('remember the prompt that the wildcards gave, in their names too', () => {
    const items = planned(promptBatch('out', ['a {red|green} apple'], { seeds: 20 }))
    expect(new Set(items.map(({ prompt }) => prompt))).toEqual(new Set(['a red apple', 'a green apple']))
    for (const { prompt, seed, file } of items) expect(file).toBe(`${prompt.replaceAll(' ', '-')}-${seed}.png`)
  })

  test('have identities that nothing but their own request and name changes', () => {
    const ids = (spec: BatchSpec) => planned(spec).map(({ id }) => id)
    const spec = promptBatch('out', ['a', 'a', 'b'])
    expect(new Set(ids(spec)).size).toBe(3)
    expect(ids({ ...spec, out: 'elsewhere', existing: 'replace' })).toEqual(ids(spec))
    for (const change of [
      { seed: 1 },
      { negative: 'x' },
      { withRecipe: false },
      { name: '{index}' },
      { sampling: { steps: 2 } },
    ]) {
      const changed = new Set(ids({ ...spec, ...change }))
      expect(ids(spec).filter((id) => changed.has(id))).toEqual([])
    }
  })

  test('of shards are those of the whole, each once, under the same names', () => {
    const spec = promptBatch('out', ['a', 'a', 'b', 'c', 'a'], { seeds: 3 })
    const shards = [1, 2, 3, 4].map((index) => [...planItems(spec, context, { index, of: 4 })])
    expect(shards.flat().sort((a, b) => a.index - b.index)).toEqual(planned(spec))
    expect([1, 2, 3, 4].map((index) => countItems(spec, [], { index, of: 4 }))).toEqual(
      shards.map(({ length }) => length),
    )
  })

  test('are planned one by one: the first of a million costs little, and all of them have names of their own', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ prompt: `prompt ${i % 1000}` }))
    const spec = promptBatch('out', rows)
    const first = planItems(spec, context).next().value
    expect(first?.file).toBe('prompt-0-0.png')
    const files = new Set<string>()
    for (const { file } of planItems(spec, context)) files.add(file)
    expect(files.size).toBe(20_000)
  })

  test('are refused where there are more than can be planned', () => {
    const rows = Array.from({ length: 300 }, () => ({ prompt: 'a', count: 10_000 }))
    expect(() => countItems(promptBatch('out', rows), [])).toThrow(/3000000 pictures/)
  })
})

describe('a batch', () => {
  test('is the same one whatever the order of its keys, its folder and its policy, and another with one more row', () => {
    const spec = promptBatch('out', [{ prompt: 'a', seed: 1 }])
    const turned = { ...Object.fromEntries(Object.entries(spec).reverse()), out: 'b', existing: 'skip' } as BatchSpec
    expect(batchId(turned)).toBe(batchId(spec))
    expect(batchId(promptBatch('out', [{ seed: 1, prompt: 'a' }, 'b']))).not.toBe(batchId(spec))
  })

  test.each([
    [{ seeds: 0 }, /seeds/],
    [{ format: { type: 'jpeg', quality: 0 } }, /quality/],
    [{ source: { kind: 'prompts', rows: [] } }, /source.rows/],
  ])('with %o is refused with the field', (change, message) => {
    expect(() => checkSpec({ ...promptBatch('out', ['a']), ...change })).toThrow(message)
  })
})

async function folderOf(...paths: readonly string[]): Promise<string> {
  const folder = await temporaryFolder()
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), path)
  }
  return folder
}

const restyle = { use: 'restyle' as const, prompt: 'oil {a|b}', strength: 0.5 }

function pictureBatch(
  folder: string,
  out: string,
  rest: Partial<Extract<BatchSpec['source'], { kind: 'pictures' }>> = {},
): BatchSpec {
  const source = { kind: 'pictures' as const, folder, recursive: true, masks: null, operation: restyle, ...rest }
  return { ...promptBatch(out, ['-'], { name: '{folder}/{name}-{seed}' }), source }
}

describe('items of a folder', () => {
  test('mirror its tree; what is no picture, hidden or made by the batch is left out', async () => {
    const folder = await folderOf(
      'b.png',
      'a.JPG',
      'x/y/c.webp',
      'x/notes.txt',
      '.thumbs/d.png',
      'out/made.png',
      'b.jpg',
    )
    const spec = pictureBatch(folder, join(folder, 'out'))
    const pictures = await sourcePictures(spec)
    expect(pictures.map(({ path }) => path)).toEqual(['a.JPG', 'b.jpg', 'b.png', 'x/y/c.webp'])
    const files = planned(spec, { pictures }).map(({ file }) => file)
    expect(files).toEqual(['a-0.png', 'b-0.png', 'b-0-2.png', 'x/y/c-0.png'])
    const flat = await sourcePictures(pictureBatch(folder, 'out', { recursive: false }))
    expect(flat.map(({ path }) => path)).toEqual(['a.JPG', 'b.jpg', 'b.png'])
  })

  test('have masks of the same relative name, whatever their ending', async () => {
    const folder = await folderOf('a.jpg', 'x/b.jpg', 'c.jpg')
    const masks = await folderOf('a.png', 'x/b.webp', 'x/c.png')
    const operation = { use: 'inpaint' as const, prompt: 'p', feather: 4, context: 16 }
    const pictures = await sourcePictures(pictureBatch(folder, 'out', { masks, operation }))
    expect(pictures).toEqual([
      { path: 'a.jpg', mask: 'a.png' },
      { path: 'c.jpg', mask: null },
      { path: 'x/b.jpg', mask: 'x/b.webp' },
    ])
  })

  test.each([
    [{ use: 'restyle', prompt: 'p', strength: 0.5 }],
    [{ use: 'vary', prompt: 'p', promptWeight: 0.5 }],
    [{ use: 'inpaint', prompt: 'p', feather: 4, context: 16 }],
    [{ use: 'outpaint', prompt: 'p', left: 8, right: 0, top: 0, bottom: 0, feather: 4 }],
  ] as const)('have requests that the engine takes: %o', (operation) => {
    const spec = pictureBatch('in', 'out', { operation, masks: 'masks' })
    const image = { kind: 'file' as const, bytes: new Uint8Array(1), name: 'a.png' }
    const [item] = planned(spec, { pictures: [{ path: 'a.png', mask: 'a.png' }] })
    if (item === undefined) throw new Error('no item')
    const request = requestOf(spec, item, 'stub', { image, mask: image })
    expect(generateRequestSchema.parse(request)).toEqual(request)
    expect(request.use).toMatchObject(operation)
  })
})

describe('a plan', () => {
  test('counts, names the first twenty, and warns of what it found', async () => {
    const out = await folderOf('a-3.png')
    const plan = await planBatch(promptBatch(out, ['a'], { seeds: 30 }), new StubEngine())
    expect(plan).toMatchObject({
      items: 30,
      finished: 0,
      warnings: [expect.stringMatching(/^1 names are taken .*get a number/)],
    })
    expect([plan.names.length, plan.names[19], plan.prompts[0]]).toEqual([20, 'a-19.png', 'a'])
  })

  test('is refused for an unknown model, a folder without pictures, and results beside their sources', async () => {
    const empty = await folderOf('x.txt')
    const engine = new StubEngine()
    await expect(planBatch(promptBatch(empty, ['a'], { model: 'other' }), engine)).rejects.toThrow(
      /no model 'other'.*stub/,
    )
    await expect(planBatch(pictureBatch(empty, join(empty, 'out')), engine)).rejects.toThrow(/no pictures/)
    await expect(planBatch(pictureBatch(empty, empty), engine)).rejects.toThrow(/choose another/)
    await expect(planBatch(pictureBatch(join(empty, 'no'), empty), engine)).rejects.toMatchObject({
      code: 'file-not-found',
    })
  })
})

describe('a shard', () => {
  test.each([
    ['2/8', {}, { index: 2, of: 8 }],
    ['auto', { SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_COUNT: '4' }, { index: 1, of: 4 }],
    ['auto', { SLURM_ARRAY_TASK_ID: '4', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '4' }, { index: 4, of: 4 }],
    [
      'auto',
      { SLURM_ARRAY_TASK_ID: '9', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_STEP: '4', SLURM_ARRAY_TASK_COUNT: '3' },
      { index: 3, of: 3 },
    ],
    ['auto/8', { JOB_COMPLETION_INDEX: '7' }, { index: 8, of: 8 }],
  ])('%s with %o is %o', (text, environment, shard) => {
    expect(parseShard(text, environment)).toEqual(shard)
  })

  test.each([
    ['0/4', {}],
    ['5/4', {}],
    ['x', {}],
    ['2', {}],
    ['auto', {}],
    ['auto', { JOB_COMPLETION_INDEX: '1' }],
    ['auto/2', { JOB_COMPLETION_INDEX: '2' }],
  ])('%s with %o is refused', (text, environment) => {
    expect(() => parseShard(text, environment)).toThrow(/--shard/)
  })
})
