/** Any error as what a user or a program sees: one line on stderr, or one JSON line on stdout, and an exit code. */
import { CommanderError } from 'commander'
import { type ErrorRecord, StudioError, toErrorRecord } from '../shared/contract/errors.ts'
import type { Cli } from './cli.ts'
import { exitCodeFor, exitCodes } from './exit-codes.ts'

export interface ErrorStyle {
  readonly json: boolean
  readonly verbose: boolean
}

/** Read from the words themselves: the parser may be what failed. */
export function errorStyle(words: readonly string[]): ErrorStyle {
  const end = words.indexOf('--')
  const options = end === -1 ? words : words.slice(0, end)
  return { json: options.includes('--json'), verbose: options.includes('--verbose') }
}

/** Reports what was thrown and returns the exit code. Help and version, which commander throws as well, end with 0. */
export function reportError(cli: Pick<Cli, 'stdout' | 'stderr'>, thrown: unknown, style: ErrorStyle): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.ok
  const record = toErrorRecord(thrown instanceof CommanderError ? badUsage(thrown) : thrown)
  if (style.json) cli.stdout.write(`${JSON.stringify({ type: 'error', ...record })}\n`)
  else cli.stderr.write(`${errorText(record, style.verbose)}\n`)
  return exitCodeFor(record.code)
}

function errorText({ code, message, detail }: ErrorRecord, verbose: boolean): string {
  const line = oneLine(message)
  if (code === 'internal' && !verbose) {
    return `paella: internal error: ${line} (a mistake in Paella; repeat with --verbose and report what it prints)`
  }
  return verbose && detail !== undefined ? `paella: ${line}\n${detail}` : `paella: ${line}`
}

/** Commander's wording, on one line and with the next step where it has none. */
function badUsage(error: CommanderError): StudioError {
  const message = wordings[error.code] ?? oneLine(error.message.replace(/^error: /, ''))
  const sentence = message.charAt(0).toUpperCase() + message.slice(1).replace(/[.:]$/, '')
  return new StudioError('bad-request', `${sentence}; ${nextSteps[error.code] ?? 'see --help'}.`, { cause: error })
}

/** Words of ours where commander's are none for people. */
const wordings: Readonly<Record<string, string>> = { 'commander.help': 'Unknown command' }

const nextSteps: Readonly<Record<string, string>> = {
  'commander.excessArguments': 'put a prompt of several words in quotes',
  'commander.unknownCommand': 'paella --help lists the commands',
  'commander.help': 'paella --help lists the commands',
  'commander.unknownOption': '--help lists the options',
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim()
}
