/** The files that were opened or saved last, the latest first. Losing this list is no harm, so a failed write fails nothing. */
import { z } from 'zod'
import { Gate } from '../files/gate.ts'
import type { Storage } from '../files/storage.ts'
import type { RecentFile } from '../shared/contract/studio-api.ts'
import { JsonFile } from './json-file.ts'

const most = 20
const schema = z.array(z.object({ path: z.string(), openedAt: z.number() })).max(1000)

export class RecentFiles {
  readonly #file: JsonFile<readonly RecentFile[]>
  readonly #gate = new Gate()

  constructor(storage: Storage, folder: string) {
    this.#file = new JsonFile(storage, folder, 'recent.json', schema, [])
  }

  async list(): Promise<readonly RecentFile[]> {
    return await this.#file.read()
  }

  /** @param onFailure gets what kept it from being written */
  add(path: string, onFailure: (error: unknown) => void): void {
    const adding = async (): Promise<void> => {
      const others = (await this.#file.read()).filter((file) => file.path !== path)
      await this.#file.write([{ path, openedAt: Date.now() }, ...others].slice(0, most))
    }
    void this.#gate.alone(adding).catch(onFailure)
  }
}
