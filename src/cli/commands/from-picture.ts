/** `paella restyle` and `paella vary`: a whole new picture that takes after one that is there. */
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { readInput } from '../input-files.ts'
import { type JobOptions, runUse } from '../job.ts'
import { numberOption, parsePrompt } from '../options.ts'
import { restyleUse, varyUse } from '../request.ts'
import { addExamples, addPictureOptions } from '../shared-options.ts'

export function addRestyle(program: Command, cli: Cli): void {
  const command = program
    .command('restyle')
    .summary('keep the structure of a picture, change what it shows')
    .description('Keeps the structure of a picture and paints it as the prompt says.')
    .argument('<IMAGE>', 'the picture')
    .argument('<PROMPT>', 'what it becomes', parsePrompt)
    .option('--strength <X>', '0 keeps the picture, 1 keeps nothing of it', numberOption('--strength', 0, 1), 0.65)
    .action(async (image: string, prompt: string, options: JobOptions & { readonly strength: number }) =>
      runUse(cli, options, async () => restyleUse(prompt, await readInput(image), options)),
    )
  addPictureOptions(command, { size: true })
  addExamples(command, [
    'restyle photo.jpg "an oil painting of a harbour"',
    'restyle fox.png "a wolf in the snow" --strength 0.8 --out wolf.png',
    'restyle room.jpg "a room at night" --strength 0.4 --count 3',
  ])
}

export function addVary(program: Command, cli: Cli): void {
  const command = program
    .command('vary')
    .summary('make variations of a picture')
    .description('Makes pictures of what a picture shows, without its structure; a prompt can pull them elsewhere.')
    .argument('<IMAGE>', 'the picture')
    .argument('[PROMPT]', 'where to pull it', parsePrompt)
    .option(
      '--prompt-weight <X>',
      'how much the prompt counts: 0 = the picture alone, 1 = the prompt alone (default: 0.5 with a prompt)',
      numberOption('--prompt-weight', 0, 1),
    )
    .action(
      async (image: string, prompt: string | undefined, options: JobOptions & { readonly promptWeight?: number }) =>
        runUse(cli, options, async () => varyUse(prompt, await readInput(image), options)),
    )
  addPictureOptions(command, { size: true })
  addExamples(command, [
    'vary photo.jpg --count 4 --out variations/',
    'vary cat.png "a drawing" --prompt-weight 0.3',
    'vary cat.png --seed 12 --out other-cat.png',
  ])
}
