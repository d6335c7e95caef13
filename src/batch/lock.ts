/**
 * Who works on a batch in a folder, so that two runs do not make the same pictures. Each holder has a file of its own, which names
 * its process and beats while it lives. Shards of one division may run beside each other, and workers of a queue; a whole run, or
 * shards of another division, may not. A dead holder on this machine is known at once, one on another machine by its silence.
 */
import { randomBytes } from 'node:crypto'
import { open, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, processIdentity } from '../files/process-identity.ts'
import { writeFailure } from '../files/write-failure.ts'
import { StudioError } from '../shared/contract/errors.ts'

export interface LockTimes {
  /** Between two beats, ms. */
  readonly beat: number
  /** How long a holder on another machine may be silent, ms; several beats, as network drives tell of changes late. */
  readonly silence: number
}

export interface Lock {
  release(): Promise<void>
}

interface Holder {
  readonly label: string
  readonly host: string
  readonly process: string
}

const usual: LockTimes = { beat: 10_000, silence: 45_000 }
const attempts = 3

/**
 * @param label '2-of-4', or 'queue'
 * @throws StudioError 'bad-request' where somebody works on it, 'write-failed'
 */
export async function lockBatch(folder: string, label: string, times: LockTimes = usual): Promise<Lock> {
  const holder: Holder = { label, host: hostname(), process: processIdentity() ?? String(process.pid) }
  for (let attempt = 1; ; attempt++) {
    const path = join(folder, `lock-${label}-${randomBytes(6).toString('hex')}`)
    await place(path, holder)
    const other = await rival(folder, path, label, times).catch(async (error: unknown) => {
      await unlink(path).catch(() => undefined)
      throw error
    })
    if (other === undefined) return held(path, holder, times)
    await unlink(path).catch(() => undefined)
    if (attempt === attempts) throw taken(other)
    // Two that began at the same moment have seen each other: one of them comes back first.
    await sleep(20 + Math.random() * 200)
  }
}

async function place(path: string, holder: Holder): Promise<void> {
  try {
    await rewrite(path, holder, 'wx')
  } catch (error) {
    throw writeFailure(path, error)
  }
}

async function rewrite(path: string, holder: Holder, how: 'wx' | 'r+'): Promise<void> {
  const file = await open(path, how)
  try {
    await file.write(JSON.stringify(holder), 0)
  } finally {
    await file.close()
  }
}

function held(path: string, holder: Holder, { beat }: LockTimes): Lock {
  // A beat that fails says nothing: the writing of pictures finds out what is the matter.
  const timer = setInterval(() => void rewrite(path, holder, 'r+').catch(() => undefined), beat)
  timer.unref()
  return {
    async release() {
      clearInterval(timer)
      await unlink(path).catch(() => undefined)
    },
  }
}

/** A living holder that this one may not run beside. Files of dead ones are removed. */
async function rival(folder: string, own: string, label: string, { silence }: LockTimes): Promise<Holder | undefined> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (!name.startsWith('lock-') || path === own) continue
    const holder = await readHolder(path)
    if (holder === undefined || agree(holder.label, label)) continue
    if (await isAlive(path, holder, silence)) return holder
    await unlink(path).catch(() => undefined)
  }
  return undefined
}

/** Undefined where it is gone meanwhile, or not yet written. */
async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}

function agree(one: string, other: string): boolean {
  const division = (label: string) => /-of-(\d+)$/.exec(label)?.[1]
  if (one === other) return one === 'queue'
  return division(one) !== undefined && division(one) === division(other)
}

/** By no clock but this one's: the file of a living holder changes while it is watched. */
async function isAlive(path: string, { host, process }: Holder, silence: number): Promise<boolean> {
  if (host === hostname()) return isRunning(process)
  const changed = async () => (await stat(path).catch(() => undefined))?.mtimeMs
  const before = await changed()
  for (const end = performance.now() + silence; performance.now() < end; ) {
    await sleep(Math.min(1000, silence / 4))
    const now = await changed()
    if (now === undefined) return false
    if (now !== before) return true
  }
  return false
}

function taken({ label, host, process }: Holder): StudioError {
  const who = `process ${process.split(':')[0]} on ${host}`
  const what =
    label === 'queue' ? 'a worker' : label === '1-of-1' ? 'another run' : `shard ${label.replace('-of-', '/')}`
  return new StudioError(
    'bad-request',
    `This batch is being made by ${what} (${who}): wait for its end, or choose another folder.`,
  )
}
