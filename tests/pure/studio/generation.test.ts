/** The model at work: what a run would do, how it goes through the queue, what is staged of it, and an engine that dies. */
import { describe, expect, test } from 'vitest'
import { addMaskLayer, addRasterLayer, setFrame, setSelection } from '../../../src/document/index.ts'
import { toBase64 } from '../../../src/shared/base/base64.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { settled, surfaceOf } from './fakes.ts'
import { generated, gridOf, model, plain, setUpGenerating, step, told, varied } from './generating-kit.ts'

const frame = { x: 0, y: 0, width: 128, height: 128 }

describe('what a run would do', () => {
  test('is blocked, in words, until there is a prompt, and begins with the model’s own numbers', async () => {
    const { generation, state } = await setUpGenerating()
    expect(state().generation).toMatchObject({
      verb: 'generate',
      blocked: expect.stringMatching(/^Say/),
      settings: { steps: 8, guidance: 3, temperature: [1, 0.4], renoise: 'start', typicalMass: null },
    })
    generation.set({ prompt: 'a fox' })
    expect(state().generation.blocked).toBeNull()
  })

  test('follows from the picture under the frame, what is selected, and where the frame lies', async () => {
    const { generation, document, pixels, refreshed, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox' })
    const verb = async () => {
      await refreshed()
      return state().generation.verb
    }
    expect(await verb()).toBe('generate')
    pixels.hasContent = () => true
    setFrame(document.store, { ...frame, x: 64 })
    expect(await verb()).toBe('restyle')
    setFrame(document.store, { ...frame, x: -64 })
    expect(await verb()).toBe('extend')
    pixels.bounds = () => ({ x: 10, y: 10, width: 40, height: 40 })
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    expect(await verb()).toBe('fill')
    generation.set({ wanted: 'generate' })
    expect(await verb()).toBe('generate')
  })

  test('that is chosen and not possible says why', async () => {
    const { generation, document, refreshed, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox', wanted: 'regions' })
    await refreshed()
    expect(state().generation).toMatchObject({ verb: 'regions', blocked: expect.stringMatching(/mask layer/) })
    addMaskLayer(document.store, { prompt: 'sky', surface: surfaceOf('sky', 1) })
    await refreshed()
    expect(state().generation.blocked).toBeNull()
  })

  test('is drawn before: all cells of the frame, or those that the selection touches', async () => {
    const { generation, document, pixels, refreshed, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox' })
    setFrame(document.store, frame)
    await refreshed()
    expect(state().generation.zones).toMatchObject({ area: frame, columns: 32, rows: 32, mask: null })
    pixels.bounds = () => ({ x: 100, y: 100, width: 8, height: 8 })
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    await refreshed()
    const zones = state().generation.zones
    expect(zones).toMatchObject({ mask: { x: 100, y: 100, width: 8, height: 8 }, feather: 6 })
    expect(zones?.cells.filter((cell) => cell > 0)).toHaveLength(4)
  })

  test('asks the worker once for what did not change', async () => {
    const { generation, document, pixels, calls, refreshed } = await setUpGenerating()
    pixels.bounds = () => ({ x: 100, y: 100, width: 8, height: 4 })
    setSelection(document.store, 'Select', surfaceOf('selection', 1))
    await refreshed()
    const reads = () => calls.filter(({ method }) => method === 'read').length
    const before = reads()
    generation.set({ prompt: 'a fox' })
    addRasterLayer(document.store, { name: 'Other' })
    await refreshed()
    expect(reads()).toBe(before)
  })

  test('takes as long as the steps of late say', async () => {
    const { generation, document, jobs, run, staging, refreshed, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox', seedLocked: true })
    setFrame(document.store, frame)
    await refreshed()
    expect(state().generation.estimate).toBeNull()
    jobs.push({ events: [step(1), step(2), ...told(generated(0, plain(128, 128, 3)))] })
    await run()
    staging.discard()
    // 8 steps of 100 ms for the same cells.
    expect(state().generation.estimate?.seconds).toBeCloseTo(0.8)
    generation.set({ count: 3 })
    expect(state().generation.estimate?.seconds).toBeCloseTo(2.4)
  })
})

describe('the model', () => {
  test('is the first there is, then the one that is chosen, with settings of its own', async () => {
    const { generation, state, run, choose, enqueued, document } = await setUpGenerating()
    setFrame(document.store, frame)
    generation.set({ prompt: 'a fox', steps: 30 })
    await run()
    choose('large')
    expect(state().generation.settings).toMatchObject({ prompt: 'a fox', steps: 12, guidance: 5, typicalMass: 0.2 })
    await run()
    expect(enqueued.map(({ request }) => [request.model, request.sampling?.steps])).toEqual([
      ['mini', 30],
      ['large', 12],
    ])
  })

  test('that is gone gives way to the first', async () => {
    const { generation, choose, api } = await setUpGenerating()
    choose('large')
    expect(generation.model?.id).toBe('large')
    api.describe = () => ({ version: '1', devices: ['cpu'], device: 'cpu', models: [model], broken: [] })
    await generation.connect()
    expect(generation.model?.id).toBe('mini')
  })
})

describe('a run', () => {
  test('goes before all that waits, with previews and steps, and its pictures are staged as they come', async () => {
    const { generation, document, enqueued, jobs, calls, run, drawings, state } = await setUpGenerating()
    generation.set({ prompt: ' a fox ', seed: 5, seedLocked: true, count: 2, negative: 'text' })
    setFrame(document.store, frame)
    const seen: unknown[] = []
    jobs.push({
      events: [
        step(1, plain(128, 128, 3)),
        ...told(generated(0, plain(128, 128, 3))),
        ...told(generated(1, plain(128, 128, 3, 9))),
      ],
      end: () => seen.push(state().staging, state().generation.running),
    })
    await run()
    expect(enqueued).toMatchObject([
      { where: 'next', title: 'a fox', request: { use: { use: 'text', prompt: 'a fox' }, count: 2, seed: 5 } },
    ])
    expect(calls.find(({ method }) => method === 'enqueue')?.argument).toMatchObject({
      options: { previews: true, trajectory: true },
    })
    expect(seen).toMatchObject([
      { expected: 2, shown: 2, pictures: [{ pictureId: 'gallery-0', rect: frame }, { seed: 6 }] },
      { text: expect.stringContaining('Step 1'), stopping: false },
    ])
    expect(drawings.at(-1)).toMatchObject({ rect: frame, pixels: plain(128, 128, 3, 9), mask: null })
    expect(state().generation.running).toBeNull()
    // Nothing of it is part of the document yet.
    expect(document.history.labels()).toEqual(['Frame'])
  })

  test('draws previews where nothing else is looked at', async () => {
    const { generation, document, jobs, run, drawings, staging } = await setUpGenerating()
    generation.set({ prompt: 'a fox', count: 2 })
    setFrame(document.store, frame)
    const preview = plain(128, 128, 3, 50)
    jobs.push({
      events: [step(1, preview), ...told(generated(0, plain(128, 128, 3)))],
      end: () => {
        staging.stage(1)
        staging.preview(staging.number, { pixels: preview, rect: frame, mask: null, doubtful: null })
      },
    })
    await run()
    expect(drawings.filter((drawing) => drawing?.pixels === preview)).toHaveLength(1)
  })

  test('takes another seed each time unless it is locked', async () => {
    const { generation, enqueued, run, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox', seed: 5, seedLocked: false })
    await run()
    await run()
    const seeds = enqueued.map(({ request }) => request.seed)
    expect(new Set([...seeds, 5]).size).toBe(3)
    expect(state().generation.settings.seed).toBe(seeds[1])
  })

  test('that only queues is at the end, and is not staged', async () => {
    const { generation, enqueued, calls, run, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox' })
    await run('queue')
    expect(enqueued).toMatchObject([{ where: 'last' }])
    expect(calls.some(({ method }) => method === 'follow')).toBe(false)
    expect(state()).toMatchObject({ staging: null, notices: [{ kind: 'info' }], generation: { running: null } })
  })

  test('while one goes on is queued, and disturbs nothing', async () => {
    const { generation, enqueued, jobs, run, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox' })
    let finish = (): void => undefined
    jobs.push({ events: [step(1)], end: () => new Promise<void>((resolve) => (finish = resolve)) })
    const first = run()
    await settled()
    await settled()
    await run()
    expect(enqueued.map(({ where }) => where)).toEqual(['next', 'last'])
    expect(state().generation.running).not.toBeNull()
    finish()
    await first
    expect(state().generation.running).toBeNull()
  })

  test('that is cancelled says so at once; the picture is kept as it stands, and staged', async () => {
    const { generation, api, calls, run, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox' })
    let hear: (event: unknown) => void = () => undefined
    let fail: (error: unknown) => void = () => undefined
    api.follow = (_: unknown, { onEvent }: { onEvent: typeof hear }) => {
      hear = onEvent
      return new Promise((_, reject) => (fail = reject))
    }
    const running = run()
    await settled()
    await settled()
    generation.cancel()
    expect(state().generation.running).toMatchObject({ stopping: true })
    expect(calls.find(({ method }) => method === 'cancelJob')?.argument).toEqual({ id: 'job-1', keep: true })
    // Asked twice, it is stopped once.
    generation.cancel()
    for (const event of told(generated(0, plain(128, 128, 3)))) hear(event)
    fail(new StudioError('cancelled', 'Cancelled.'))
    await running
    expect(calls.filter(({ method }) => method === 'cancelJob')).toHaveLength(1)
    expect(state()).toMatchObject({ notices: [], staging: { expected: 1, pictures: [{ seed: 5 }] } })
  })

  test('that is cancelled before the queue has it is stopped as soon as it has', async () => {
    const { generation, api, calls, run } = await setUpGenerating()
    generation.set({ prompt: 'a fox' })
    let answer: (value: unknown) => void = () => undefined
    api.enqueue = () => new Promise((resolve) => (answer = resolve))
    const running = run()
    await settled()
    await settled()
    generation.cancel()
    answer({ id: 'late' })
    await running
    expect(calls.find(({ method }) => method === 'cancelJob')?.argument).toEqual({ id: 'late', keep: true })
  })

  test('that loses its engine says so, keeps what is finished, and the next one runs', async () => {
    const { generation, document, jobs, calls, run, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox', steps: 3 })
    jobs.push({
      events: told(generated(0, plain(128, 128, 3))),
      end: () => {
        throw new StudioError('engine-lost', 'The engine process was killed.')
      },
    })
    jobs.push({ events: told(generated(0, plain(128, 128, 3, 9))) })
    await run()
    expect(state().staging).toMatchObject({ expected: 1, pictures: [{ seed: 5 }] })
    expect(state().notices).toMatchObject([
      { kind: 'error', code: 'engine-lost', text: expect.stringContaining('untouched') },
    ])
    expect(calls.filter(({ method }) => method === 'describe')).toHaveLength(2)
    expect(state().generation).toMatchObject({ blocked: null, settings: { steps: 3 } })
    expect(document.isDirty).toBe(false)
    await run()
    expect(state().staging?.pictures).toMatchObject([{ pixels: plain(128, 128, 3, 9) }])
  })

  test('whose document is closed meanwhile goes on and stages nothing', async () => {
    const { generation, parts, jobs, document, staging, run, state } = await setUpGenerating()
    generation.set({ prompt: 'a fox' })
    let open: typeof document | null = document
    Object.assign(parts, { document: () => open })
    jobs.push({
      events: [],
      end: () => {
        open = null
        staging.refresh()
      },
    })
    await run()
    expect(state()).toMatchObject({ staging: null, notices: [] })
  })

  test('reads the regions from the bottom to the top, and the picture only where it is needed', async () => {
    const { generation, document, calls, enqueued, run, refreshed } = await setUpGenerating((store) => {
      addMaskLayer(store, { prompt: 'sky', surface: surfaceOf('sky', 1) })
      addMaskLayer(store, { prompt: '  ', surface: surfaceOf('silent', 1) })
      addMaskLayer(store, { prompt: 'sea', surface: surfaceOf('sea', 1) })
    })
    generation.set({ prompt: 'a coast', wanted: 'regions' })
    setFrame(document.store, frame)
    await refreshed()
    await run()
    expect(enqueued[0]?.request.use).toMatchObject({ use: 'regions', regions: [{ prompt: 'sky' }, { prompt: 'sea' }] })
    expect(calls.filter(({ argument }) => (argument as { what?: string } | null)?.what === 'picture')).toEqual([])
  })
})

describe('a fill', () => {
  const selection = { x: 200, y: 200, width: 16, height: 16 }

  async function setUpFill(intact = true) {
    const codes = toBase64(gridOf(32, 32, 9).codes)
    const candidate = {
      surface: surfaceOf('own'),
      recipe: '{}',
      grid: { width: 32, height: 32, codes },
      confidence: toBase64(new Uint8Array(1024)),
      pictureId: null,
    }
    const area = { x: 160, y: 160, width: 128, height: 128 }
    const kit = await setUpGenerating((store) => {
      const generated = { rect: area, area, candidates: { '0': candidate }, chosen: '0', intact }
      addRasterLayer(store, { name: 'Drawn', surface: surfaceOf('own'), generated })
    })
    kit.pixels.bounds = () => selection
    setSelection(kit.document.store, 'Select', surfaceOf('selection', 1))
    kit.generation.set({ prompt: 'a fox' })
    await kit.refreshed()
    return { ...kit, area }
  }

  test('goes on from the tokens of a layer that is all that shows there', async () => {
    const { pixels, enqueued, calls, run, document, refreshed } = await setUpFill()
    pixels.shows = () => true
    addRasterLayer(document.store, { name: 'Elsewhere' })
    await refreshed()
    await run()
    expect(calls.find(({ method }) => method === 'shows')?.argument).toMatchObject({ rect: { x: 160, width: 128 } })
    // 72 px: 128 px around the selection are sent along.
    expect(enqueued[0]?.request.use).toMatchObject({
      known: { area: { x: 160 - 72, y: 160 - 72, width: 128, height: 128 }, grid: gridOf(32, 32, 9) },
    })
  })

  test('guesses the tokens where other weights drew the layer', async () => {
    const { pixels, choose, run, enqueued, refreshed } = await setUpFill()
    pixels.shows = () => true
    choose('large')
    await refreshed()
    await run()
    expect(enqueued[0]?.request.model).toBe('large')
    expect(enqueued[0]?.request.use).not.toHaveProperty('known')
  })

  test('guesses the tokens where the layer is covered, or was painted on', async () => {
    const covered = await setUpFill()
    await covered.run()
    expect(covered.enqueued[0]?.request.use).not.toHaveProperty('known')
    const painted = await setUpFill(false)
    painted.pixels.shows = () => true
    await painted.run()
    expect(painted.enqueued[0]?.request.use).not.toHaveProperty('known')
  })

  test('is staged with the px that its tokens cover, of which those outside of the mask do not count', async () => {
    const { jobs, run, staging, state } = await setUpFill()
    const whole = varied(272, 272, 4)
    const area = { x: 72, y: 72, width: 128, height: 128 }
    jobs.push({ events: told(generated(0, whole, { area, use: { use: 'inpaint', prompt: 'a fox' } })) })
    await run()
    expect(state().staging?.pictures).toMatchObject([{ rect: { x: 144, y: 144, width: 128, height: 128 } }])
    const mask = staging.shown?.mask
    expect([mask?.width, mask?.height, mask?.data.filter((value) => value === 255).length]).toEqual([128, 128, 256])
    expect(mask?.data[(200 - 144) * 128 + 200 - 144]).toBe(255)
    expect(staging.shown?.pixels.data.subarray(0, 4)).toEqual(
      whole.data.subarray((72 * 272 + 72) * 4, (72 * 272 + 73) * 4),
    )
  })
})
