/**
 * `npm run bench:batch`: what batches promise, as one JSON object, on the built program and the model that ships: killed and resumed,
 * as fast as the engine alone, no memory kept, and two workers on Debian's redis-server one of which is killed. Progress goes to
 * stderr. `--quick` makes fewer pictures, `--only resumed|throughput|memory|queue` measures one of the four.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { runBatch } from '../../src/batch/index.ts'
import { EngineClient } from '../../src/host/engine-client.ts'
import { engineEnvironment } from '../../src/host/engine-environment.ts'
import type { BatchSpec } from '../../src/shared/contract/batch.ts'
import { promptBatch } from '../kit/batch-engine.ts'
import { noRedis, startRedis } from '../kit/redis.ts'
import { median, rounded } from './figures.ts'
import { WatchedEngine } from './watched-engine.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } })
const quick = values.quick === true
const plan = quick
  ? { resumed: 40, pictures: 4, rounds: 2, kept: 2_000, queued: 20 }
  : { resumed: 200, pictures: 12, rounds: 7, kept: 20_000, queued: 60 }

const out = process.env['PAELLA_OUT'] ?? fileURLToPath(new URL('../../out', import.meta.url))
const home = join(out, 'main')
const small = ['--size', '64', '--steps', '2']
const began = performance.now()
const tell = (text: string): void => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`)
}

const work = mkdtempSync(join(tmpdir(), 'paella-bench-batch-'))
try {
  process.stdout.write(`${JSON.stringify(await measureAll(), null, 2)}\n`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function measureAll() {
  const loadBefore = loadavg()[0]
  const measures = {
    resumed: measureResuming,
    throughput: measureThroughput,
    memory: measureMemory,
    queue: measureQueue,
  }
  const found: Record<string, object> = {}
  for (const [name, measure] of Object.entries(measures))
    if (values.only === undefined || values.only === name) found[name] = await measure()
  return {
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, loadBefore, loadAfter: loadavg()[0] },
    aims: { engineBusy: 0.95, cpuRatio: 0.95, ratio: 0.95, bytesAPicture: 50_000 },
    ...found,
  }
}

/** A batch killed with -9 at 37 % and gone on with, against one that nobody disturbed. */
async function measureResuming() {
  const list = listOf('resumed.txt', plan.resumed)
  const [whole, killed] = [join(work, 'whole'), join(work, 'killed')]
  tell(`${plan.resumed} pictures undisturbed`)
  await ended(paella(['batch', list, '--out', whole, ...small]))
  const at = Math.round(plan.resumed * 0.37)
  tell(`the same, killed at ${at}`)
  const first = paella(['batch', list, '--out', killed, ...small])
  await lines(first, at)
  first.kill('SIGKILL')
  await once(first, 'exit')
  const finished = filesOf(killed)
  tell(`${finished.size} files are there; going on`)
  await ended(paella(['batch', list, '--out', killed, ...small]))
  const [one, other] = [filesOf(whole), filesOf(killed)]
  const touched = [...finished].filter(([name, file]) => other.get(name)?.time !== file.time)
  return {
    items: plan.resumed,
    killedAt: at,
    finishedThen: finished.size,
    touchedAfterwards: touched.length,
    files: other.size,
    identical: sameHashes(one, other) && isDeepEqualItems(whole, killed),
  }
}

/** Turn and turn about, so that whatever else the machine does meets both. */
async function measureThroughput() {
  let pid = 0
  const engine = new EngineClient({
    entry: join(home, 'engine-process.js'),
    environment: engineEnvironment(home, { device: 'auto', models: undefined }),
    onStart(started) {
      pid = started
    },
  })
  try {
    await engine.load({})
    const formats: Record<string, Pick<BatchSpec, 'format'>> = {
      png: { format: { type: 'png' } },
      jpeg: { format: { type: 'jpeg', quality: 90 } },
      avif: { format: { type: 'avif', quality: 60 } },
    }
    const found: Record<string, object> = {}
    for (const [name, rest] of Object.entries(formats)) {
      const [alone, batch, busy]: [number[], number[], number[]] = [[], [], []]
      const cpu = { alone: 0, batch: 0 }
      for (let round = 0; round < plan.rounds; round++) {
        tell(`throughput, ${name}, round ${round + 1} of ${plan.rounds}`)
        const seed = round * 1000
        const before = cpuOf(pid)
        alone.push(await timed(() => engineAlone(engine, seed, plan.pictures)))
        const between = cpuOf(pid)
        cpu.alone += between.engine - before.engine
        const spec = promptBatch(join(work, `${name}-${round}`), ['a red apple'], {
          ...rest,
          seed,
          seeds: plan.pictures,
        })
        const watched = new WatchedEngine(engine)
        const milliseconds = await timed(() => runBatch(spec, watched))
        const after = cpuOf(pid)
        cpu.batch += after.engine - between.engine + (after.own - between.own)
        batch.push(milliseconds)
        busy.push(watched.busy)
      }
      const ratios = alone.map((milliseconds, round) => milliseconds / (batch[round] ?? Number.NaN))
      const each = (all: readonly number[]) => rounded((median(all) ?? 0) / plan.pictures)
      found[name] = {
        engineMsAPicture: each(alone),
        batchMsAPicture: each(batch),
        /** From the begin of the first picture to the end of the last: how much of it the engine had a picture in hand. */
        engineBusy: Math.round(median(busy.map((share) => share * 1000)) ?? 0) / 1000,
        /** Of the processors' time: the engine's alone against the engine's and the batch's own; whatever else runs does not count. */
        cpuRatio: Math.round((1000 * cpu.alone) / cpu.batch) / 1000,
        /** Of whole runs, locks and manifest counted; needs a machine with nothing else to do. */
        ratio: Math.round(median(ratios.map((ratio) => ratio * 1000)) ?? 0) / 1000,
        ratios: ratios.map((ratio) => Math.round(ratio * 1000) / 1000),
      }
    }
    return { size: '128 x 128 px, the steps of the model', pictures: plan.pictures, ...found }
  } finally {
    await engine.close()
  }
}

/** The time that the engine's process and this one have had of the processors, ms. Linux. */
function cpuOf(pid: number): { readonly engine: number; readonly own: number } {
  // Behind the command's name: user and system time are fields 14 and 15, in hundredths of a second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ') ?? []
  const { user, system } = process.cpuUsage()
  return { engine: (Number(fields[11]) + Number(fields[12])) * 10, own: (user + system) / 1000 }
}

/** What the engine makes of one request for all of the pictures, written nowhere. */
async function engineAlone(engine: EngineClient, seed: number, count: number): Promise<void> {
  const request = { version: 1 as const, use: { use: 'text' as const, prompt: 'a red apple' }, seed, count }
  await engine.generate({ request, options: { png: true } })
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

async function measureMemory(): Promise<object> {
  tell(`memory of ${plan.kept} pictures`)
  const script = fileURLToPath(new URL('batch-memory.ts', import.meta.url))
  const words = ['--expose-gc', script, String(plan.kept)]
  const { stdout } = await promisify(execFile)(process.execPath, words, { encoding: 'utf8' })
  return JSON.parse(stdout) as object
}

/** Two workers with engines of their own; one is killed when it has made some. */
async function measureQueue(): Promise<object> {
  if (noRedis !== undefined) return { skipped: noRedis }
  const list = listOf('queued.txt', plan.queued)
  const [whole, shared] = [join(work, 'one-run'), join(work, 'two-workers')]
  tell(`${plan.queued} pictures in one run`)
  await ended(paella(['batch', list, '--out', whole, ...small]))
  const redis = await startRedis()
  try {
    const queue = ['--redis', redis.url]
    await ended(paella(['batch', list, '--out', shared, ...small, '--enqueue', ...queue]))
    tell('the same by two workers, one of which is killed')
    const words = ['worker', ...queue, '--until-empty', '--dead-after', '3']
    const [first, second] = [paella(words), paella(words)]
    const secondEnds = ended(second)
    await lines(first, 5)
    first.kill('SIGKILL')
    await once(first, 'exit')
    await secondEnds
    const items = itemsOf(shared)
    return {
      redis: execFileSync('/usr/bin/redis-server', ['--version'], { encoding: 'utf8' }).split(' ')[2],
      items: plan.queued,
      inManifest: items.length,
      onceEach: new Set(items.map(({ id }) => id)).size === plan.queued && items.length === plan.queued,
      identical: sameHashes(filesOf(whole), filesOf(shared)) && isDeepEqualItems(whole, shared),
    }
  } finally {
    await redis.stop()
  }
}

function listOf(name: string, count: number): string {
  const path = join(work, name)
  writeFileSync(path, Array.from({ length: count }, (_, i) => `a {red|green|yellow} apple ${i % 50}`).join('\n'))
  return path
}

function paella(words: readonly string[]): ChildProcess {
  mkdirSync(work, { recursive: true })
  return spawn(process.execPath, [join(home, 'paella.js'), ...words], {
    cwd: work,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdout?.resume()
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`)
}

/** Resolves as soon as it has printed so many. */
async function lines(child: ChildProcess, count: number): Promise<void> {
  if (child.stdout === null) throw new Error('its output is not read')
  let seen = 0
  for await (const _line of createInterface({ input: child.stdout })) {
    seen += 1
    if (seen === count) return
  }
}

interface FileFacts {
  readonly time: number
  readonly hash: string
}

/** All but what the batch keeps for itself. */
function filesOf(folder: string): Map<string, FileFacts> {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.paella-batch') && !name.startsWith('manifest'))
  return new Map(
    names.sort().map((name) => {
      const path = join(folder, name)
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
      return [name, { time: statSync(path).mtimeMs, hash }]
    }),
  )
}

function sameHashes(one: ReadonlyMap<string, FileFacts>, other: ReadonlyMap<string, FileFacts>): boolean {
  const hashes = (files: ReadonlyMap<string, FileFacts>) =>
    JSON.stringify([...files].map(([name, { hash }]) => [name, hash]))
  return hashes(one) === hashes(other)
}

function itemsOf(folder: string): readonly Record<string, unknown>[] {
  const text = readFileSync(join(folder, 'manifest.json'), 'utf8')
  return (JSON.parse(text) as { readonly items: Record<string, unknown>[] }).items
}

/** The two manifests tell the same but for the time it took. */
function isDeepEqualItems(one: string, other: string): boolean {
  const timeless = (folder: string) => JSON.stringify(itemsOf(folder).map((item) => ({ ...item, milliseconds: 0 })))
  return timeless(one) === timeless(other)
}
