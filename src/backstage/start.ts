/**
 * The caller's side of the backstage: starts the thread that keeps documents and the engine, and gives each window a pipe into
 * it. Whoever has windows (Electron's main process, the loopback door) imports this file and no other of the room: messages go
 * through as they are, and no pixel is looked at here.
 */
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Pipe } from '../shared/wire/pipe.ts'
import { portPipe } from './port-pipe.ts'

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
  /** Gets each line of the engine's log. */
  readonly onLog?: ((line: string) => void) | undefined
}

export interface Backstage {
  /** A pipe that serves StudioApi and EngineApi. Closing it is how a window leaves; its documents stay for recovery. */
  connect(): Pipe
  /** Writes what is pending and ends the thread and the engine. */
  close(): Promise<void>
}

export function startBackstage(options: BackstageOptions): Backstage {
  const { entry, onLog, ...workerData } = options
  const worker = new Worker(entry, { workerData, stdout: false, stderr: false })
  let ended = false
  const pipes = new Set<(reason: string) => void>()
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      ended = true
      for (const end of pipes) end('the program behind the window ended')
      resolve()
    })
  })
  worker.on('error', (error) => onLog?.(`backstage: ${error.stack ?? error.message}`))
  worker.on('message', (line: unknown) => onLog?.(String(line)))
  return {
    connect() {
      const { port1, port2 } = new MessageChannel()
      worker.postMessage({ type: 'connect', port: port2 }, [port2])
      const opened = portPipe(port1)
      const end = (reason: string): void => opened.end(reason)
      pipes.add(end)
      opened.pipe.onClose(() => pipes.delete(end))
      if (ended) end('the program behind the window ended')
      return opened.pipe
    },
    async close() {
      worker.postMessage({ type: 'close' })
      await exited
    },
  }
}
