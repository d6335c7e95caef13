/** The jobs in the database: what the list shows, what the runner takes next, and which pictures of a job are finished. */
import type { SQLInputValue } from 'node:sqlite'
import type { GenerateOptions } from '../shared/contract/engine-api.ts'
import type { ErrorRecord } from '../shared/contract/errors.ts'
import type { JobId, JobState, QueuedJob } from '../shared/contract/queue-api.ts'
import { decodeMessage, encodeMessage } from '../shared/wire/binary-codec.ts'
import type { Database } from './database.ts'
import { type FixedRequest, picturesOf } from './job-plan.ts'
import { text } from './text-coding.ts'

export type JobOptions = Pick<GenerateOptions, 'previews' | 'trajectory'>

/** A job as the list shows it, and what the estimate knows of its pictures: null where the request leaves it to the model. */
export interface StoredJob extends QueuedJob {
  readonly px: number | null
  readonly steps: number | null
  /** Milliseconds of the engine's time so far. */
  readonly spent: number
}

export interface NewJob {
  readonly id: JobId
  readonly request: FixedRequest
  readonly title: string
  readonly where: 'next' | 'last'
  readonly options: JobOptions
}

/** Ended jobs that stay in the list. */
export const endedKept = 200

const ended = `('done', 'failed', 'stopped', 'held')`
const columns = `id, state, title, use, pictures, queued_at, ended_at, error, px, steps, spent,
  (SELECT count(*) FROM made WHERE made.job = jobs.id) AS finished`

export class JobStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  add({ id, request, title, where, options }: NewJob): void {
    const { size, sampling, use } = request
    this.#database.transaction(() => {
      this.#run(
        `INSERT INTO jobs (id, state, place, title, use, pictures, queued_at, options, px, steps)
         VALUES (?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        where === 'next' ? this.#before() : this.#after(),
        title,
        use.use,
        picturesOf(request),
        Date.now(),
        JSON.stringify(options),
        size === undefined ? null : size.width * size.height,
        sampling?.steps ?? null,
      )
      this.#run('INSERT INTO requests (job, body) VALUES (?, ?)', id, encodeMessage(request, text))
    })
  }

  /** What runs, what waits in its order, what has ended. */
  list(): StoredJob[] {
    return [
      ...this.#rows(`SELECT ${columns} FROM jobs WHERE state = 'running'`),
      ...this.#rows(`SELECT ${columns} FROM jobs WHERE state = 'waiting' ORDER BY place`),
      ...this.#rows(
        `SELECT ${columns} FROM jobs WHERE state IN ${ended} ORDER BY ended_at DESC, n DESC LIMIT ${endedKept}`,
      ),
    ]
  }

  find(id: JobId): StoredJob | undefined {
    return this.#rows(`SELECT ${columns} FROM jobs WHERE id = ?`, id)[0]
  }

  /** The first that waits, which runs from now on. */
  takeNext(): StoredJob | undefined {
    const [next] = this.#rows(`SELECT ${columns} FROM jobs WHERE state = 'waiting' ORDER BY place LIMIT 1`)
    if (next === undefined) return undefined
    this.#run(`UPDATE jobs SET state = 'running' WHERE id = ?`, next.id)
    return { ...next, state: 'running' }
  }

  request(id: JobId): FixedRequest {
    const row = this.#database.sql.prepare('SELECT body FROM requests WHERE job = ?').get(id)
    return decodeMessage(row?.['body'] as Uint8Array, text) as FixedRequest
  }

  options(id: JobId): JobOptions {
    const row = this.#database.sql.prepare('SELECT options FROM jobs WHERE id = ?').get(id)
    return JSON.parse(String(row?.['options'])) as JobOptions
  }

  made(id: JobId): Set<number> {
    const rows = this.#database.sql.prepare('SELECT picture FROM made WHERE job = ?').all(id)
    return new Set(rows.map((row) => Number(row['picture'])))
  }

  /** Within the transaction that adds the picture. Nothing where the job is none of ours (any more). */
  markMade(id: JobId, picture: number): void {
    this.#run('INSERT OR IGNORE INTO made (job, picture) SELECT id, ? FROM jobs WHERE id = ?', picture, id)
  }

  /** It ended. What it was given is dropped where nobody can want it again. */
  end(id: JobId, state: Exclude<JobState, 'waiting' | 'running'>, error: ErrorRecord | null): void {
    this.#database.transaction(() => {
      const record = error === null ? null : JSON.stringify({ code: error.code, message: error.message })
      this.#run('UPDATE jobs SET state = ?, ended_at = ?, error = ? WHERE id = ?', state, Date.now(), record, id)
      if (state === 'done') this.#run('DELETE FROM requests WHERE job = ?', id)
      this.#run(
        `DELETE FROM jobs WHERE state IN ${ended} AND id NOT IN
         (SELECT id FROM jobs WHERE state IN ${ended} ORDER BY ended_at DESC, n DESC LIMIT ${endedKept})`,
      )
    })
  }

  spend(id: JobId, milliseconds: number): void {
    this.#run('UPDATE jobs SET spent = spent + ? WHERE id = ?', milliseconds, id)
  }

  /** It ended the engine's process; how often by now. */
  addDeath(id: JobId): number {
    const row = this.#database.sql.prepare('UPDATE jobs SET deaths = deaths + 1 WHERE id = ? RETURNING deaths').get(id)
    return Number(row?.['deaths'])
  }

  /** Before all that wait. */
  waitAtHead(id: JobId): void {
    this.#run(`UPDATE jobs SET state = 'waiting', place = ? WHERE id = ?`, this.#before(), id)
  }

  /** What ran when a program died. */
  waitAgain(): void {
    for (const { id } of this.#rows(`SELECT ${columns} FROM jobs WHERE state = 'running'`)) this.waitAtHead(id)
  }

  /** Behind all that wait. */
  retry(id: JobId): void {
    this.#run(
      `UPDATE jobs SET state = 'waiting', place = ?, ended_at = NULL, error = NULL, deaths = 0 WHERE id = ?`,
      this.#after(),
      id,
    )
  }

  move(id: JobId, before: JobId | null): void {
    const order = this.#rows(`SELECT ${columns} FROM jobs WHERE state = 'waiting' ORDER BY place`)
      .map((job) => job.id)
      .filter((other) => other !== id)
    order.splice(before === null ? order.length : order.indexOf(before), 0, id)
    this.#database.transaction(() => {
      for (const [place, job] of order.entries()) this.#run('UPDATE jobs SET place = ? WHERE id = ?', place, job)
    })
  }

  remove(ids: readonly JobId[]): void {
    this.#database.transaction(() => {
      for (const id of ids) this.#run(`DELETE FROM jobs WHERE id = ? AND state <> 'running'`, id)
    })
  }

  get paused(): boolean {
    return this.#database.readMeta('paused') === '1'
  }

  set paused(paused: boolean) {
    this.#database.writeMeta('paused', paused ? '1' : '0')
  }

  #before(): number {
    const row = this.#database.sql.prepare(`SELECT min(place) AS place FROM jobs WHERE state = 'waiting'`).get()
    return Number(row?.['place'] ?? 0) - 1
  }

  #after(): number {
    const row = this.#database.sql.prepare(`SELECT max(place) AS place FROM jobs WHERE state = 'waiting'`).get()
    return Number(row?.['place'] ?? 0) + 1
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.sql.prepare(sql).run(...values)
  }

  #rows(sql: string, ...values: SQLInputValue[]): StoredJob[] {
    return this.#database.sql
      .prepare(sql)
      .all(...values)
      .map((row) => ({
        id: String(row['id']),
        state: row['state'] as JobState,
        title: String(row['title']),
        use: row['use'] as QueuedJob['use'],
        pictures: Number(row['pictures']),
        finished: Number(row['finished']),
        queuedAt: Number(row['queued_at']),
        endedAt: row['ended_at'] as number | null,
        error: row['error'] === null ? null : (JSON.parse(String(row['error'])) as ErrorRecord),
        px: row['px'] as number | null,
        steps: row['steps'] as number | null,
        spent: Number(row['spent']),
      }))
  }
}
