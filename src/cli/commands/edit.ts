/** `paella inpaint` and `paella outpaint`: a new part in a picture of any size, or around it. */
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { readInput } from '../input-files.ts'
import { type JobOptions, runUse } from '../job.ts'
import { integerOption, parsePrompt } from '../options.ts'
import { type Borders, inpaintUse, type MaskOptions, outpaintUse } from '../request.ts'
import { addExamples, addMaskOptions, addPictureOptions } from '../shared-options.ts'

export function addInpaint(program: Command, cli: Cli): void {
  const command = program
    .command('inpaint')
    .summary('paint a part of a picture anew')
    .description('Paints the part of a picture anew that is light in the mask; every other pixel stays as it is.')
    .argument('<IMAGE>', 'the picture')
    .argument('<PROMPT>', 'what the new part shows', parsePrompt)
    .requiredOption('--mask <FILE>', 'a picture of the same size: white = paint anew, black = keep')
    .action(async (image: string, prompt: string, options: JobOptions & MaskOptions & { readonly mask: string }) =>
      runUse(cli, options, async () =>
        inpaintUse(prompt, await readInput(image), await readInput(options.mask), options),
      ),
    )
  addMaskOptions(command)
  addPictureOptions(command, { size: false })
  addExamples(command, [
    'inpaint photo.jpg --mask mask.png "a wooden bench"',
    'inpaint photo.jpg --mask mask.png "a cat" --count 4 --out cats/',
    'inpaint photo.jpg --mask mask.png "grass" --feather 16 --out done.png',
  ])
}

export function addOutpaint(program: Command, cli: Cli): void {
  const command = program
    .command('outpaint')
    .summary('extend a picture over its edges')
    .description('Extends a picture by so many px on the sides that you name.')
    .argument('<IMAGE>', 'the picture')
    .argument('<PROMPT>', 'what the whole picture shows', parsePrompt)
    .option('--left <PX>', 'px to add on the left', borderOption('--left'), 0)
    .option('--right <PX>', 'px to add on the right', borderOption('--right'), 0)
    .option('--top <PX>', 'px to add above', borderOption('--top'), 0)
    .option('--bottom <PX>', 'px to add below', borderOption('--bottom'), 0)
    .action(async (image: string, prompt: string, options: JobOptions & MaskOptions & Borders) =>
      runUse(cli, options, async () => outpaintUse(prompt, await readInput(image), options)),
    )
  addMaskOptions(command)
  addPictureOptions(command, { size: false })
  addExamples(command, [
    'outpaint photo.jpg --right 64 "a beach"',
    'outpaint photo.jpg --left 32 --right 32 "a landscape" --out wide.png',
    'outpaint portrait.png --top 48 "blue sky" --count 4 --out skies/',
  ])
}

function borderOption(name: string): (text: string) => number {
  return integerOption(name, 0, 4096)
}
