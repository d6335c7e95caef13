/** A batch on the engine without a network, in a process that can be killed; prints one line an item. */
import { type Shard, runBatch } from '../../src/batch/index.ts'
import type { BatchSpec } from '../../src/shared/contract/batch.ts'
import { StubEngine } from '../kit/batch-engine.ts'

interface Words {
  readonly spec: BatchSpec
  /** That a picture takes. */
  readonly milliseconds: number
  readonly shard?: Shard
}

const { spec, milliseconds, shard } = JSON.parse(process.argv[2] ?? '') as Words
const outcome = await runBatch(spec, new StubEngine(milliseconds), {
  ...(shard === undefined ? {} : { shard }),
  onItem: (_item, made) => process.stdout.write(`${made.is} ${made.file}\n`),
})
process.stdout.write(`end ${outcome.progress.done}\n`)
