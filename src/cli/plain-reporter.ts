/** For people: the path of each picture on stdout and nothing else there; progress, notes and warnings on stderr. */
import type { Cli } from './cli.ts'
import { progressText } from './progress.ts'
import { type Difference, differenceText, type Reporter, type RunningEvent } from './reporter.ts'
import { terminalLine } from './terminal-line.ts'

/** A warning may quote a prompt, which may be a book; programs get all of it (json-reporter.ts). */
const longestWarning = 300

export function plainReporter(cli: Pick<Cli, 'stdout' | 'stderr'>, { quiet }: { quiet: boolean }): Reporter {
  const { stdout, stderr } = cli
  const line = terminalLine(stderr, quiet)
  const pace = { steps: 0, milliseconds: 0 }
  let seedNote = ''
  let isStopping = false
  const say = (text: string) => {
    line.clear()
    stderr.write(`${text}\n`)
  }
  /** Not before the first step: until then a mistake of the user's may be all there is to say. */
  const saySeed = () => {
    if (seedNote !== '') say(seedNote)
    seedNote = ''
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
        saySeed()
        pace.steps += 1
        pace.milliseconds += event.milliseconds
        if (isStopping) break
        line.show(
          progressText(
            { ...event, picture: event.picture + 1, stepMilliseconds: pace.milliseconds / pace.steps },
            stderr.columns - 1,
          ),
        )
        break
      case 'warning':
        say(`paella: warning: ${shorten(event.text)}`)
    }
  }
  const compared = (file: string, difference: Difference, what: string) => {
    if (difference.differing !== 0) say(`paella: warning: not the same as ${file}, ${differenceText(difference, what)}`)
    else if (!quiet) say(`same ${what} as ${file}: 0 of ${difference.of} differ`)
  }
  return {
    event,
    started(request, seedIsRandom) {
      if (seedIsRandom && !quiet) seedNote = `seed ${request.seed} (repeat with --seed ${request.seed})`
    },
    saved(_picture, path) {
      saySeed()
      line.clear()
      stdout.write(`${path}\n`)
    },
    repeated: (file, tokens) => compared(file, tokens, 'tokens'),
    replayed: (file, pixels) => compared(file, pixels, 'px'),
    done({ pictures, milliseconds }) {
      if (stderr.isTerminal && !quiet) {
        say(`${pictures} ${pictures === 1 ? 'picture' : 'pictures'} in ${(milliseconds / 1000).toFixed(1)} s`)
      }
    },
    stopping() {
      isStopping = true
      line.show('stopping after this step; Ctrl-C again ends at once')
    },
    log: (text) => say(`engine: ${text}`),
    close: () => line.clear(),
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= longestWarning ? line : `${line.slice(0, longestWarning - 4)} ...`
}
