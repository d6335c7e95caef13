/** Processes that a studio has started: found, told apart, and ended. Linux only, as it reads /proc. */
import { readFileSync } from 'node:fs'
import { childrenOf } from './cli.ts'

/** The engines among the children of a process; Chromium may be one of them too. */
export function enginesOf(parent: number): number[] {
  return childrenOf(parent).filter((pid) => commandOf(pid).includes('engine-process'))
}

/** A process that has ended by itself meanwhile is as good as killed. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
