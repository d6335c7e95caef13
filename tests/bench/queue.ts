/**
 * `npm run bench:queue`: the queue's promises, as one JSON object: what kills of its program leave behind, how its memory grows, how
 * soon a cancel is heard by the real engine, and how late timers of the main process come while it runs. Progress goes to stderr.
 * `--quick` makes fewer jobs and pictures.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runWithKills } from '../kit/queue-kills.ts'
import { type Distance, openProgram } from './queue-program.ts'
import { median, rounded, spread } from './figures.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } })
const plan = values.quick === true ? { jobs: 60, pictures: 120, cancels: 2 } : { jobs: 1000, pictures: 600, cancels: 5 }

const began = performance.now()
const tell = (text: string): void => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`)
}
const home = mkdtempSync(join(tmpdir(), 'paella-bench-queue-'))
try {
  const loadBefore = loadavg()[0]
  const figures = {
    kills: await measureKills(),
    memory: await measureMemory(),
    ...(await measureRealEngine()),
  }
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, loadBefore, loadAfter: loadavg()[0] }
  process.stdout.write(
    `${JSON.stringify({ machine, ...figures, seconds: Math.round((performance.now() - began) / 1000) }, null, 2)}\n`,
  )
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function measureKills() {
  tell(`${plan.jobs} jobs over 5 kills`)
  const start = performance.now()
  const atOpen = [5, 4, 3, 2, 1].map((sixth) => Math.round((plan.jobs * sixth) / 6))
  const killed = await runWithKills(join(home, 'kills'), plan.jobs, atOpen)
  return { ...killed, seconds: Math.round((performance.now() - start) / 1000) }
}

/** Of the program's own process: the engine is another one. A window follows all the time. */
async function measureMemory() {
  tell(`memory over ${plan.pictures} pictures`)
  const program = fileURLToPath(new URL('queue-memory.ts', import.meta.url))
  const words = ['--expose-gc', program, join(home, 'memory'), String(plan.pictures)]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const samples: { readonly pictures: number; readonly rss: number }[] = []
  createInterface({ input: child.stdout }).on('line', (line) =>
    samples.push(JSON.parse(line) as (typeof samples)[number]),
  )
  await once(child, 'exit')
  // The first pictures warm up code and pools; from then on the slope by least squares.
  const warm = samples.filter(({ pictures }) => pictures >= plan.pictures / 6)
  const mean = (of: (sample: (typeof samples)[number]) => number): number =>
    warm.reduce((sum, sample) => sum + of(sample), 0) / warm.length
  const [x, y] = [mean(({ pictures }) => pictures), mean(({ rss }) => rss)]
  const covariance = mean(({ pictures, rss }) => (pictures - x) * (rss - y))
  const slope = covariance / mean(({ pictures }) => (pictures - x) ** 2)
  const mb = (bytes: number | undefined): number => rounded((bytes ?? 0) / 2 ** 20)
  return {
    pictures: plan.pictures,
    picture: '256 x 256 px, 196 KB of pixels',
    rssMb: { first: mb(warm[0]?.rss), last: mb(warm.at(-1)?.rss) },
    kbAPicture: rounded(slope / 1024),
    aim: 50,
  }
}

async function measureRealEngine() {
  const delays = join(home, 'loop-delay')
  const program = await openProgram(join(home, 'real'), delays)
  try {
    tell('the first picture of the real engine')
    await program.run({ steps: 12, count: 1 })
    tell(`${plan.cancels} cancels`)
    const cancels: Distance[] = []
    for (let i = 0; i < plan.cancels; i++) cancels.push(await program.cancelAfter(3))
    tell('the main process while the model runs')
    await program.resetDelays()
    const steps = await program.run({ steps: 12, count: 12 })
    await program.resetDelays()
    await sleep(200)
    const lines = readFileSync(delays, 'utf8').trim().split('\n')
    const reports = lines.map(
      (line) => JSON.parse(line) as { readonly thread: string; readonly p99: number; readonly max: number },
    )
    const last = (thread: string) => reports.findLast((report) => report.thread === thread)
    return {
      cancel: {
        acknowledgedMs: spread(cancels.map(({ acknowledged }) => acknowledged)),
        stoppedMs: spread(cancels.map(({ stopped }) => stopped)),
        stepsAfterIt: Math.max(...cancels.map(({ stepsAfter }) => stepsAfter)),
        medianStepMs: median(steps),
        partialsKept: cancels.filter(({ kept }) => kept).length,
        aim: { acknowledgedMs: 100, stepsAfterIt: 1 },
      },
      loop: { main: last('main'), backstage: last('backstage'), aim: { mainP99: 20 } },
    }
  } finally {
    await program.close()
  }
}
