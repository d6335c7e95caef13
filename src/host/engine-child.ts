/**
 * One engine process, from its start to its end, as the parent sees it. It is used once: when it has ended,
 * EngineClient makes another. Its end is always explained: `loss` says what happened, with the last lines that it wrote
 * as detail.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type EngineApi, engineMethods } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { connect } from '../shared/wire/connect.ts'
import type { PipeEnd } from '../shared/wire/pipe.ts'
import { engineVariables } from './engine-variables.ts'
import { ipcPipe } from './ipc-pipe.ts'

export interface EngineChildOptions {
  /** Path of the script to run. */
  readonly entry: string
  /** Goes to the script as JSON in its first argument. */
  readonly environment: Readonly<Record<string, string>>
  /** The node (or Electron) to run it with; else the one that runs now. */
  readonly execPath?: string | undefined
  /** Gets each line that the process writes to stderr or stdout. */
  readonly onLog?: ((line: string) => void) | undefined
  /** Told of each process that starts, for who has to see that none outlives the program; `ended` resolves when it is gone. */
  readonly onStart?: ((pid: number, ended: Promise<void>) => void) | undefined
}

/** Characters of its output that are kept to explain its end. */
const tailLength = 4096
/** From the loss of the channel to the kill, and from the exit to the end of its output. */
const graceMilliseconds = { exit: 2_000, output: 500 } as const

export class EngineChild {
  readonly engine: EngineApi
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>
  readonly #process: ChildProcess
  readonly #end: PipeEnd
  readonly #options: EngineChildOptions
  readonly #killNow = () => this.#process.kill('SIGKILL')
  #tail = ''
  #hasSpoken = false
  #ending = false
  #killedBecause: string | undefined
  #loss: StudioError | undefined
  #killTimer: NodeJS.Timeout | undefined

  /**
   * @throws StudioError 'engine-lost' where the system refuses to start a process; most failures come later, as `loss`.
   */
  constructor(options: EngineChildOptions) {
    this.#options = options
    this.#process = start(options)
    this.#end = ipcPipe(this.#process)
    this.engine = connect<EngineApi>(engineMethods, this.#end.pipe)
    this.ended = new Promise((resolve) => this.#end.pipe.onClose(() => resolve()))
    this.#watch()
    if (this.#process.pid !== undefined) options.onStart?.(this.#process.pid, this.ended)
  }

  /** True from the first sign of its end: no call must be given to it any more. */
  get ending(): boolean {
    return this.#ending
  }

  /** Why it ended, as the error for the calls that were waiting; undefined while it lives. */
  get loss(): StudioError | undefined {
    return this.#loss
  }

  /** Ends it at once; `because` completes "The engine process was stopped because ...". */
  kill(because: string): void {
    this.#ending = true
    this.#killedBecause = because
    this.#killNow()
  }

  /** Lets it close its engine, and kills it where it takes longer than 2 s. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#ending = true
    if (this.#process.connected) this.#process.disconnect()
    await this.ended
  }

  #watch(): void {
    const child = this.#process
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#log(line))
    }
    child.on('message', () => {
      this.#hasSpoken = true
    })
    child.once('disconnect', () => {
      this.#ending = true
      this.#killTimer = setTimeout(this.#killNow, graceMilliseconds.exit)
    })
    child.on('error', (cause) => {
      // Without a pid it never ran; other errors (a kill or a write that failed) come with an end of their own.
      if (child.pid === undefined) this.#finish(notStarted(cause, this.#options))
    })
    child.once('exit', (code, signal) => {
      this.#ending = true
      const finish = () => this.#finish(this.#explain(code, signal))
      // What it wrote last explains its end, so that is read first; something it started might hold its output open.
      const timer = setTimeout(finish, graceMilliseconds.output)
      void outputClosed(child).then(() => {
        clearTimeout(timer)
        finish()
      })
    })
    // For a parent that exits without `stop`: a child deep in native code would not see the disconnect for long.
    process.on('exit', this.#killNow)
  }

  #log(line: string): void {
    this.#tail = `${this.#tail}${line}\n`.slice(-tailLength)
    this.#options.onLog?.(line)
  }

  #finish(loss: StudioError): void {
    if (this.#loss !== undefined) return
    this.#ending = true
    this.#loss = loss
    clearTimeout(this.#killTimer)
    process.off('exit', this.#killNow)
    this.#end.end('its process ended')
  }

  #explain(code: number | null, signal: NodeJS.Signals | null): StudioError {
    const detail = this.#tail === '' ? undefined : this.#tail
    return new StudioError('engine-lost', this.#explanation(code, signal), { detail })
  }

  #explanation(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#killedBecause !== undefined) {
      return `The engine process was stopped because ${this.#killedBecause}; try again.`
    }
    if (signal === 'SIGKILL') {
      const why = 'The engine process was killed (SIGKILL), most likely out of memory'
      return `${why}; close other programs or make a smaller picture, then try again.`
    }
    const how = signal === null ? `with exit code ${code}` : `by signal ${signal}`
    return this.#hasSpoken
      ? `The engine process ended unexpectedly ${how}; try again, and report it with the log if it happens again.`
      : `The engine process could not start: it ended ${how}; look at the log, or install the program again.`
  }
}

/** Not the 'close' of the process: that does not come where the parent has disconnected. */
async function outputClosed({ stdout, stderr }: ChildProcess): Promise<void> {
  for (const stream of [stdout, stderr]) if (stream && !stream.closed) await once(stream, 'close')
}

function start(options: EngineChildOptions): ChildProcess {
  try {
    return fork(options.entry, [JSON.stringify(options.environment)], {
      execPath: options.execPath ?? process.execPath,
      execArgv: [],
      env: engineVariables(),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    })
  } catch (cause) {
    throw notStarted(cause, options)
  }
}

function notStarted(cause: unknown, { entry, execPath }: EngineChildOptions): StudioError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `The engine process could not start (${why}); close other programs, or install the program again.`
  return new StudioError('engine-lost', message, { cause, detail: `${execPath ?? process.execPath} ${entry}` })
}
