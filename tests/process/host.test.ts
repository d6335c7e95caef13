/** EngineClient over real child processes, which serve a FakeEngine (tests/kit/fake-engine-process.ts). */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { EngineClient, type EngineClientOptions } from '../../src/host/engine-client.ts'
import type { JobEvent } from '../../src/shared/contract/engine-api.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import { fakePicture, promptCall } from '../kit/fake-engine.ts'

const entry = fileURLToPath(new URL('../kit/fake-engine-process.ts', import.meta.url))
const clientModule = new URL('../../src/host/engine-client.ts', import.meta.url).href
/** The system refuses this one at once, so that a start that should not be tried shows. */
const refusedPath = 'no\0path'
const clients: EngineClient[] = []

function newClient(options: Partial<EngineClientOptions> = {}): EngineClient {
  const client = new EngineClient({ entry, environment: {}, ...options })
  clients.push(client)
  return client
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
})

/** The process that answers. */
async function pidOf(client: EngineClient): Promise<number> {
  return Number((await client.describe()).version.replace('fake ', ''))
}

/** A zombie that nobody has waited for (init may be slow) counts as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20)
}

async function rejection(promise: Promise<unknown>): Promise<StudioError> {
  const error: unknown = await promise.then(
    () => 'nothing: it resolved',
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StudioError)
  return error as StudioError
}

test.runIf(process.platform === 'linux')(
  'the process gives freed weights back to the system, unless the user set that otherwise',
  async () => {
    const threshold = async (): Promise<string | undefined> => {
      const environment = readFileSync(`/proc/${await pidOf(newClient())}/environ`, 'utf8')
      return /MALLOC_MMAP_THRESHOLD_=(\d+)/.exec(environment)?.[1]
    }
    expect(await threshold()).toBe('1048576')
    vi.stubEnv('MALLOC_MMAP_THRESHOLD_', '65536')
    expect(await threshold()).toBe('65536')
    vi.unstubAllEnvs()
  },
)

test('a call and its events cross into another process and back', async () => {
  const client = newClient()
  const events: JobEvent[] = []
  await client.generate(promptCall('picture'), { onEvent: (event) => events.push(event) })
  expect(events).toEqual([{ type: 'picture', picture: fakePicture('picture') }])
  expect(await pidOf(client)).not.toBe(process.pid)
})

test('4 MB of bytes arrive intact, there and back', async () => {
  const png = Uint8Array.from({ length: 4_000_003 }, (_, i) => (i * 7919) >> 3)
  const { use } = await newClient().readRecipe({ png })
  if (use.use !== 'restyle' || use.image.kind !== 'file') throw new Error('the fake engine answers otherwise')
  expect(Buffer.compare(use.image.bytes, png)).toBe(0)
})

test('errors of the engine keep code and detail, and the process lives on', async () => {
  const client = newClient()
  const pid = await pidOf(client)
  const error = await rejection(client.generate(promptCall('fail model-missing')))
  expect(error).toMatchObject({ code: 'model-missing', detail: 'line 1\nline 2' })
  expect(await pidOf(client)).toBe(pid)
})

test("a killed process rejects all that wait with 'engine-lost'; the next call runs in a new one", async () => {
  const client = newClient()
  const pid = await pidOf(client)
  const other = rejection(client.generate(promptCall('wait')))
  const error = await rejection(client.generate(promptCall('die')))
  expect(error).toMatchObject({ code: 'engine-lost', message: expect.stringMatching(/SIGKILL.*out of memory/) })
  expect((await other).code).toBe('engine-lost')
  expect(await pidOf(client)).not.toBe(pid)
})

test('a process that exits is explained by its exit code and its last output', async () => {
  const lines: string[] = []
  const client = newClient({ onLog: (line) => lines.push(line) })
  const pid = await pidOf(client)
  const error = await rejection(client.generate(promptCall('exit 3')))
  expect(error).toMatchObject({ code: 'engine-lost', message: expect.stringContaining('exit code 3') })
  expect(error.detail).toBe('last words\n')
  expect(lines).toEqual(['last words'])
  expect(await pidOf(client)).not.toBe(pid)
})

test('an exception outside of any call ends the process with code 70 and its stack', async () => {
  const error = await rejection(newClient().generate(promptCall('crash')))
  expect(error).toMatchObject({ code: 'engine-lost', message: expect.stringContaining('exit code 70') })
  expect(error.detail).toContain('outside of any call')
})

test('a cancelled call ends with cancelled and keeps its process', async () => {
  const client = newClient()
  const pid = await pidOf(client)
  const controller = new AbortController()
  const hooks = { signal: controller.signal, onEvent: () => controller.abort() }
  expect((await rejection(client.generate(promptCall('wait'), hooks))).code).toBe('cancelled')
  expect(await pidOf(client)).toBe(pid)
})

test('a cancelled call that blocks its process costs the process', async () => {
  const client = newClient({ killAfter: 100 })
  const pid = await pidOf(client)
  const controller = new AbortController()
  const hooks = { signal: controller.signal, onEvent: () => controller.abort() }
  const cancelled = client.generate(promptCall('hang'), hooks)
  const queued = rejection(client.generate(promptCall('wait')))
  expect((await rejection(cancelled)).code).toBe('cancelled')
  expect(await queued).toMatchObject({ code: 'engine-lost', message: expect.stringContaining('cancelled job') })
  expect(isAlive(pid)).toBe(false)
  expect(await pidOf(client)).not.toBe(pid)
})

test('a cancelled call whose steps are slow gets the time of its step, and keeps its process', async () => {
  const client = newClient({ killAfter: 50 })
  const pid = await pidOf(client)
  const controller = new AbortController()
  const hooks = { signal: controller.signal, onEvent: () => controller.abort() }
  expect((await rejection(client.generate(promptCall('plod 800'), hooks))).code).toBe('cancelled')
  expect(await pidOf(client)).toBe(pid)
})

test('a call that is cancelled beforehand starts no process', async () => {
  const client = newClient({ execPath: refusedPath })
  const call = client.generate(promptCall('count to 1'), { signal: AbortSignal.abort() })
  expect((await rejection(call)).code).toBe('cancelled')
})

test('closing ends the process and cancels what waits', async () => {
  const client = newClient()
  const pid = await pidOf(client)
  const waiting = rejection(client.generate(promptCall('wait')))
  await client.close()
  expect((await waiting).code).toBe('cancelled')
  expect(isAlive(pid)).toBe(false)
  await expect(client.describe()).rejects.toThrow('closed')
})

test('closing kills a process that is blocked', async () => {
  const client = newClient()
  const pid = await pidOf(client)
  let waiting: Promise<StudioError> | undefined
  await new Promise<void>((resolve) => {
    waiting = rejection(client.generate(promptCall('hang'), { onEvent: () => resolve() }))
  })
  await sleep(50)
  await client.close()
  expect((await waiting)?.code).toBe('cancelled')
  expect(isAlive(pid)).toBe(false)
})

test('closing a client that never ran starts nothing', async () => {
  const client = newClient({ execPath: refusedPath })
  await client.close()
  await client.close()
})

test('a process started ahead serves the first call', async () => {
  const client = newClient()
  await client.start()
  await client.start()
  expect(await pidOf(client)).toBe(await pidOf(client))
})

test("an entry that is missing is 'engine-lost', each time, with node's words as detail", async () => {
  const client = newClient({ entry: '/no/such/engine-process.js' })
  for (const _ of [1, 2]) {
    const error = await rejection(client.describe())
    expect(error).toMatchObject({ code: 'engine-lost', message: expect.stringContaining('could not start') })
    expect(error.detail).toContain('/no/such/engine-process.js')
  }
})

test("a node that is missing is 'engine-lost' with its cause", async () => {
  const error = await rejection(newClient({ execPath: '/no/such/node' }).describe())
  expect(error).toMatchObject({ code: 'engine-lost', cause: { code: 'ENOENT' } })
  expect(error.message).toContain('/no/such/node')
})

test("a start that the system refuses is 'engine-lost' with its cause", async () => {
  const error = await rejection(newClient({ execPath: refusedPath }).start())
  expect(error).toMatchObject({ code: 'engine-lost', cause: { code: 'ERR_INVALID_ARG_VALUE' } })
})

test('Ctrl-C of the terminal does not end the engine process', async () => {
  const client = newClient()
  const pid = await pidOf(client)
  process.kill(pid, 'SIGINT')
  expect((await client.generate(promptCall('count to 2'))).pictures).toBe(2)
  expect(await pidOf(client)).toBe(pid)
})

test.each([
  ['is killed', "process.kill(process.pid, 'SIGKILL')", 'count to 1'],
  ['exits without closing, the engine being blocked,', 'setTimeout(() => process.exit(0), 100)', 'hang'],
])('a parent that %s leaves no engine process behind', async (_, ending, prompt) => {
  const program = `
    const { EngineClient } = await import(${JSON.stringify(clientModule)})
    const client = new EngineClient({ entry: ${JSON.stringify(entry)}, environment: {} })
    console.log((await client.describe()).version)
    const call = ${JSON.stringify(promptCall(prompt))}
    await new Promise((resolve) => client.generate(call, { onEvent: resolve }))
    ${ending}
  `
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = new Promise((resolve) => parent.once('close', resolve))
  const lines: string[] = []
  createInterface({ input: parent.stdout }).on('line', (line) => lines.push(line))
  await closed
  const pid = Number(lines[0]?.replace('fake ', ''))
  expect(pid).toBeGreaterThan(0)
  await untilGone(pid)
})
