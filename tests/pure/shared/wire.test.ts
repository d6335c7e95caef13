/** The wire between connect and serve, over a pipe in memory. */
import { expect, test } from 'vitest'
import { type EngineApi, engineMethods, type JobEvent } from '../../../src/shared/contract/engine-api.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { CancelSource } from '../../../src/shared/wire/cancel-source.ts'
import { connect } from '../../../src/shared/wire/connect.ts'
import { type Pipe, pipePair } from '../../../src/shared/wire/pipe.ts'
import { serve } from '../../../src/shared/wire/serve.ts'
import { FakeEngine, fakePicture, promptCall } from '../../kit/fake-engine.ts'

function wired() {
  const engine = new FakeEngine()
  const [near, far] = pipePair()
  const stop = serve<EngineApi>(engine, engineMethods, far)
  return { engine, near, far, stop, remote: connect<EngineApi>(engineMethods, near) }
}

/** Resolves with the next message that `pipe` gets. */
function nextMessage(pipe: Pipe): Promise<unknown> {
  return new Promise((resolve) => pipe.onMessage(resolve))
}

/** What a promise rejects with; the test fails where it resolves. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in settled)) throw new Error(`expected a rejection, got ${JSON.stringify(settled.value)}`)
  return settled.error
}

/** A pipe whose transport cannot copy messages of one type. */
function refusing(pipe: Pipe, refused: string): Pipe {
  const post = (message: unknown) => {
    if ((message as { type: string }).type === refused) throw new Error('cannot be copied')
    pipe.post(message)
  }
  return { ...pipe, post }
}

test('a call returns what the method returned', async () => {
  const { remote } = wired()
  expect((await remote.describe()).version).toBe(`fake ${process.pid}`)
  expect(await remote.generate(promptCall('count to 3'))).toEqual({ pictures: 3, milliseconds: 0 })
})

test('typed arrays go there and back', async () => {
  const { remote } = wired()
  const events: JobEvent[] = []
  await remote.generate(promptCall('picture'), { onEvent: (event) => events.push(event) })
  expect(events).toEqual([{ type: 'picture', picture: fakePicture('picture') }])
  const { use } = await remote.readRecipe({ png: Uint8Array.of(1, 2, 255) })
  expect(use).toMatchObject({ image: { bytes: Uint8Array.of(1, 2, 255) } })
})

test('events arrive in order, all of them before the result', async () => {
  const { remote } = wired()
  const steps: unknown[] = []
  await remote.generate(promptCall('count to 5'), {
    onEvent: (event) => steps.push(event.type === 'step' && event.step),
  })
  expect(steps).toEqual([1, 2, 3, 4, 5])
})

test('calls that run at once get their own events and results', async () => {
  const { remote } = wired()
  const seen: string[] = []
  const [two, three] = await Promise.all([
    remote.generate(promptCall('count to 2'), { onEvent: () => seen.push('two') }),
    remote.generate(promptCall('count to 3'), { onEvent: () => seen.push('three') }),
  ])
  expect([two.pictures, three.pictures]).toEqual([2, 3])
  expect(seen.sort()).toEqual(['three', 'three', 'three', 'two', 'two'])
})

test('no event crosses for a caller who does not listen', async () => {
  const { remote, near } = wired()
  const types: unknown[] = []
  near.onMessage((message) => types.push((message as { type: unknown }).type))
  await remote.generate(promptCall('count to 4'))
  expect(types).toEqual(['result'])
})

test('a StudioError keeps its code, message and detail', async () => {
  const error = await rejection(wired().remote.generate(promptCall('fail out-of-memory')))
  expect(error).toBeInstanceOf(StudioError)
  expect(error).toMatchObject({
    code: 'out-of-memory',
    message: 'The fake engine fails with out-of-memory.',
    detail: 'line 1\nline 2',
  })
})

test("an error of our own arrives as 'internal' with its stack", async () => {
  const error = await rejection(wired().remote.generate(promptCall('bug')))
  expect(error).toMatchObject({ code: 'internal', message: 'a bug of the fake engine' })
  expect((error as StudioError).detail).toContain('fake-engine.ts')
})

test("raising the signal makes the running method stop with 'cancelled'", async () => {
  const { remote } = wired()
  const source = new CancelSource()
  const hooks = { signal: source.signal, onEvent: () => source.cancel() }
  expect(await rejection(remote.generate(promptCall('wait'), hooks))).toMatchObject({ code: 'cancelled' })
})

test('cancelling one call leaves the other running', async () => {
  const { remote, stop } = wired()
  const source = new CancelSource()
  let otherSettled = false
  const other = rejection(remote.generate(promptCall('wait'))).finally(() => {
    otherSettled = true
  })
  const hooks = { signal: source.signal, onEvent: () => source.cancel() }
  await rejection(remote.generate(promptCall('wait'), hooks))
  expect((await remote.generate(promptCall('count to 1'))).pictures).toBe(1)
  expect(otherSettled).toBe(false)
  stop()
  await other
})

test('a signal raised beforehand rejects without a message', async () => {
  const { remote, engine, far } = wired()
  const source = new CancelSource()
  source.cancel()
  const messages: unknown[] = []
  far.onMessage((message) => messages.push(message))
  const error = await rejection(remote.generate(promptCall('count to 1'), { signal: source.signal }))
  await remote.describe()
  expect(error).toMatchObject({ code: 'cancelled' })
  expect(messages).toHaveLength(1)
  expect(engine.prompts).toEqual([])
})

test('a signal raised after the answer sends nothing', async () => {
  const { remote, far } = wired()
  const source = new CancelSource()
  const messages: unknown[] = []
  far.onMessage((message) => messages.push(message))
  await remote.generate(promptCall('count to 1'), { signal: source.signal })
  source.cancel()
  await remote.describe()
  expect(messages).toHaveLength(2)
})

test('a listener that throws rejects its call with what it threw, stops the job, and the wire goes on', async () => {
  const { remote, far } = wired()
  const thrown = new StudioError('write-failed', 'The disk is full.')
  const cancelled = new Promise<void>((resolve) => {
    far.onMessage((message) => (message as { type: unknown }).type === 'cancel' && resolve())
  })
  let events = 0
  const onEvent = () => {
    events += 1
    throw thrown
  }
  expect(await rejection(remote.generate(promptCall('count to 3'), { onEvent }))).toBe(thrown)
  await cancelled
  expect(events).toBe(1)
  expect((await remote.generate(promptCall('count to 2'))).pictures).toBe(2)
})

test.each(['near', 'far'] as const)(
  "closing the %s end rejects waiting and later calls with 'engine-lost'",
  async (side) => {
    const all = wired()
    const waiting = rejection(all.remote.generate(promptCall('wait'), { onEvent: () => all[side].close() }))
    const error = await waiting
    expect(error).toBeInstanceOf(StudioError)
    expect(error).toMatchObject({ code: 'engine-lost', message: expect.stringContaining('try again') })
    expect(await rejection(all.remote.describe())).toMatchObject({ code: 'engine-lost' })
  },
)

test('closing the pipe cancels the jobs that run on the far side', async () => {
  const { near, far, engine } = wired()
  const ended = new Promise<unknown>((resolve) => {
    const generate = engine.generate.bind(engine)
    engine.generate = (call, hooks) => {
      const result = generate(call, hooks)
      resolve(rejection(result))
      return result
    }
  })
  near.post({ type: 'call', id: 1, method: 'generate', argument: promptCall('wait'), events: true })
  await nextMessage(near)
  far.close()
  expect(await ended).toMatchObject({ code: 'cancelled' })
})

test.each(['close', 'toString', 'constructor', '__proto__', 'prompts', ''])(
  "'%s' is outside of the method table and cannot be called",
  async (method) => {
    const { near, engine } = wired()
    near.post({ type: 'call', id: 9, method, argument: undefined, events: false })
    expect(await nextMessage(near)).toMatchObject({ type: 'error', id: 9, error: { code: 'bad-request' } })
    expect(engine.closed).toBe(false)
  },
)

test.each([
  [undefined, 'fault'],
  [null, 'fault'],
  ['generate', 'fault'],
  [{ type: 'call', method: 'describe' }, 'fault'],
  [{ type: 'call', id: 'one', method: 'describe' }, 'fault'],
  [{ type: 'call', id: 4, method: 12 }, 'error'],
  [{ id: 4, method: 'describe' }, 'error'],
])('the malformed request %j is answered with bad-request, and the next call works', async (message, type) => {
  const { near, remote } = wired()
  const answer = nextMessage(near)
  near.post(message)
  expect(await answer).toMatchObject({ type, error: { code: 'bad-request' } })
  expect((await remote.describe()).device).toBe('cpu')
})

test('an id that is in use does not start a second job', async () => {
  const { near, engine } = wired()
  const call = { type: 'call', id: 1, method: 'generate', argument: promptCall('wait'), events: false }
  near.post(call)
  near.post(call)
  expect(await nextMessage(near)).toMatchObject({ type: 'fault' })
  expect(engine.prompts).toEqual(['wait'])
})

test('a cancel message for a call that is not there is ignored', async () => {
  const { near, remote } = wired()
  near.post({ type: 'cancel', id: 77 })
  expect((await remote.describe()).device).toBe('cpu')
})

test.each([
  'text',
  { type: 'result' },
  { type: 'error', id: 1, error: 'text' },
  { type: 'error', id: 1, error: { code: 'no-such-code', message: '' } },
])('an unreadable reply (%j) rejects the waiting calls', async (reply) => {
  const { far, remote } = wired()
  const waiting = remote.generate(promptCall('wait'))
  far.post(reply)
  expect(await rejection(waiting)).toMatchObject({ code: 'engine-lost' })
})

test('a reply to a call that is long over is ignored', async () => {
  const { far, remote } = wired()
  far.post({ type: 'result', id: 1_000, value: 'late' })
  expect((await remote.describe()).device).toBe('cpu')
})

test('an argument or a result that cannot be copied rejects the call', async () => {
  const [near, far] = pipePair()
  serve<EngineApi>(new FakeEngine(), engineMethods, refusing(far, 'result'))
  const overBadResult = connect<EngineApi>(engineMethods, near)
  expect(await rejection(overBadResult.describe())).toMatchObject({ code: 'internal', message: 'cannot be copied' })
  const overBadCall = connect<EngineApi>(engineMethods, refusing(pipePair()[0], 'call'))
  expect(await rejection(overBadCall.describe())).toMatchObject({ message: 'cannot be copied' })
})
