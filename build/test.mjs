/**
 * `npm test`: everything that must hold, from a fresh clone: format, lint, types, size, the build, then the tests, tier by
 * tier. `npm test -- NAMES...` runs only the stages of these names. Plain JavaScript for Node 20, which installs the
 * rest. The last line is the totals of the tests: `N passed, N failed`, and `, N skipped` where there are any.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureBuilt, ensureChromium, ensurePackages, nodePath, root } from './ensure.mjs'

const lintedPaths = ['src', 'tests', 'build', 'electron.vite.config.ts']

/** In order of cost. Each is a script and its arguments. */
const checks = {
  format: ['node_modules/@biomejs/biome/bin/biome', 'format', '.'],
  lint: ['node_modules/oxlint/bin/oxlint', '-c', 'build/oxlint.json', '--type-aware', ...lintedPaths],
  types: ['node_modules/typescript/bin/tsc', '-b', 'build/tsconfig.json'],
  size: ['build/size.mjs'],
  build: ['node_modules/electron-vite/bin/electron-vite.js', 'build'],
}
/** Said where a check fails and there is more to say than what it printed. */
const advice = { format: ' `npm run fix` formats everything.' }

/** The tests, by what they need: see build/vitest.config.ts. */
const tiers = ['pure', 'ort', 'parity', 'process', 'browser', 'electron']

const totalsFile = join(root, 'node_modules', '.cache', 'test-totals.json')

const stages = [...Object.keys(checks), ...tiers]
const asked = process.argv.slice(2)
const unknown = asked.find((name) => !stages.includes(name))
if (unknown !== undefined) stop(`there is no stage '${unknown}': choose from ${stages.join(', ')}.`, 2)

ensurePackages()
const durations = []
const totals = { passed: 0, failed: 0, skipped: 0 }
const wanted = stages.filter((name) => asked.length === 0 || asked.includes(name))
for (const name of wanted) {
  const start = performance.now()
  if (tiers.includes(name)) runTier(name)
  else runCheck(name)
  durations.push(`${name} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  process.stdout.write(`== ${durations.at(-1)}\n`)
}
process.stdout.write(`\n${durations.join(', ')}\n`)
if (wanted.some((name) => tiers.includes(name))) {
  process.exitCode = totals.failed > 0 ? 1 : 0
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''
  process.stdout.write(`${totals.passed} passed, ${totals.failed} failed${skipped}\n`)
}

function runCheck(name) {
  const status = run(checks[name])
  if (status !== 0) stop(`${name} failed (exit code ${status}): read the lines above.${advice[name] ?? ''}`)
}

/** Tests that fail do not stop the other tiers: the totals at the end are those of all of them. */
function runTier(name) {
  if (name === 'process' || name === 'browser' || name === 'electron') ensureBuilt()
  if (name === 'browser' || name === 'electron') ensureChromium()
  mkdirSync(dirname(totalsFile), { recursive: true })
  rmSync(totalsFile, { force: true })
  const status = run(
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'build/vitest.config.ts', '--project', name].concat([
      '--reporter',
      'default',
      '--reporter',
      './build/summary-reporter.mjs',
    ]),
    { PAELLA_TEST_TOTALS: totalsFile },
  )
  if (!existsSync(totalsFile)) stop(`the ${name} tests did not run (exit code ${status}): read the lines above.`)
  const counted = JSON.parse(readFileSync(totalsFile, 'utf8'))
  for (const state of Object.keys(totals)) totals[state] += counted[state]
  // Vitest may fail for a reason that is no test, such as a worker that would not end.
  if (status !== 0 && counted.failed === 0) totals.failed += 1
}

/** The exit code; a signal counts as 1. */
function run([script, ...args], variables = {}) {
  const { status, error } = spawnSync(nodePath(), [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...variables },
  })
  if (error) process.stderr.write(`${error.message}\n`)
  return status ?? 1
}

function stop(reason, exitCode = 1) {
  process.stderr.write(`paella: ${reason}\n`)
  process.exit(exitCode)
}
