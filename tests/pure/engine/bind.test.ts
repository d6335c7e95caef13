/** The strict meeting of graphs and checkpoint: each misfit by name. */
import { expect, test } from 'vitest'
import { bindWeights } from '../../../src/engine/checkpoint/bind.ts'
import type { StoredTensor } from '../../../src/engine/checkpoint/stored-tensor.ts'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import type { DType } from '../../../src/engine/tensor/dtype.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'

const tensor = (shape: readonly number[], dtype: DType = 'float32'): StoredTensor => ({
  dtype,
  shape,
  place: { file: 'w.safetensors', offset: 0, bytes: 0 },
})

function graphOf(weights: Readonly<Record<string, readonly number[]>>, int8: readonly string[] = []): Graph {
  const graph = new Graph({ keepInt8: (name) => int8.includes(name) })
  for (const [name, shape] of Object.entries(weights))
    if (!graph.int8Weight(name, shape, 'multiply')) graph.weight(name, shape)
  return graph
}

/** Every line of the complaint, and its message. */
function complaint(graphs: readonly Graph[], tensors: Readonly<Record<string, StoredTensor>>, unused?: string[]) {
  try {
    bindWeights('mini/denoiser', graphs, new Map(Object.entries(tensors)), unused)
  } catch (error) {
    if (error instanceof StudioError && error.code === 'checkpoint-mismatch')
      return { lines: error.detail?.split('\n') ?? [], message: error.message }
    throw error
  }
  return { lines: [], message: '' }
}

test('a checkpoint that fits gives each weight its place, and int8 weights their scales', () => {
  const graph = graphOf({ a: [2, 3], q: [4, 8], wide: [4, 1, 3, 3] }, ['q'])
  const source = new Map([
    ['a', tensor([2, 3], 'float16')],
    ['q', tensor([4, 8], 'int8')],
    ['q:scale', tensor([4, 1])],
    ['wide', tensor([4, 1, 3, 3], 'int8')],
    ['wide:scale', tensor([4, 1, 1, 1])],
  ])
  expect(bindWeights('it', [graph], source)).toEqual(
    new Map([
      ['a', { tensor: source.get('a') }],
      ['wide', { tensor: source.get('wide'), scale: source.get('wide:scale') }],
      ['q', { tensor: source.get('q'), scale: source.get('q:scale') }],
    ]),
  )
})

test('missing, extra and misshapen weights are all listed, by name', () => {
  const graph = graphOf({ 'a.weight': [2, 3], 'a.bias': [2], 'b.weight': [4, 4] })
  const { lines } = complaint([graph], { 'a.weight': tensor([3, 2]), 'a.bias': tensor([2]), 'c.weight': tensor([1]) })
  expect(lines.sort()).toEqual([
    'extra: c.weight',
    'misshapen: a.weight is [3, 2], should be [2, 3]',
    'missing: b.weight [4, 4]',
  ])
})

test('a weight whose name begins like another is still missing, or extra', () => {
  const graph = graphOf({ 'a.weight': [1] })
  expect(complaint([graph], { 'a.weight_g': tensor([1]) }).lines.sort()).toEqual([
    'extra: a.weight_g',
    'missing: a.weight [1]',
  ])
})

test('the message stays one line however many there are, and says what it is about', () => {
  const names = Array.from({ length: 40 }, (_, i) => `layer.${i}`)
  const { lines, message } = complaint([graphOf(Object.fromEntries(names.map((name) => [name, [7]])))], {})
  expect(lines).toHaveLength(40)
  expect(message).toMatch(/^mini\/denoiser does not fit .*missing: layer\.0 \[7\].*; and 37 more\. Use .*\.$/)
  expect(message).not.toContain('\n')
})

test('two graphs together use a checkpoint up, and neither alone', () => {
  const [encoder, decoder] = [graphOf({ a: [2], shared: [3] }), graphOf({ b: [4], shared: [3] })]
  const tensors = { a: tensor([2]), b: tensor([4]), shared: tensor([3]) }
  expect(complaint([encoder, decoder], tensors).lines).toEqual([])
  expect(complaint([encoder], tensors).lines).toEqual(['extra: b'])
})

test('a fault of a weight that two graphs share is said once', () => {
  expect(complaint([graphOf({ a: [2] }), graphOf({ a: [2] })], {}).lines).toEqual(['missing: a [2]'])
})

test('keys that published checkpoints hold in vain are passed by their last part alone', () => {
  const tensors = { a: tensor([1]), 'b.num_batches_tracked': tensor([], 'int64'), 'num_batches.b': tensor([]) }
  expect(complaint([graphOf({ a: [1] })], tensors, ['num_batches_tracked']).lines).toEqual(['extra: num_batches.b'])
})

test('keys that a file holds twice are passed by their whole name', () => {
  const tensors = { 'shared.weight': tensor([1]), 'embed.weight': tensor([1]), 'other.weight': tensor([1]) }
  const graph = graphOf({ 'shared.weight': [1] })
  expect(complaint([graph], tensors, ['embed.weight']).lines).toEqual(['extra: other.weight'])
})

test('an int8 weight needs a float32 scale for each row', () => {
  const check = (scale?: StoredTensor) =>
    complaint([graphOf({ q: [4, 8] })], { q: tensor([4, 8], 'int8'), ...(scale && { 'q:scale': scale }) }).lines
  expect(check(tensor([4, 1]))).toEqual([])
  expect(check()).toEqual(['missing: q:scale'])
  // It would broadcast as well, along the wrong axis.
  expect(check(tensor([1, 8]))).toEqual(['misshapen: q:scale is [1, 8], should be [4, 1]'])
  expect(check(tensor([4, 1], 'float16'))).toEqual(['of the wrong type: q:scale is float16, should be float32'])
})

test('a scale that scales nothing is extra', () => {
  const graph = graphOf({ a: [4, 8] })
  expect(complaint([graph], { a: tensor([4, 8]), 'a:scale': tensor([4, 1]) }).lines).toEqual(['extra: a:scale'])
})
