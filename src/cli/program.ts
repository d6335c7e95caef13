/** All commands put together, and the way from the words of the command line to an exit code. */
import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import type { Cli } from './cli.ts'
import { addBatch } from './commands/batch.ts'
import { addBench } from './commands/bench.ts'
import { addInpaint, addOutpaint } from './commands/edit.ts'
import { addExport } from './commands/export.ts'
import { addRestyle, addVary } from './commands/from-picture.ts'
import { addGenerate } from './commands/generate.ts'
import { addGradient, addInterpolate, addRegions } from './commands/many-prompts.ts'
import { addModels } from './commands/models.ts'
import { addParity } from './commands/parity.ts'
import { addWorker } from './commands/worker.ts'
import { exitCodesHelp } from './exit-codes.ts'
import { errorStyle, reportError } from './report-error.ts'

/** @param words what stands behind `paella`. Never throws: what fails is reported, and sets the exit code. */
export async function runProgram(cli: Cli, words: readonly string[]): Promise<void> {
  const program = buildProgram(cli)
  try {
    if (words.length === 0) program.outputHelp()
    else await program.parseAsync(words, { from: 'user' })
  } catch (thrown) {
    cli.setExitCode(reportError(cli, thrown, errorStyle(words)))
  }
}

export function buildProgram(cli: Cli): Command {
  const program = new Command('paella')
  program
    .description('Makes and edits pictures with Paella, entirely on this machine.')
    .version(packageJson.version)
    .helpCommand('help [COMMAND]', 'show the options and examples of a command')
    // Errors come back as exceptions and are worded in report-error.ts.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => cli.stdout.columns,
      getOutHasColors: () => false,
    })
    .commandsGroup('Make:')
  addGenerate(program, cli)
  addVary(program, cli)
  addInterpolate(program, cli)
  addGradient(program, cli)
  addRegions(program, cli)
  program.commandsGroup('Edit:')
  addInpaint(program, cli)
  addOutpaint(program, cli)
  addRestyle(program, cli)
  program.commandsGroup('Many pictures:')
  addBatch(program, cli)
  addWorker(program, cli)
  program.commandsGroup('Documents:')
  addExport(program, cli)
  program.commandsGroup('Models:')
  addModels(program, cli)
  program.commandsGroup('Check:')
  addParity(program, cli)
  addBench(program, cli)
  program.addHelpText('after', programHelp)
  return program
}

const programHelp = `
Examples:
  $ paella generate "a red apple on a table"
  $ paella inpaint photo.jpg --mask mask.png "a wooden bench"
  $ paella generate --from a-red-apple-on-a-table-7.png
  $ paella batch prompts.csv --out pictures/
  $ paella export drawing.ora --out drawing.png

${exitCodesHelp}`
