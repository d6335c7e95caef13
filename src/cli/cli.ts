/** What commands need from the process they run in, as one value, so that tests run them without an engine or a terminal. */
import type { OpenEngine, EngineSettings } from './engine.ts'

export interface Output {
  write(text: string): void
  readonly isTerminal: boolean
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number
}

export interface Cli {
  readonly stdout: Output
  readonly stderr: Output
  /** Folder of the built programs. */
  readonly home: string
  readonly openEngine: (settings: EngineSettings) => Promise<OpenEngine>
  /** Calls back on Ctrl-C; the function that comes back ends that. */
  readonly onInterrupt: (listener: () => void) => () => void
  /** A seed for those who named none, 0..2^32 - 1. */
  readonly randomSeed: () => number
  /** Ends the process with this code once everything has been written. */
  readonly setExitCode: (code: number) => void
}
