/**
 * A batch split over any number of workers by a queue in Redis (BullMQ). An item is in the queue once, by its identity; a worker
 * that dies gives its items back after a while. What is finished is told by the journals in the folder, which all workers share,
 * and not by the queue: an item that two had is one file and one line of the manifest.
 */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { type Job, Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { nodeStorage } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'
import type { BatchSpec } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { type BatchFolder, findBatch } from './batch-folder.ts'
import { type BatchItem, countItems, planItems } from './items.ts'
import { Journals, JournalWriter } from './journal.ts'
import { type Lock, lockBatch } from './lock.ts'
import { ItemMaker, type Made } from './make-item.ts'
import { writeManifest } from './manifest.ts'
import { type BatchEngine, PatientEngine } from './patient-engine.ts'
import { beginBatch } from './prepare.ts'
import { checkSpec } from './spec.ts'

export interface QueueAddress {
  /** redis://[user:password@]host[:port][/database], or rediss:// */
  readonly url: string
  /** Name of the queue there. */
  readonly queue: string
}

export interface Enqueued {
  readonly items: number
  /** By earlier runs; these are not in the queue. */
  readonly finished: number
}

export interface WorkerHooks {
  /** Ends it after the items that it has. */
  readonly signal?: AbortSignal
  /** Ends it when nothing is left in the queue, for anybody. */
  readonly untilEmpty?: boolean
  /** Where the batch's folder lies on this machine, if elsewhere than for whoever put it into the queue. */
  readonly out?: string | undefined
  /** ms of silence after which a worker counts as dead. */
  readonly deadAfter?: number
  readonly onItem?: (item: BatchItem, made: Made) => void
  readonly onWarning?: (text: string) => void
}

export interface WorkerOutcome {
  readonly done: number
  readonly skipped: number
  readonly failed: number
  /** Of each batch that it had items of. */
  readonly manifests: readonly string[]
}

const bulk = 500
/** One is sampled, one is encoded and written. */
const atOnce = 2
/** A job may lose so many workers, which may all have been killed for other reasons, and fail on so many disks. */
const chances = 10
/** What is in the queue knows that it is done for so long, s. */
const kept = 7 * 24 * 3600

const itemSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{24}$/),
  index: z.int().min(0),
  row: z.int().min(1),
  seed: z.int().min(0),
  prompt: z.string(),
  negative: z.string(),
  size: z.object({ width: z.int(), height: z.int() }).nullable(),
  steps: z.int().exactOptional(),
  guidance: z.number().exactOptional(),
  /** Never out of the folder: the queue may hold what anybody put there. */
  file: z.string().refine((file) => !file.split(/[/\\]/).some((part) => part === '..' || part === '')),
  picture: z.object({ path: z.string(), mask: z.string().nullable() }).nullable(),
})

const jobSchema = z.object({
  out: z.string(),
  batch: z.string().regex(/^[0-9a-f]{24}$/),
  existing: z.enum(['skip', 'suffix', 'replace']),
  item: itemSchema,
})

type JobData = z.infer<typeof jobSchema>

/**
 * Puts all items into the queue that no run has finished. Doing so twice doubles nothing; what failed is tried again.
 *
 * @throws StudioError 'bad-request' where Redis does not answer, and what planning throws
 */
export async function enqueueBatch(spec: BatchSpec, engine: BatchEngine, address: QueueAddress): Promise<Enqueued> {
  const checked = checkSpec(spec)
  const { folder, context } = await beginBatch(checked, engine)
  const journals = new Journals(folder.path)
  await journals.refresh()
  const redis = await connect(address.url)
  const queue = new Queue<JobData>(address.queue, { connection: redis })
  try {
    let finished = 0
    let waiting: BatchItem[] = []
    const flush = async (): Promise<void> => {
      for (const { id } of waiting) {
        // The queue would take the failure of last time for an answer.
        if (journals.state(id)?.is === 'failed') await queue.remove(jobId(folder, id))
      }
      await queue.addBulk(waiting.map((item) => jobOf(folder, checked, item)))
      waiting = []
    }
    for (const item of planItems(checked, context)) {
      if (journals.state(item.id)?.is === 'done') finished += 1
      else if (waiting.push(item) === bulk) await flush()
    }
    if (waiting.length > 0) await flush()
    await queue.retryJobs({ state: 'failed' })
    return { items: countItems(checked, context.pictures), finished }
  } finally {
    await queue.close()
    redis.disconnect()
  }
}

const jobId = ({ header }: BatchFolder, item: string): string => `${header.id}-${item}`

function jobOf(folder: BatchFolder, { out, existing }: BatchSpec, item: BatchItem) {
  return {
    name: 'item',
    data: { out: resolve(out), batch: folder.header.id, existing, item },
    opts: { jobId: jobId(folder, item.id), attempts: chances, removeOnComplete: { age: kept } },
  }
}

/**
 * Makes items of the queue until it is told to end, or nothing is left.
 *
 * @throws StudioError 'bad-request' where Redis does not answer, 'write-failed', 'engine-lost'; the item goes back to the queue
 */
export async function runWorker(
  engine: BatchEngine,
  address: QueueAddress,
  hooks: WorkerHooks = {},
): Promise<WorkerOutcome> {
  const redis = await connect(address.url)
  const queue = new Queue(address.queue, { connection: redis })
  const bench = new Workbench(engine, hooks)
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const dead = hooks.deadAfter ?? 30_000
  const worker = new Worker<unknown>(address.queue, (job: Job<unknown>) => bench.make(job).catch(giveUp), {
    connection: redis,
    concurrency: atOnce,
    lockDuration: dead,
    stalledInterval: dead,
    maxStalledCount: chances,
  })
  let failure: unknown
  function giveUp(error: unknown): never {
    failure ??= error
    end()
    throw error
  }
  // Redis may go and come back; the worker goes on by itself.
  worker.on('error', (error) => hooks.onWarning?.(`Redis: ${error.message}`))
  hooks.signal?.addEventListener('abort', () => end(), { once: true })
  if (hooks.signal?.aborted === true) end()
  const watch = hooks.untilEmpty === true ? setInterval(() => void look(), 500) : undefined
  async function look(): Promise<void> {
    const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized').catch(() => ({ unknown: 1 }))
    if (Object.values(counts).every((count) => count === 0)) end()
  }
  try {
    await ended
    clearInterval(watch)
    await worker.close()
    const manifests = await bench.close()
    if (failure !== undefined) throw failure
    return { ...bench.counts, manifests }
  } finally {
    clearInterval(watch)
    await queue.close()
    redis.disconnect()
  }
}

/** What a worker holds of a batch. */
interface Place {
  readonly folder: BatchFolder
  readonly journals: Journals
  readonly writer: JournalWriter
  readonly lock: Lock
}

class Workbench {
  readonly counts = { done: 0, skipped: 0, failed: 0 }
  readonly #engine: BatchEngine
  readonly #patient: PatientEngine
  readonly #hooks: WorkerHooks
  readonly #label = `worker-${hostname().replace(/[^\w-]/g, '-')}-${process.pid}-${randomBytes(4).toString('hex')}`
  readonly #places = new Map<string, Promise<Place>>()

  constructor(engine: BatchEngine, hooks: WorkerHooks) {
    this.#engine = engine
    this.#patient = new PatientEngine(engine)
    this.#hooks = hooks
  }

  async make(job: Job<unknown>): Promise<{ readonly is: Made['is'] }> {
    const parsed = jobSchema.safeParse(job.data)
    if (!parsed.success)
      throw new StudioError('bad-request', `The queue holds something else than pictures: name another with --queue.`)
    const { batch, existing, item } = parsed.data
    const out = this.#hooks.out ?? parsed.data.out
    const { folder, journals, writer } = await this.#place(out, batch)
    // What the one before had begun is in its journal.
    if (job.attemptsStarted > 1) await journals.refresh()
    const header = { ...folder.header, spec: { ...folder.header.spec, existing } }
    const maker = new ItemMaker({
      folder: { ...folder, header },
      engine: this.#patient,
      journals,
      writer,
      storage: nodeStorage,
    })
    const made = await maker.make(item).catch((error: unknown) => {
      throw writeFailure(out, error)
    })
    this.counts[made.is] += 1
    this.#hooks.onItem?.(item, made)
    return { is: made.is }
  }

  /** Paths of the manifests. */
  async close(): Promise<string[]> {
    const manifests: string[] = []
    for (const opening of this.#places.values()) {
      const place = await opening.catch(() => undefined)
      if (place === undefined) continue
      place.writer.close()
      manifests.push((await writeManifest(place.folder)).path)
      await place.lock.release()
    }
    return manifests
  }

  #place(out: string, batch: string): Promise<Place> {
    const key = JSON.stringify([out, batch])
    const place = this.#places.get(key) ?? this.#open(out, batch)
    this.#places.set(key, place)
    return place
  }

  async #open(out: string, batch: string): Promise<Place> {
    const folder = await findBatch(out, batch)
    if (folder === undefined)
      throw new StudioError('file-not-found', `The batch's folder ${out} is not here: share it, or name it with --out.`)
    const { model } = folder.header
    const here = (await this.#engine.describe()).models.find(({ id }) => id === model.id)
    if (here?.sha256 !== model.sha256)
      throw new StudioError(
        'model-missing',
        `This machine has no model '${model.id}' with the weights that the batch was begun with: copy its folder here.`,
      )
    const lock = await lockBatch(folder.path, 'queue')
    const journals = new Journals(folder.path)
    await journals.refresh()
    return { folder, journals, writer: new JournalWriter(folder.path, this.#label, journals), lock }
  }
}

/** A connection that has answered; later ones that break are made again. @throws StudioError 'bad-request' */
async function connect(url: string): Promise<Redis> {
  let isUp = false
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isUp ? Math.min(times * 200, 5_000) : null),
  })
  let why = 'no answer'
  // Told once more by whoever uses it.
  redis.on('error', (error: Error) => {
    why = error.message || why
  })
  try {
    await redis.connect()
    isUp = true
    return redis
  } catch (error) {
    redis.disconnect()
    const address = url.replace(/\/\/[^@/]*@/, '//')
    throw new StudioError(
      'bad-request',
      `Redis at ${address} cannot be reached (${why}): start it, or check --redis.`,
      {
        cause: error,
      },
    )
  }
}
