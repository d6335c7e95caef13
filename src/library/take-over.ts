/**
 * What other libraries of the folder hold, taken into the first one: a second program that ran at the same time had one of its own,
 * and what waits in there must not wait for ever. Done again after a kill in the middle it changes nothing more.
 */
import { existsSync, rmSync } from 'node:fs'
import { type Database, libraryPath, mostLibraries, sqliteCode, version } from './database.ts'

/** Tables in the order in which they name each other, and what is taken of each row. */
const tables = {
  jobs: 'id, state, place, title, use, pictures, queued_at, ended_at, error, deaths, spent, options, px, steps',
  requests: 'job, body',
  made: 'job, picture',
  pictures:
    'id, job, place, made_at, width, height, prompt, negative, use, seed, model, starred, partial, path, trashed',
  thumbnails: 'picture, body',
  trajectories: 'picture, bytes, body',
} as const
/** Rows of these name one of those, which may have been left out as it was there already under another id. */
const owners: Readonly<Record<string, string>> = {
  requests: 'job IN (SELECT id FROM main.jobs)',
  made: 'job IN (SELECT id FROM main.jobs)',
  thumbnails: 'picture IN (SELECT id FROM main.pictures)',
  trajectories: 'picture IN (SELECT id FROM main.pictures)',
}

export function takeOverOthers(database: Database, folder: string, log: (line: string) => void): void {
  if (database.path !== libraryPath(folder, 1)) return
  for (let n = 2; n <= mostLibraries; n++) {
    const path = libraryPath(folder, n)
    if (!existsSync(path)) continue
    try {
      if (!takeOver(database, path)) continue
      for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true })
      log(`${path} was taken over`)
    } catch (error) {
      // It belongs to a program that runs, or cannot be read: its pictures come in by their files.
      if (sqliteCode(error) === undefined) throw error
      log(`${path} was left alone: ${String(error)}`)
    }
  }
}

/** False for one of another version, which stays as it is. */
function takeOver(database: Database, path: string): boolean {
  const { sql } = database
  sql.prepare('ATTACH ? AS other').run(path)
  try {
    const found = Number(sql.prepare('PRAGMA other.user_version').get()?.['user_version'])
    if (found === version) takeRows(database)
    return found === version
  } finally {
    sql.exec('DETACH other')
  }
}

function takeRows(database: Database): void {
  database.transaction(() => {
    for (const [table, columns] of Object.entries(tables)) {
      const where = owners[table] === undefined ? '' : `WHERE ${owners[table]}`
      const rows = `SELECT ${columns} FROM other.${table} ${where}`
      database.sql.exec(`INSERT OR IGNORE INTO main.${table} (${columns}) ${rows}`)
    }
  })
}
