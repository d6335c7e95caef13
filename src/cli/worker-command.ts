/** `paella worker` from its options to its end. */
import { runWorker } from '../batch/redis-queue.ts'
import { batchReporter } from './batch-reporter.ts'
import type { Cli } from './cli.ts'
import { exitCodes } from './exit-codes.ts'

export interface WorkerOptions {
  readonly redis: string
  readonly queue: string
  readonly untilEmpty?: boolean
  readonly out?: string
  readonly deadAfter: number
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly models?: string
  readonly device: string
}

/** @throws StudioError of any code; the items that it had go back to the queue */
export async function runWorkerCommand(cli: Cli, options: WorkerOptions): Promise<void> {
  const reporter = batchReporter(cli, options)
  const abort = new AbortController()
  const stopListening = cli.onInterrupt(() => {
    abort.abort()
    reporter.stopping()
  })
  const onLog = options.verbose === true ? (line: string) => reporter.log(line) : undefined
  const opened = await cli.openEngine({ models: options.models, device: options.device, onLog })
  try {
    const { queue, redis: url, out } = options
    const outcome = await runWorker(
      opened.engine,
      { url, queue },
      {
        signal: abort.signal,
        untilEmpty: options.untilEmpty ?? false,
        out,
        deadAfter: options.deadAfter * 1000,
        onItem: (item, made) => reporter.item(out ?? '', item, made),
        onWarning: (text) => reporter.warning(text),
      },
    )
    reporter.workerDone(outcome)
    if (outcome.failed > 0) cli.setExitCode(exitCodes.failure)
  } finally {
    opened.close()
    reporter.close()
    stopListening()
  }
}
