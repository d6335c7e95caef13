/**
 * `npm run fuzz [COUNT] [SEED]`: 100,000 seeded mutations of whole files through the readers. Prints how many were refused with which
 * code and how long the longest took, and ends with 1 at the first that makes the program fail, with the number that makes it again.
 */
import { attempt } from './attempt.ts'
import { mutation } from './mutate.ts'

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number)
const outcomes = new Map<string, number>()
let longest = 0
const started = performance.now()
for (let index = 0; index < count; index++) {
  const mutated = mutation(seed, index)
  const before = process.cpuUsage()
  try {
    const code = attempt(mutated)
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
  } catch (error) {
    process.stderr.write(`mutation ${index} of seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
  const { user, system } = process.cpuUsage(before)
  longest = Math.max(longest, (user + system) / 1000)
}
const seconds = ((performance.now() - started) / 1000).toFixed(1)
const memory = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(
  `${count} mutations of seed ${seed} in ${seconds} s: no crash, the longest took ${longest.toFixed(0)} ms, memory ${memory} MB\n`,
)
for (const [code, times] of outcomes) process.stdout.write(`  ${code.padEnd(20)}${times}\n`)
