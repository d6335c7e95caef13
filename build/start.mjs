/**
 * `npm start`: the studio, installing and building first where needed; `npm start -- FILE` opens a file in it. In Electron's window
 * where there is Electron and a screen, else in the browser of this machine. Plain JavaScript for Node 20.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ensureBuilt, ensureElectron, ensurePackages, nodePath, root } from './ensure.mjs'

/** An Electron that ends badly within this time never had a window: a sandbox that the system forbids, a missing library. */
const earlyMilliseconds = 5_000

ensurePackages()
ensureBuilt()

const words = process.argv.slice(2)
const cwd = process.env['INIT_CWD'] ?? process.cwd()
const electron = noWindow() ?? (await ensureElectron())
if ('path' in electron) startElectron(electron.path)
else await startWeb(electron.why)

/** Why there can be no window of Electron's here; undefined where there can. */
function noWindow() {
  if (process.platform !== 'linux') return undefined
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return { why: 'There is no screen' }
  // As root Chromium runs only without its sandbox, and without that the studio does not.
  return process.getuid?.() === 0 ? { why: 'Electron does not run as root' } : undefined
}

function startElectron(path) {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const startedAt = Date.now()
  const child = spawn(path, [root, ...words], { stdio: 'inherit', cwd, env: { ...env, PAELLA_NODE: nodePath() } })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  let isEnding = false
  for (const signal of signals) {
    process.on(signal, () => {
      isEnding = true
      child.kill(signal)
    })
  }
  const end = (code, why) => {
    for (const signal of signals) process.removeAllListeners(signal)
    if (code === 0 || isEnding || Date.now() - startedAt > earlyMilliseconds) process.exit(code ?? 1)
    void startWeb(`Electron did not start (${why})`)
  }
  child.once('error', (error) => end(null, error.message))
  child.once('exit', (code, signal) => end(code, signal ?? `exit code ${code}`))
}

/** What is no file is an option of `npm run web`. */
async function startWeb(why) {
  const options = words.filter((word) => !existsSync(resolve(cwd, word)))
  process.stdout.write(`${why}, so the studio opens in your browser.\n`)
  process.argv.splice(2, process.argv.length, 'studio-web', ...options)
  await import('./run.mjs')
}
