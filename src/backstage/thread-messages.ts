/** What the thread and who started it tell each other, besides what goes through the pipes of the pages. */
import type { MessagePort } from 'node:worker_threads'

export interface ThreadData {
  /** Folder of the built program, `<out>/main`. */
  readonly home: string
  readonly dataFolder: string
  readonly saveFolder: string
  readonly execPath?: string | undefined
  readonly engineEntry?: string | undefined
  /** Whether who started the thread has a trash for files. */
  readonly hasTrash: boolean
}

export type ToThread =
  /** A page, at the other end of the port. */
  | { readonly type: 'connect'; readonly port: MessagePort }
  /** What became of a file that was to go to the trash; null where it is there. */
  | { readonly type: 'trashed'; readonly call: number; readonly error: string | null }
  /** Write what is pending and end. */
  | { readonly type: 'close' }

export type FromThread =
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'trash'; readonly call: number; readonly path: string }
  /** A process that the thread cannot end itself where all of the program ends at once. */
  | { readonly type: 'engine-started' | 'engine-ended'; readonly pid: number }
