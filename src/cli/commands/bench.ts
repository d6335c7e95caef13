/** `paella bench`: how fast this machine makes pictures, as JSON. The measuring is in ../bench/. */
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { engineEnvironment } from '../../host/engine-environment.ts'
import { addExamples } from '../shared-options.ts'

interface BenchArguments {
  readonly quick?: boolean
  readonly model?: string
  readonly models?: string
  readonly device?: string
}

export function addBench(program: Command, cli: Cli): void {
  const command = program
    .command('bench')
    .summary('measure how fast this machine makes pictures')
    .description('Measures load time, first picture, seconds a step and memory, and prints them as JSON.')
    .option('--quick', 'the shipped model alone, few runs')
    .option('--model <ID>', 'the model to measure beside the published architecture')
    .option('--models <DIR>', 'folder of models')
    .option('--device <NAME>', 'measure this device alone (default: the CPU, and what is much faster)')
    .option('--json', 'JSON is what it always prints')
    .option('--verbose', 'the details of an error')
    .action(async (options: BenchArguments) => {
      const { runBench } = await import('../bench/bench.ts')
      const report = await runBench({
        quick: options.quick ?? false,
        model: options.model,
        home: cli.home,
        models: options.models,
        device: options.device,
        environment: engineEnvironment(cli.home, { models: options.models, device: 'cpu' }),
      })
      cli.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    })
  addExamples(command, [
    'bench',
    'bench --quick',
    'bench --model paella-mini > bench.json',
    'bench --quick --device webgpu',
  ])
}
