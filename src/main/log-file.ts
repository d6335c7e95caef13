/** The log of the program: lines with their time, in one file that is put aside at the start when it has grown. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

const mostBytes = 1_000_000

/** @returns what writes a line; a log that cannot be written is given up silently, as there is nowhere to say so */
export function openLog(folder: string): (line: string) => void {
  const path = join(folder, 'studio.log')
  try {
    mkdirSync(folder, { recursive: true })
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostBytes) renameSync(path, `${path}.old`)
  } catch {
    return () => undefined
  }
  return (line) => {
    try {
      appendFileSync(path, `${new Date().toISOString()} ${line}\n`)
    } catch {
      // A full disk: the line is lost, the program goes on.
    }
  }
}
