/** What a batch tells: the paths on stdout and one line of progress for people, JSON lines for programs. */
import { join } from 'node:path'
import type { BatchItem, BatchOutcome, Made } from '../batch/index.ts'
import type { WorkerOutcome } from '../batch/redis-queue.ts'
import type { BatchProgress } from '../shared/contract/batch.ts'
import type { Cli } from './cli.ts'
import { duration } from './progress.ts'
import { terminalLine } from './terminal-line.ts'

export interface BatchReporter {
  item(out: string, item: BatchItem, made: Made): void
  progress(progress: BatchProgress): void
  warning(text: string): void
  done(outcome: BatchOutcome): void
  workerDone(outcome: WorkerOutcome): void
  /** Ctrl-C has been heard. */
  stopping(): void
  log(line: string): void
  /** Leaves the terminal as it was found. */
  close(): void
}

interface ReporterOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

const errorsShown = 10

export function batchReporter(cli: Pick<Cli, 'stdout' | 'stderr'>, { json, quiet }: ReporterOptions): BatchReporter {
  return json === true ? jsonReporter(cli) : plainReporter(cli, quiet ?? false)
}

function jsonReporter({ stdout, stderr }: Pick<Cli, 'stdout' | 'stderr'>): BatchReporter {
  const say = (value: object): void => stdout.write(`${JSON.stringify(value)}\n`)
  return {
    item(out, { index, seed, prompt }, made) {
      const error = made.is === 'failed' ? { code: made.error.code, message: made.error.message } : undefined
      const path = join(out, made.file)
      say({ type: 'item', is: made.is, path, index, seed, prompt, ...(error === undefined ? {} : { error }) })
    },
    progress: (progress) => say({ type: 'progress', ...progress }),
    warning: (text) => say({ type: 'warning', text }),
    done: ({ progress, stopped, manifest }) => say({ type: 'done', stopped, ...countsOf(progress), manifest }),
    workerDone: (outcome) => say({ type: 'done', ...outcome }),
    stopping: () => undefined,
    log: (line) => stderr.write(`engine: ${line}\n`),
    close: () => undefined,
  }
}

function countsOf({ items, done, skipped, failed }: BatchProgress) {
  return { items, done, skipped, failed }
}

function plainReporter({ stdout, stderr }: Pick<Cli, 'stdout' | 'stderr'>, quiet: boolean): BatchReporter {
  const line = terminalLine(stderr, quiet)
  let isStopping = false
  const say = (text: string): void => {
    line.clear()
    stderr.write(`${text}\n`)
  }
  const note = (text: string): void => {
    if (!quiet) say(text)
  }
  return {
    item(out, _item, made) {
      line.clear()
      if (made.is === 'failed') say(`paella: warning: ${made.file}: ${made.error.message}`)
      else if (made.is === 'skipped') note(`${join(out, made.file)} is there already`)
      else if (!made.earlier) stdout.write(`${join(out, made.file)}\n`)
    },
    progress(progress) {
      if (!isStopping) line.show(batchProgressText(progress, Date.now()))
    },
    warning: (text) => say(`paella: warning: ${text}`),
    done({ progress, errors, manifest }) {
      const { items, done, skipped, failed } = progress
      const parts = [`${done} of ${items} pictures`, ...(skipped > 0 ? [`${skipped} left out`] : [])]
      if (failed === 0) return note(`${parts.join(', ')}; ${manifest}`)
      say(`${[...parts, `${failed} failed`].join(', ')}; ${manifest}`)
      for (const { file, message } of errors.slice(0, errorsShown)) say(`  ${file}: ${message}`)
      if (failed > errorsShown) say(`  and ${failed - errorsShown} more, which the manifest lists`)
      say('The same command tries the failed ones again.')
    },
    workerDone({ done, skipped, failed, manifests }) {
      const text = `${done} done, ${skipped} left out, ${failed} failed; ${manifests.join(', ') || 'nothing was in the queue'}`
      if (failed > 0) say(text)
      else note(text)
    },
    stopping() {
      isStopping = true
      line.show('stopping after this picture; Ctrl-C again ends at once')
    },
    log: (text) => say(`engine: ${text}`),
    close: () => line.clear(),
  }
}

/** `37/200, 1 failed, 5400 pictures an hour, 2 min 5 s left (14:05)` */
export function batchProgressText(progress: BatchProgress, now: number): string {
  const { items, done, skipped, failed, picturesAnHour, finishesAt } = progress
  const parts = [`${done + skipped + failed}/${items}`]
  if (failed > 0) parts.push(`${failed} failed`)
  if (picturesAnHour !== null) parts.push(`${picturesAnHour} pictures an hour`)
  if (finishesAt !== null)
    parts.push(`${duration(Math.max(0, finishesAt - now) / 1000)} left (${clock(finishesAt, now)})`)
  return parts.join(', ')
}

/** The day, too, where it is not today's. */
function clock(time: number, now: number): string {
  const date = new Date(time)
  const hours = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  return date.toDateString() === new Date(now).toDateString()
    ? hours
    : `${date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })} ${hours}`
}
