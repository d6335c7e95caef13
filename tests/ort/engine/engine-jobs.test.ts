/** One job at a time: what it tells while it runs, how it is cancelled, and that the next one is served. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { JobEvent } from '../../../src/shared/contract/engine-api.ts'
import { ask, failureOf, modelsFolder, openEngine, picture, run } from '../../kit/engine.ts'
import { asPixels, hash, hashOutside, mask, noise } from '../../kit/pictures.ts'

const engine = openEngine()
afterAll(() => engine.close())

const steps = (events: readonly JobEvent[]) => events.flatMap((event) => (event.type === 'step' ? [event] : []))

/** A job that is cancelled when an event says so. */
function cancellable(prompt: string, when: (event: JobEvent) => boolean) {
  const controller = new AbortController()
  const events: JobEvent[] = []
  const onEvent = (event: JobEvent): void => {
    events.push(event)
    if (when(event)) controller.abort()
  }
  const request = ask(prompt, { sampling: { steps: 4 } })
  return { events, promise: engine.generate({ request }, { signal: controller.signal, onEvent }) }
}

test('the shipped model is listed with its sizes and defaults', async () => {
  const { models, device, devices } = await engine.describe()
  expect(devices).toContain(device)
  const model = models.find(({ id }) => id === 'paella-mini')
  expect(model?.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(model?.parameters).toBeGreaterThan(1e6)
  expect(model?.defaults.size).toEqual({ width: 128, height: 128 })
  expect((model?.sizeMultiple ?? 1) % (model?.pixelsPerToken ?? 0)).toBe(0)
})

test('a loaded engine and one that was closed both make pictures', async () => {
  const other = openEngine()
  await other.load({})
  const before = await picture(other, ask('a boat'))
  await other.close()
  expect(hash((await picture(other, ask('a boat'))).pixels)).toBe(hash(before.pixels))
  await other.close()
})

test('each model works as its own manifest says, though its weights are those of another', async () => {
  const dir = await modelsFolder('paella-mini', 'weak')
  const manifest = join(dir, 'weak', 'model.json')
  const change = async (from: string, to: string): Promise<void> =>
    writeFile(manifest, (await readFile(manifest, 'utf8')).replace(from, to))
  await change('"id": "paella-mini"', '"id": "weak"')
  await change('"scale": 16', '"scale": 2')
  const other = openEngine({ modelsDir: dir })
  const tokens = async (model?: string): Promise<string> =>
    (await picture(other, ask('a boat', model === undefined ? {} : { model }))).recipe.tokensSha256
  const [mini, weak] = [await tokens('paella-mini'), await tokens('weak')]
  expect(weak).not.toBe(mini)
  expect(await tokens()).toBe(mini)
  await change('"scale": 2', '"scale": 16')
  expect(await tokens('weak')).toBe(mini)
  await other.close()
})

test('every step of every picture is told, in order', async () => {
  const { events } = await run(engine, ask('a boat', { count: 2, sampling: { steps: 3 } }))
  const told = steps(events).map(({ picture, pictures, step, steps }) => `${picture}/${pictures} ${step}/${steps}`)
  expect(told).toEqual(['0/2 1/3', '0/2 2/3', '0/2 3/3', '1/2 1/3', '1/2 2/3', '1/2 3/3'])
  expect(events.findIndex((event) => event.type === 'picture')).toBe(
    events.findLastIndex((event) => event.type === 'step' && event.picture === 0) + 1,
  )
})

test('a preview comes with each step, and the last one is the picture', async () => {
  const { events, pictures } = await run(engine, ask('a boat', { sampling: { steps: 3 } }), { previews: true })
  const previews = steps(events).map(({ preview }) => preview)
  expect(previews.map((preview) => preview && [preview.width, preview.height])).toEqual([
    [64, 64],
    [64, 64],
    [64, 64],
  ])
  expect(previews[2] && hash(previews[2])).toBe(pictures[0] && hash(pictures[0].pixels))
  expect(previews[0] && hash(previews[0])).not.toBe(pictures[0] && hash(pictures[0].pixels))
})

test('a preview of inpainting shows the whole picture, untouched outside of the mask', async () => {
  const photo = noise({ width: 150, height: 90 })
  const hole = mask(photo, { x: 40, y: 30, width: 30, height: 30 })
  const use = {
    use: 'inpaint' as const,
    prompt: 'a boat',
    image: asPixels(photo),
    mask: asPixels(hole),
    feather: 4,
    context: 0,
  }
  const { events } = await run(engine, ask(use), { previews: true })
  const previews = steps(events).flatMap(({ preview }) => (preview ? [preview] : []))
  expect(previews.length).toBe(2)
  for (const preview of previews) {
    expect([preview.width, preview.height]).toEqual([150, 90])
    expect(hashOutside(preview, hole)).toBe(hashOutside(photo, hole))
    expect(hash(preview)).not.toBe(hash(photo))
  }
})

test('a job cancelled at its second step takes no third, and the next job is served', async () => {
  const { events, promise } = cancellable('a boat', (event) => event.type === 'step' && event.step === 2)
  expect((await failureOf(promise)).code).toBe('cancelled')
  expect(steps(events).length).toBe(2)
  expect(events.some((event) => event.type === 'picture')).toBe(false)
  expect((await run(engine, ask('a boat'))).pictures.length).toBe(1)
})

test('a job cancelled before it began does nothing', async () => {
  const events: JobEvent[] = []
  const signal = AbortSignal.abort()
  const promise = engine.generate({ request: ask('a boat') }, { signal, onEvent: (event) => events.push(event) })
  expect((await failureOf(promise)).code).toBe('cancelled')
  expect(events).toEqual([])
})

test('jobs wait in line and are told how many are ahead; one cancelled there never starts', async () => {
  const first = run(engine, ask('a boat'))
  const cancelled = cancellable('a hill', (event) => event.type === 'queued')
  const third = run(engine, ask('a tree'))
  expect((await failureOf(cancelled.promise)).code).toBe('cancelled')
  expect(cancelled.events).toEqual([{ type: 'queued', ahead: 1 }])
  expect((await first).events.some((event) => event.type === 'queued')).toBe(false)
  expect((await first).pictures.length).toBe(1)
  expect((await third).events[0]).toMatchObject({ type: 'queued' })
  expect((await third).pictures.length).toBe(1)
})

test('tokens are decoded while a job runs, and not after it; a model that is let go is waited for', async () => {
  const dir = await modelsFolder('paella-mini', 'other')
  const manifest = join(dir, 'other', 'model.json')
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"id": "paella-mini"', '"id": "other"'))
  const own = openEngine({ modelsDir: dir })
  const grid = { width: 32, height: 32, codes: new Uint8Array(2048) }
  const seen: string[] = []
  const model = 'paella-mini'
  const decoding: Promise<unknown>[] = []
  const decode = () => own.decodeTokens({ model, grid }).then(() => seen.push('decoded'))
  await own.generate(
    { request: ask('a boat', { model, sampling: { steps: 40 } }) },
    {
      onEvent: (event) => {
        if (event.type === 'step' && event.step === 1) decoding.push(decode())
        if (event.type === 'picture') seen.push('picture')
      },
    },
  )
  await Promise.all(decoding)
  expect(seen).toEqual(['decoded', 'picture'])
  // The next job wants the memory for another model; what is decoded meanwhile still comes.
  await Promise.all([decode(), own.load({ model: 'other' }), decode()])
  expect(seen).toEqual(['decoded', 'picture', 'decoded', 'decoded'])
  await own.close()
})

test('a job that failed does not hold up the next', async () => {
  const bad = failureOf(run(engine, ask('a boat', { model: 'no-such-model' })))
  const good = run(engine, ask('a boat'))
  expect((await bad).code).toBe('model-missing')
  expect((await good).pictures.length).toBe(1)
})
