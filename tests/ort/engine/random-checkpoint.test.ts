/**
 * Checkpoints of random numbers: complete, loadable, in the precision asked for. With one of them, what must hold for any
 * weights of v1's denoiser.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bindWeights } from '../../../src/engine/checkpoint/bind.ts'
import { writeRandomCheckpoint } from '../../../src/engine/import/random-checkpoint.ts'
import { readSafetensors } from '../../../src/engine/checkpoint/safetensors.ts'
import type { StoredWeight } from '../../../src/engine/checkpoint/stored-tensor.ts'
import {
  classifier,
  conditioner,
  conditionShapes,
  denoiser,
  type DenoiseUNetConfig,
  denoiseUNetConfig,
  type Extent,
} from '../../../src/engine/models/denoise-unet.ts'
import { Graph } from '../../../src/engine/onnx/graph.ts'
import { guide } from '../../../src/engine/sampler/choose.ts'
import { type StepVariant, stepGraph } from '../../../src/engine/sampler/step-graph.ts'
import { symbol } from '../../../src/engine/tensor/shape.ts'
import { floats, type Tensor } from '../../../src/engine/tensor/tensor.ts'
import { uniforms } from '../../../src/shared/base/philox.ts'
import { entries, integers, numbers, runGraph, scalar } from '../../kit/graph.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const folder = await temporaryFolder()
const cfg: DenoiseUNetConfig = {
  labels: 60,
  widths: [16, 32, 64],
  downBlocks: [1, 2, 1],
  upBlocks: [2, 1, 1],
  cClip: 12,
  cR: 8,
}
const plain: StepVariant = { extent: 'global', typical: 'nothing', draw: 'inverse-cdf' }

function conditionerGraph(extent: Extent): Graph {
  const graph = new Graph()
  conditioner(graph, cfg, extent)
  return graph
}
const allGraphs = () => [conditionerGraph('global'), stepGraph(cfg, plain, {})]

/** Greatest difference as a share of the greatest value. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length)
  const worst = a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? 0))), 0)
  return worst / b.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
}

describe('a random checkpoint', () => {
  test.each(['float32', 'int8'] as const)(
    'in %s has every weight of its graphs and nothing else',
    async (precision) => {
      const path = join(folder, `${precision}.safetensors`)
      writeRandomCheckpoint('paella-v1', allGraphs(), path, precision)
      const source = await readSafetensors(path)
      expect(bindWeights('random', allGraphs(), source).size).toBeGreaterThan(50)
      expect(denoiseUNetConfig(source, cfg.cClip)).toEqual(cfg)
      const types = new Set([...source.values()].map(({ dtype }) => dtype))
      expect(types).toEqual(new Set(precision === 'int8' ? ['float32', 'int8'] : ['float32']))
      expect(source.get('down_blocks.1.1.channelwise.0.weight')?.dtype).toBe(precision)
      expect(source.get('down_blocks.1.1.channelwise.0.bias')?.dtype).toBe('float32')
    },
  )

  test('lays matrices to multiply by with their axes reversed in 8 bits, as the importer does, and tables by rows', async () => {
    const path = join(folder, 'reversed.safetensors')
    writeRandomCheckpoint('paella-v1', allGraphs(), path, 'int8')
    const source = await readSafetensors(path)
    expect(source.get('up_blocks.0.0.channelwise.2.weight')).toMatchObject({ shape: [64, 256], reversed: true })
    expect(source.get('clf.weight')).toMatchObject({ dtype: 'float32', shape: [60, 16, 1, 1] })
    expect(source.get('embedding.weight')?.reversed).toBeUndefined()
    expect(source.get('down_blocks.1.0.weight')?.reversed).toBeUndefined()
  })

  test('has its floats at multiples of four bytes, however odd its 8-bit matrices', async () => {
    const graph = new Graph()
    for (const [key, shape] of Object.entries({ first: [65, 65], second: [67, 65], bias: [3] }))
      graph.weight(key, shape)
    const path = join(folder, 'odd.safetensors')
    writeRandomCheckpoint('paella-v1', [graph], path, 'int8')
    const source = await readSafetensors(path)
    expect(bindWeights('odd', [graph], source).get('second')?.tensor.dtype).toBe('int8')
    for (const { dtype, place } of source.values())
      if (dtype === 'float32') expect('offset' in place && place.offset % 4).toBe(0)
  })

  test('is the same bytes each time, and is complete when it appears, also after a run that was stopped', async () => {
    const paths = ['a.safetensors', 'b.safetensors'].map((name) => join(folder, name))
    const files = []
    await writeFile(`${paths[1]}.partial`, 'half of it')
    for (const path of paths) {
      writeRandomCheckpoint('paella-v1', allGraphs(), path, 'int8')
      files.push(await readFile(path))
    }
    expect(files[0]?.equals(files[1] ?? Buffer.alloc(0))).toBe(true)
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
  })
})

describe('with it', () => {
  let weights: ReadonlyMap<string, StoredWeight>
  beforeAll(async () => {
    const path = join(folder, 'shared.safetensors')
    writeRandomCheckpoint('paella-v1', allGraphs(), path, 'int8')
    weights = bindWeights(basename(path), allGraphs(), await readSafetensors(path))
  })

  const [high, wide] = [8, 12]
  const vector = uniforms(5, { purpose: 0, step: 0 }, cfg.cClip).map((u) => 4 * u - 2)
  const tokens = integers(
    uniforms(5, { purpose: 1, step: 0 }, high * wide).map((u) => Math.floor(u * cfg.labels)),
    [1, high, wide],
  )

  /** [1, c_clip] for all, or [1, c_clip, h, w] by cell. */
  const mapped = (extent: Extent, at?: (x: number) => Float32Array) => {
    const cells = high * wide
    const c =
      extent === 'global'
        ? numbers(vector, [1, cfg.cClip])
        : numbers(
            Float32Array.from({ length: cfg.cClip * cells }, (_, i) => {
              const own = at?.(i % wide) ?? vector
              return own[Math.floor(i / cells)] ?? 0
            }),
            [1, cfg.cClip, high, wide],
          )
    return runGraph(conditionerGraph(extent), { c }, weights, folder)
  }

  const logits = async (extent: Extent, conditions: Readonly<Record<string, Tensor>>): Promise<Float32Array> => {
    const graph = new Graph()
    const input = graph.input('tokens', 'int32', [symbol('n'), symbol('h', 4), symbol('w', 4)])
    const r = graph.input('r', 'float32', [symbol('n')])
    const shares = conditionShapes(cfg, extent).map((shape, i) => graph.input(`condition.${i}`, 'float32', shape))
    graph.output('logits', classifier(denoiser(graph, cfg, input, r, shares), cfg))
    const { logits } = await runGraph(graph, { tokens, r: numbers([0.3], [1]), ...conditions }, weights, folder)
    return floats(logits)
  }

  test('one condition for the picture is the same condition in every cell', async () => {
    const [global, spatial] = [await mapped('global'), await mapped('spatial')]
    for (const [name, { shape, data }] of Object.entries(global)) {
      const channels = shape.at(-1) ?? 0
      const everywhere = floats(spatial[name]).map((_, i) => Number(data[i % channels]))
      expect(difference(floats(spatial[name]), everywhere)).toBeLessThan(1e-5)
    }
    const [a, b] = [await logits('spatial', spatial), await logits('global', global)]
    expect(b.some((x) => Math.abs(x) > 0.01)).toBe(true)
    expect(difference(a, b)).toBeLessThan(1e-4)
  })

  test('a condition in half of the cells matters', async () => {
    const left = await mapped('spatial', (x) => (x < wide / 2 ? vector : new Float32Array(cfg.cClip)))
    expect(difference(await logits('spatial', left), await logits('global', await mapped('global')))).toBeGreaterThan(
      0.01,
    )
  })

  test('guidance of features is guidance of logits', async () => {
    const graph = new Graph()
    const features = graph.input('features', 'float32', [symbol('n'), 2, 3, 16])
    const scale = graph.input('scale', 'float32', [])
    graph.output('before', classifier(guide(features, scale), cfg))
    graph.output('after', guide(classifier(features, cfg), scale))
    const values = uniforms(6, { purpose: 0, step: 0 }, 2 * 2 * 3 * 16)
    const feeds = { features: numbers(values, [2, 2, 3, 16]), scale: scalar(5) }
    const { before, after } = await runGraph(graph, feeds, weights, folder)
    expect(difference(floats(before), floats(after))).toBeLessThan(1e-5)
  })

  test.each([
    ['plain', plain],
    ['with a spatial condition and the filter', { extent: 'spatial', typical: 'mass', draw: 'inverse-cdf' }],
    ['with at least so many codes', { extent: 'global', typical: 'mass and count', draw: 'inverse-cdf' }],
    ['with the Gumbel draw', { extent: 'global', typical: 'nothing', draw: 'gumbel-max' }],
  ] as [string, StepVariant][])('a step, %s, gives a token with its probability for every cell', async (_, variant) => {
    const cells = high * wide
    const size = variant.draw === 'gumbel-max' ? cells * cfg.labels : cells
    const noise = numbers(
      uniforms(7, { purpose: 0, step: 0 }, size),
      variant.draw === 'gumbel-max' ? [1, high, wide, cfg.labels] : [1, high, wide],
    )
    const result = await runGraph(
      stepGraph(cfg, variant, {}),
      {
        ...(await mapped(variant.extent)),
        ...(variant.typical !== 'nothing' && { mass: scalar(0.4) }),
        ...(variant.typical === 'mass and count' && { minTokens: scalar(2) }),
        tokens,
        time: numbers([0.5], [1]),
        guidance: scalar(1),
        temperature: scalar(0.8),
        noise,
      },
      weights,
      folder,
    )
    const [chosen, probability, entropy] = ['chosen', 'probability', 'entropy'].map((name) => {
      const tensor = result[name]
      return tensor ? entries(tensor) : []
    })
    expect([chosen?.length, probability?.length, entropy?.length]).toEqual([cells, cells, cells])
    expect(chosen?.every((token) => Number.isInteger(token) && token >= 0 && token < cfg.labels)).toBe(true)
    expect(new Set(chosen).size).toBeGreaterThan(5)
    expect(probability?.every((p) => p > 0 && p <= 1)).toBe(true)
    expect(entropy?.every((nats) => nats >= 0 && nats <= Math.log(cfg.labels) + 1e-5)).toBe(true)
  })
})
