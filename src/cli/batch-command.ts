/** `paella batch` from its options to its end: plan, run, queue or join. */
import { resolve } from 'node:path'
import {
  BatchControl,
  type BatchOutcome,
  batchesIn,
  checkSpec,
  findBatch,
  parseShard,
  planBatch,
  readRows,
  rowsKindOf,
  runBatch,
  writeManifest,
} from '../batch/index.ts'
import type { BatchSpec } from '../shared/contract/batch.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { type BatchOptions, batchSpec } from './batch-options.ts'
import { batchReporter } from './batch-reporter.ts'
import type { Cli } from './cli.ts'
import { exitCodes } from './exit-codes.ts'
import { readInput } from './input-files.ts'
import { writeFailure } from './write-failure.ts'

/** @throws StudioError of any code; what was finished before is on disk, and the same words go on */
export async function runBatchCommand(cli: Cli, list: string | undefined, options: BatchOptions): Promise<void> {
  if (options.merge !== undefined) return await joinManifests(cli, options.merge)
  if (options.enqueue === true && options.redis === undefined)
    throw new StudioError('bad-request', '--enqueue needs --redis: where the queue is, such as redis://server:6379.')
  const shard = options.shard === undefined ? undefined : parseShard(options.shard, process.env)
  const spec = withWholePaths(checkSpec(await specOf(list, options)))
  const onLog = options.verbose === true ? (line: string) => cli.stderr.write(`engine: ${line}\n`) : undefined
  const opened = await cli.openEngine({ models: options.models, device: options.device, onLog })
  try {
    if (options.dryRun === true) await dryRun(cli, spec, opened.engine, options)
    else if (options.enqueue === true) await enqueue(cli, spec, opened.engine, options)
    else await make(cli, spec, opened.engine, { ...options, ...(shard === undefined ? {} : { of: shard }) })
  } finally {
    opened.close()
  }
}

async function specOf(list: string | undefined, options: BatchOptions): Promise<unknown> {
  if (options.spec !== undefined) {
    if (list !== undefined || options.pictures !== undefined)
      throw new StudioError('bad-request', '--spec says what is made: leave the list or --pictures out.')
    const spec = parseSpec(options.spec, await textOf(options.spec))
    return options.out === undefined ? spec : { ...spec, out: options.out }
  }
  if (list !== undefined && options.pictures !== undefined)
    throw new StudioError('bad-request', 'A list and --pictures are two batches: leave one out.')
  return batchSpec(options, list === undefined ? undefined : readRows(await textOf(list), rowsKindOf(list)))
}

async function textOf(path: string): Promise<string> {
  const { bytes } = await readInput(path).catch((error: unknown) => {
    if (error instanceof StudioError && error.code === 'not-a-picture')
      throw new StudioError('bad-request', `${path} is empty: name another file.`)
    throw error
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new StudioError('bad-request', `${path} is not UTF-8: save it as such, or convert it with iconv.`)
  }
}

function parseSpec(path: string, text: string): object {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'object' && value !== null) return value
  } catch (error) {
    throw new StudioError('bad-request', `${path} is not JSON (${String(error)}): mend it.`)
  }
  throw new StudioError('bad-request', `${path} holds no batch: an object with version, source, out ... was expected.`)
}

/** The same batch from whichever folder it is asked for. */
function withWholePaths(spec: BatchSpec): BatchSpec {
  const { source } = spec
  const whole =
    source.kind === 'prompts'
      ? source
      : { ...source, folder: resolve(source.folder), masks: source.masks === null ? null : resolve(source.masks) }
  return { ...spec, source: whole }
}

async function dryRun(cli: Cli, spec: BatchSpec, engine: EngineApi, { json, shard }: BatchOptions): Promise<void> {
  const plan = await planBatch(spec, engine, shard === undefined ? undefined : parseShard(shard, process.env))
  if (json === true) return cli.stdout.write(`${JSON.stringify({ type: 'plan', ...plan })}\n`)
  for (const warning of plan.warnings) cli.stderr.write(`paella: warning: ${warning}\n`)
  for (const [index, name] of plan.names.entries()) cli.stdout.write(`${name}\t${plan.prompts[index] ?? ''}\n`)
  const more = plan.items > plan.names.length ? `, ${plan.items - plan.names.length} more are not shown` : ''
  const finished = plan.finished > 0 ? `, ${plan.finished} of them are finished` : ''
  cli.stderr.write(`${plan.items} pictures${finished}${more}\n`)
}

async function enqueue(cli: Cli, spec: BatchSpec, engine: EngineApi, options: BatchOptions): Promise<void> {
  // Loaded here: the queue's client is large.
  const { enqueueBatch } = await import('../batch/redis-queue.ts')
  const { redis = '', queue, json } = options
  const { items, finished } = await enqueueBatch(spec, engine, { url: redis, queue })
  if (json === true) cli.stdout.write(`${JSON.stringify({ type: 'enqueued', items, finished, queue })}\n`)
  else cli.stderr.write(`${items - finished} of ${items} pictures are in the queue; paella worker makes them\n`)
}

type MakeOptions = BatchOptions & { readonly of?: ReturnType<typeof parseShard> }

async function make(cli: Cli, spec: BatchSpec, engine: EngineApi, options: MakeOptions): Promise<void> {
  const reporter = batchReporter(cli, options)
  const control = new BatchControl()
  const stopListening = cli.onInterrupt(() => {
    control.stop()
    reporter.stopping()
  })
  try {
    const outcome = await runBatch(spec, engine, {
      control,
      ...(options.of === undefined ? {} : { shard: options.of }),
      onProgress: (progress) => reporter.progress(progress),
      onItem: (item, made) => reporter.item(spec.out, item, made),
    })
    reporter.done(outcome)
    conclude(cli, outcome)
  } catch (error) {
    throw writeFailure(spec.out, error)
  } finally {
    reporter.close()
    stopListening()
  }
}

function conclude(cli: Cli, { stopped, progress }: BatchOutcome): void {
  const { items, done, skipped, failed } = progress
  if (stopped)
    throw new StudioError(
      'cancelled',
      `Stopped with ${done + skipped} of ${items} pictures there; the same command goes on with the rest.`,
    )
  if (failed > 0) cli.setExitCode(exitCodes.failure)
}

async function joinManifests(cli: Cli, out: string): Promise<void> {
  for (const id of await batchesIn(out)) {
    const folder = await findBatch(out, id)
    if (folder !== undefined) cli.stdout.write(`${(await writeManifest(folder)).path}\n`)
  }
}
