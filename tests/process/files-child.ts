/**
 * Runs one of the crash scenarios on the real disk, for tests that kill it: `prepare`, `run` (ends itself with kill -9 at call
 * number k, if given), `look` or `sweep`. Prints JSON lines: {promised}, {calls}, {found}, {error}.
 */
import { nodeStorage } from '../../src/files/storage.ts'
import { faultStorage } from '../kit/fault-storage.ts'
import { fileScenarios } from '../kit/crash-scenarios.ts'
import { studioScenarios } from '../kit/studio-scenarios.ts'

const scenarios = [...fileScenarios, ...studioScenarios]
const [name, what, root = '', k = '-1'] = process.argv.slice(2)
const scenario = scenarios.find((scenario) => scenario.name === name)
if (scenario === undefined) throw new Error(`no scenario ${name}`)
const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)

const storage = faultStorage(nodeStorage, ({ index }) => {
  if (index === Number(k)) process.kill(process.pid, 'SIGKILL')
  return undefined
})
try {
  if (what === 'prepare') await scenario.prepare(nodeStorage, root)
  if (what === 'run') await scenario.run(storage, root, (promised) => print({ promised }))
  if (what === 'look') print({ found: await scenario.look(nodeStorage, root) })
  print({ calls: storage.calls.length })
} catch (error) {
  const { code, detail, message } = error as { code?: string; detail?: string; message: string }
  print({ error: { code, detail, message } })
}
