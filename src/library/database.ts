/**
 * The one SQLite file of queue and gallery. A program has it for itself for as long as it runs, which no kill can outlast; what was
 * committed survives a power cut. One that is damaged is set aside as `.damaged` and begun anew: it is an index, the pictures are files.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StudioError } from '../shared/contract/errors.ts'

export const version = 1
/** SQLite's own codes: https://sqlite.org/rescode.html */
const busy = 5
const damaged = [11, 26]
/** A program that was killed lets go when the system has cleared it away. */
const patience = 3_000
/** Programs at once, each with a library of its own until the next start (take-over.ts). */
export const mostLibraries = 9

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE jobs (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, place REAL NOT NULL, title TEXT NOT NULL, use TEXT NOT NULL,
    pictures INTEGER NOT NULL, queued_at INTEGER NOT NULL, ended_at INTEGER, error TEXT, deaths INTEGER NOT NULL DEFAULT 0,
    spent REAL NOT NULL DEFAULT 0, options TEXT NOT NULL, px INTEGER, steps INTEGER
  );
  CREATE INDEX jobs_by_state ON jobs (state, place);
  -- Apart from the jobs, so that a list of them reads no pictures.
  CREATE TABLE requests (job TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE, body BLOB NOT NULL);
  -- Which pictures of a job are finished, whatever became of them since.
  CREATE TABLE made (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, picture INTEGER NOT NULL, PRIMARY KEY (job, picture)
  ) WITHOUT ROWID;

  CREATE TABLE pictures (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, job TEXT, place INTEGER, made_at INTEGER NOT NULL, width INTEGER NOT NULL,
    height INTEGER NOT NULL, prompt TEXT NOT NULL, negative TEXT NOT NULL, use TEXT NOT NULL, seed INTEGER NOT NULL,
    model TEXT NOT NULL, starred INTEGER NOT NULL DEFAULT 0, partial INTEGER NOT NULL, path TEXT NOT NULL UNIQUE,
    trashed INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX pictures_by_time ON pictures (made_at DESC, n DESC);
  CREATE UNIQUE INDEX whole_pictures_of_jobs ON pictures (job, place) WHERE partial = 0 AND job IS NOT NULL;
  CREATE TABLE thumbnails (picture TEXT PRIMARY KEY REFERENCES pictures (id) ON DELETE CASCADE, body BLOB NOT NULL);
  CREATE TABLE trajectories (
    n INTEGER PRIMARY KEY, picture TEXT NOT NULL UNIQUE REFERENCES pictures (id) ON DELETE CASCADE, bytes INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE VIRTUAL TABLE words USING fts5 (prompt, negative, model, content='pictures', content_rowid='n', tokenize='trigram');
  CREATE TRIGGER words_of_new AFTER INSERT ON pictures BEGIN
    INSERT INTO words (rowid, prompt, negative, model) VALUES (new.n, new.prompt, new.negative, new.model);
  END;
  CREATE TRIGGER words_of_old AFTER DELETE ON pictures BEGIN
    INSERT INTO words (words, rowid, prompt, negative, model) VALUES ('delete', old.n, old.prompt, old.negative, old.model);
  END;
`

export class Database {
  readonly sql: DatabaseSync
  readonly path: string

  constructor(sql: DatabaseSync, path: string) {
    this.sql = sql
    this.path = path
  }

  /** All of it is on the disk for good, or nothing happened. */
  transaction<T>(work: () => T): T {
    this.sql.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.sql.exec('COMMIT')
      return result
    } catch (error) {
      if (this.sql.isTransaction) this.sql.exec('ROLLBACK')
      throw error
    }
  }

  readMeta(key: string): string | undefined {
    const row = this.sql.prepare('SELECT value FROM meta WHERE key = ?').get(key)
    return row === undefined ? undefined : String(row['value'])
  }

  writeMeta(key: string, value: string): void {
    this.sql.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value)
  }

  close(): void {
    this.writeMeta('clean', '1')
    this.sql.close()
  }
}

/** The first one is everybody's; the others are of programs that run beside it. */
export function libraryPath(folder: string, n: number): string {
  return join(folder, n === 1 ? 'library.sqlite' : `library-${n}.sqlite`)
}

/**
 * The library of a folder that is there, or the second one where another program has the first.
 *
 * @throws StudioError 'write-failed', 'file-unreadable' for one that a newer program made
 */
export function openDatabase(folder: string, log: (line: string) => void, wait = patience): Database {
  try {
    for (let n = 1; n <= mostLibraries; n++) {
      const path = libraryPath(folder, n)
      const opened = openOne(path, log, n === 1 ? wait : 0)
      if (opened !== undefined) return opened
      log(`${path} belongs to another program that runs`)
    }
  } catch (error) {
    throw libraryFailure(error, folder)
  }
  throw new StudioError('write-failed', 'Too many studios run at once; close some of them.')
}

/** Undefined where another program has it. */
function openOne(path: string, log: (line: string) => void, wait: number): Database | undefined {
  try {
    return openChecked(path, wait)
  } catch (error) {
    const code = sqliteCode(error)
    if (code === busy) return undefined
    if (code === undefined || !damaged.includes(code)) throw error
    log(`${path} is damaged (${String(error)}) and was set aside`)
    setAside(path)
    return openChecked(path, wait)
  }
}

function openChecked(path: string, wait: number): Database {
  const sql = new DatabaseSync(path, { timeout: wait })
  try {
    // Before WAL, so that no memory is shared: the lock on the file goes with the process.
    sql.exec('PRAGMA locking_mode = EXCLUSIVE')
    sql.exec('PRAGMA journal_mode = WAL')
    sql.exec('PRAGMA synchronous = FULL')
    sql.exec('PRAGMA foreign_keys = ON')
    const database = new Database(sql, path)
    const found = Number(sql.prepare('PRAGMA user_version').get()?.['user_version'])
    if (found > version)
      throw new StudioError('file-unreadable', `${path} was made by a newer Paella Studio; update Paella Studio.`)
    if (found === 0) database.transaction(() => sql.exec(`${schema} PRAGMA user_version = ${version}`))
    else if (database.readMeta('clean') !== '1') check(sql)
    database.writeMeta('clean', '0')
    return database
  } catch (error) {
    sql.close()
    throw error
  }
}

/** After an end that nobody planned. */
function check(sql: DatabaseSync): void {
  const [first] = sql.prepare('PRAGMA quick_check(1)').all()
  const said = String(first?.['quick_check'])
  if (said !== 'ok') throw Object.assign(new Error(said), { code: 'ERR_SQLITE_ERROR', errcode: damaged[0] })
}

function setAside(path: string): void {
  for (const ending of ['', '-wal', '-shm']) {
    rmSync(`${path}${ending}.damaged`, { force: true })
    if (existsSync(path + ending)) renameSync(path + ending, `${path}${ending}.damaged`)
  }
}

/** The primary one; undefined for what is no error of SQLite. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** Of a disk that is full, gone or read-only, in words; everything else as it is. */
export function libraryFailure(error: unknown, folder: string): unknown {
  const code = sqliteCode(error)
  const isOfSystem = error instanceof Error && 'syscall' in error
  if (code === undefined && !isOfSystem) return error
  const why = error instanceof Error ? error.message : String(error)
  const next = `look after the disk of ${folder} and try again`
  return new StudioError('write-failed', `Queue and gallery could not be written (${why}); ${next}.`, { cause: error })
}
