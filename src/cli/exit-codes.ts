/**
 * What the process ends with. Scripts may rely on these numbers: they are part of the interface, like the options, and
 * `paella --help` lists them. A new error code does not compile until it has a number here.
 */
import type { ErrorCode } from '../shared/contract/errors.ts'

export const exitCodes = { ok: 0, failure: 1, badInput: 2, device: 3, write: 4, cancelled: 130 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const exitCodeOfError: Record<ErrorCode, ExitCode> = {
  'bad-request': exitCodes.badInput,
  'file-not-found': exitCodes.badInput,
  'file-unreadable': exitCodes.badInput,
  'not-a-picture': exitCodes.badInput,
  'picture-too-large': exitCodes.badInput,
  'mask-size-mismatch': exitCodes.badInput,
  'mask-empty': exitCodes.badInput,
  'model-missing': exitCodes.badInput,
  'model-broken': exitCodes.badInput,
  'checkpoint-mismatch': exitCodes.badInput,
  'golden-broken': exitCodes.badInput,
  'document-broken': exitCodes.badInput,
  'no-recipe': exitCodes.badInput,
  'not-repeatable': exitCodes.badInput,
  'device-unavailable': exitCodes.device,
  'out-of-memory': exitCodes.device,
  'engine-lost': exitCodes.device,
  'write-failed': exitCodes.write,
  cancelled: exitCodes.cancelled,
  internal: exitCodes.failure,
}

export function exitCodeFor(code: ErrorCode): ExitCode {
  return exitCodeOfError[code]
}

export const exitCodesHelp = `Exit codes:
  0    done
  1    a check failed, some pictures of a batch failed, or a mistake in
       Paella itself
  2    bad usage or bad input: an unknown option or model, a file that is
       missing or no picture
  3    the engine could not go on: no such device, out of memory, process lost
  4    the result could not be written
  130  cancelled with Ctrl-C; pictures that were finished are kept`
