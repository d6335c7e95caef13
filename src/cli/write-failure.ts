/** What the system's refusals to write mean, each with the next step of somebody who sits at a command line. */
import { systemCode } from '../files/storage.ts'
import { type NextStep, writeProblem } from '../files/write-failure.ts'
import { StudioError } from '../shared/contract/errors.ts'

const elsewhere = 'name another place with --out'

const steps: Readonly<Record<NextStep, string>> = {
  'free-space': `free some space or ${elsewhere}`,
  'other-folder': elsewhere,
  permission: `change it or ${elsewhere}`,
  reconnect: elsewhere,
  'other-disk': 'name a place on another disk with --out',
  'close-it': 'close that program or name another file with --out',
  'close-others': `close other programs or ${elsewhere}`,
  again: elsewhere,
}

/** An error of the system, or what files/ made of one, as a StudioError 'write-failed' that names `path`; any other as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const original = error instanceof StudioError && error.code === 'write-failed' ? error.cause : error
  const code = systemCode(original)
  if (code === undefined) return error
  const { cause, step } = writeProblem(path, code)
  return new StudioError('write-failed', `${path} cannot be written, ${cause}: ${steps[step]}.`, { cause: original })
}
