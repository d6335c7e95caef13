import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Database, openDatabase } from '../../../src/library/database.ts'
import { newFolder } from '../../kit/library.ts'

function opened(folder: string, log: string[] = []): Database {
  const database = openDatabase(folder, (line) => log.push(line), 50)
  onTestFinished(() => {
    if (database.sql.isOpen) database.close()
  })
  return database
}

const pragma = (database: Database, name: string) =>
  Object.values(database.sql.prepare(`PRAGMA ${name}`).get() ?? {})[0]

describe('the database', () => {
  test('writes ahead and syncs each transaction, so that what was promised survives a power cut', async () => {
    const database = opened(await newFolder())
    expect(pragma(database, 'journal_mode')).toBe('wal')
    expect(pragma(database, 'synchronous')).toBe(2)
  })

  test('keeps all of a transaction or nothing', async () => {
    const database = opened(await newFolder())
    const broken = () =>
      database.transaction(() => {
        database.writeMeta('a', '1')
        throw new Error('in the middle')
      })
    expect(broken).toThrow('in the middle')
    expect(database.readMeta('a')).toBeUndefined()
    database.transaction(() => database.writeMeta('a', '2'))
    expect(database.readMeta('a')).toBe('2')
  })

  test('is one program’s alone: a second one has a library of its own, until the first one ends', async () => {
    const folder = await newFolder()
    const log: string[] = []
    const first = opened(folder)
    first.writeMeta('whose', 'first')
    const second = opened(folder, log)
    expect(second.readMeta('whose')).toBeUndefined()
    expect(log.join()).toContain('belongs to another program')
    first.close()
    expect(opened(folder).readMeta('whose')).toBe('first')
  })

  test('with damaged pages is found out after an end that nobody planned, and set aside', async () => {
    const folder = await newFolder()
    const first = opened(folder)
    first.transaction(() => {
      for (let i = 0; i < 2000; i++) first.writeMeta(`key ${i}`, 'x'.repeat(50))
    })
    first.close()
    const path = join(folder, 'library.sqlite')
    const raw = new DatabaseSync(path)
    raw.prepare(`UPDATE meta SET value = '0' WHERE key = 'clean'`).run()
    raw.close()
    const { size } = await stat(path)
    const file = await open(path, 'r+')
    await file.write(Buffer.alloc(8192, 0xa5), 0, 8192, Math.floor(size / 8192 / 2) * 8192)
    await file.close()
    const log: string[] = []
    expect(opened(folder, log).readMeta('key 1')).toBeUndefined()
    expect(log.join()).toContain('was set aside')
    expect(await readdir(folder)).toContain('library.sqlite.damaged')
  })

  test('of a newer program is left alone', async () => {
    const folder = await newFolder()
    opened(folder).close()
    const raw = new DatabaseSync(join(folder, 'library.sqlite'))
    raw.exec('PRAGMA user_version = 99')
    raw.close()
    expect(() => openDatabase(folder, () => undefined)).toThrow(expect.objectContaining({ code: 'file-unreadable' }))
    expect(await readdir(folder)).toEqual(['library.sqlite'])
  })

  test('that cannot be written says so in words', () => {
    expect(() => openDatabase('/proc/nowhere', () => undefined)).toThrow(
      expect.objectContaining({ code: 'write-failed', message: expect.stringContaining('/proc/nowhere') as string }),
    )
  })
})
