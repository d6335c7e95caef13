/** The folders that an engine process is given, whoever starts it, and where imported models live. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { storeFolder } from '../engine/import/store-location.ts'
import { modelFolders } from '../engine/models/model-folders.ts'

export interface EnvironmentChoices {
  /** Folder of models; undefined = the one that came with the program, and the store of imported ones. */
  readonly models?: string | undefined
  readonly device: string
}

/** @param home the folder of the built program, `<package root>/out/main` */
export function engineEnvironment(home: string, { models, device }: EnvironmentChoices) {
  const packageRoot = resolve(home, '..', '..')
  return {
    modelsDir: models === undefined ? modelFolders(join(packageRoot, 'models'), importedModels()) : resolve(models),
    resourcesDir: join(packageRoot, 'resources'),
    cacheDir: cacheFolder(process.platform, process.env, homedir()),
    device,
  }
}

/** Home of the store of imported models. It may have been moved from there (engine/import/store-location.ts). */
export const modelsHome = (): string => join(dataFolder(process.platform, process.env, homedir()), 'models')

export const importedModels = (): string => storeFolder(modelsHome())

type Variables = Readonly<Record<string, string | undefined>>
const folder = 'paella-studio'

/** Where this system keeps what a program was given and cannot make again. */
export function dataFolder(platform: NodeJS.Platform, environment: Variables, home: string): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', folder)
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), folder, 'Data')
  const xdg = environment['XDG_DATA_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), folder)
}

/** Where this system keeps what can be made again. */
export function cacheFolder(platform: NodeJS.Platform, environment: Variables, home: string): string {
  if (platform === 'darwin') return join(home, 'Library', 'Caches', folder)
  if (platform === 'win32') return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), folder)
  const xdg = environment['XDG_CACHE_HOME']
  // The XDG specification says to ignore a relative path.
  return join(xdg?.startsWith('/') ? xdg : join(home, '.cache'), folder)
}
