/** `queue-memory.ts FOLDER PICTURES`: a program whose queue makes pictures while a window follows. Prints its memory after each ten. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startBackstage } from '../../src/backstage/start.ts'
import { type PageApi, pageMethods } from '../../src/shared/contract/page-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { sourceBackstage } from '../kit/source-backstage.ts'

const [folder = '', pictures = '0'] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const engineEntry = fileURLToPath(new URL('../kit/picture-engine-process.ts', import.meta.url))
const backstage = startBackstage({ ...sourceBackstage(folder), engineEntry })
const api = connect<PageApi>(pageMethods, backstage.connect())

/** Pictures of one job. */
const each = 10
for (let made = 0; made < Number(pictures); made += each) {
  const request = { version: 1, use: { use: 'text', prompt: 'a house large 256' }, seed: made, count: each } as const
  const { id } = await api.enqueue({ request, title: '', where: 'last', options: { trajectory: true } })
  await api.follow({ id }, { onEvent: () => undefined })
  globalThis.gc?.()
  process.stdout.write(`${JSON.stringify({ pictures: made + each, rss: process.memoryUsage().rss })}\n`)
}
await backstage.close()
