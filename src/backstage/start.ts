/**
 * The caller's side of the backstage: starts the thread that keeps documents and the engine, and gives each window a pipe into
 * it. Whoever has windows (Electron's main process, the loopback door) imports this file and no other of the room: messages go
 * through as they are, and no pixel is looked at here.
 */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Pipe } from '../shared/wire/pipe.ts'
import { portPipe } from './port-pipe.ts'
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts'

export interface BackstageOptions {
  /** Path of the built thread, `<out>/main/backstage-thread.js`. */
  readonly entry: string
  /** Folder of the built program, `<out>/main`. */
  readonly home: string
  /** Folder for sessions, settings and recent files. */
  readonly dataFolder: string
  /** Folder that files are saved to where no dialog of the system can be had. */
  readonly saveFolder: string
  /** The node that runs the engine's process. */
  readonly execPath?: string | undefined
  /** For tests: another script than the program's engine. */
  readonly engineEntry?: string | undefined
  /** Gives a file to the trash of the system, where the windowing system knows how. */
  readonly giveToTrash?: ((path: string) => Promise<void>) | undefined
  /** Gets each line of the engine's log, and of the backstage's own. */
  readonly onLog?: ((line: string) => void) | undefined
}

export interface Backstage {
  /**
   * A pipe that serves PageApi. Closing it is how a window leaves; its documents stay for recovery. It closes by
   * itself where the thread is lost, which does not come back: the program has to start again.
   */
  connect(): Pipe
  /** Writes what is pending and ends the thread and the engine. */
  close(): Promise<void>
}

/** A port of an ended thread closes before or after its 'exit' comes; the reason is the same. */
const threadEnded = 'the program behind the window ended'

export function startBackstage(options: BackstageOptions): Backstage {
  const { entry, onLog, home, dataFolder, saveFolder, execPath, engineEntry, giveToTrash } = options
  const hasTrash = giveToTrash !== undefined
  const workerData: ThreadData = { home, dataFolder, saveFolder, execPath, engineEntry, hasTrash }
  const worker = new Worker(entry, { workerData, stdout: false, stderr: false })
  const tell = (message: ToThread, ports: Parameters<Worker['postMessage']>[1] = []): void =>
    worker.postMessage(message, ports)
  let ended = false
  const pipes = new Set<(reason: string) => void>()
  const engines = new Engines()
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      ended = true
      engines.end()
      for (const end of pipes) end(threadEnded)
      resolve()
    })
  })
  worker.on('error', (error) => onLog?.(`backstage: ${error.stack ?? error.message}`))
  worker.on('message', (message: FromThread) => {
    if (message.type === 'log') onLog?.(message.line)
    else if (message.type === 'trash') {
      const { call, path } = message
      const answer = (error: string | null): void => tell({ type: 'trashed', call, error })
      giveToTrash?.(path).then(
        () => answer(null),
        (error: unknown) => answer(error instanceof Error ? error.message : String(error)),
      )
    } else engines.note(message)
  })
  return {
    connect() {
      const { port1, port2 } = new MessageChannel()
      tell({ type: 'connect', port: port2 }, [port2])
      const opened = portPipe(port1, threadEnded)
      const end = (reason: string): void => opened.end(reason)
      pipes.add(end)
      opened.pipe.onClose(() => pipes.delete(end))
      if (ended) end(threadEnded)
      return opened.pipe
    },
    async close() {
      tell({ type: 'close' })
      await exited
    },
  }
}

/**
 * The engine's processes that live. Where a program exits, or its thread is terminated, the thread's own exit handlers do not run,
 * and an engine deep in native code would not see for long that nobody is there.
 */
class Engines {
  readonly #pids = new Set<number>()
  readonly #kill = (): void => {
    for (const pid of this.#pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It is gone already.
      }
    }
    this.#pids.clear()
  }

  constructor() {
    process.on('exit', this.#kill)
  }

  note({ type, pid }: Extract<FromThread, { pid: number }>): void {
    if (type === 'engine-started') this.#pids.add(pid)
    else this.#pids.delete(pid)
  }

  /** The thread is gone, and with it who would end them. */
  end(): void {
    this.#kill()
    process.off('exit', this.#kill)
  }
}
