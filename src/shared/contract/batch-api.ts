/** Batches as a window asks for them; one runs at a time, its progress is told by the event 'batch'. */
import type { BatchPlan, BatchProgress, BatchSpec } from './batch.ts'
import type { FileSource } from './file-source.ts'

export type BatchState =
  | { readonly is: 'none' }
  | {
      readonly is: 'running' | 'paused' | 'ended'
      readonly progress: BatchProgress
      readonly out: string
      /** Path of the manifest; '' until it is written, at the end. */
      readonly manifest: string
    }

export interface BatchApi {
  /** Rows of a txt, CSV or JSONL file. @throws 'bad-request' naming the line */
  readRows(request: {
    readonly source: FileSource
  }): Promise<{ readonly rows: Extract<BatchSpec['source'], { kind: 'prompts' }>['rows'] }>
  /** @throws 'bad-request' naming what is wrong, 'file-not-found' */
  planBatch(request: { readonly spec: BatchSpec }): Promise<BatchPlan>
  /** Starts it, or goes on with it where an earlier run of the same batch was ended. */
  startBatch(request: { readonly spec: BatchSpec }): Promise<void>
  /** The item that runs is finished first. */
  pauseBatch(request: { readonly paused: boolean }): Promise<void>
  /** Ends it after the item that runs; what is written stays, and the same batch goes on from there. */
  stopBatch(): Promise<void>
  batch(): Promise<BatchState>
}

export const batchMethods = {
  readRows: true,
  planBatch: true,
  startBatch: true,
  pauseBatch: true,
  stopBatch: true,
  batch: true,
} as const satisfies Record<keyof BatchApi, true>
