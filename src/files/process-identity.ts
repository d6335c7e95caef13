/**
 * Tells a living process from another one that got its number later. On Linux the identity holds the time at which the process
 * started, in ticks since boot; elsewhere the number has to do, and a reused one hides a session until that process ends.
 */
import { readFileSync } from 'node:fs'

/** 'pid' or 'pid:start'; undefined where there is no such process. */
export function processIdentity(pid: number = process.pid): string | undefined {
  if (process.platform === 'linux') {
    try {
      // Behind the command's name, which may hold anything: state is field 3, the start time field 22.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ') ?? []
      return fields[0] === 'Z' ? undefined : `${pid}:${fields[19] ?? ''}`
    } catch {
      return undefined
    }
  }
  try {
    process.kill(pid, 0)
    return String(pid)
  } catch (error) {
    // Somebody else's process.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? String(pid) : undefined
  }
}

/** Whether the process that once gave this identity still runs. */
export function isRunning(identity: string): boolean {
  const pid = Number(identity.split(':')[0])
  return Number.isSafeInteger(pid) && pid > 0 && processIdentity(pid) === identity
}
