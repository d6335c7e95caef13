/**
 * `node tests/bench/run.mjs studio|screenshots|queue|batch ARGS...`: runs a script of this folder on the built program, installing and
 * building first where needed. Plain JavaScript for Node 20, which starts the Node that knows TypeScript. With PAELLA_OUT what was built
 * there is taken as it is.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureBuilt, ensureChromium, ensurePackages, nodePath } from '../../build/ensure.mjs'

const scripts = { studio: 'studio.ts', screenshots: 'screenshots.ts', queue: 'queue.ts', batch: 'batch.ts' }

const [name, ...args] = process.argv.slice(2)
const script = Object.hasOwn(scripts, name ?? '') ? scripts[name] : undefined
if (script === undefined) {
  process.stderr.write(`usage: node tests/bench/run.mjs ${Object.keys(scripts).join('|')} ARGS...\n`)
  process.exit(2)
}
ensurePackages()
if (process.env['PAELLA_OUT'] === undefined) ensureBuilt()
if (name === 'studio' || name === 'screenshots') ensureChromium()
const { status } = spawnSync(nodePath(), [fileURLToPath(new URL(script, import.meta.url)), ...args], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
