/**
 * An import in a process of its own, as its caller sees it: one promise. The process has a small heap, is ended where it stands
 * still, and what it leaves behind when it is ended is removed.
 */
import { fork } from 'node:child_process'
import type { ImportProgress, ImportRequest, ImportResult } from '../engine/import/import-file.ts'
import { ModelStore } from '../engine/import/model-store.ts'
import type { CancelSignal } from '../shared/base/cancel.ts'
import { fromErrorRecord, StudioError } from '../shared/contract/errors.ts'
import type { ImportMessage } from './import-process.ts'

export interface ImportOptions {
  /** Path of the script to run. */
  readonly entry: string
  readonly onProgress?: (progress: ImportProgress) => void
  readonly signal?: CancelSignal
  /** Milliseconds without a word after which it is ended; reading 15 GB says a word every tenth of a second. */
  readonly patience?: number
}

/** MB of JavaScript objects: a header of 32 MB fits, and no more than that. Buffers are not counted in it. */
const heap = 256

/** @throws StudioError of the import, 'cancelled', or 'engine-lost' where its process came to an end of its own */
export async function importInProcess(request: ImportRequest, options: ImportOptions): Promise<ImportResult> {
  const { entry, onProgress, signal, patience = 60_000 } = options
  const child = fork(entry, [JSON.stringify(request)], {
    execArgv: [`--max-old-space-size=${heap}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    windowsHide: true,
  })
  let outcome: ImportMessage | undefined
  let stood = false
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = `${tail}${text}`.slice(-4096)
  })
  const stop = (): void => void child.kill('SIGKILL')
  const stall = (): NodeJS.Timeout =>
    setTimeout(() => {
      stood = true
      stop()
    }, patience)
  let timer = stall()
  child.on('message', (message: ImportMessage) => {
    clearTimeout(timer)
    timer = stall()
    if (message.type === 'progress') onProgress?.(message.progress)
    else outcome = message
  })
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop)
  process.on('exit', stop)
  const end = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, killed) => resolve(killed === null ? `with exit code ${code}` : `by signal ${killed}`))
  })
  clearTimeout(timer)
  signal?.removeEventListener('abort', stop)
  process.off('exit', stop)
  if (outcome?.type === 'done') return outcome.result
  if (outcome?.type === 'failed') throw fromErrorRecord(outcome.error)
  new ModelStore(request.store).clean()
  if (signal?.aborted) throw new StudioError('cancelled', 'The import was cancelled; nothing of it stays.')
  const why = stood ? `stood still for ${patience / 1000} s` : `ended ${end}`
  throw new StudioError(
    'engine-lost',
    `The import of ${request.path} ${why}, most likely out of memory: close other programs and try again.`,
    {
      detail: tail === '' ? undefined : tail,
    },
  )
}
