/**
 * `paella bench`: what a user waits for, measured on this machine. All figures come from one run; seconds are medians with their
 * least and most, and speed is given as a share of the machine's own float32 matrix product, measured beside it.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { precisions } from '../../engine/import/precision.ts'
import { findModel } from '../../engine/models/store.ts'
import { checkDevice } from '../../engine/runtime/device.ts'
import { engineVariables } from '../../host/engine-variables.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import { timed, timing } from './measure.ts'
import { type ModelReport, type PublishedReport, stepKinds, type Task } from './tasks.ts'

const run = promisify(execFile)

export interface BenchOptions {
  /** The shipped model alone, few runs. */
  readonly quick: boolean
  /** Else the first there is. */
  readonly model: string | undefined
  /** Folder of models, as it was given. */
  readonly models: string | undefined
  /** Undefined: the CPU, and what is much faster, where there is such a thing. */
  readonly device: string | undefined
  /** Folder of the built programs. */
  readonly home: string
  readonly environment: {
    readonly modelsDir: string
    readonly resourcesDir: string
    readonly cacheDir: string
  }
}

export async function runBench({
  quick,
  model: wanted,
  models: folder,
  device,
  home,
  environment,
}: BenchOptions): Promise<unknown> {
  const { id: model } = await findModel(environment.modelsDir, wanted)
  const measure = async <T>(task: Task): Promise<T> => {
    const { stdout } = await run(process.execPath, [join(home, 'bench-worker.js'), JSON.stringify(task)], {
      maxBuffer: 1 << 24,
      env: engineVariables(),
    }).catch((cause: unknown) => {
      throw new StudioError(
        'internal',
        `The measurement '${task.task}' failed. Run again with --verbose for the reason.`,
        { cause, detail: String(cause) },
      )
    })
    return JSON.parse(stdout) as T
  }
  if (device !== undefined) checkDevice(device)
  const devices =
    device === undefined || device === 'auto'
      ? new Set(['cpu', await measure<string>({ task: 'fastest', folder: environment.cacheDir })])
      : [device]
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    float32PeakGflops: Math.round(await measure<number>({ task: 'peak' })),
  }
  const models: Record<string, unknown> = {}
  /** The CPU goes without saying. */
  const named = (name: string, device: string): string => (device === 'cpu' ? name : `${name} on ${device}`)
  for (const device of devices) {
    const env = { ...environment, device }
    const report = await measure<ModelReport>({ task: 'model', env, model, pictures: quick ? 3 : 20 })
    const command = await timeCommand(home, { model, device, models: folder }, quick ? 2 : 7)
    models[named(model, device)] = { ...report, commandFromStartToFile: command }
  }
  if (!quick) {
    for (const kind of stepKinds) {
      let exact: readonly number[] | undefined
      for (const device of devices) {
        for (const precision of precisions) {
          const task: Task = { task: 'published', folder: environment.cacheDir, precision, device, kind, steps: 7 }
          const { tokens, ...report } = await measure<PublishedReport>(task)
          exact ??= tokens
          models[named(`paella-v1-573m ${precision}, ${kind}`, device)] = {
            ...report,
            ...(tokens && exact && { likeliestTokensAsInFloat32: agreement(tokens, exact) }),
          }
        }
      }
    }
  }
  return { machine, models }
}

/** Share of the tokens that are the same. */
const agreement = (tokens: readonly number[], others: readonly number[]): number =>
  Math.round((tokens.filter((token, cell) => token === others[cell]).length / tokens.length) * 1000) / 1000

/** `paella generate` in a process of its own, from its start to its end. */
async function timeCommand(
  home: string,
  { model, device, models }: { readonly model: string; readonly device: string; readonly models: string | undefined },
  runs: number,
) {
  const folder = await mkdtemp(join(tmpdir(), 'paella-bench-'))
  try {
    const times: number[] = []
    for (let seed = 0; seed < runs; seed++) {
      const words = [
        'generate',
        'a red apple',
        '--model',
        model,
        ...(models === undefined ? [] : ['--models', models]),
        '--device',
        device,
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
