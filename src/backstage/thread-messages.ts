/** What the thread and who started it tell each other, besides what goes through the pipes of the pages. */
import type { MessagePort } from 'node:worker_threads'

export interface ThreadData {
  /** Folder of the built program, `<out>/main`. */
  readonly home: string
  readonly dataFolder: string
  readonly saveFolder: string
  readonly execPath?: string | undefined
  readonly engineEntry?: string | undefined
}

export type ToThread =
  /** A page, at the other end of the port. */
  | { readonly type: 'connect'; readonly port: MessagePort }
  /** Write what is pending and end. */
  | { readonly type: 'close' }

export type FromThread =
  | { readonly type: 'log'; readonly line: string }
  /** A process that the thread cannot end itself where all of the program ends at once. */
  | { readonly type: 'engine-started' | 'engine-ended'; readonly pid: number }
