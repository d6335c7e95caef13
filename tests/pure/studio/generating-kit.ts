/** What the tests of generating share: a model, pictures, and an engine behind the queue that tells what a test wants told. */
import { addRasterLayer, type DocumentStore } from '../../../src/document/index.ts'
import type { Drawing } from '../../../src/renderer/src/studio/canvas-host.ts'
import { Generating } from '../../../src/renderer/src/studio/generating.ts'
import { firstGeneration } from '../../../src/renderer/src/studio/generation.ts'
import type { GenerationSettings } from '../../../src/renderer/src/studio/studio-state.ts'
import type { GeneratedPicture, ModelInfo } from '../../../src/shared/contract/engine-api.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { FollowEvent } from '../../../src/shared/contract/queue-api.ts'
import type { GenerateRequest } from '../../../src/shared/contract/request.ts'
import { type PackedGrid, packTokens } from '../../../src/shared/contract/token-grid.ts'
import type { Rect, Size } from '../../../src/shared/geometry/rect.ts'
import { fakeParts, nothingChanged, settled, surfaceOf } from './fakes.ts'

export const sampling = {
  steps: 8,
  guidance: 3,
  temperature: [1, 0.4] as [number, number],
  typicalMass: null,
  typicalMinTokens: 1,
  renoise: 'start' as const,
  renoiseSteps: null,
  draw: 'inverse-cdf' as const,
}

export const model: ModelInfo = {
  id: 'mini',
  name: 'Mini',
  sha256: '',
  parameters: 1,
  pixelsPerToken: 4,
  sizeMultiple: 32,
  defaults: { size: { width: 128, height: 128 }, sampling },
}

/** Another one, imported say. */
export const large: ModelInfo = {
  ...model,
  id: 'large',
  name: 'Large',
  sha256: 'other weights',
  pixelsPerToken: 8,
  sizeMultiple: 64,
  defaults: { size: { width: 256, height: 256 }, sampling: { ...sampling, steps: 12, guidance: 5, typicalMass: 0.2 } },
}

export const settings: GenerationSettings = {
  ...firstGeneration.settings,
  prompt: ' a fox ',
  seed: 5,
  seedLocked: true,
  steps: 8,
  guidance: 3,
  temperature: [1, 0.4],
}

export const plain = (width: number, height: number, channels: 1 | 3 | 4, value = 7): Pixels => ({
  width,
  height,
  channels,
  data: new Uint8Array(width * height * channels).fill(value),
})

/** Px that differ from each other. */
export const varied = (width: number, height: number, channels: 1 | 3 | 4, seed = 1): Pixels => ({
  width,
  height,
  channels,
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37 + seed * 101 + (i >> 7)) % 251),
})

export const gridOf = (width: number, height: number, token = 3): PackedGrid =>
  packTokens({ width, height, tokens: new Int32Array(width * height).fill(token) })

/** @param area px of the picture that its tokens cover; all of them unless told */
export function generated(
  index: number,
  pixels: Pixels,
  more: {
    readonly area?: Rect
    readonly grid?: Size
    readonly use?: object
    readonly probability?: number
    readonly sha256?: string
  } = {},
): GeneratedPicture {
  const area = more.area ?? { x: 0, y: 0, width: pixels.width, height: pixels.height }
  const { width, height } = more.grid ?? { width: Math.ceil(area.width / 4), height: Math.ceil(area.height / 4) }
  const cells = width * height
  const request = { seed: 5 + index, sampling: { steps: 8 }, use: more.use ?? { use: 'text', prompt: 'a fox' } }
  const modelSha256 = more.sha256 ?? model.sha256
  return {
    index,
    seed: 5 + index,
    pixels,
    grid: { width, height, tokens: new Int32Array(cells).fill(index + 1) },
    area,
    confidence: {
      probability: new Float32Array(cells).fill(more.probability ?? 1),
      entropy: new Float32Array(cells),
    },
    unchanged: null,
    steps: { taken: 8, of: 8 },
    recipe: { format: 'paella-studio-recipe/1', request, modelSha256, tokens: gridOf(1, 1) } as never,
    png: undefined,
  }
}

/** A picture as a follower hears of it. */
export const told = (picture: GeneratedPicture): FollowEvent[] => [
  { type: 'kept', index: picture.index, pictureId: `gallery-${picture.index}` },
  { type: 'picture', picture },
]

export const step = (step: number, preview: Pixels | null = null, picture = 0): FollowEvent => ({
  type: 'step',
  picture,
  pictures: 1,
  step,
  steps: 8,
  milliseconds: 100,
  ...(preview === null ? {} : { preview }),
  state: { tokens: gridOf(2, 2, step), fed: gridOf(2, 2, 100 + step) },
})

export interface Enqueued {
  readonly request: GenerateRequest
  readonly where: string
  readonly title: string
}

/** The parts of generating over a document of 512 x 512 px, connected to an engine that has `model`. */
export async function setUpGenerating(
  make: (store: DocumentStore) => void = (store) => addRasterLayer(store, { name: 'Photo' }),
) {
  const fakes = fakeParts(make)
  const drawings: (Drawing | null)[] = []
  const enqueued: Enqueued[] = []
  /** Jobs by their order: what their followers hear, and what happens in the end. */
  const jobs: { readonly events: readonly FollowEvent[]; readonly end?: () => unknown }[] = []
  const generating = new Generating(
    fakes.parts,
    (drawing) => drawings.push(drawing),
    (id) => choose(id),
  )
  /** As the window does it. */
  const choose = (id: string): void => {
    const { holder } = fakes.parts
    holder.set({ preferences: { ...holder.state.preferences, model: id } })
    generating.generation.modelChanged()
  }
  fakes.api.describe = () => ({ version: '1', devices: ['cpu'], device: 'cpu', models: [model, large], broken: [] })
  fakes.api.enqueue = (job: Enqueued) => {
    enqueued.push(job)
    return { id: `job-${enqueued.length}` }
  }
  fakes.api.follow = async (
    { id }: { readonly id: string },
    { onEvent }: { readonly onEvent: (event: FollowEvent) => void },
  ) => {
    const job = jobs[Number(id.slice(4)) - 1]
    for (const event of job?.events ?? []) onEvent(event)
    await job?.end?.()
  }
  fakes.pixels.hasContent = () => false
  fakes.pixels.shows = () => false
  fakes.pixels.bounds = () => null
  fakes.pixels.read = ({ what, rect }: { what: string; rect: Rect }) =>
    plain(rect.width, rect.height, what === 'picture' || what === 'surface' ? 4 : 1)
  let surfaces = 0
  const operations: { readonly do: string }[] = []
  fakes.pixels.operate = (operation: { do: string }) => {
    operations.push(operation)
    surfaces += 1
    if (operation.do === 'place') return { ...nothingChanged, surface: surfaceOf(`drawn ${surfaces}`) }
    if (operation.do === 'place-mask') return { ...nothingChanged, surface: surfaceOf(`mask ${surfaces}`, 1) }
    return fakes.results[operation.do as never] ?? nothingChanged
  }
  await generating.generation.connect()
  const { generation, staging, work } = generating
  const run = (where?: 'next' | 'queue') => generation.run(fakes.document, where)
  const refreshed = async () => {
    generating.refresh()
    await settled()
    await settled()
  }
  return {
    ...fakes,
    drawings,
    enqueued,
    jobs,
    operations,
    choose,
    generating,
    generation,
    staging,
    work,
    run,
    refreshed,
    state: () => fakes.parts.holder.state,
  }
}
