/** One thing that is done while the crash tests stop, starve or cut it. */
import type { Storage } from '../../src/files/storage.ts'

export interface Scenario {
  readonly name: string
  /** The version that a whole run leads to. */
  readonly newest: number
  /** It takes tens of ms: every call is still tried, with fewer kinds of failure, sizes and power cuts each. */
  readonly isHeavy?: true
  /** Brings a folder to where `run` starts: version 1. */
  prepare(storage: Storage, root: string): Promise<void>
  /** `promised` is called whenever the person may rely on what was done so far: a version or a count that only grows. */
  run(storage: Storage, root: string, promised: (version: number) => void): Promise<void>
  /** What is found, as a version; throws where a file does not open or is damaged. */
  look(storage: Storage, root: string): Promise<number>
}
