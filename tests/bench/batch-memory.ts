/**
 * `node --expose-gc batch-memory.ts ITEMS`: what a run keeps of each picture, on the engine without a network, as JSON. The first
 * quarter does not count: code and buffers settle there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBatch } from '../../src/batch/index.ts'
import { promptBatch, StubEngine } from '../kit/batch-engine.ts'

const items = Number(process.argv[2])
const gc = (globalThis as { readonly gc?: () => void }).gc
if (gc === undefined) throw new Error('run with --expose-gc')
/** The stub keeps what it was asked for, for the tests; here that would be counted. */
class Forgetful extends StubEngine {
  override async generate(...words: Parameters<StubEngine['generate']>) {
    const result = await super.generate(...words)
    this.requests.length = 0
    return result
  }
}

const held = (): number => {
  gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const out = mkdtempSync(join(tmpdir(), 'paella-batch-memory-'))
try {
  const from = Math.floor(items / 4)
  let first = 0
  let last = 0
  const rows = Array.from({ length: items }, (_, i) => `a prompt of a usual length, with its own number ${i}`)
  await runBatch(promptBatch(out, rows, { name: '{index}' }), new Forgetful(), {
    onProgress({ done }) {
      if (done === from) first = held()
      if (done === items) last = held()
    },
  })
  process.stdout.write(`${JSON.stringify({ items, bytesAPicture: Math.round((last - first) / (items - from)) })}\n`)
} finally {
  rmSync(out, { recursive: true, force: true })
}
