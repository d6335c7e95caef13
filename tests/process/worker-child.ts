/** A worker on the engine without a network, in a process that can be killed; prints one line an item. */
import { runWorker } from '../../src/batch/redis-queue.ts'
import { StubEngine } from '../kit/batch-engine.ts'

interface Words {
  readonly url: string
  /** That a picture takes. */
  readonly milliseconds: number
  readonly out?: string
}

const { url, milliseconds, out } = JSON.parse(process.argv[2] ?? '') as Words
const { done, failed, manifests } = await runWorker(
  new StubEngine(milliseconds),
  { url, queue: 'test' },
  {
    untilEmpty: true,
    deadAfter: 1000,
    out,
    onItem: (_item, made) => process.stdout.write(`${made.is} ${made.file}\n`),
    onWarning: (text) => process.stderr.write(`${text}\n`),
  },
)
process.stdout.write(`${JSON.stringify({ done, failed, manifests })}\n`)
process.exit()
