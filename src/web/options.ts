/** The few options of the studio in a browser. */
import { parseArgs } from 'node:util'
import { StudioError } from '../shared/contract/errors.ts'

export interface WebOptions {
  /** Folder that files are saved to; undefined = the usual one. */
  readonly folder: string | undefined
  /** Folder of documents that are open, settings and recent files; undefined = the usual one. */
  readonly data: string | undefined
  /** 0 = any free one. */
  readonly port: number
  /** Print the engine's log. */
  readonly verbose: boolean
  readonly help: boolean
}

export const usage = `Usage: npm run web -- [options]

Opens Paella Studio for a browser of this machine, and prints the address.

  --folder DIR  save files there (Pictures/Paella Studio, or the current folder)
  --data DIR    keep open documents and settings there
  --port N      listen on this port (any free one)
  --verbose     print the engine's log
`

/** @throws StudioError 'bad-request' */
export function readOptions(words: readonly string[]): WebOptions {
  const { folder, data, port, verbose, help } = parsed(words)
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new StudioError('bad-request', `--port is a number from 0 to 65535, not '${port}'.`)
  }
  return { folder, data, port: Number(port ?? 0), verbose: verbose === true, help: help === true }
}

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    const options = { folder: text, data: text, port: text, verbose: flag, help: flag }
    return parseArgs({ args: [...words], options }).values
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StudioError('bad-request', `${why.replace(/\.$/, '')}. --help names the options.`, { cause })
  }
}
