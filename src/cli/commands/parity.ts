/** `paella parity`: does this engine give the numbers that PyTorch gave? One line a golden. */
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { StudioError } from '../../shared/contract/errors.ts'
import type { Cli } from '../cli.ts'
import { exitCodes } from '../exit-codes.ts'
import { addExamples } from '../shared-options.ts'

const goldenFile = 'golden.json'

export function addParity(program: Command, cli: Cli): void {
  const command = program
    .command('parity')
    .summary('compare the engine with stored results of PyTorch')
    .description(`Compares the engine with results of PyTorch, stored in folders that hold a ${goldenFile}.`)
    .argument('<DIR...>', 'folders of a golden, or folders of such folders')
    .addOption(new Option('--device <NAME>', 'auto, cpu, webgpu, ...').default('cpu'))
    .option('--json', 'one JSON object a golden')
    .option('--verbose', 'the details of an error')
    .action(
      async (folders: string[], { device, json = false }: { readonly device: string; readonly json?: boolean }) => {
        const goldens = (await Promise.all(folders.map(findGoldens))).flat()
        if (!(await checkAll(cli, goldens, device, json))) cli.setExitCode(exitCodes.failure)
      },
    )
  addExamples(command, ['parity tests/goldens', 'parity goldens/paella_v1 goldens/clip --json'])
}

/** Whether all that could be checked agrees, and anything could be. */
async function checkAll(cli: Cli, goldens: readonly string[], device: string, json: boolean): Promise<boolean> {
  // Loaded here: it brings onnxruntime into this process, which the other commands must not wait for.
  const { checkGolden, notOfANetwork } = await import('../../engine/parity/parity.ts')
  const print = (text: string, object: object): void => {
    cli.stdout.write(`${json ? JSON.stringify({ type: 'golden', ...object }) : text}\n`)
  }
  let [allPassed, checked] = [true, 0]
  for (const golden of goldens) {
    const other = await notOfANetwork(golden)
    if (other !== undefined) {
      const name = basename(resolve(golden))
      print(`skip ${name.padEnd(20)} not of a network: ${other}`, { name, skipped: other })
      continue
    }
    const { name, passed, lines, largestError } = await checkGolden(golden, device)
    allPassed &&= passed
    checked += 1
    const mark = passed ? 'ok  ' : 'FAIL'
    const text = [`${mark} ${name.padEnd(20)} largest error ${largestError.toExponential(1)}`, ...lines].join('  ')
    print(text, { name, passed, largestError, lines })
  }
  return allPassed && checked > 0
}

/**
 * The folder itself where it is a golden, else the goldens right inside it, by name.
 *
 * @throws StudioError 'file-not-found' where there is no folder, 'golden-broken' where it holds no golden.
 */
export async function findGoldens(folder: string): Promise<readonly string[]> {
  if (await isThere(join(folder, goldenFile))) return [folder]
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new StudioError('file-not-found', `There is no folder ${folder}: check the name.`, { cause })
  })
  const goldens: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (await isThere(join(path, goldenFile))) goldens.push(path)
  }
  if (goldens.length === 0) {
    throw new StudioError('golden-broken', `${folder} holds no ${goldenFile}: name the folder of a golden.`)
  }
  return goldens
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
