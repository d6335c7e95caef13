/**
 * Makes sure that what a command runs is there and up to date: installed packages, and the built program. Plain JavaScript
 * without packages, for Node 20: it runs before anything is installed. Costs some milliseconds where nothing is to be done.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** What the program is built from, and the file whose age says when that was. */
const sources = ['src', 'package.json', 'electron.vite.config.ts']
const built = 'out/renderer/index.html'

/** The Node that the program runs with: the one that is installed as a package, else the one that runs now. */
export function nodePath() {
  const installed = join(root, 'node_modules', '.bin', 'node')
  return existsSync(installed) ? installed : process.execPath
}

/**
 * Installs the locked versions where node_modules is missing or older than package-lock.json. Everything npm says goes to
 * stderr.
 */
export function ensurePackages() {
  const installed = 'node_modules/.package-lock.json'
  if (changedAt(installed) >= changedAt('package-lock.json')) return
  process.stderr.write('Installing packages (once) ...\n')
  const npm = npmCommand()
  const args = [...npm.args, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const { status, error } = spawnSync(npm.command, [...args, '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: npm.shell,
  })
  if (status !== 0) stop(`npm ci failed (${error?.message ?? `exit code ${status}`}): read the lines above.`)
}

/** Builds the program where a source is newer than it. Says nothing unless that fails. */
export function ensureBuilt() {
  const builtAt = changedAt(built)
  if (sources.every((path) => newestChange(join(root, path)) < builtAt)) return
  const bundler = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { status, stdout, stderr, error } = spawnSync(nodePath(), [bundler, 'build'], { cwd: root, encoding: 'utf8' })
  if (status === 0 && existsSync(join(root, built))) return
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}\n`)
  stop(`the build failed (${error?.message ?? `exit code ${status}`}): read the lines above.`)
}

/**
 * Electron's program, fetched once where its publisher's server answers: npm brings only the script that does it.
 * @returns its path, or why there is none
 */
export async function ensureElectron() {
  const folder = join(root, 'node_modules', 'electron')
  const found = electronIn(folder)
  if (found !== undefined) return { path: found }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const missing = { why: 'Electron is not here and cannot be fetched' }
  if (!(await answers(electronMirror(), 3_000))) return missing
  process.stderr.write(`Fetching Electron ${version} (once) ...\n`)
  spawnSync(nodePath(), [join(folder, 'install.js')], { cwd: root, stdio: ['ignore', 2, 2] })
  const fetched = electronIn(folder)
  return fetched === undefined ? missing : { path: fetched }
}

/** Where electron's own script fetches from. */
function electronMirror() {
  const { ELECTRON_MIRROR, npm_config_electron_mirror } = process.env
  return ELECTRON_MIRROR || npm_config_electron_mirror || 'https://github.com/electron/electron/releases/download/'
}

/** undefined where it was not fetched yet, or another version was. One of one's own is named as for electron's own script. */
function electronIn(folder) {
  const own = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (own) return join(own, process.platform === 'win32' ? 'electron.exe' : 'electron')
  const text = (...names) => readFileSync(join(folder, ...names), 'utf8').trim()
  try {
    const { version } = JSON.parse(text('package.json'))
    if (text('dist', 'version').replace(/^v/, '') !== version) return undefined
    const path = join(folder, 'dist', text('path.txt'))
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** Whether a server says anything at all. */
async function answers(address, milliseconds) {
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(milliseconds) })
    return true
  } catch {
    return false
  }
}

/** Installs Debian's Chromium for the tests that need a browser, where it is missing and can be had; else they say so and skip. */
export function ensureChromium() {
  if (existsSync(process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium')) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  process.stderr.write('Installing Chromium for the browser tests (once) ...\n')
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  spawnSync('apt-get', ['update', '-qq'], options)
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
}

/** Under `npm run`, npm says where its own script is; spawning that works on every system. */
function npmCommand() {
  const script = process.env['npm_execpath']
  if (script?.endsWith('npm-cli.js')) return { command: process.execPath, args: [script], shell: false }
  return { command: 'npm', args: [], shell: process.platform === 'win32' }
}

/** Milliseconds; -1 where there is no such file. */
function changedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? -1
}

/** Of a file, or of everything in a folder; the folders count too, since a file that was removed changes only those. */
function newestChange(path) {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined) return -1
  if (!status.isDirectory()) return status.mtimeMs
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}

function stop(reason) {
  process.stderr.write(`paella: ${reason}\n`)
  process.exit(1)
}
