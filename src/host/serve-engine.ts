/**
 * The life of an engine process: serves an engine to the parent over the IPC channel, and ends when the parent is gone.
 * What goes wrong outside of a call ends the process: the parent starts another with its next call.
 */
import { writeSync } from 'node:fs'
import { type EngineApi, engineMethods } from '../shared/contract/engine-api.ts'
import { serve } from '../shared/wire/serve.ts'
import { ipcPipe } from './ipc-pipe.ts'

/** An engine that has not let go of its sessions by then is left to the operating system. */
const closeMilliseconds = 1_500

const exitCodes = { parentGone: 0, ownBug: 70, terminated: 143 } as const

/** Takes over the process. Must be called in a child of `fork` with `serialization: 'advanced'`, once. */
export function serveEngine(engine: EngineApi & { close(): Promise<void> }): void {
  process.on('uncaughtException', (thrown: unknown) => {
    writeLine(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
    process.exit(exitCodes.ownBug)
  })
  // Ctrl-C reaches every process of the terminal; what it means is the parent's decision.
  process.on('SIGINT', () => undefined)

  const end = ipcPipe(process)
  const stopServing = serve<EngineApi>(engine, engineMethods, end.pipe)

  async function finish(exitCode: number): Promise<void> {
    stopServing()
    setTimeout(() => process.exit(exitCode), closeMilliseconds)
    await engine.close()
    process.exit(exitCode)
  }
  process.once('SIGTERM', () => void finish(exitCodes.terminated))
  process.once('disconnect', () => {
    end.end('the parent process is gone')
    void finish(exitCodes.parentGone)
  })
}

/** To stderr, where the parent collects it; synchronous, so that last words are not lost. */
export function writeLine(line: string): void {
  try {
    writeSync(2, `${line}\n`)
  } catch {
    // The reader is gone or slow (EPIPE, EAGAIN): a log line is not worth a crash.
  }
}
