/** For people: the path of each picture on stdout and nothing else there; progress, notes and warnings on stderr. */
import type { Cli } from './cli.ts'
import { progressText } from './progress.ts'
import { differenceReasons, type Reporter, type RunningEvent } from './reporter.ts'
import { terminalLine } from './terminal-line.ts'

export function plainReporter(cli: Pick<Cli, 'stdout' | 'stderr'>, { quiet }: { quiet: boolean }): Reporter {
  const { stdout, stderr } = cli
  const line = terminalLine(stderr, quiet)
  const pace = { steps: 0, milliseconds: 0 }
  const say = (text: string) => {
    line.clear()
    stderr.write(`${text}\n`)
  }
  const event = (event: RunningEvent) => {
    switch (event.type) {
      case 'queued':
        if (event.ahead > 0) line.show(`waiting, ${event.ahead} ahead`)
        break
      case 'loading':
        line.show(`loading ${event.part}`)
        break
      case 'step':
        pace.steps += 1
        pace.milliseconds += event.milliseconds
        line.show(
          progressText(
            { ...event, picture: event.picture + 1, stepMilliseconds: pace.milliseconds / pace.steps },
            stderr.columns - 1,
          ),
        )
        break
      case 'warning':
        say(`paella: warning: ${event.text}`)
    }
  }
  return {
    event,
    started(request, seedIsRandom) {
      if (seedIsRandom && !quiet) say(`seed ${request.seed} (repeat with --seed ${request.seed})`)
    },
    saved(_picture, path) {
      line.clear()
      stdout.write(`${path}\n`)
    },
    repeated(file, isSame) {
      if (!isSame) say(`paella: warning: not the same as ${file}, ${differenceReasons}`)
      else if (!quiet) say(`same tokens as ${file}`)
    },
    done({ pictures, milliseconds }) {
      if (stderr.isTerminal && !quiet) {
        say(`${pictures} ${pictures === 1 ? 'picture' : 'pictures'} in ${(milliseconds / 1000).toFixed(1)} s`)
      }
    },
    log: (text) => say(`engine: ${text}`),
    close: () => line.clear(),
  }
}
