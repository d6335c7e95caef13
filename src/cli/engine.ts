/** Starts the engine process for a command, with the folders that a command line uses. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { EngineClient } from '../host/engine-client.ts'
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

/** The folders that an engine of the command line works with. */
export function engineEnvironment(home: string, { models, device }: Pick<EngineSettings, 'models' | 'device'>) {
  const packageRoot = resolve(home, '..', '..')
  return {
    modelsDir: models === undefined ? join(packageRoot, 'models') : resolve(models),
    resourcesDir: join(packageRoot, 'resources'),
    cacheDir: cacheFolder(process.platform, process.env, homedir()),
    device,
  }
}

/** Where this system keeps what can be made again. */
export function cacheFolder(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const folder = 'paella-studio'
  if (platform === 'darwin') return join(home, 'Library', 'Caches', folder)
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), folder)
  const xdg = environment['XDG_CACHE_HOME']
  // The XDG specification says to ignore a relative path.
  return join(xdg?.startsWith('/') ? xdg : join(home, '.cache'), folder)
}
