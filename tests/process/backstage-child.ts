/**
 * A program with a backstage, for tests that end it: `paint` changes a document all the time and prints each change when it is
 * told, `exit` ends in the middle of a job that blocks the engine, `wait` does nothing more. Prints JSON lines.
 */
import { startBackstage } from '../../src/backstage/start.ts'
import { pageMethods, type PageApi } from '../../src/shared/contract/page-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { TestWindow } from '../kit/backstage.ts'
import { promptCall } from '../kit/fake-engine.ts'
import { sourceBackstage } from '../kit/source-backstage.ts'

const [what, dataFolder = ''] = process.argv.slice(2)
const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)

const backstage = startBackstage(sourceBackstage(dataFolder))
const api = connect<PageApi>(pageMethods, backstage.connect())
print({ engine: Number((await api.describe()).version.replace('fake ', '')) })

if (what === 'exit') {
  await new Promise((resolve) => void api.generate(promptCall('hang'), { onEvent: resolve }).catch(() => undefined))
  process.exit(0)
}
if (what === 'paint') {
  const window = await TestWindow.create(api)
  print({ key: window.key })
  for (let seed = 1; seed < 900; seed++) {
    window.paint(seed)
    print({ painted: seed, at: Date.now() })
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
