/**
 * `paella bench`: what a user waits for, measured on this machine. All figures come from one run; seconds are medians with their
 * least and most, and speed is given as a share of the machine's own float32 matrix product, measured beside it.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findModel } from '../../engine/models/store.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import { timed, timing } from './measure.ts'
import type { ModelReport, PublishedReport, Task } from './tasks.ts'

const run = promisify(execFile)

export interface BenchOptions {
  /** The shipped model alone, few runs. */
  readonly quick: boolean
  /** Else the first there is. */
  readonly model: string | undefined
  /** Folder of the built programs. */
  readonly home: string
  readonly environment: {
    readonly modelsDir: string
    readonly resourcesDir: string
    readonly cacheDir: string
    readonly device: string
  }
}

export async function runBench({ quick, model: wanted, home, environment }: BenchOptions): Promise<unknown> {
  const { id: model } = await findModel(environment.modelsDir, wanted)
  const measure = async <T>(task: Task): Promise<T> => {
    const { stdout } = await run(process.execPath, [join(home, 'bench-worker.js'), JSON.stringify(task)], {
      maxBuffer: 1 << 24,
    }).catch((cause: unknown) => {
      throw new StudioError(
        'internal',
        `The measurement '${task.task}' failed. Run again with --verbose for the reason.`,
        { cause, detail: String(cause) },
      )
    })
    return JSON.parse(stdout) as T
  }
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    float32PeakGflops: Math.round(await measure<number>({ task: 'peak' })),
  }
  const shipped = await measure<ModelReport>({ task: 'model', env: environment, model, pictures: quick ? 3 : 20 })
  const command = await timeCommand(home, model, quick ? 2 : 7)
  const models: Record<string, unknown> = { [model]: { ...shipped, commandFromStartToFile: command } }
  if (!quick) {
    for (const precision of ['float32', 'int8'] as const) {
      for (const passes of [1, 2] as const) {
        const report = await measure<PublishedReport>({
          task: 'published',
          folder: environment.cacheDir,
          precision,
          passes,
          steps: 7,
        })
        models[`paella-v1-573m ${precision}, ${passes === 2 ? 'with' : 'without'} guidance`] = report
      }
    }
  }
  return { machine, models }
}

/** `paella generate` in a process of its own, from its start to its end. */
async function timeCommand(home: string, model: string, runs: number) {
  const folder = await mkdtemp(join(tmpdir(), 'paella-bench-'))
  try {
    const times: number[] = []
    for (let seed = 0; seed < runs; seed++) {
      const words = [
        'generate',
        'a red apple',
        '--model',
        model,
        '--steps',
        '8',
        '--seed',
        String(seed),
        '--out',
        folder,
        '--quiet',
      ]
      times.push((await timed(() => run(process.execPath, [join(home, 'paella.js'), ...words]))).milliseconds)
    }
    return timing(times)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
