/**
 * A program with a backstage and a queue, for those who kill it: `queue-program.ts FOLDER JOBS` puts so many jobs into the queue, 0
 * goes on with what is there. Prints a line of JSON for each picture more: how many jobs are open. Ends by itself when none is.
 */
import { fileURLToPath } from 'node:url'
import { startBackstage } from '../../src/backstage/start.ts'
import { type PageApi, pageMethods } from '../../src/shared/contract/page-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { sourceBackstage } from './source-backstage.ts'

const [folder = '', jobs = '0'] = process.argv.slice(2)
const engineEntry = fileURLToPath(new URL('picture-engine-process.ts', import.meta.url))
const backstage = startBackstage({
  ...sourceBackstage(folder),
  engineEntry,
  onLog: (line) => process.stderr.write(`${line}\n`),
})
const api = connect<PageApi>(pageMethods, backstage.connect())

for (let i = 0; i < Number(jobs); i++) {
  const request = { version: 1, use: { use: 'text', prompt: `job ${i}` }, seed: i * 10, count: 1 + (i % 3) } as const
  await api.enqueue({ request, title: `job ${i}`, where: 'last' })
}
for (;;) {
  const { jobs: listed } = await api.queue()
  const open = listed.filter(({ endedAt }) => endedAt === null).length
  process.stdout.write(`${JSON.stringify({ open })}\n`)
  if (open === 0) break
  await new Promise((resolve) => setTimeout(resolve, 10))
}
await backstage.close()
