/**
 * The entry of the backstage's thread: serves each page the studio and the engine over a port of its own. The engine's process is
 * started and watched from here, so that no picture passes through the thread that has windows.
 */
import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { nodeStorage } from '../files/storage.ts'
import { EngineClient } from '../host/engine-client.ts'
import { engineEnvironment } from '../host/engine-environment.ts'
import { createLibrary } from '../library/library.ts'
import { assert } from '../shared/base/assert.ts'
import { portPipe } from './port-pipe.ts'
import { Batches } from './batches.ts'
import { servePage } from './serve-page.ts'
import { createStudio } from './studio.ts'
import { TrashOfParent } from './trash-of-parent.ts'
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts'

assert(parentPort !== null, 'thread.ts runs in a worker thread')
const parent = parentPort
const { home, dataFolder, saveFolder, execPath, engineEntry, hasTrash } = workerData as ThreadData
const tell = (message: FromThread): void => parent.postMessage(message)
const log = (line: string): void => tell({ type: 'log', line })

const engine = new EngineClient({
  entry: engineEntry ?? join(home, 'engine-process.js'),
  environment: engineEnvironment(home, { device: 'auto' }),
  execPath,
  onLog: (line) => log(`engine: ${line}`),
  onStart(pid, ended) {
    letOthersFirst(pid)
    tell({ type: 'engine-started', pid })
    void ended.then(() => tell({ type: 'engine-ended', pid }))
  },
})
const studio = createStudio({
  dataFolder,
  saveFolder,
  version: versionOf(join(home, '..', '..', 'package.json')),
  codecs: engine,
  log: (line) => log(`backstage: ${line}`),
})
const trash = new TrashOfParent((call, path) => tell({ type: 'trash', call, path }))
const library = createLibrary({
  storage: nodeStorage,
  dataFolder,
  engine,
  onEvent: (event) => studio.tell(event),
  log: (line) => log(`backstage: ${line}`),
  giveToTrash: hasTrash ? (path) => trash.give(path) : undefined,
})
const batch = new Batches({
  storage: nodeStorage,
  engine,
  onEvent: (event) => studio.tell(event),
  log: (line) => log(`backstage: ${line}`),
})
const services = { engine, library: library.api, batch }
// What waited when the program ended goes on, whether somebody looks or not.
library.start().catch((error: unknown) => log(`backstage: ${String(error)}`))
// The first call of a page then finds it ready; one that cannot start is told by that call.
engine.start().catch(() => undefined)

parent.on('message', (message: ToThread) => {
  if (message.type === 'close') void close()
  else if (message.type === 'trashed') trash.answer(message.call, message.error)
  else servePage(studio, services, portPipe(message.port, 'the window is gone').pipe)
})

/** A person who draws while the model runs must not wait for it. Threads that it starts later have its priority. */
function letOthersFirst(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already, or this system keeps that to itself.
  }
}

async function close(): Promise<void> {
  await Promise.all([studio.close(), batch.close(), library.close(), engine.close()])
  // Ends the thread alone.
  process.exit(0)
}

function versionOf(packageFile: string): string {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string }
  return version
}
