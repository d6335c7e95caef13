/**
 * The studio behind its windows, whoever serves it: the backstage's thread, or a test in its own process. Documents, lost
 * documents, recent files and settings in one data folder:
 *
 *   library.sqlite, pictures/         queue and gallery, which are another room's (library/library.ts)
 *   settings.json, recent.json        as JSON; a damaged one is set aside as `.damaged`
 *   sessions/<uuid>/owner             the process that has the document open
 *   sessions/<uuid>/journal           a snapshot of the document and what changed since
 *   sessions/<uuid>/tiles/ab/<hash>   its pixels
 *   sessions/<uuid>/history/<id>.json steps of the window's history that do not fit into its memory
 */
import { z } from 'zod'
import { nodeStorage, type Storage } from '../files/storage.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { StudioApi, StudioEvent, StudioStart } from '../shared/contract/studio-api.ts'
import { type ProgramCalls, studioCalls } from './calls.ts'
import { Desk, type DeskOptions, Page } from './desk.ts'
import { JsonFile } from './json-file.ts'
import { listLost } from './lost.ts'
import { longestSettings } from './requests.ts'

export interface StudioOptions extends Omit<DeskOptions, 'storage'> {
  readonly version: string
  /** For tests: another disk. */
  readonly storage?: Storage
}

export interface StudioConnection {
  readonly api: StudioApi
  /** The window is gone: its documents stay, and can be recovered. */
  readonly leave: () => void
}

export interface Studio {
  /** For one window. */
  connect(): StudioConnection
  /** To all windows. */
  tell(event: StudioEvent): void
  /** Writes what is left. Documents stay on the disk but for those that hold nothing new. */
  close(): Promise<void>
}

export function createStudio(options: StudioOptions): Studio {
  const { storage = nodeStorage, dataFolder, version } = options
  const desk = new Desk({ ...options, storage })
  const settings = new JsonFile(storage, dataFolder, 'settings.json', z.unknown(), null)
  const pages = new Set<Page>()
  let tidied: Promise<void> | undefined
  const program: ProgramCalls = {
    async begin(): Promise<StudioStart> {
      tidied ??= desk.tidy(dataFolder)
      await tidied
      const [recent, lost, value] = await Promise.all([desk.recent.list(), listLost(desk), settings.read()])
      return { version, platform: platformName(), folder: desk.saveFolder, recent, lost, settings: value ?? null }
    },
    async saveSettings(value) {
      if ((JSON.stringify(value) ?? '').length > longestSettings)
        throw new StudioError('bad-request', 'The settings are too large to be kept. Shorten what is in them.')
      await settings.write(value)
    },
  }
  return {
    connect() {
      const page = new Page()
      pages.add(page)
      const leave = (): void => {
        pages.delete(page)
        desk.leave(page)
      }
      return { api: studioCalls(desk, page, program), leave }
    },
    tell(event) {
      for (const page of pages) page.tell(event)
    },
    close: () => desk.close(),
  }
}

function platformName(): StudioStart['platform'] {
  if (process.platform === 'darwin') return 'mac'
  return process.platform === 'win32' ? 'windows' : 'linux'
}
