/**
 * `npm run pack`: installers of this system into dist-pkg/, installing and building first where needed. What follows -- goes to
 * electron-builder: `npm run pack -- --dir` makes the folder alone. Plain JavaScript for Node 20.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ensureBuilt, ensurePackages, nodePath, root } from './ensure.mjs'

/** Becomes resources/studio of the package. */
const stage = join(root, 'out', 'pack')
/** Bundles that Electron loads, or nobody who has the package. */
const notStaged = ['index.js', 'studio-web.js']

ensurePackages()
ensureBuilt()
rmSync(stage, { recursive: true, force: true })
stageBundles()
stageNode()
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
const words = ['--config', 'build/electron-builder.yml', '--publish', 'never', ...process.argv.slice(2)]
const { status, error } = spawnSync(nodePath(), [builder, ...words], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, NO_UPDATE_NOTIFIER: '1' },
})
if (error) process.stderr.write(`paella: electron-builder did not start (${error.message})\n`)
process.exitCode = status ?? 1

function stageBundles() {
  const filter = (source) => !notStaged.includes(basename(source)) && !source.endsWith('.map')
  cpSync(join(root, 'out', 'main'), join(stage, 'out', 'main'), { recursive: true, filter })
  // The bundles are modules, and node asks the nearest package.json; the backstage reads its version there.
  const { name, version, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify({ name, version, type })}\n`)
}

/** The node that ships is the one that packs. */
function stageNode() {
  const node = realpathSync(nodePath())
  mkdirSync(join(stage, 'bin'), { recursive: true })
  const staged = join(stage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  copyFileSync(node, staged)
  chmodSync(staged, 0o755)
  // Beside bin/ in npm's packages and in nodejs.org's archives, beside node.exe on Windows.
  const licence = [dirname(dirname(node)), dirname(node)].map((folder) => join(folder, 'LICENSE')).find(existsSync)
  if (licence !== undefined) copyFileSync(licence, join(stage, 'bin', 'LICENSE'))
  const { status } = spawnSync(staged, ['--version'], { stdio: 'ignore' })
  if (status !== 0) stop(`${basename(node)} does not run from another folder: pack with a node from nodejs.org.`)
}

function stop(reason) {
  process.stderr.write(`paella: ${reason}\n`)
  process.exit(1)
}
