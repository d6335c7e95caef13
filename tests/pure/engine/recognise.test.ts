/** Which network a file is of: every golden of PyTorch by its keys, and what is said of files that are not whole. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts'
import type { SourceTensor, SourceTensors } from '../../../src/engine/checkpoint/source-tensor.ts'
import type { NetworkId } from '../../../src/engine/import/networks.ts'
import { recognise } from '../../../src/engine/import/recognise.ts'
import type { Shape } from '../../../src/engine/import/shape-table.ts'
import { publishedTables } from '../../kit/published-sizes.ts'

const tensor = (shape: Shape, dtype: SourceTensor['dtype'] = 'float32'): SourceTensor => ({
  dtype,
  shape,
  read: () => Buffer.alloc(0),
})
const filled = (network: NetworkId): Map<string, SourceTensor> =>
  new Map([...publishedTables[network]()].map(([key, shape]) => [key, tensor(shape)]))
const parameters = (tensors: SourceTensors): number =>
  [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)

/** Some goldens are in the repository, the others beside it. */
const places = ['../../goldens/', '../../../../shared/goldens/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)
const goldens: readonly (readonly [string, NetworkId])[] = [
  ['paella_v1', 'paella-v1'],
  ['paella_v3', 'paella-v3'],
  ['vqgan_f8', 'vqgan-f8'],
  ['vqmodel_f4', 'vqmodel-f4'],
  ['clip', 'clip'],
  ['clip_quickgelu', 'clip'],
  ['byt5', 'byt5'],
  ['prior', 'prior'],
]

const there = goldens.flatMap(([name, network]) => {
  const folder = places.map((place) => join(place, name)).find((path) => existsSync(join(path, 'weights.safetensors')))
  return folder === undefined ? [] : [[name, network, folder] as const]
})

describe('a golden made by PyTorch', () => {
  test.each(there)('%s is a whole %s', (_, network, folder) => {
    const { file, tensors } = openCheckpoint(join(folder, 'weights.safetensors'))
    file.close()
    const found = recognise('weights.safetensors', tensors)
    expect(found.network.id).toBe(network)
    expect([...found.tensors.keys()].every((key) => tensors.has(key))).toBe(true)
    // logit_scale, num_batches_tracked and the second name of ByT5's table.
    expect(found.passedOver).toBe(['clip', 'vqmodel-f4', 'byt5'].includes(network) ? 1 : 0)
  })
})

describe('published sizes', () => {
  test.each([
    ['paella-v1', 578],
    ['paella-v3', 1008],
    ['clip', 986],
    ['byt5', 2614],
  ] as const)('make %s of %i million weights', (network, millions) => {
    const found = recognise('a.pt', filled(network))
    expect(found.network.id).toBe(network)
    expect(Math.round(parameters(found.tensors) / 1e6)).toBe(millions)
    expect(found.passedOver).toBe(0)
  })
})

describe('what no network needs', () => {
  test('is left behind: the decoder of ByT5, the loss of the VQGAN, buffers of CLIP', () => {
    const extras: readonly (readonly [NetworkId, readonly string[]])[] = [
      ['byt5', ['decoder.block.0.layer.0.SelfAttention.q.weight', 'lm_head.weight', 'encoder.embed_tokens.weight']],
      ['vqgan-f8', ['loss.discriminator.main.0.weight', 'loss.logvar']],
      ['clip', ['logit_scale', 'attn_mask']],
      ['vqmodel-f4', ['down_blocks.3.1.num_batches_tracked']],
    ]
    for (const [network, keys] of extras) {
      const tensors = filled(network)
      for (const key of keys) tensors.set(key, tensor([3, 3]))
      const found = recognise('a.pt', tensors)
      expect(found.passedOver).toBe(keys.length)
      expect([...found.tensors.keys()]).toEqual([...publishedTables[network]().keys()])
    }
  })

  test('is the vision tower too, where the text alone is wanted', () => {
    const found = recognise('a.pt', filled('clip'), { textOnly: true })
    expect([...found.tensors.keys()].filter((key) => key.startsWith('visual.'))).toEqual([])
    expect(Math.round(parameters(found.tensors) / 1e6)).toBe(354)
  })

  test('is not the only table of ByT5, whatever it is called', () => {
    const tensors = filled('byt5')
    const table = tensors.get('shared.weight')
    tensors.delete('shared.weight')
    if (table) tensors.set('encoder.embed_tokens.weight', table)
    expect(recognise('a.pt', tensors).tensors.has('shared.weight')).toBe(true)
  })
})

describe('a file that is not whole', () => {
  const failure = (tensors: SourceTensors) => {
    try {
      recognise('a.pt', tensors)
    } catch (error) {
      return error
    }
    throw new Error('it was taken')
  }

  test('is refused with every weight that is missing, over or misshapen', () => {
    const tensors = filled('paella-v1')
    tensors.delete('up_blocks.1.0.ln.gamma')
    tensors.set('clf.bias', tensor([8191]))
    tensors.set('stray', tensor([1]))
    expect(failure(tensors)).toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining(
        "looks like Paella's denoiser of 2022, but missing: up_blocks.1.0.ln.gamma",
      ) as string,
      detail: [
        'missing: up_blocks.1.0.ln.gamma [1, 1, 1]',
        'misshapen: clf.bias is [8191], should be [8192]',
        'extra: stray',
      ].join('\n'),
    })
  })

  test('is refused where sizes cannot be read', () => {
    const tensors = filled('vqgan-f8')
    tensors.delete('encoder.conv_out.weight')
    expect(failure(tensors)).toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining('no encoder.conv_out.weight') as string,
    })
  })

  test('cannot make a table beyond all networks by sizes that multiply', () => {
    const tensors = new Map<string, SourceTensor>(filled('vqgan-f8'))
    for (let i = 0; i < 900; i++) {
      tensors.set(`encoder.down.${i}.block.0.conv1.weight`, tensor([1, 1, 3, 3]))
      tensors.set(`encoder.down.0.block.${i}.conv1.weight`, tensor([1, 1, 3, 3]))
    }
    expect(failure(tensors)).toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining('more weights') as string,
    })
  })

  test.each([
    ['a LoRA', 'lora_unet_down.lora_up.weight', /is a LoRA/],
    ['Stable Diffusion', 'model.diffusion_model.input_blocks.0.0.weight', /Stable Diffusion/],
    ['CLIP of transformers', 'text_model.embeddings.token_embedding.weight', /open_clip/],
    ['anything else', 'layer.0.weight', /no network that Paella knows/],
  ])('or is %s, is told as such', (_, key, says) => {
    expect(failure(new Map([[key, tensor([2])]]))).toMatchObject({ message: expect.stringMatching(says) as string })
  })
})
