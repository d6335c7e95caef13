/** The networks and the sampler give what the authors' PyTorch code gave, and where they do not, parity says so. */
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TensorToWrite } from '../../src/engine/checkpoint/safetensors.ts'
import { compareFloats, compareInts } from '../../src/engine/parity/compare.ts'
import { checkGolden, notOfANetwork } from '../../src/engine/parity/parity.ts'
import { float32, int32 } from '../../src/engine/tensor/tensor.ts'
import { copyGoldens, editTensors, goldenFolder, nudge } from '../kit/goldens.ts'

const failed = (lines: readonly string[], passed: readonly string[]): string[] =>
  lines.filter((line) => !passed.includes(line)).map((line) => line.split(' ')[0] ?? '')

describe('goldens', () => {
  it.each([
    ['paella_v1', 7],
    ['vqmodel_f4', 3],
    ['clip', 2],
    ['clip_quickgelu', 2],
    ['paella_v1_sampler', 10],
    ['paella_v3', 6],
    ['paella_v3_sampler', 2],
    ['vqgan_f8', 2],
    ['byt5', 7],
    ['prior', 3],
  ])('%s agrees in all its %i outputs', async (name, outputs) => {
    const result = await checkGolden(goldenFolder(name))
    expect(result).toMatchObject({ name, passed: true })
    expect(result.lines).toHaveLength(outputs)
    expect(result.largestError).toBeLessThan(1e-5)
  })

  it('names of cases are free', async () => {
    const folder = await copyGoldens('paella_v1')
    await editTensors(join(folder, 'io.safetensors'), (io) => {
      for (const [key, tensor] of [...io].filter(([key]) => key.startsWith('wide.'))) {
        io.delete(key)
        io.set(key.replace('wide.', 'a.b.'), tensor)
      }
    })
    const { passed, lines } = await checkGolden(folder)
    expect(passed).toBe(true)
    expect(lines.filter((line) => line.startsWith('a.b.logits'))).toHaveLength(3)
  })

  it('a prior without its samplers is checked alone', async () => {
    const folder = await copyGoldens('prior')
    await editTensors(join(folder, 'io.safetensors'), (io) => {
      for (const key of io.keys()) if (key.startsWith('dd')) io.delete(key)
    })
    const { passed, lines } = await checkGolden(folder)
    expect(passed).toBe(true)
    expect(lines).toHaveLength(1)
  })

  it('a text tower alone is checked alone', async () => {
    const folder = await copyGoldens('clip')
    const dropVision = (tensors: Map<string, TensorToWrite>): void => {
      for (const key of tensors.keys()) if (/^(visual\.|image)/.test(key)) tensors.delete(key)
    }
    await editTensors(join(folder, 'weights.safetensors'), dropVision)
    await editTensors(join(folder, 'io.safetensors'), dropVision)
    const { passed, lines } = await checkGolden(folder)
    expect(passed).toBe(true)
    expect(lines).toHaveLength(1)
  })
})

describe('what differs fails', () => {
  it.each([
    ['paella_v1', 'clf.bias', ['square.logits', 'wide.logits', 'square.logits_uncond']],
    ['vqmodel_f4', 'out_block.0.bias', ['decoded']],
    ['vqmodel_f4', 'down_blocks.3.1.running_mean', ['latents']],
    ['vqmodel_f4', 'down_blocks.0.gammas', ['latents']],
    ['paella_v3', 'byt5_mapper.bias', ['square.logits', 'wide.logits_byt5_only']],
    ['paella_v3', 'clip_mapper.bias', ['square.logits', 'square.logits_byt5_text']],
    ['paella_v3', 'clip_image_mapper.bias', ['square.logits', 'wide.logits']],
    ['paella_v3', 'up_blocks.1.0.depthwise.bias', ['square.logits']],
    ['vqgan_f8', 'decoder.mid.attn_1.q.bias', ['decoded']],
    ['vqgan_f8', 'post_quant_conv.bias', ['decoded']],
    ['byt5', 'encoder.final_layer_norm.weight', ['hidden.0', 'hidden.1', 'batch.hidden_no_attention_mask']],
    ['prior', 'blocks.4.bias', ['noise', 'ddpm', 'ddim']],
    ['clip', 'visual.class_embedding', ['image_features']],
    ['clip', 'positional_embedding', ['text_features']],
  ])('%s with one number of %s off by 0.01', async (name, key, outputs) => {
    const folder = await copyGoldens(name)
    await editTensors(join(folder, 'weights.safetensors'), (weights) => nudge(weights, key, 0.01))
    const good = await checkGolden(goldenFolder(name))
    const { passed, lines, largestError } = await checkGolden(folder)
    expect(passed).toBe(false)
    expect(largestError).toBeGreaterThan(1e-4)
    expect(failed(lines, good.lines)).toEqual(expect.arrayContaining(outputs))
  })

  it('a code whose logit is raised', async () => {
    const folder = await copyGoldens('vqgan_f8')
    await editTensors(join(folder, 'weights.safetensors'), (weights) => nudge(weights, 'quantize.proj.bias', 100, 5))
    const { passed, lines } = await checkGolden(folder)
    expect(passed).toBe(false)
    expect(lines[0]).toMatch(/^indices \d+ of 192 differ$/)
  })

  it('an embedding of r that is off by more than its angle rounds', async () => {
    const folder = await copyGoldens('paella_v1')
    // Index 7 is the slowest of the 8 waves at r = 0, sin(1).
    await editTensors(join(folder, 'io.safetensors'), (io) => nudge(io, 'r_embedding', 2e-4, 7))
    const { passed, lines } = await checkGolden(folder)
    expect(passed).toBe(false)
    expect(lines[0]).toMatch(/^r_embedding 2\.0e-4/)
  })

  it('the wrong GELU', async () => {
    const folder = await copyGoldens('clip_quickgelu')
    await writeFile(join(folder, 'golden.json'), '{"config":{"text":{"heads":2},"vision":{"head_width":8}}}')
    expect(await checkGolden(folder)).toMatchObject({ name: 'clip_quickgelu', passed: false })
  })

  it('the noise of the last cell of the sampler', async () => {
    const folder = await copyGoldens('paella_v1_sampler', 'paella_v1')
    await editTensors(join(folder, 'io.safetensors'), (io) => {
      // The last draw is the last step's Gumbel noise, 96 codes a cell: the last cell's are turned round.
      const last = io.get('text.uniforms')?.data.subarray(-96 * 4)
      if (last) new Float32Array(last.buffer, last.byteOffset, 96).reverse()
    })
    const { passed, lines } = await checkGolden(folder)
    expect(passed).toBe(false)
    expect(lines.filter((line) => line.endsWith('differ'))).toEqual(['text.tokens 1 of 128 differ'])
  })

  it('a code that the typical filter should not keep', async () => {
    const folder = await copyGoldens('paella_v1_sampler', 'paella_v1')
    await editTensors(join(folder, 'io.safetensors'), (io) => {
      const kept = io.get('typical.keep.mass1.0.min1')?.data
      const index = kept?.indexOf(1) ?? -1
      kept?.fill(0, index, index + 1)
    })
    const { passed, lines } = await checkGolden(folder)
    expect(passed).toBe(false)
    expect(lines).toContain('typical.keep.mass1.0.min1 1 of 6144 differ')
  })

  it('what is not a number, and what has another shape', () => {
    const zero = float32(Float32Array.of(0, 1), [2])
    expect(compareFloats('x', float32(Float32Array.of(Number.NaN, 1), [2]), zero).passed).toBe(false)
    expect(compareFloats('x', float32(Float32Array.of(0, 1), [1, 2]), zero).line).toBe('x is [1, 2], not [2]')
    expect(compareInts('x', undefined, int32(Int32Array.of(1), [1])).passed).toBe(false)
    expect(compareFloats('x', zero, float32(new Float32Array(2), [2])).error).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a golden of something else than a network', () => {
  const folderWith = async (head: string): Promise<string> => {
    const folder = await copyGoldens('clip')
    await writeFile(join(folder, 'golden.json'), head)
    return folder
  }

  it('is named', async () => {
    expect(await notOfANetwork(await folderWith('{"config":{"num_labels":9,"loss":[3.9]}}'))).toMatch(/training/)
  })

  it('is not what a network has, knows nothing of, or has damaged', async () => {
    for (const name of ['clip', 'byt5', 'paella_v3_sampler', 'nowhere'])
      expect(await notOfANetwork(goldenFolder(name))).toBeUndefined()
    for (const head of ['{', '[]', '{"config":{"num_blocks":3}}'])
      expect(await notOfANetwork(await folderWith(head))).toBeUndefined()
  })
})

describe('what cannot be checked is refused', () => {
  it('weights that are missing, extra or misshapen, each by name', async () => {
    const folder = await copyGoldens('paella_v1')
    await editTensors(join(folder, 'weights.safetensors'), (weights) => {
      const bias = weights.get('clf.bias')
      weights.delete('clf.bias')
      if (bias) weights.set('clf.biases', bias).set('up_blocks.0.0.gamma', bias)
    })
    const error = await checkGolden(folder).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'checkpoint-mismatch' })
    for (const line of [
      /^missing: clf\.bias /m,
      /^extra: clf\.biases$/m,
      /^misshapen: up_blocks\.0\.0\.gamma is \[96\]/m,
    ])
      expect(error).toHaveProperty('detail', expect.stringMatching(line))
  })

  it('weights of another network', async () => {
    const folder = await copyGoldens('clip', 'vqmodel_f4')
    await writeFile(
      join(folder, 'golden.json'),
      '{"config":{"text":{"heads":2}},"weights":"../vqmodel_f4/weights.safetensors"}',
    )
    await expect(checkGolden(folder)).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringMatching(/no checkpoint of CLIP: it has no token_embedding\.weight/),
    })
  })

  it.each<[string, string, RegExp, (folder: string) => Promise<void>]>([
    ['no golden.json', 'file-not-found', /no .*golden\.json/, (folder) => rm(join(folder, 'golden.json'))],
    ['no weights', 'file-not-found', /weights\.safetensors/, (folder) => rm(join(folder, 'weights.safetensors'))],
    [
      'cut inputs',
      'golden-broken',
      /io\.safetensors is damaged/,
      (folder) => truncate(join(folder, 'io.safetensors'), 99),
    ],
    ['no JSON', 'golden-broken', /golden\.json is not JSON/, (folder) => writeFile(join(folder, 'golden.json'), '{')],
    [
      'an unknown network',
      'golden-broken',
      /no network that is checked here/,
      (folder) => writeFile(join(folder, 'golden.json'), '{"config":{"num_blocks":3}}'),
    ],
    [
      'an input too few',
      'golden-broken',
      /io\.safetensors has no image of 4 axes/,
      (folder) => editTensors(join(folder, 'io.safetensors'), (io) => void io.delete('image')),
    ],
    [
      'floats for tokens',
      'golden-broken',
      /indices should hold integers/,
      (folder) =>
        editTensors(join(folder, 'io.safetensors'), (io) => {
          io.set('indices', { dtype: 'float32', shape: [1, 1, 1], data: new Uint8Array(4) })
        }),
    ],
  ])('%s', async (_, code, message, damage) => {
    const folder = await copyGoldens('vqmodel_f4')
    await damage(folder)
    await expect(checkGolden(folder)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe('files that PyTorch saved', () => {
  it('are read exactly, one line a file', async () => {
    const { name, passed, lines, largestError } = await checkGolden(goldenFolder('pt_variety'))
    expect({ name, passed, largestError }).toEqual({ name: 'pt_variety', passed: true, largestError: 0 })
    expect(lines).toHaveLength(10)
    expect(lines).toContain('noncontig_channels_last equal')
  })

  it('are told by name where they differ', async () => {
    const folder = await copyGoldens('pt_variety')
    const path = join(folder, 'expected.safetensors')
    const bytes = await readFile(path)
    // The last of all is a byte of ints/u8.
    bytes[bytes.length - 1] = 255 - (bytes.at(-1) ?? 0)
    await writeFile(path, bytes)
    expect(await checkGolden(folder)).toMatchObject({
      passed: false,
      lines: expect.arrayContaining(['ints differs in u8', 'plain equal']) as string[],
    })
  })
})
