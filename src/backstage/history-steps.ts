/**
 * Steps of a window's history that do not fit into its memory, as files in the session's folder. They serve the window that wrote
 * them: after a crash the document comes back, its history does not.
 */
import { join } from 'node:path'
import { atomicSave } from '../files/atomic-save.ts'
import { Gate } from '../files/gate.ts'
import { readFailure } from '../files/read-failure.ts'
import { makeFolderForGood, readWhole, type Storage } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'

export class HistorySteps {
  readonly #storage: Storage
  readonly #folder: string
  readonly #gate = new Gate()

  constructor(storage: Storage, session: string) {
    this.#storage = storage
    this.#folder = join(session, 'history')
  }

  /** @throws StudioError 'write-failed' */
  async write(id: string, json: string): Promise<void> {
    await this.#gate.alone(async () => {
      await makeFolderForGood(this.#storage, this.#folder).catch((error: unknown) => {
        throw writeFailure(this.#path(id), error)
      })
      await atomicSave(this.#storage, this.#path(id), [Buffer.from(json)])
    })
  }

  /** @throws StudioError 'file-not-found', 'file-unreadable' */
  async read(id: string): Promise<string> {
    return await this.#gate.alone(async () => {
      const bytes = await readWhole(this.#storage, this.#path(id)).catch((error: unknown) => {
        throw readFailure(this.#path(id), error)
      })
      return Buffer.from(bytes).toString()
    })
  }

  /** What cannot be removed goes with the session. */
  async drop(id: string): Promise<void> {
    await this.#gate.alone(async () => await this.#storage.unlink(this.#path(id)).catch(() => undefined))
  }

  /** For a window that starts a history of its own. */
  async clear(): Promise<void> {
    await this.#gate.alone(async () => {
      const names = await this.#storage.list(this.#folder).catch(() => [])
      for (const name of names) await this.#storage.unlink(join(this.#folder, name)).catch(() => undefined)
    })
  }

  /** Resolves when nothing is written any more. */
  async settled(): Promise<void> {
    await this.#gate.alone(async () => undefined)
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`)
  }
}
