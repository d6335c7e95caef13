/** The journal: batching, what is read from every cut and damaged file, and the sessions that are offered. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type After, Journal } from '../../../src/files/journal.ts'
import { journalHead, journalRecord, readJournal } from '../../../src/files/journal-format.ts'
import { isRunning, processIdentity } from '../../../src/files/process-identity.ts'
import { claimSession, discardSession, findSessions, startSession } from '../../../src/files/sessions.ts'
import { nodeStorage, readWhole, type Storage } from '../../../src/files/storage.ts'
import { faultStorage, MemoryDisk } from '../../kit/fault-storage.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const base = { format: 1, name: 'Untitled', path: null, saved: false, at: 5, snapshot: { a: 1 } } as const

describe('a journal file', () => {
  const head = Buffer.concat(journalHead(base))
  const records = [{ n: 1 }, { n: 'ä' }, { n: [3, 3, 3] }].map((value) => journalRecord(value))
  const whole = Buffer.concat([head, ...records])
  const ends = records.map((_, i) => Buffer.concat([head, ...records.slice(0, i + 1)]).length)

  test('is read back whole', () => {
    expect(readJournal(whole)).toEqual({ base, entries: [{ n: 1 }, { n: 'ä' }, { n: [3, 3, 3] }], dropped: 0 })
  })

  test('cut at any length gives every record before the cut and counts the torn one', () => {
    for (let length = 0; length < whole.length; length++) {
      const found = readJournal(whole.subarray(0, length))
      if (length < head.length) {
        expect(found, `${length}`).toBeUndefined()
        continue
      }
      const complete = ends.filter((end) => end <= length).length
      const isTorn = length !== head.length && !ends.includes(length)
      expect(found?.entries.length, `${length}`).toBe(complete)
      expect(found?.dropped, `${length}`).toBe(isTorn ? 1 : 0)
    }
  })

  test('with any bit flipped gives every record before it and none after', () => {
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const damaged = Buffer.from(whole)
      const byte = bit >> 3
      damaged[byte] = (damaged[byte] ?? 0) ^ (1 << (bit & 7))
      const found = readJournal(damaged)
      if (byte < head.length) expect(found, `bit ${bit}`).toBeUndefined()
      else {
        const complete = ends.filter((end) => end <= byte).length
        expect(found?.entries.length, `bit ${bit}`).toBe(complete)
        expect(found?.dropped, `bit ${bit}`).toBeGreaterThan(0)
      }
    }
  })

  test('counts the records behind a damaged one', () => {
    const damaged = Buffer.from(whole)
    damaged[head.length + 9] = 0
    expect(readJournal(damaged)).toMatchObject({ entries: [], dropped: 3 })
  })
})

/** Runs what was put off when told. */
function handTimer(): { after: After; fire: () => void; waits: number[] } {
  const due = new Set<() => void>()
  const waits: number[] = []
  const after: After = (milliseconds, run) => {
    waits.push(milliseconds)
    due.add(run)
    return () => due.delete(run)
  }
  const fire = (): void => {
    for (const run of due) {
      due.delete(run)
      run()
    }
  }
  return { after, fire, waits }
}

async function newJournal(disk: Storage, timer: ReturnType<typeof handTimer>, problems: unknown[] = []) {
  const done: number[] = []
  const journal = new Journal({
    storage: disk,
    folder: '/s',
    state: () => ({ name: 'N', path: '/p.ora', saved: false, snapshot: [...done] }),
    syncTiles: async () => undefined,
    onProblem: (problem) => problems.push(problem),
    after: timer.after,
    now: () => 1,
    slack: 60,
  })
  await journal.flush()
  return {
    journal,
    operate: (n: number) => {
      done.push(n)
      journal.append(n)
    },
  }
}

const contents = async (disk: Storage) => readJournal(await readWhole(disk, '/s/journal'))

test('entries wait half a second for each other and are synced once', async () => {
  const storage = faultStorage(new MemoryDisk(['/s']), () => undefined)
  const timer = handTimer()
  const { journal, operate } = await newJournal(storage, timer)
  for (const n of [1, 2, 3]) operate(n)
  expect(timer.waits).toEqual([500])
  const before = storage.calls.length
  timer.fire()
  await journal.flush()
  expect(storage.calls.slice(before)).toEqual(['write', 'syncData'])
  expect(await contents(storage)).toMatchObject({ base: { snapshot: [] }, entries: [1, 2, 3] })
})

test('changes that outgrow the snapshot make a new file with all in it', async () => {
  const disk = new MemoryDisk(['/s'])
  const { journal, operate } = await newJournal(disk, handTimer())
  for (let n = 0; n < 20; n++) {
    operate(n)
    await journal.flush()
  }
  const found = await contents(disk)
  const snapshot = found?.base.snapshot as number[]
  expect(snapshot.length).toBeGreaterThan(5)
  expect([...snapshot, ...(found?.entries ?? [])]).toEqual(Array.from({ length: 20 }, (_, n) => n))
  expect(await disk.list('/s')).toEqual(['journal'])
})

test('a full disk is told once it is, tried again by itself, and told when it is over', async () => {
  const disk = new MemoryDisk(['/s'])
  const timer = handTimer()
  const problems: unknown[] = []
  const { journal, operate } = await newJournal(disk, timer, problems)
  disk.capacity = 0
  operate(1)
  await expect(journal.flush()).rejects.toMatchObject({ code: 'write-failed', detail: 'ENOSPC' })
  expect(problems).toMatchObject([{ code: 'write-failed' }])
  operate(2)
  disk.capacity = 1e6
  timer.fire()
  await journal.flush()
  expect(problems).toMatchObject([{ code: 'write-failed' }, null])
  expect((await contents(disk))?.base.snapshot).toEqual([1, 2])
})

test('rebase tells the new name and path', async () => {
  const disk = new MemoryDisk(['/s'])
  const { journal } = await newJournal(disk, handTimer())
  const before = await contents(disk)
  await journal.rebase()
  expect(before?.base).toMatchObject({ name: 'N', path: '/p.ora', at: 1 })
  await journal.close()
  expect(await contents(disk)).toEqual(before)
})

describe('sessions', () => {
  async function withJournal(root: string) {
    const session = await startSession(nodeStorage, root)
    const file = await nodeStorage.open(join(session.folder, 'journal'), 'wx')
    for (const part of [...journalHead(base), journalRecord('x')]) await file.write(part)
    await file.close()
    return session
  }

  test('of living owners are left alone; others are offered with name and time', async () => {
    const root = join(await temporaryFolder(), 'sessions')
    expect(await findSessions(nodeStorage, root)).toEqual({ lost: [], unneeded: [], unreadable: [] })
    const { id } = await withJournal(root)
    expect(await findSessions(nodeStorage, root)).toEqual({ lost: [], unneeded: [], unreadable: [] })
    const { lost } = await findSessions(nodeStorage, root, () => false)
    expect(lost).toMatchObject([{ id, name: 'Untitled', path: null, contents: { entries: ['x'], dropped: 0 } }])
    expect(Date.now() - (lost[0]?.modified ?? 0)).toBeLessThan(60_000)
  })

  test('without a readable journal are told apart', async () => {
    const root = join(await temporaryFolder(), 'sessions')
    const { id, folder } = await startSession(nodeStorage, root)
    const nobody = () => false
    // It may be one that another process starts just now.
    expect(await findSessions(nodeStorage, root, nobody)).toEqual({ lost: [], unneeded: [], unreadable: [] })
    const tomorrow = Date.now() + 86_400_000
    expect((await findSessions(nodeStorage, root, nobody, tomorrow)).unneeded).toMatchObject([{ id }])
    await (await nodeStorage.open(join(folder, 'journal'), 'wx')).write(Buffer.from('PJOURNAL torn'))
    expect((await findSessions(nodeStorage, root, nobody)).unreadable).toMatchObject([{ id }])
  })

  test('that a file holds as they are need not be offered, with a change after it they must', async () => {
    const root = join(await temporaryFolder(), 'sessions')
    const { id, folder } = await startSession(nodeStorage, root)
    const file = await nodeStorage.open(join(folder, 'journal'), 'wx')
    for (const part of journalHead({ ...base, saved: true })) await file.write(part)
    expect((await findSessions(nodeStorage, root, () => false)).unneeded).toMatchObject([{ id }])
    await file.write(journalRecord('x').subarray(0, 5))
    expect((await findSessions(nodeStorage, root, () => false)).lost).toMatchObject([{ id, contents: { dropped: 1 } }])
  })

  test('are not looked for in folders of other names', async () => {
    const root = join(await temporaryFolder(), 'sessions')
    await nodeStorage.makeFolder(join(root, 'mine'))
    const tomorrow = Date.now() + 86_400_000
    const found = await findSessions(nodeStorage, root, () => false, tomorrow)
    expect(found).toEqual({ lost: [], unneeded: [], unreadable: [] })
  })

  test('are discarded with all that is in them', async () => {
    const root = join(await temporaryFolder(), 'sessions')
    const session = await withJournal(root)
    await nodeStorage.makeFolder(join(session.folder, 'tiles/ab'))
    await discardSession(nodeStorage, session)
    expect(await nodeStorage.list(root)).toEqual([])
    await discardSession(nodeStorage, session)
  })

  test('are claimed by one of two', async () => {
    const root = join(await temporaryFolder(), 'sessions')
    const session = await withJournal(root)
    const claims = await Promise.allSettled([claimSession(nodeStorage, session), claimSession(nodeStorage, session)])
    expect(claims.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
    for (const claim of claims)
      if (claim.status === 'rejected') expect(claim.reason).toMatchObject({ code: 'bad-request' })
    expect((await findSessions(nodeStorage, root)).lost).toEqual([])
  })
})

test('a process is told from one that has its number later', () => {
  const own = processIdentity() ?? ''
  expect(isRunning(own)).toBe(true)
  expect(isRunning(`${own}0`)).toBe(false)
  expect(isRunning('nonsense')).toBe(false)
})
