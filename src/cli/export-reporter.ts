/** What an export tells: the path on stdout for people, JSON lines for programs, in the manner of the picture jobs' reporters. */
import type { Cli } from './cli.ts'
import { terminalLine } from './terminal-line.ts'

export interface ExportedFile {
  readonly path: string
  readonly width: number
  readonly height: number
  readonly bytes: number
}

export interface ExportReporter {
  started(document: string, format: string): void
  /** 0..1 */
  progress(share: number): void
  warning(text: string): void
  exported(file: ExportedFile): void
  done(milliseconds: number): void
  log(line: string): void
  /** Leaves the terminal as it was found. */
  close(): void
}

interface ReporterOptions {
  readonly json?: boolean
  readonly quiet?: boolean
}

export function exportReporter(cli: Pick<Cli, 'stdout' | 'stderr'>, { json, quiet }: ReporterOptions): ExportReporter {
  const { stdout, stderr } = cli
  const log = (line: string): void => stderr.write(`engine: ${line}\n`)
  if (json === true) {
    const say = (value: object): void => stdout.write(`${JSON.stringify(value)}\n`)
    return {
      started: (document, format) => say({ type: 'start', document, format }),
      progress: (share) => say({ type: 'progress', share: Math.round(share * 1000) / 1000 }),
      warning: (text) => say({ type: 'warning', text }),
      exported: (file) => say({ type: 'exported', ...file }),
      done: (milliseconds) => say({ type: 'done', milliseconds: Math.round(milliseconds) }),
      log,
      close: () => undefined,
    }
  }
  const line = terminalLine(stderr, quiet ?? false)
  return {
    started: () => undefined,
    progress: (share) => line.show(`${Math.floor(share * 100)} %`),
    warning(text) {
      line.clear()
      stderr.write(`paella: warning: ${text}\n`)
    },
    exported({ path }) {
      line.clear()
      stdout.write(`${path}\n`)
    },
    done: () => undefined,
    log(text) {
      line.clear()
      log(text)
    },
    close: () => line.clear(),
  }
}
