/** `paella interpolate`, `gradient` and `regions`: more than one prompt in time or in space. */
import { type Command, Option } from 'commander'
import type { Cli } from '../cli.ts'
import { type JobOptions, runUse } from '../job.ts'
import { collectRegions, integerOption, parsePrompt, type Region } from '../options.ts'
import { gradientUse, interpolateUse, regionsUse } from '../request.ts'
import { addExamples, addPictureOptions } from '../shared-options.ts'

type InterpolateOptions = JobOptions & { readonly frames: number; readonly path: 'lerp' | 'slerp' }
type GradientOptions = JobOptions & { readonly direction: 'horizontal' | 'vertical' }
type RegionsOptions = JobOptions & { readonly region?: readonly Region[] }

export function addInterpolate(program: Command, cli: Cli): void {
  const command = program
    .command('interpolate')
    .summary('make frames between two prompts')
    .description('Makes a row of pictures that lead from one prompt to another, all from the same random draws.')
    .argument('<FROM>', 'prompt of the first frame', parsePrompt)
    .argument('<TO>', 'prompt of the last frame', parsePrompt)
    .option('--frames <N>', 'how many pictures, both ends included', integerOption('--frames', 2, 1000), 8)
    .addOption(
      new Option('--path <PATH>', 'straight, or around the sphere').choices(['lerp', 'slerp']).default('slerp'),
    )
    .action(async (prompt: string, to: string, options: InterpolateOptions) =>
      runUse(cli, options, () => interpolateUse(prompt, to, options)),
    )
  addPictureOptions(command, { size: true })
  addExamples(command, [
    'interpolate "a green field" "a snowy field" --frames 12',
    'interpolate "a cat" "a dog" --frames 5 --path lerp --seed 7',
  ])
}

export function addGradient(program: Command, cli: Cli): void {
  const command = program
    .command('gradient')
    .summary('blend two prompts across one picture')
    .description('Makes a picture that shows one prompt at one edge and turns into another towards the opposite edge.')
    .argument('<FROM>', 'prompt of the left or top edge', parsePrompt)
    .argument('<TO>', 'prompt of the right or bottom edge', parsePrompt)
    .addOption(
      new Option('--direction <WAY>', 'which way it runs').choices(['horizontal', 'vertical']).default('horizontal'),
    )
    .action(async (prompt: string, to: string, options: GradientOptions) =>
      runUse(cli, options, () => gradientUse(prompt, to, options)),
    )
  addPictureOptions(command, { size: true })
  addExamples(command, [
    'gradient "a desert" "a jungle" --size 256x128',
    'gradient "a night sky" "a calm sea" --direction vertical',
  ])
}

export function addRegions(program: Command, cli: Cli): void {
  const command = program
    .command('regions')
    .summary('give parts of a picture prompts of their own')
    .description('Makes a picture whose rectangles have prompts of their own; later ones lie on top of earlier ones.')
    .argument('[PROMPT]', 'what shows outside the regions', parsePrompt)
    .option('--region <X,Y,W,H=PROMPT>', 'px from the top left corner; repeat for more', collectRegions)
    .action(async (prompt: string | undefined, options: RegionsOptions) =>
      runUse(cli, options, () => regionsUse(prompt, options.region)),
    )
  addPictureOptions(command, { size: true })
  addExamples(command, [
    'regions "a meadow" --region 0,0,128,48="a stormy sky"',
    'regions --region 0,0,64,128="a red wall" --region 64,0,64,128="sea"',
  ])
}
