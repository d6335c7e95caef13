/**
 * `node build/run.mjs paella ARGS...`: runs a program of this package from its sources, installing and building first where
 * needed. Relative paths in ARGS count from where the user typed the command, which `npm run` leaves in INIT_CWD.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensurePackages, nodePath, root } from './ensure.mjs'

const programs = { paella: 'out/main/paella.js', 'studio-web': 'out/main/studio-web.js' }

const [name, ...args] = process.argv.slice(2)
const script = Object.hasOwn(programs, name ?? '') ? programs[name] : undefined
if (script === undefined) {
  process.stderr.write(`usage: node build/run.mjs ${Object.keys(programs).join('|')} ARGS...\n`)
  process.exit(2)
}

ensurePackages()
ensureBuilt()

const cwd = process.env['INIT_CWD'] ?? process.cwd()
const child = spawn(nodePath(), [join(root, script), ...args], { stdio: 'inherit', cwd })

// The program decides what a signal means: this process waits for its end instead of ending first.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
for (const signal of signals) process.on(signal, () => child.kill(signal))

child.on('error', (error) => {
  process.stderr.write(`paella: could not start Node (${error.message})\n`)
  process.exit(1)
})
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1)
  for (const handled of signals) process.removeAllListeners(handled)
  process.kill(process.pid, signal)
})
