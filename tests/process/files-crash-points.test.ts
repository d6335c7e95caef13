/**
 * Every storage call of saving, autosaving and exporting is where the process ends, an error comes, the disk is full or the power
 * goes. Afterwards the document opens and is the old or the new one, and what was promised is there.
 */
import { describe, expect, test } from 'vitest'
import type { Storage } from '../../src/files/storage.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import { type Fault, faultStorage, MemoryDisk, Stopped } from '../kit/fault-storage.ts'
import { documentSave, fileScenarios } from '../kit/crash-scenarios.ts'
import type { Scenario } from '../kit/scenario.ts'
import { studioScenarios } from '../kit/studio-scenarios.ts'

const root = '/home'
const seeds = 20
/** What passes, and what stays until the person does something. */
const failures = [
  ...['EIO', 'EMFILE', 'ENOSPC'].map((code) => ({ code, lasting: false })),
  ...['ENOSPC', 'EROFS', 'EACCES'].map((code) => ({ code, lasting: true })),
]
/** What a call that fails may come out as: by what was being done. */
const told = ['write-failed', 'file-unreadable']
/** These run long where others use the machine too. */
const patience = 90_000

async function prepared(scenario: Scenario): Promise<MemoryDisk> {
  const disk = new MemoryDisk([root])
  await scenario.prepare(disk, root)
  return disk
}

interface Outcome {
  readonly error: unknown
  /** The last version that the person could rely on. */
  readonly promised: number
}

async function attempt(scenario: Scenario, storage: Storage): Promise<Outcome> {
  let promised = 1
  const error: unknown = await scenario
    .run(storage, root, (version) => (promised = version))
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
  return { error, promised }
}

async function countCalls(scenario: Scenario): Promise<string[]> {
  const storage = faultStorage(await prepared(scenario), () => undefined)
  expect((await attempt(scenario, storage)).error).toBeUndefined()
  return storage.calls
}

const at =
  (k: number, fault: Fault, lasting = false) =>
  ({ index }: { index: number }) =>
    index === k || (lasting && index > k) ? fault : undefined

/** Old or new, never less than what was promised, never more than was done. */
async function expectWhole(scenario: Scenario, disk: Storage, { promised }: Outcome, where: string): Promise<void> {
  const found = await scenario.look(disk, root).catch((error: unknown) => `lost: ${String(error)}`)
  expect(found, where).toBeTypeOf('number')
  expect(found, where).toBeGreaterThanOrEqual(promised)
  expect(found, where).toBeLessThanOrEqual(promised + 1)
}

const report = (line: string): boolean => process.stdout.write(`  ${line}\n`)

describe.each([...fileScenarios, ...studioScenarios])('$name', (scenario) => {
  test('loses nothing where the process ends at any storage call', async () => {
    const calls = await countCalls(scenario)
    for (const [k, operation] of calls.entries()) {
      const disk = await prepared(scenario)
      const outcome = await attempt(scenario, faultStorage(disk, at(k, { kind: 'stop' })))
      // What only tidies up goes unnoticed.
      if (outcome.error !== undefined) expect(outcome.error).toBeInstanceOf(Stopped)
      await expectWhole(scenario, disk, outcome, `stopped at call ${k}, ${operation}`)
    }
    report(`${scenario.name}: process ended at ${calls.length} of ${calls.length} storage calls, 0 lost`)
  })

  test(
    'loses nothing where any call fails, once or from then on, and says why',
    async () => {
      const calls = await countCalls(scenario)
      let points = 0
      for (const k of calls.keys()) {
        // Of the heavy ones each call meets one failure, and each failure every sixth call.
        for (const { code, lasting } of scenario.isHeavy ? failures.slice(k % 6, (k % 6) + 1) : failures) {
          const disk = await prepared(scenario)
          const outcome = await attempt(scenario, faultStorage(disk, at(k, { kind: 'fail', code }, lasting)))
          const where = `${code} at call ${k}, ${calls[k]}`
          if (outcome.error !== undefined) {
            expect(outcome.error, where).toBeInstanceOf(StudioError)
            expect(told, where).toContain((outcome.error as StudioError).code)
          }
          await expectWhole(scenario, disk, outcome, where)
          // The disk is well again, and nothing had to be restarted.
          expect((await attempt(scenario, disk)).error, where).toBeUndefined()
          expect(await scenario.look(disk, root), where).toBe(scenario.newest)
          points += 1
        }
      }
      report(`${scenario.name}: ${points} failed calls (EIO, EMFILE, ENOSPC, EROFS, EACCES), 0 lost`)
    },
    patience,
  )

  test('counts every byte where each write takes only a few', async () => {
    const disk = await prepared(scenario)
    const outcome = await attempt(
      scenario,
      faultStorage(disk, () => ({ kind: 'short', most: 7 })),
    )
    expect(outcome).toEqual({ error: undefined, promised: scenario.newest })
    await expectWhole(scenario, disk, outcome, 'short writes')
  })

  test(
    'loses nothing where the disk is full at any byte, and saves once there is room',
    async () => {
      const used = await usedBy(scenario)
      let points = 0
      for (let room = 0; room < used; room += Math.max(1, Math.floor(used / (scenario.isHeavy ? 40 : 200)))) {
        const disk = await prepared(scenario)
        disk.capacity = (await usage(disk)) + room
        const outcome = await attempt(scenario, disk)
        if (outcome.error !== undefined) {
          expect(outcome.error).toMatchObject({ code: 'write-failed', detail: 'ENOSPC' })
          expect((outcome.error as Error).message).toMatch(/free some space/)
        }
        disk.capacity = Number.POSITIVE_INFINITY
        await expectWhole(scenario, disk, outcome, `${room} bytes free`)
        expect((await attempt(scenario, disk)).error).toBeUndefined()
        points += 1
      }
      report(`${scenario.name}: disk full at ${points} sizes from 0 to ${used} bytes, 0 lost`)
    },
    patience,
  )

  test(
    'is old or new and opens where the power is cut at any call',
    async () => {
      const calls = await countCalls(scenario)
      const cuts = scenario.isHeavy ? 4 : seeds
      for (const [k, operation] of calls.entries()) {
        const disk = await prepared(scenario)
        const outcome = await attempt(scenario, faultStorage(disk, at(k, { kind: 'stop' })))
        for (let seed = 0; seed < cuts; seed++)
          await expectWhole(scenario, disk.afterPowerCut(seed), outcome, `cut at call ${k}, ${operation}, seed ${seed}`)
      }
      report(`${scenario.name}: power cut at ${calls.length} calls x ${cuts} seeds = ${calls.length * cuts}, 0 lost`)
    },
    patience,
  )
})

async function usage(disk: MemoryDisk): Promise<number> {
  disk.capacity = 0
  return -(await disk.freeBytes())
}

/** The most that a run takes beyond what was there, tried by giving it less and less. */
async function usedBy(scenario: Scenario): Promise<number> {
  const disk = await prepared(scenario)
  const before = await usage(disk)
  let most = 0
  disk.capacity = Number.POSITIVE_INFINITY
  const watching = faultStorage(disk, () => {
    const { capacity } = disk
    disk.capacity = 0
    most = Math.max(most, -disk.free() - before)
    disk.capacity = capacity
    return undefined
  })
  await attempt(scenario, watching)
  return most + 1
}

test('the power cut model finds a save that syncs nothing', async () => {
  const lost: number[] = []
  for (let seed = 0; seed < seeds; seed++) {
    const disk = await prepared(documentSave)
    const { error } = await attempt(
      documentSave,
      faultStorage(disk, ({ operation }) => (operation === 'sync' ? { kind: 'skip' } : undefined)),
    )
    expect(error).toBeUndefined()
    const found = await documentSave.look(disk.afterPowerCut(seed), root).catch(() => 'lost')
    if (found === 'lost') lost.push(seed)
  }
  expect(lost.length).toBeGreaterThan(seeds / 2)
})
