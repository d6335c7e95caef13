/** `paella generate`: a picture from a prompt, or once more from the file of a picture. */
import type { Command } from 'commander'
import { StudioError } from '../../shared/contract/errors.ts'
import type { Cli } from '../cli.ts'
import { type JobOptions, runJob, runUse } from '../job.ts'
import { parsePrompt } from '../options.ts'
import { repeatPlan } from '../repeat.ts'
import { textUse } from '../request.ts'
import { addExamples, addPictureOptions } from '../shared-options.ts'

type GenerateOptions = JobOptions & { readonly from?: string; readonly replay?: boolean }

/** Options that do not touch the request, and so may stand beside --from. */
const allowedWithFrom = ['from', 'replay', 'out', 'json', 'quiet', 'verbose', 'models', 'device']

export function addGenerate(program: Command, cli: Cli): void {
  const command = program
    .command('generate')
    .summary('make a picture from a prompt')
    .description('Makes a picture from a prompt, or makes one again from the file it is in.')
    .argument('[PROMPT]', 'what to paint', parsePrompt)
    .option('--from <FILE.png>', "repeat a picture of Paella's exactly, from what its file says")
    .option('--replay', 'with --from: decode the tokens in the file, sample nothing, and compare the pixels')
    .action(async (prompt: string | undefined, options: GenerateOptions, self: Command) => {
      if (options.from !== undefined) {
        refuseOverrides(prompt, self)
        return runJob(cli, options, repeatPlan(options.from, options.replay ?? false))
      }
      if (options.replay) {
        throw new StudioError(
          'bad-request',
          '--replay needs a picture: write paella generate --from FILE.png --replay.',
        )
      }
      if (prompt === undefined) {
        throw new StudioError('bad-request', 'No prompt: write paella generate "a red apple", or give --from FILE.png.')
      }
      return runUse(cli, options, () => textUse(prompt))
    })
  addPictureOptions(command, { size: true })
  addExamples(command, [
    'generate "a red apple on a table"',
    'generate "a lighthouse at night" --count 4 --out lighthouses/',
    'generate "a forest" --size 256x128 --negative "people" --seed 7',
    'generate --from a-red-apple-7.png --out again.png',
    'generate --from a-red-apple-7.png --device webgpu',
    'generate --from a-red-apple-7.png --replay',
  ])
}

function refuseOverrides(prompt: string | undefined, command: Command): void {
  const named = command.options.map((option) => option.attributeName())
  const override = named.find((name) => command.getOptionValueSource(name) === 'cli' && !allowedWithFrom.includes(name))
  if (prompt === undefined && override === undefined) return
  const what = override === undefined ? 'a prompt' : `--${override}`
  throw new StudioError(
    'bad-request',
    `--from repeats a picture exactly, so ${what} cannot be given with it: leave one out.`,
  )
}
