/** Starts the engine process for a command, with the folders that a command line uses. */
import { join } from 'node:path'
import { EngineClient } from '../host/engine-client.ts'
import { engineEnvironment } from '../host/engine-environment.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'

export interface EngineSettings {
  /** Folder of models; undefined = the one that came with the program. */
  readonly models: string | undefined
  readonly device: string
  readonly onLog: ((line: string) => void) | undefined
}

export interface OpenEngine {
  readonly engine: EngineApi
  /** Does not wait: the process ends while this one does. */
  close(): void
}

/**
 * The process is started, not waited for: it loads while the caller reads files.
 *
 * @param home the folder of the built program, `<package root>/out/main`.
 * @throws StudioError 'engine-lost' where the system refuses to start a process.
 */
export async function openEngine(home: string, settings: EngineSettings): Promise<OpenEngine> {
  const environment = engineEnvironment(home, settings)
  const client = new EngineClient({ entry: join(home, 'engine-process.js'), environment, onLog: settings.onLog })
  await client.start()
  return { engine: client, close: () => void client.close() }
}
