/** Queue and gallery in the test's own process, on a real folder, with an engine that makes real files (picture-engine.ts). */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { nodeStorage } from '../../src/files/storage.ts'
import { createLibrary, type Library, type LibraryOptions } from '../../src/library/library.ts'
import { folderTrash } from '../../src/library/trash.ts'
import type { GalleryFilter } from '../../src/shared/contract/gallery-api.ts'
import type { FollowEvent } from '../../src/shared/contract/queue-api.ts'
import type { GenerateRequest } from '../../src/shared/contract/request.ts'
import type { StudioEvent } from '../../src/shared/contract/studio-api.ts'
import { PictureEngine } from './picture-engine.ts'

export interface TestLibrary {
  readonly library: Library
  readonly api: Library['api']
  readonly engine: PictureEngine
  readonly dataFolder: string
  readonly events: StudioEvent[]
  readonly log: string[]
}

export const everything: GalleryFilter = { search: '', starred: false, use: null }

export const textRequest = (prompt: string, more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  version: 1,
  use: { use: 'text', prompt },
  ...more,
})

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paella-library-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function testLibrary(dataFolder: string, options: Partial<LibraryOptions> = {}): Promise<TestLibrary> {
  const engine = new PictureEngine()
  const events: StudioEvent[] = []
  const log: string[] = []
  const library = createLibrary({
    storage: nodeStorage,
    dataFolder,
    engine,
    trash: folderTrash(nodeStorage, join(dataFolder, 'trash')),
    onEvent: (event) => events.push(event),
    log: (line) => log.push(line),
    ...options,
  })
  onTestFinished(() => library.close())
  return { library, api: library.api, engine, dataFolder, events, log }
}

/** A job that is waited for, and all that its follower heard. */
export async function runJob(api: Library['api'], request: GenerateRequest): Promise<FollowEvent[]> {
  const { id } = await api.enqueue({ request, title: request.use.prompt, where: 'last' })
  return await followed(api, id)
}

export async function followed(api: Library['api'], id: string): Promise<FollowEvent[]> {
  const events: FollowEvent[] = []
  await api.follow({ id }, { onEvent: (event) => events.push(event) })
  return events
}

/** On a machine that does other things too. */
export const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  await vi.waitUntil(isTrue, { timeout: 15_000, interval: 10 })
}
