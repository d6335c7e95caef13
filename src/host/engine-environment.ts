/** The folders that an engine process is given, whoever starts it. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface EnvironmentChoices {
  /** Folder of models; undefined = the one that came with the program. */
  readonly models?: string | undefined
  readonly device: string
}

/** @param home the folder of the built program, `<package root>/out/main` */
export function engineEnvironment(home: string, { models, device }: EnvironmentChoices) {
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
