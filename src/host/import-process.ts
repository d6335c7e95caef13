/**
 * The entry of an import: a process that reads one stranger's file into the store and ends. It is told what to do as JSON in its
 * first argument, tells of progress and of its end over the IPC channel, and uses no network.
 */
import { importFile, type ImportProgress, type ImportRequest, type ImportResult } from '../engine/import/import-file.ts'
import { assert } from '../shared/base/assert.ts'
import { type ErrorRecord, toErrorRecord } from '../shared/contract/errors.ts'

export type ImportMessage =
  | { readonly type: 'progress'; readonly progress: ImportProgress }
  | { readonly type: 'done'; readonly result: ImportResult }
  | { readonly type: 'failed'; readonly error: ErrorRecord }

const tellEvery = 100

const [, , json] = process.argv
assert(json !== undefined, 'the import process needs its request as JSON in the first argument')
let toldAt = 0
const say = (message: ImportMessage): void => void process.send?.(message)

// A parent that is gone wants nothing any more; what is left in staging the next import removes.
process.on('disconnect', () => process.exit())
try {
  const result = importFile(JSON.parse(json) as ImportRequest, (progress) => {
    const now = performance.now()
    if (now - toldAt < tellEvery) return
    toldAt = now
    say({ type: 'progress', progress })
  })
  say({ type: 'done', result })
} catch (error) {
  say({ type: 'failed', error: toErrorRecord(error) })
}
process.disconnect?.()
