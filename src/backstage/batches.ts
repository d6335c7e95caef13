/** Batches for windows: one runs at a time, with the same engine as everything else; its pictures go to its own folder alone. */
import { StudioError } from '../shared/contract/errors.ts'
import type { BatchApi } from '../shared/contract/batch-api.ts'

export interface Batches extends BatchApi {
  close(): Promise<void>
}

export function createBatches(): Batches {
  const missing = (): Promise<never> =>
    Promise.reject(new StudioError('bad-request', 'Batches cannot be made in this build yet; use the queue.'))
  return {
    readRows: missing,
    planBatch: missing,
    startBatch: missing,
    pauseBatch: missing,
    stopBatch: missing,
    batch: () => Promise.resolve({ is: 'none' }),
    close: () => Promise.resolve(),
  }
}
