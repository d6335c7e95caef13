/** `paella models`: what is imported, what is missing, and importing itself. The work is in ../models/. */
import { type Command, Option } from 'commander'
import type { Cli } from '../cli.ts'
import { addExamples } from '../shared-options.ts'
import type { ModelsOptions } from '../models/options.ts'

const work = () => import('../models/models.ts')

export function addModels(program: Command, cli: Cli): void {
  const models = program
    .command('models')
    .summary('import, list, check and remove models')
    .description(
      'Imports published weights into a folder of its own, and looks after them. Files are never run, only read.',
    )
    .helpCommand('help [COMMAND]', 'show the options and examples of a command')
  /** Every command of the group. */
  const add = (usage: string, summary: string): Command =>
    shared(
      models
        .command(usage)
        .summary(summary)
        .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    )
  add('import', 'copy weights into the store: .safetensors, .pt, .ckpt or .bin')
    .argument('<FILE...>', 'files, in any order; each is known by what is in it')
    .addOption(
      new Option('--precision <KIND>', 'float32; float16 for GPUs; int8 for CPUs')
        .choices(['float32', 'float16', 'int8'])
        .default('float32'),
    )
    .option('--name <ID>', 'what the model is to be called (default: named after its file)')
    .option('--text-only', 'of a CLIP the text tower alone: 1.4 GB of 3.9, but no picture can be the prompt')
    .action(async (files: string[], options: ModelsOptions) => (await work()).importModels(cli, files, options))
  add('list', 'show the models and parts there are, and what is missing').action(async (options: ModelsOptions) =>
    (await work()).listImported(cli, options),
  )
  add('show', 'show all that is known of a model or a part')
    .argument('<ID>', 'as paella models list shows it')
    .action(async (id: string, options: ModelsOptions) => (await work()).showImported(cli, id, options))
  add('verify', 'read every byte and compare it with what was imported')
    .argument('[ID]', 'a model or a part (default: all)')
    .action(async (id: string | undefined, options: ModelsOptions) => (await work()).verifyImported(cli, id, options))
  add('remove', 'remove a part, or a model with all parts that no other needs')
    .argument('<ID>', 'as paella models list shows it')
    .action(async (id: string, options: ModelsOptions) => (await work()).removeImported(cli, id, options))
  add('relocate', 'move all imported models to another folder, such as one of another disk')
    .argument('<DIR>', 'a new or an empty folder')
    .action(async (folder: string, options: ModelsOptions) => (await work()).relocateImported(cli, folder, options))
  add('download', "fetch published weights from their authors' address, going on where the last attempt ended")
    .argument('[FILE]', 'which (default: shows what there is)')
    .option('--from <ADDRESS>', 'another address of the same file, such as a mirror')
    .action(async (file: string | undefined, options: ModelsOptions) =>
      (await work()).downloadModel(cli, file, options),
    )
  addExamples(models, [
    'models import f8_600000.pt vqgan.gumbelf8-sber.model.ckpt open_clip_pytorch_model.bin',
    'models import paella_v3.pt --precision int8',
    'models list',
    'models download paella_v3.pt',
  ])
}

const shared = (command: Command): Command =>
  command
    .option('--models <DIR>', 'folder of the store (default: in your data folder)')
    .option('--json', 'one JSON object a line')
    .option('--verbose', 'the details of an error')
