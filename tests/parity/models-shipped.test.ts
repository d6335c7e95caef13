/** The weights that ship: they fit their networks, and pictures and prompts go through them sensibly. */
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { bindWeights } from '../../src/engine/checkpoint/bind.ts'
import { readSafetensors } from '../../src/engine/checkpoint/safetensors.ts'
import { clipConfig, clipUnused, imageTower, textTower } from '../../src/engine/models/clip.ts'
import { ClipTokenizer } from '../../src/engine/models/clip-tokenizer.ts'
import { decoder, encoder, vqModelConfig, vqModelUnused, vqPixelsPerToken } from '../../src/engine/models/vq-model.ts'
import { Graph, type GraphOptions } from '../../src/engine/onnx/graph.ts'
import { createRunner, type Runner } from '../../src/engine/runtime/session.ts'
import { float32, floats, int32, ints } from '../../src/engine/tensor/tensor.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const open: Runner[] = []
afterAll(async () => {
  for (const runner of open) await runner.close()
})

async function load(file: string, graphs: readonly Graph[], unused: readonly string[]): Promise<Runner[]> {
  const path = `${root}/models/paella-mini/${file}`
  const weights = bindWeights(file, graphs, await readSafetensors(path), unused)
  const runners: Runner[] = []
  for (const graph of graphs) runners.push(await createRunner(graph, { device: 'cpu', folder: dirname(path), weights }))
  open.push(...runners)
  return runners
}

/** A soft two-coloured picture [1, 3, height, width]. */
function picture(height: number, width: number) {
  const plane = height * width
  const pixels = Float32Array.from({ length: 3 * plane }, (_, i) => {
    const [y, x] = [Math.floor((i % plane) / width) / height, (i % width) / width]
    return [0.2 + 0.6 * x, 0.8 - 0.5 * y, 0.4 + 0.3 * x * y][Math.floor(i / plane)] ?? 0
  })
  return float32(pixels, [1, 3, height, width])
}

describe('vq.safetensors', async () => {
  const cfg = vqModelConfig(await readSafetensors(`${root}/models/paella-mini/vq.safetensors`))
  const graphs = [new Graph(), new Graph()] as const
  encoder(graphs[0], cfg)
  decoder(graphs[1], cfg)
  const [encode, decode] = await load('vq.safetensors', graphs, vqModelUnused)

  it('has the sizes that its card tells', () => {
    expect(cfg).toEqual({ codes: 1024, latent: 4, widths: [96, 192], bottleneckBlocks: 4 })
    expect(vqPixelsPerToken(cfg)).toBe(4)
  })

  it('gives a picture back from one token for every 4 x 4 px', async () => {
    const image = picture(32, 48)
    const { tokens } = (await encode?.run({ image })) ?? {}
    expect(tokens?.shape).toEqual([1, 8, 12])
    expect(ints(tokens).every((token) => token >= 0 && token < cfg.codes)).toBe(true)
    const back = tokens && (await decode?.run({ tokens }))?.image
    expect(back?.shape).toEqual(image.shape)
    const squares = floats(back).map((value, i) => (value - (floats(image)[i] ?? 0)) ** 2)
    expect(Math.sqrt(squares.reduce((a, b) => a + b) / squares.length)).toBeLessThan(0.06)
  })
})

describe('clip.safetensors', async () => {
  const source = await readSafetensors(`${root}/models/paella-mini/clip.safetensors`)
  const cfg = clipConfig(source)
  const towers = (options: GraphOptions) => {
    const graphs = [new Graph(options), new Graph(options)] as const
    textTower(graphs[0], cfg)
    imageTower(graphs[1], cfg)
    return load('clip.safetensors', graphs, clipUnused)
  }
  const [text, vision] = await towers({})
  const tokenizer = new ClipTokenizer(readFileSync(`${root}/resources/clip-merges.txt`, 'utf8'), cfg.text.vocabulary)

  const tokensOf = (prompts: readonly string[]) => {
    const encoded = prompts.map((prompt) => tokenizer.encode(prompt, cfg.text.contextLength))
    return {
      tokens: int32(Int32Array.from(encoded.flatMap(({ tokens }) => [...tokens])), [
        prompts.length,
        cfg.text.contextLength,
      ]),
      end: int32(Int32Array.from(encoded.map(({ endIndex }) => endIndex)), [prompts.length]),
    }
  }
  const features = async (tower: Runner | undefined, prompts: readonly string[]) =>
    floats((await tower?.run(tokensOf(prompts)))?.features)
  const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((x, i) => x - (b[i] ?? 0)))

  it('has the sizes that its card tells', () => {
    expect(cfg).toMatchObject({
      embedDim: 256,
      text: { width: 256, heads: 4, layers: 4, hidden: 1024, contextLength: 32, vocabulary: 49_408 },
      vision: { width: 256, heads: 4, layers: 6, hidden: 1024, imageSize: 128, patchSize: 16 },
    })
  })

  it('tells prompts apart, in a batch as alone', async () => {
    const both = await features(text, ['a red apple', 'the ocean at night'])
    expect(both.every(Number.isFinite)).toBe(true)
    const [apple, ocean] = [both.subarray(0, cfg.embedDim), both.subarray(cfg.embedDim)]
    expect(distance(apple, ocean)).toBeGreaterThan(0.1 * Math.hypot(...apple))
    expect(distance(apple, await features(text, ['a red apple']))).toBeLessThan(1e-4 * Math.hypot(...apple))
  })

  it('never looks behind the end mark', async () => {
    const feeds = tokensOf(['a red apple'])
    const before = floats((await text?.run(feeds))?.features)
    ints(feeds.tokens).fill(7, (ints(feeds.end)[0] ?? 0) + 1)
    expect(distance(floats((await text?.run(feeds))?.features), before)).toBe(0)
  })

  it('reads its 8-bit token table in place, to the same features', async () => {
    const [inPlace] = await towers({ keepInt8: (name) => name === 'token_embedding.weight' })
    const [a, b] = [await features(inPlace, ['a red apple']), await features(text, ['a red apple'])]
    expect(distance(a, b)).toBeLessThan(1e-5 * Math.hypot(...b))
  })

  it('multiplies in 8 bits to nearly the same features', async () => {
    const [rough] = await towers({ keepInt8: (name) => source.get(name)?.dtype === 'int8' })
    const [a, b] = [await features(rough, ['a red apple']), await features(text, ['a red apple'])]
    expect(distance(a, b)).toBeGreaterThan(0)
    expect(distance(a, b)).toBeLessThan(0.1 * Math.hypot(...b))
  })

  it('tells pictures apart', async () => {
    const seen = async (fill: (x: number) => number) => {
      const image = picture(128, 128)
      return floats((await vision?.run({ image: float32(floats(image).map(fill), image.shape) }))?.features)
    }
    const [a, b] = [await seen((x) => 2 * x - 1), await seen((x) => 1 - 2 * x)]
    expect(a.every(Number.isFinite)).toBe(true)
    expect(distance(a, b)).toBeGreaterThan(0.05 * Math.hypot(...a))
  })
})
