/** The gallery's rows: one for each picture, with its thumbnail and the tokens of its steps beside it. */
import type { SQLInputValue } from 'node:sqlite'
import type {
  GalleryFilter,
  GalleryPage,
  GalleryPicture,
  PictureId,
  Trajectory,
} from '../shared/contract/gallery-api.ts'
import type { Recipe } from '../shared/contract/recipe.ts'
import { decodeMessage, encodeMessage } from '../shared/wire/binary-codec.ts'
import type { Database } from './database.ts'
import { text } from './text-coding.ts'

export interface NewPicture {
  readonly id: PictureId
  readonly job: string | null
  /** Of the job's pictures, from 0 on. */
  readonly place: number | null
  readonly madeAt: number
  readonly width: number
  readonly height: number
  readonly recipe: Recipe
  readonly partial: boolean
  readonly path: string
}

/** Of all trajectories together, in bytes: those of the oldest pictures go first. */
const mostTrajectories = 512 * 1024 * 1024
/** A word of the search that is shorter is not in the index of threes. */
const indexedLength = 3

export class PictureStore {
  readonly #database: Database
  readonly #most: number
  #trajectoryBytes: number

  constructor(database: Database, most = mostTrajectories) {
    this.#database = database
    this.#most = most
    const row = database.sql.prepare('SELECT sum(bytes) AS bytes FROM trajectories').get()
    this.#trajectoryBytes = Number(row?.['bytes'] ?? 0)
  }

  /** Within a transaction. Its file was just written, or found: a row of the same path tells of one that is gone. */
  add({ id, job, place, madeAt, width, height, recipe, partial, path }: NewPicture): void {
    const { use, negative, seed, model } = recipe.request
    this.#run('DELETE FROM pictures WHERE path = ?', path)
    this.#run(
      `INSERT INTO pictures (id, job, place, made_at, width, height, prompt, negative, use, seed, model, partial, path)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      job,
      place,
      madeAt,
      width,
      height,
      use.prompt,
      negative,
      use.use,
      seed,
      model,
      partial ? 1 : 0,
      path,
    )
  }

  find(id: PictureId): GalleryPicture | undefined {
    return this.#rows('SELECT * FROM pictures WHERE id = ? AND trashed = 0', id)[0]
  }

  /** A whole picture of a job, wherever its file is now. */
  ofJob(job: string, place: number): GalleryPicture | undefined {
    return this.#rows('SELECT * FROM pictures WHERE job = ? AND place = ? AND partial = 0', job, place)[0]
  }

  paths(): Map<string, PictureId> {
    const rows = this.#database.sql.prepare('SELECT path, id FROM pictures').all()
    return new Map(rows.map((row) => [String(row['path']), String(row['id'])]))
  }

  list(filter: GalleryFilter, offset: number, limit: number): GalleryPage {
    const { where, values } = conditions(filter)
    const days = this.#database.sql
      .prepare(
        `SELECT strftime('%Y-%m-%d', made_at / 1000, 'unixepoch', 'localtime') AS day, count(*) AS count
         FROM pictures WHERE ${where} GROUP BY day ORDER BY day DESC`,
      )
      .all(...values)
      .map((row) => ({ day: String(row['day']), count: Number(row['count']) }))
    const pictures = this.#rows(
      `SELECT * FROM pictures WHERE ${where} ORDER BY made_at DESC, n DESC LIMIT ? OFFSET ?`,
      ...values,
      limit,
      offset,
    )
    return { pictures, days, total: days.reduce((sum, { count }) => sum + count, 0) }
  }

  star(ids: readonly PictureId[], starred: boolean): void {
    this.#each(ids, 'UPDATE pictures SET starred = ? WHERE id = ?', starred ? 1 : 0)
  }

  /** Out of sight until it is brought back; for good with the next start. Its path is free for others. */
  hide(id: PictureId): void {
    this.#run(`UPDATE pictures SET trashed = 1, path = 'trash:' || id WHERE id = ?`, id)
  }

  /** Its file is there now, whether it was in the trash or moved. */
  show(id: PictureId, path: string): void {
    this.#run('UPDATE pictures SET trashed = 0, path = ? WHERE id = ?', path, id)
  }

  remove(ids: readonly PictureId[]): void {
    this.#each(ids, 'DELETE FROM pictures WHERE id = ?')
    this.#countTrajectories()
  }

  removeTrashed(): void {
    this.#run('DELETE FROM pictures WHERE trashed = 1')
    this.#countTrajectories()
  }

  thumbnail(id: PictureId): Uint8Array | undefined {
    const row = this.#database.sql.prepare('SELECT body FROM thumbnails WHERE picture = ?').get(id)
    return row?.['body'] as Uint8Array | undefined
  }

  /** Nothing where the picture is gone meanwhile. */
  setThumbnail(id: PictureId, body: Uint8Array): void {
    this.#run('INSERT OR REPLACE INTO thumbnails (picture, body) SELECT id, ? FROM pictures WHERE id = ?', body, id)
  }

  /** Within a transaction. */
  addTrajectory(id: PictureId, trajectory: Trajectory): void {
    const body = encodeMessage(trajectory, text)
    this.#run('INSERT INTO trajectories (picture, bytes, body) VALUES (?, ?, ?)', id, body.length, body)
    this.#trajectoryBytes += body.length
    while (this.#trajectoryBytes > this.#most) {
      const oldest = this.#database.sql
        .prepare('DELETE FROM trajectories WHERE n = (SELECT min(n) FROM trajectories) RETURNING bytes')
        .get()
      if (oldest === undefined) break
      this.#trajectoryBytes -= Number(oldest['bytes'])
    }
  }

  trajectory(id: PictureId): Trajectory | null {
    const row = this.#database.sql.prepare('SELECT body FROM trajectories WHERE picture = ?').get(id)
    return row === undefined ? null : (decodeMessage(row['body'] as Uint8Array, text) as Trajectory)
  }

  #countTrajectories(): void {
    const row = this.#database.sql.prepare('SELECT sum(bytes) AS bytes FROM trajectories').get()
    this.#trajectoryBytes = Number(row?.['bytes'] ?? 0)
  }

  #each(ids: readonly PictureId[], sql: string, ...values: SQLInputValue[]): void {
    const statement = this.#database.sql.prepare(sql)
    this.#database.transaction(() => {
      for (const id of ids) statement.run(...values, id)
    })
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#database.sql.prepare(sql).run(...values)
  }

  #rows(sql: string, ...values: SQLInputValue[]): GalleryPicture[] {
    return this.#database.sql
      .prepare(sql)
      .all(...values)
      .map((row) => ({
        id: String(row['id']),
        madeAt: Number(row['made_at']),
        width: Number(row['width']),
        height: Number(row['height']),
        prompt: String(row['prompt']),
        negative: String(row['negative']),
        use: row['use'] as GalleryPicture['use'],
        seed: Number(row['seed']),
        model: String(row['model']),
        starred: row['starred'] === 1,
        partial: row['partial'] === 1,
        path: String(row['path']),
        job: row['job'] as string | null,
      }))
  }
}

function conditions({ search, starred, use }: GalleryFilter): { where: string; values: SQLInputValue[] } {
  const words = search.split(/\s+/).filter((word) => word !== '')
  const long = words.filter((word) => [...word].length >= indexedLength)
  const short = words.filter((word) => [...word].length < indexedLength)
  const where = ['trashed = 0']
  const values: SQLInputValue[] = []
  if (starred) where.push('starred = 1')
  if (use !== null) {
    where.push('use = ?')
    values.push(use)
  }
  if (long.length > 0) {
    where.push('n IN (SELECT rowid FROM words WHERE words MATCH ?)')
    values.push(long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '))
  }
  for (const word of short) {
    where.push(`prompt || char(10) || negative || char(10) || model LIKE ? ESCAPE '\\'`)
    values.push(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`)
  }
  return { where: where.join(' AND '), values }
}
