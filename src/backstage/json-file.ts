/**
 * A small file of our own as JSON: read once, written whole. One that is damaged is set aside as `<name>.damaged`, so that the
 * person can look into it, and what stands for it is the default.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { atomicSave } from '../files/atomic-save.ts'
import { Gate } from '../files/gate.ts'
import { makeFolderForGood, readWhole, type Storage, systemCode } from '../files/storage.ts'
import { writeFailure } from '../files/write-failure.ts'

const largest = 2 ** 24
const envelope = z.object({ format: z.literal(1), value: z.unknown() })

export class JsonFile<Value> {
  readonly #storage: Storage
  readonly #folder: string
  readonly #name: string
  readonly #schema: z.ZodType<Value>
  readonly #otherwise: Value
  readonly #gate = new Gate()
  #value: Promise<Value> | undefined

  constructor(storage: Storage, folder: string, name: string, schema: z.ZodType<Value>, otherwise: Value) {
    this.#storage = storage
    this.#folder = folder
    this.#name = name
    this.#schema = schema
    this.#otherwise = otherwise
  }

  /** What was written last. Never fails: what cannot be read is the default. */
  async read(): Promise<Value> {
    this.#value ??= this.#gate.alone(() => this.#readFile())
    return await this.#value
  }

  /** @throws StudioError 'write-failed'; what was in the file stays there, and what was asked for is read from now on */
  async write(value: Value): Promise<void> {
    this.#value = Promise.resolve(value)
    await this.#gate.alone(async () => {
      await makeFolderForGood(this.#storage, this.#folder).catch((error: unknown) => {
        throw writeFailure(this.#path, error)
      })
      await atomicSave(this.#storage, this.#path, [Buffer.from(JSON.stringify({ format: 1, value }))])
    })
  }

  get #path(): string {
    return join(this.#folder, this.#name)
  }

  async #readFile(): Promise<Value> {
    try {
      if ((await this.#storage.info(this.#path)).size > largest) throw new SyntaxError('larger than any of ours')
      const text = Buffer.from(await readWhole(this.#storage, this.#path)).toString()
      return this.#schema.parse(envelope.parse(JSON.parse(text)).value)
    } catch (error) {
      // A disk that cannot be read may be readable tomorrow; what is no JSON of ours will never be.
      if (systemCode(error) === undefined) await this.#setAside()
      return this.#otherwise
    }
  }

  async #setAside(): Promise<void> {
    await this.#storage.rename(this.#path, `${this.#path}.damaged`).catch(() => undefined)
  }
}
