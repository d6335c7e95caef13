/** `paella batch`: many pictures into a folder, from a list of prompts or a folder of pictures; resumed, split and queued. */
import { type Command, Option } from 'commander'
import type { BatchOptions } from '../batch-options.ts'
import type { Cli } from '../cli.ts'
import {
  integerOption,
  numberOption,
  parseNegative,
  parseSeed,
  parseSize,
  parseTemperature,
  parseTypical,
} from '../options.ts'
import { addEngineOptions, addExamples } from '../shared-options.ts'

export function addBatch(program: Command, cli: Cli): void {
  const command = program
    .command('batch')
    .summary('make many pictures, from a list or a folder')
    .description(
      'Makes a picture of each row of a list, or one of each picture in a folder. The same command goes on where an earlier run ended.',
    )
    .argument('[LIST]', 'prompts: .txt (one a line), .csv (with a column "prompt") or .jsonl')
    .action(async (list: string | undefined, options: BatchOptions) => {
      // Loaded here: it checks specifications and reads lists, which the other commands must not wait for.
      const { runBatchCommand } = await import('../batch-command.ts')
      await runBatchCommand(cli, list, options)
    })
  addSourceOptions(command)
  addPictureOptions(command)
  addFileOptions(command)
  addSplitOptions(command)
  addEngineOptions(command)
  addExamples(command, [
    'batch prompts.txt --out pictures/ --seeds 4',
    "batch products.csv --out pictures/ --name '{sku}/{prompt:5}-{seed}' --format webp",
    'batch --pictures photos/ --use restyle --prompt "an oil painting" --out painted/',
    'batch prompts.txt --out pictures/ --dry-run',
    'batch prompts.txt --out pictures/ --shard 2/8',
    'batch prompts.txt --out pictures/ --enqueue --redis redis://server:6379',
  ])
}

function addSourceOptions(command: Command): void {
  command
    .optionsGroup('What is made:')
    .option('--pictures <DIR>', 'a picture of each picture in a folder and below, its tree kept')
    .option('--no-recursive', 'not of those in its subfolders')
    .addOption(new Option('--use <USE>', 'what is done to them').choices(['restyle', 'vary', 'inpaint', 'outpaint']))
    .option('--prompt <PROMPT>', 'what they become', parseNegative)
    .option(
      '--strength <X>',
      'restyle: 0 keeps a picture, 1 keeps nothing (default: 0.65)',
      numberOption('--strength', 0, 1),
    )
    .option(
      '--prompt-weight <X>',
      'vary: how much the prompt counts (default: 0.5 with one)',
      numberOption('--prompt-weight', 0, 1),
    )
    .option('--masks <DIR>', 'inpaint: masks of the same names, white = paint anew')
    .option('--feather <PX>', 'inpaint, outpaint: width of the blend (default: 8)', integerOption('--feather', 0, 512))
    .option(
      '--context <PX>',
      'inpaint: how much around it the model sees (default: 64)',
      integerOption('--context', 0, 4096),
    )
    .option('--left <PX>', 'outpaint: px to add on the left', integerOption('--left', 0, 4096))
    .option('--right <PX>', 'on the right', integerOption('--right', 0, 4096))
    .option('--top <PX>', 'above', integerOption('--top', 0, 4096))
    .option('--bottom <PX>', 'below', integerOption('--bottom', 0, 4096))
    .option('--spec <FILE.json>', 'all of this as one file; further options are not looked at but --out')
}

function addPictureOptions(command: Command): void {
  command
    .optionsGroup('Picture, where a row does not say:')
    .option('--seeds <N>', 'each row with so many seeds (default: 1)', integerOption('--seeds', 1, 10_000))
    .option('--seed <N>', 'the first of them (default: 0)', parseSeed)
    .option('--size <SIZE>', 'px: 128, or 256x128 (default: set by the model)', parseSize)
    .option('--negative <PROMPT>', 'what pictures should move away from', parseNegative)
    .option(
      '--steps <N>',
      'more take longer and look better (default: set by the model)',
      integerOption('--steps', 1, 200),
    )
    .option(
      '--guidance <X>',
      'how closely to follow the prompt (default: set by the model)',
      numberOption('--guidance', -1, 50),
    )
    .option('--temperature <A,B>', 'of the first and last step (default: set by the model)', parseTemperature)
    .option('--typical <MASS>', 'mass of the typical filter, or off (default: set by the model)', parseTypical)
}

function addFileOptions(command: Command): void {
  command
    .optionsGroup('Files:')
    .option('--out <DIR>', 'folder of the pictures, made if it does not exist')
    .option('--name <TEMPLATE>', "names of the files, such as '{prompt:5}-{seed}', '{folder}/{name}' or '{index:5}'")
    .addOption(new Option('--format <TYPE>', 'of the files').choices(['png', 'jpeg', 'webp', 'avif']).default('png'))
    .option(
      '--quality <N>',
      'of JPEG (default: 90), WebP (default: lossless) and AVIF (default: 60)',
      integerOption('--quality', 1, 100),
    )
    .addOption(
      new Option('--existing <WHAT>', 'files that are there and not of this batch: left out, kept beside, or replaced')
        .choices(['skip', 'suffix', 'replace'])
        .default('suffix'),
    )
    .option('--no-recipe', 'PNG files that do not tell how they were made')
    .option('--dry-run', 'show what would be made, and make nothing')
    .option('--json', 'one JSON object a line on stdout for all that happens')
    .option('--quiet', 'no progress and no notes; warnings and errors still show')
    .option('--verbose', "the engine's log, and the details of an error")
}

function addSplitOptions(command: Command): void {
  command
    .optionsGroup('Split:')
    .option('--shard <I/N>', 'only each N-th item, from the I-th on; auto in a Slurm array, auto/N in a Kubernetes job')
    .option('--merge <DIR>', 'join the manifests of all shards in a folder, and do nothing else')
    .option('--enqueue', 'put the items into a queue for paella worker, and make none')
    .option('--redis <URL>', 'of that queue, such as redis://server:6379')
    .option('--queue <NAME>', 'name of that queue', 'paella')
}
