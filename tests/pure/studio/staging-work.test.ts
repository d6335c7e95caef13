/** What is done with the tokens of a staged picture: looking at steps, going on from one, the doubtful cells, mixing. */
import { describe, expect, test } from 'vitest'
import { setFrame, setSelection } from '../../../src/document/index.ts'
import { generateRequestSchema } from '../../../src/shared/contract/request.ts'
import { settled, surfaceOf } from './fakes.ts'
import { generated, gridOf, plain, setUpGenerating, step, told, varied } from './generating-kit.ts'

const frame = { x: 64, y: 64, width: 128, height: 128 }

/** A picture of 8 steps over the frame, and another. */
async function setUpDrawn() {
  const kit = await setUpGenerating()
  setFrame(kit.document.store, frame)
  kit.generation.set({ prompt: 'a fox', seed: 5, seedLocked: true, count: 2 })
  const steps = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => step(number))
  kit.jobs.push({
    events: [
      ...steps,
      ...told(generated(0, plain(128, 128, 3, 1), { probability: 0.9 })),
      ...told(generated(1, plain(128, 128, 3, 2))),
    ],
  })
  await kit.run()
  kit.generating.stage(1)
  kit.api.decodeTokens = ({ grid }: { grid: { codes: Uint8Array } }) => plain(128, 128, 3, 100 + (grid.codes[0] ?? 0))
  return kit
}

/** A fill whose picture begins 72 px beside that which is sent along. */
async function setUpFilled() {
  const kit = await setUpGenerating()
  kit.pixels.bounds = () => ({ x: 200, y: 200, width: 32, height: 32 })
  kit.pixels.read = ({ what, rect }: { what: string; rect: { width: number; height: number } }) =>
    what === 'picture' ? plain(rect.width, rect.height, 4, 255) : plain(rect.width, rect.height, 1, 255)
  setSelection(kit.document.store, 'Select', surfaceOf('selection', 1))
  kit.generation.set({ prompt: 'a fox', seed: 5, seedLocked: true })
  await kit.refreshed()
  const area = { x: 72, y: 72, width: 160, height: 160 }
  kit.jobs.push({
    events: [
      step(1),
      step(2),
      ...told(generated(0, plain(288, 288, 4, 255), { area, use: { use: 'inpaint', prompt: 'a fox' } })),
    ],
  })
  await kit.run()
  kit.api.decodeTokens = () => plain(160, 160, 3, 10)
  return { ...kit, area }
}

describe('the steps of a picture', () => {
  test('are looked at one by one; null is the result again', async () => {
    const { work, calls, drawings, state } = await setUpDrawn()
    expect(state().staging).toMatchObject({ steps: 8, step: null })
    await work.scrub(3)
    expect(calls.findLast(({ method }) => method === 'decodeTokens')?.argument).toEqual({
      model: 'mini',
      grid: gridOf(2, 2, 3),
    })
    expect(state().staging?.step).toBe(3)
    expect(drawings.at(-1)?.pixels.data[0]).toBe(103)
    await work.scrub(99)
    expect(state().staging?.step).toBe(8)
    await work.scrubBy(-2)
    expect(state().staging?.step).toBe(6)
    await work.scrub(null)
    expect([state().staging?.step, drawings.at(-1)?.pixels.data[0]]).toEqual([null, 1])
  })

  test('show the last that was asked for, whichever is decoded first', async () => {
    const { work, api, drawings } = await setUpDrawn()
    const answers: (() => void)[] = []
    api.decodeTokens = ({ grid }: { grid: { codes: Uint8Array } }) =>
      new Promise((resolve) => answers.push(() => resolve(plain(128, 128, 3, 100 + (grid.codes[0] ?? 0)))))
    const both = [work.scrub(2), work.scrub(5)]
    await settled()
    answers[1]?.()
    answers[0]?.()
    await Promise.all(both)
    expect(drawings.at(-1)?.pixels.data[0]).toBe(105)
  })

  test('of a fill are laid into its mask, and blend at its edge', async () => {
    const { work, staging, drawings } = await setUpFilled()
    await work.scrub(1)
    const drawn = drawings.at(-1)
    expect(drawn).toMatchObject({ rect: { x: 144, y: 144, width: 160, height: 160 }, mask: staging.shown?.mask })
    const at = (x: number, y: number) => drawn?.pixels.data[((y - 144) * 160 + x - 144) * 4]
    expect([at(199, 216), at(216, 216)]).toEqual([255, 10])
    expect(at(200, 216)).toBeGreaterThan(10)
    expect(at(200, 216)).toBeLessThan(255)
  })

  test('of a picture from the gallery are asked of it, counted from where its run went on', async () => {
    const { staging, work, api, state } = await setUpDrawn()
    const parent = staging.shown!
    const recipe = JSON.stringify({
      request: { seed: 1, sampling: { steps: 8 }, use: { use: 'text', prompt: 'a fox' }, resume: { step: 5 } },
    })
    staging.change({ results: [{ ...parent, recipe, trajectory: null }] })
    api.readTrajectory = ({ id }: { id: string }) =>
      id === 'gallery-0'
        ? { steps: [1, 2, 3].map((token) => ({ tokens: gridOf(2, 2, token), fed: gridOf(2, 2) })) }
        : null
    await work.loadTrajectory()
    expect(state().staging?.steps).toBe(3)
    expect(staging.shown?.trajectory?.map((state) => state.step)).toEqual([6, 7, 8])
  })

  test('that were not kept are none', async () => {
    const { staging, work, api, state } = await setUpDrawn()
    staging.change({ results: [{ ...staging.shown!, trajectory: null }] })
    api.readTrajectory = () => null
    await work.loadTrajectory()
    await work.scrub(2)
    expect(state().staging).toMatchObject({ steps: 0, step: null })
  })
})

describe('a picture of another model', () => {
  async function setUpOther(sha256: string) {
    const kit = await setUpDrawn()
    kit.generating.staging.discard()
    kit.jobs.push({
      events: [step(1), step(2), ...told(generated(0, plain(128, 128, 3, 2), { sha256, probability: 0.1 }))],
    })
    await kit.run()
    kit.generating.stage(1)
    return kit
  }

  test('is worked on with the weights that drew it, whichever is chosen', async () => {
    const { work, staging, calls, enqueued } = await setUpOther('other weights')
    await work.scrub(1)
    expect(calls.findLast(({ method }) => method === 'decodeTokens')?.argument).toMatchObject({ model: 'large' })
    await work.scrub(null)
    staging.setDoubt(0.5)
    await work.resampleDoubtful()
    expect(enqueued.at(-1)?.request.model).toBe('large')
  })

  test('whose weights are gone is looked at, and no more', async () => {
    const { work, staging, enqueued } = await setUpOther('weights of nobody')
    const before = enqueued.length
    staging.setDoubt(0.5)
    await expect(work.scrub(1)).rejects.toMatchObject({ code: 'model-missing' })
    await expect(work.resampleDoubtful()).rejects.toMatchObject({ code: 'model-missing' })
    expect(enqueued).toHaveLength(before)
  })
})

describe('going on from a step', () => {
  test('is the same use with the words, seed and numbers of now, and is staged beside', async () => {
    const { work, generation, jobs, enqueued, state } = await setUpDrawn()
    await work.scrub(3)
    generation.set({ prompt: 'a bear', seed: 77, steps: 20, negative: 'text', count: 4 })
    jobs.push({ events: told(generated(0, plain(128, 128, 3, 50))) })
    await work.continueFromStep()
    const { request } = enqueued[1]!
    expect(generateRequestSchema.safeParse(request).error).toBeUndefined()
    expect(request).toMatchObject({
      model: 'mini',
      use: { use: 'text', prompt: 'a bear' },
      negative: 'text',
      size: { width: 128, height: 128 },
      seed: 77,
      count: 1,
      sampling: { steps: 20 },
      resume: { step: 3, tokens: gridOf(2, 2, 3), fed: gridOf(2, 2, 103) },
    })
    expect(state().staging).toMatchObject({ shown: 3, expected: 3, step: null, pictures: [{}, {}, { rect: frame }] })
  })

  test('takes at least one more step', async () => {
    const { work, generation, enqueued } = await setUpDrawn()
    await work.scrub(8)
    generation.set({ steps: 4 })
    await work.continueFromStep()
    expect(enqueued[1]?.request).toMatchObject({ sampling: { steps: 9 }, resume: { step: 8 } })
  })

  test('of a fill has its picture and its mask, and lies in its place', async () => {
    const { work, jobs, enqueued, staging, area } = await setUpFilled()
    const first = enqueued[0]!.request.use
    await work.scrub(1)
    const whole = varied(288, 288, 4)
    jobs.push({ events: told(generated(0, whole, { area, use: { use: 'inpaint', prompt: 'a fox' } })) })
    await work.continueFromStep()
    expect(enqueued[1]?.request).toMatchObject({ use: first, resume: { step: 1 } })
    expect(staging.shown).toMatchObject({ rect: { x: 144, y: 144, width: 160, height: 160 } })
    expect(staging.shown?.pixels.data.subarray(0, 4)).toEqual(
      whole.data.subarray((72 * 288 + 72) * 4, (72 * 288 + 73) * 4),
    )
  })

  test('of a picture from the gallery asks it for what made it', async () => {
    const { work, staging, api, enqueued } = await setUpDrawn()
    staging.change({ results: [{ ...staging.shown!, request: null }] })
    api.readPicture = () => ({ png: Uint8Array.of(1), picture: {} })
    api.readRecipe = () => ({ version: 1, model: 'mini', use: { use: 'text', prompt: 'old' }, seed: 1, count: 1 })
    await work.scrub(2)
    await work.continueFromStep()
    expect(enqueued[1]?.request).toMatchObject({ use: { use: 'text', prompt: 'a fox' }, resume: { step: 2 } })
  })

  test('from no step does nothing', async () => {
    const { work, enqueued } = await setUpDrawn()
    await work.continueFromStep()
    expect(enqueued).toHaveLength(1)
  })
})

describe('doubtful cells', () => {
  test('are counted and shown by the threshold', async () => {
    const { staging, drawings, state } = await setUpDrawn()
    staging.setDoubt(0.5)
    expect(state().staging?.confidence).toEqual({ doubt: 0.5, doubtful: 0 })
    staging.setDoubt(0.95)
    expect(state().staging?.confidence).toEqual({ doubt: 0.95, doubtful: 1024 })
    expect(drawings.at(-1)?.doubtful).toMatchObject({ area: frame, columns: 32, rows: 32 })
    staging.setDoubt(null)
    expect([state().staging?.confidence, drawings.at(-1)?.doubtful]).toEqual([null, null])
  })

  test('are drawn anew from the tokens that are known, in few steps, inside of the mask alone', async () => {
    const { work, staging, jobs, enqueued, state } = await setUpFilled()
    const { shown } = staging
    const confidence = new Uint8Array(1600).fill(255)
    // One cell in the mask (200 - 144 = 56 px: cell 14), and one beside it.
    confidence[15 * 40 + 15] = 20
    confidence[2 * 40 + 2] = 20
    staging.change({ results: [{ ...shown!, confidence }] })
    staging.setDoubt(0.5)
    jobs.push({ events: told(generated(0, plain(160, 160, 4, 60), { use: { use: 'inpaint', prompt: 'a fox' } })) })
    await work.resampleDoubtful()
    const { request } = enqueued[1]!
    expect(generateRequestSchema.safeParse(request).error).toBeUndefined()
    expect(request).toMatchObject({
      use: {
        use: 'inpaint',
        prompt: 'a fox',
        image: { pixels: { width: 160, height: 160 } },
        known: { area: { x: 0, y: 0, width: 160, height: 160 }, grid: shown?.grid },
      },
      count: 1,
      sampling: { steps: 4 },
    })
    const mask = request.use.use === 'inpaint' && request.use.mask.kind === 'pixels' ? request.use.mask.pixels : null
    expect(mask?.data.filter((value) => value > 0)).toHaveLength(16)
    expect(mask?.data[61 * 160 + 61]).toBe(255)
    expect(state().staging).toMatchObject({ shown: 2, pictures: [{}, { rect: { x: 144, y: 144, width: 160 } }] })
  })

  test('that are none start nothing, and it is said', async () => {
    const { work, staging, enqueued, state } = await setUpDrawn()
    staging.setDoubt(0.1)
    await work.resampleDoubtful()
    expect(enqueued).toHaveLength(1)
    expect(state().notices).toMatchObject([{ kind: 'info', text: expect.stringMatching(/threshold/) }])
  })
})

describe('mixing', () => {
  test('shows the other picture where it is painted, at once, and sends the tokens of both', async () => {
    const { work, jobs, enqueued, drawings, staging, state } = await setUpDrawn()
    work.setMixWith(2)
    expect(state().staging?.mixWith).toBe(2)
    work.paintMix(
      [
        { x: 80, y: 80 },
        { x: 120, y: 80 },
      ],
      16,
    )
    const at = (x: number, y: number) => drawings.at(-1)?.pixels.data[((y - 64) * 128 + x - 64) * 3]
    expect([at(100, 80), at(100, 86), at(100, 90), at(80, 74), at(70, 80)]).toEqual([2, 2, 1, 2, 1])
    work.paintMix([{ x: 150, y: 150 }], 8)
    expect([at(100, 80), at(150, 150)]).toEqual([2, 2])
    jobs.push({ events: told(generated(0, plain(128, 128, 3, 90), { use: { use: 'mix', prompt: 'a fox' } })) })
    const [base, other] = staging.current!.results
    await work.mix()
    const { request } = enqueued[1]!
    expect(generateRequestSchema.safeParse(request).error).toBeUndefined()
    expect(request).toMatchObject({ use: { use: 'mix', prompt: 'a fox', base: base?.grid, other: other?.grid } })
    const mask = request.use.use === 'mix' && request.use.mask.kind === 'pixels' ? request.use.mask.pixels : null
    expect([mask?.width, mask?.data[16 * 128 + 36], mask?.data[40 * 128 + 36]]).toEqual([128, 255, 0])
    expect(state().staging).toMatchObject({ shown: 3, mixWith: null })
    expect(drawings.at(-1)?.pixels.data[0]).toBe(90)
  })

  test('needs another picture, and something painted', async () => {
    const { work, enqueued, state } = await setUpDrawn()
    work.setMixWith(1)
    expect(state().staging?.mixWith).toBeNull()
    work.setMixWith(2)
    await work.mix()
    expect(enqueued).toHaveLength(1)
    expect(state().notices).toMatchObject([{ text: expect.stringMatching(/painted/) }])
    work.setMixWith(null)
    expect(state().staging?.mixWith).toBeNull()
  })

  test('of fills leaves all that lies beside the mask', async () => {
    const { work, staging, jobs } = await setUpFilled()
    const { shown, number } = staging
    staging.add(number, { ...shown!, id: 'other' })
    staging.stage(1)
    work.setMixWith(2)
    work.paintMix([{ x: 216, y: 216 }], 8)
    jobs.push({ events: told(generated(0, plain(160, 160, 3, 30), { use: { use: 'mix', prompt: '' } })) })
    await work.mix()
    const at = (x: number, y: number) => staging.shown?.pixels.data[((y - 144) * 160 + x - 144) * 4]
    expect([at(150, 150), at(216, 216)]).toEqual([255, 30])
  })
})

test('another run goes on while a picture is mixed: the mix is queued, and staged nowhere', async () => {
  const { work, generation, enqueued, jobs, staging, state } = await setUpDrawn()
  let finish = (): void => undefined
  work.setMixWith(2)
  work.paintMix([{ x: 100, y: 100 }], 16)
  jobs.push({ events: [], end: () => new Promise<void>((resolve) => (finish = resolve)) })
  const before = staging.current?.results.length
  generation.set({ count: 1 })
  const running = generation.runner.run(async () => {
    const { request } = enqueued[0]!
    const nothing = () => undefined
    return { request, title: '', begin: nothing, preview: nothing, picture: nothing, ended: nothing }
  })
  await settled()
  await work.mix()
  expect(enqueued.at(-1)).toMatchObject({ where: 'last', request: { use: { use: 'mix' } } })
  expect(state().staging?.pictures.length).toBe(before)
  finish()
  await running
})
