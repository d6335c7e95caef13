/** The options that commands share, in the groups in which --help shows them. */
import { type Command, Option } from 'commander'
import {
  integerOption,
  numberOption,
  parseNegative,
  parseSeed,
  parseSize,
  parseTemperature,
  parseTypical,
} from './options.ts'

/** Everything a picture command takes beside its own options. */
export function addPictureOptions(command: Command, { size }: { size: boolean }): Command {
  command.optionsGroup('Picture:')
  if (size)
    command.option('--size <SIZE>', 'px: 128, or 256x128 for width x height (default: set by the model)', parseSize)
  command
    .option('--negative <PROMPT>', 'what the picture should move away from', parseNegative)
    .option(
      '--count <N>',
      'how many pictures, each with the next seed (default: 1)',
      integerOption('--count', 1, 10_000),
    )
    .option('--seed <N>', 'same seed, same picture (default: random, and printed)', parseSeed)
    .option(
      '--steps <N>',
      'more steps take longer and look better (default: set by the model)',
      integerOption('--steps', 1, 200),
    )
    .option(
      '--guidance <X>',
      'how closely to follow the prompt; below 0: one pass, twice as fast (default: set by the model)',
      numberOption('--guidance', -1, 50),
    )
    .option(
      '--temperature <A,B>',
      'of the first and last step; lower is tamer (default: set by the model)',
      parseTemperature,
    )
    .option('--typical <MASS>', 'mass of the typical filter, 0 to 1, or off (default: set by the model)', parseTypical)
  addOutputOptions(command)
  addEngineOptions(command)
  return command
}

/** Where an edited picture's new part meets the old. */
export function addMaskOptions(command: Command): Command {
  return command
    .option('--feather <PX>', 'width of the blend between old and new', integerOption('--feather', 0, 512), 8)
    .option('--context <PX>', 'how much around the new part the model sees', integerOption('--context', 0, 4096), 64)
}

function addOutputOptions(command: Command): void {
  command
    .optionsGroup('Output:')
    .option('--out <PATH>', 'a .png file (replaced if it exists) or a folder (default: the current folder)')
    .option('--json', 'one JSON object a line on stdout for all that happens')
    .option('--quiet', 'no progress and no notes; warnings and errors still show')
    .option('--verbose', "the engine's log, and the details of an error")
}

/** Which engine works, on which model. */
export function addEngineOptions(command: Command): void {
  command
    .optionsGroup('Engine:')
    .option('--model <ID>', 'which model (default: the first one there is)')
    .option('--models <DIR>', 'folder of models (default: the one that came with Paella)')
    .addOption(new Option('--device <NAME>', 'auto, cpu, webgpu, ...').default('auto'))
}

/** Examples below the options; `lines` are commands without the leading word `paella`. */
export function addExamples(command: Command, lines: readonly string[]): Command {
  const examples = lines.map((line) => `  $ paella ${line}`).join('\n')
  return command.addHelpText('after', `\nExamples:\n${examples}\n\nExit codes: see paella --help`)
}
