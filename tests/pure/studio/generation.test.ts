/** The model at work: what a run would do, the request it makes, what becomes of the pictures, and an engine that dies. */
import { describe, expect, test } from 'vitest'
import { addRasterLayer, setFrame, setSelection } from '../../../src/document/index.ts'
import { Generation } from '../../../src/renderer/src/studio/generation.ts'
import { firstFrame, planRun, touched, useOf, verbOf } from '../../../src/renderer/src/studio/generation-plan.ts'
import type { Drawing } from '../../../src/renderer/src/studio/canvas-host.ts'
import type { GenerateCall, JobEvent, JobHooks, ModelInfo } from '../../../src/shared/contract/engine-api.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { fakeParts, namesOf, nothingChanged, settled, surfaceOf } from './fakes.ts'

const sampling = {
  steps: 8,
  guidance: 3,
  temperature: [1, 0.4] as [number, number],
  typicalMass: null,
  typicalMinTokens: 1,
  renoise: 'start' as const,
  renoiseSteps: null,
  draw: 'inverse-cdf' as const,
}
const model: ModelInfo = {
  id: 'mini',
  name: 'Mini',
  sha256: '',
  parameters: 1,
  pixelsPerToken: 4,
  sizeMultiple: 32,
  defaults: { size: { width: 128, height: 128 }, sampling },
}
const canvas = { width: 1000, height: 800 }
const pixels = (width: number, height: number, channels: 1 | 3 | 4): Pixels => ({
  width,
  height,
  channels,
  data: new Uint8Array(width * height * channels).fill(7),
})

describe('what a run would do', () => {
  test.each([
    ['generate', { x: 0, y: 0, width: 256, height: 256 }, false],
    ['fill', { x: 0, y: 0, width: 256, height: 256 }, true],
    ['extend', { x: -64, y: 0, width: 256, height: 256 }, false],
    ['extend', { x: 900, y: 700, width: 256, height: 256 }, false],
    ['generate', { x: 2000, y: 0, width: 256, height: 256 }, false],
  ] as const)('is %s for the frame %j', (verb, frame, hasSelection) => {
    expect(verbOf(canvas, frame, hasSelection)).toBe(verb)
  })

  test('draws large frames at twice the size of the model, in its multiples', () => {
    expect(planRun(canvas, { x: 0, y: 0, width: 960, height: 480 }, null, model)).toMatchObject({
      verb: 'generate',
      size: { width: 256, height: 128 },
    })
    expect(planRun(canvas, { x: 0, y: 0, width: 96, height: 64 }, null, model)).toMatchObject({
      size: { width: 96, height: 64 },
    })
  })

  test('sends of a large picture only what lies around the selection', () => {
    const plan = planRun(
      { width: 8000, height: 8000 },
      { x: 0, y: 0, width: 64, height: 64 },
      { x: 3000, y: 20, width: 400, height: 100 },
      model,
    )
    expect(plan).toEqual({ verb: 'fill', crop: { x: 2800, y: 0, width: 800, height: 320 } })
  })

  test('grows the canvas by what of the frame lies beyond it', () => {
    const frame = { x: -64, y: 700, width: 256, height: 256 }
    const plan = planRun(canvas, frame, null, model)
    expect(plan).toEqual({
      verb: 'extend',
      frame,
      inside: { x: 0, y: 700, width: 192, height: 100 },
      canvas: { x: -64, y: 0, width: 1064, height: 956 },
    })
    expect(useOf(plan, 'sea', pixels(192, 100, 4))).toMatchObject({
      use: 'outpaint',
      left: 64,
      top: 0,
      right: 0,
      bottom: 156,
      feather: 0,
    })
  })

  test('begins with a frame inside of the canvas, on the grid', () => {
    for (const size of [
      { width: 1000, height: 800 },
      { width: 100, height: 3000 },
      { width: 20, height: 20 },
    ]) {
      const { x, y, width, height } = firstFrame(size, model)
      expect([x % 4, y % 4, width % 32, height % 32]).toEqual([0, 0, 0, 0])
      if (size.width >= 32) expect(x + width).toBeLessThanOrEqual(size.width)
    }
  })

  test('touches every px of the mask above 0 and no other', () => {
    expect([...touched({ width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 1, 128, 255) }).data]).toEqual([
      0, 255, 255, 255,
    ])
  })
})

function setUp() {
  const fakes = fakeParts((store) => addRasterLayer(store, { name: 'Photo' }))
  const drawings: (Drawing | null)[] = []
  const generation = new Generation(fakes.parts, (drawing) => drawings.push(drawing))
  fakes.api.describe = () => ({ version: '1', devices: ['cpu'], device: 'cpu', models: [model], broken: [] })
  fakes.results.place = { ...nothingChanged, surface: surfaceOf('drawn') }
  return { ...fakes, generation, drawings }
}

const event = (index: number): JobEvent => ({
  type: 'picture',
  picture: { index, seed: 5 + index, pixels: pixels(8, 8, 3), recipe: { seed: 5 + index } } as never,
})

describe('a run', () => {
  test('is blocked, in words, until the engine answers and there is a prompt', async () => {
    const { generation, parts } = setUp()
    generation.refresh()
    expect(parts.holder.state.generation.blocked).toMatch(/engine/)
    await generation.connect()
    expect(parts.holder.state.generation).toMatchObject({
      blocked: expect.stringMatching(/^Say/),
      settings: { steps: 8, guidance: 3 },
    })
    generation.set({ prompt: 'a fox' })
    expect(parts.holder.state.generation.blocked).toBeNull()
  })

  test('puts each picture on a layer of its own, named after the prompt, with its recipe, as one step each', async () => {
    const { generation, api, document, parts, drawings } = setUp()
    await generation.connect()
    generation.set({ prompt: ' a fox ', seed: 5, seedLocked: true, count: 2, negative: 'text' })
    setFrame(document.store, { x: 0, y: 0, width: 256, height: 256 })
    let request: unknown
    api.generate = (call: GenerateCall, { onEvent }: JobHooks) => {
      request = call.request
      onEvent?.({
        type: 'step',
        picture: 0,
        pictures: 2,
        step: 1,
        steps: 8,
        milliseconds: 100,
        preview: pixels(8, 8, 3),
      })
      onEvent?.(event(0))
      onEvent?.(event(1))
    }
    await generation.run(document)
    expect(request).toEqual({
      version: 1,
      model: 'mini',
      use: { use: 'text', prompt: 'a fox' },
      negative: 'text',
      size: { width: 256, height: 256 },
      seed: 5,
      count: 2,
      sampling: { steps: 8, guidance: 3 },
    })
    expect(namesOf(document.store.records.values())).toEqual(['Photo', 'a fox', 'a fox'])
    expect(document.history.labels().slice(1)).toEqual(['Generate', 'Generate'])
    expect(document.active).toMatchObject({ recipe: '{"seed":6}' })
    expect(drawings).toMatchObject([{ rect: { width: 256 } }, null])
    expect(parts.holder.state.generation.running).toBeNull()
  })

  test('takes another seed each time unless it is locked', async () => {
    const { generation, api, document, parts } = setUp()
    await generation.connect()
    generation.set({ prompt: 'a fox', seed: 5, seedLocked: false })
    const seeds: unknown[] = []
    api.generate = (call: GenerateCall) => void seeds.push(call.request.seed)
    await generation.run(document)
    await generation.run(document)
    expect(new Set([...seeds, 5]).size).toBe(3)
    expect(parts.holder.state.generation.settings.seed).toBe(seeds[1])
  })

  test('fills what is selected, and lays nothing beside it', async () => {
    const { generation, api, pixels: worker, calls, document } = setUp()
    await generation.connect()
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    generation.refresh()
    worker.bounds = () => ({ x: 200, y: 200, width: 10, height: 10 })
    worker.read = ({ what, rect }: { what: string; rect: { width: number; height: number } }) =>
      pixels(rect.width, rect.height, what === 'selection' ? 1 : 4)
    let use: unknown
    api.generate = (call: GenerateCall, { onEvent }: JobHooks) => {
      use = call.request.use
      onEvent?.(event(0))
    }
    await generation.run(document)
    expect(use).toMatchObject({
      use: 'inpaint',
      prompt: '',
      mask: { kind: 'pixels', pixels: { width: 266, channels: 1 } },
    })
    const place = calls.find(({ argument }) => (argument as { do?: string } | undefined)?.do === 'place')
    expect(place?.argument).toMatchObject({ at: { x: 72, y: 72 }, size: { width: 266 }, mask: { channels: 1 } })
  })

  test('that loses its engine says so, keeps what is finished, and asks for a new engine', async () => {
    const { generation, api, document, parts, calls } = setUp()
    await generation.connect()
    generation.set({ prompt: 'a fox' })
    api.generate = (_: GenerateCall, { onEvent }: JobHooks) => {
      onEvent?.(event(0))
      throw new StudioError('engine-lost', 'The engine process was killed.')
    }
    await generation.run(document)
    await settled()
    expect(namesOf(document.store.records.values())).toEqual(['Photo', 'a fox'])
    expect(parts.holder.state.notices).toMatchObject([
      { kind: 'error', code: 'engine-lost', text: expect.stringContaining('untouched') },
    ])
    expect(calls.filter(({ method }) => method === 'describe')).toHaveLength(2)
    expect(parts.holder.state.generation.blocked).toBeNull()
  })

  test('that is cancelled says nothing', async () => {
    const { generation, api, document, parts } = setUp()
    await generation.connect()
    generation.set({ prompt: 'a fox' })
    api.generate = (_: GenerateCall, { signal }: JobHooks) =>
      new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(new StudioError('cancelled', 'Cancelled.'))),
      )
    const running = generation.run(document)
    await settled()
    expect(parts.holder.state.generation.running).not.toBeNull()
    generation.cancel()
    await running
    expect(parts.holder.state.notices).toEqual([])
    expect(document.isDirty).toBe(false)
  })

  test('whose picture cannot be laid down leaves no half of it', async () => {
    const { generation, api, pixels: worker, document, parts } = setUp()
    await generation.connect()
    generation.set({ prompt: 'a fox' })
    setFrame(document.store, { x: -64, y: 0, width: 128, height: 128 })
    generation.refresh()
    worker.read = () => pixels(64, 128, 4)
    worker.operate = ({ do: name }: { do: string }) => {
      if (name === 'place') throw new StudioError('document-broken', 'A tile is missing.')
      return { changes: [], picture: { canvas: { width: 576, height: 512 } }, surface: null }
    }
    const before = document.store.records
    api.generate = (_: GenerateCall, { onEvent }: JobHooks) => onEvent?.(event(0))
    await generation.run(document)
    expect([...document.store.records]).toEqual([...before])
    expect(parts.holder.state.notices).toMatchObject([{ code: 'document-broken' }])
  })
})
