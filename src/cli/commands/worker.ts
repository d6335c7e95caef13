/** `paella worker`: makes pictures of a batch that `paella batch --enqueue` has put into a queue. */
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { integerOption } from '../options.ts'
import { addEngineOptions, addExamples } from '../shared-options.ts'
import type { WorkerOptions } from '../worker-command.ts'

export function addWorker(program: Command, cli: Cli): void {
  const command = program
    .command('worker')
    .summary('make pictures of a shared queue')
    .description('Makes pictures of batches in a queue, beside any number of others, until Ctrl-C.')
    .requiredOption('--redis <URL>', 'where the queue is, such as redis://server:6379')
    .option('--queue <NAME>', 'name of the queue', 'paella')
    .option('--until-empty', 'end when nothing is left in it')
    .option('--out <DIR>', "the batch's folder, where it lies elsewhere than on the machine that filled the queue")
    .option(
      '--dead-after <S>',
      'seconds of silence after which another worker counts as dead',
      integerOption('--dead-after', 1, 3600),
      30,
    )
    .option('--json', 'one JSON object a line on stdout for all that happens')
    .option('--quiet', 'no notes; warnings and errors still show')
    .option('--verbose', "the engine's log, and the details of an error")
    .action(async (options: WorkerOptions) => {
      // Loaded here: the queue's client is large.
      const { runWorkerCommand } = await import('../worker-command.ts')
      await runWorkerCommand(cli, options)
    })
  addEngineOptions(command)
  addExamples(command, [
    'worker --redis redis://server:6379',
    'worker --redis redis://server:6379 --until-empty --json',
  ])
}
