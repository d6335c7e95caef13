/**
 * A model's weight files and the sessions on them. Headers are read and every weight is checked at once; a session, which costs a pass
 * over its weights, is made when it is first needed, and may be let go again.
 */
import { join } from 'node:path'
import { assert } from '../shared/base/assert.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { bindWeights, storedInt8 } from './checkpoint/bind.ts'
import { readSafetensors } from './checkpoint/safetensors.ts'
import { type StoredTensor, type StoredWeight, type TensorSource, weightOfScale } from './checkpoint/stored-tensor.ts'
import type { Manifest } from './models/store.ts'
import { Graph, type GraphOptions } from './onnx/graph.ts'
import { createRunner, type Runner } from './runtime/session.ts'
import { type DType, elementCount } from './tensor/dtype.ts'

/** Sessions on a part of fewer bytes stay side by side, and in memory after their use. */
const smallBelow = 256 * 1024 * 1024

export interface SessionOptions {
  readonly device: string
  /** Multiply 8-bit weights as they are (on a CPU with exact integer products). */
  readonly multiplyInt8: boolean
  /** Parts of fewer bytes count as small. */
  readonly keepBelow?: number | undefined
}

export type Role = keyof Manifest['files']

/** One graph of a part. */
export interface Job {
  readonly role: Role
  /** Unlike those of all other graphs of the part. */
  readonly name: string
  readonly build: (options: GraphOptions) => Graph
  /** Run many times in a row. */
  readonly spin?: boolean
}

/** A graph by what adds its inputs and outputs. */
export const job = (role: Role, name: string, fill: (graph: Graph) => void): Job => ({
  role,
  name,
  build(options) {
    const graph = new Graph(options)
    fill(graph)
    return graph
  },
})

export class Sessions {
  readonly #manifest: Manifest
  readonly #sources: ReadonlyMap<Role, TensorSource>
  readonly #weights = new Map<Role, ReadonlyMap<string, StoredWeight>>()
  readonly #options: SessionOptions
  readonly #open = new Map<string, { readonly job: Job; readonly runner: Promise<Runner> }>()

  /** @throws StudioError 'file-not-found' or 'model-broken' */
  static async open(manifest: Manifest, options: SessionOptions): Promise<Sessions> {
    const files = Object.entries(manifest.files) as [Role, Manifest['files'][Role]][]
    const sources = await Promise.all(
      files.flatMap(([role, file]) =>
        file ? [readSafetensors(join(manifest.folder, file.file)).then((source) => [role, source] as const)] : [],
      ),
    )
    return new Sessions(manifest, new Map(sources), options)
  }

  private constructor(manifest: Manifest, sources: ReadonlyMap<Role, TensorSource>, options: SessionOptions) {
    this.#manifest = manifest
    this.#sources = sources
    this.#options = options
  }

  has(role: Role): boolean {
    return this.#sources.has(role)
  }

  source(role: Role): TensorSource {
    const source = this.#sources.get(role)
    assert(source, `there is no ${role}`)
    return source
  }

  /** Scales are none. */
  parameters(role: Role): number {
    return [...this.source(role)].reduce(
      (sum, [key, { shape }]) => sum + (weightOfScale(key) === undefined ? elementCount(shape) : 0),
      0,
    )
  }

  /**
   * Checks a part's weights, once, against all graphs that draw on it.
   * @param unused see checkpoint/bind.ts
   * @throws StudioError 'checkpoint-mismatch' with the weights by name
   */
  bind(role: Role, jobs: readonly Job[], unused: readonly string[] = []): void {
    const label = `${this.#manifest.id}/${this.#manifest.files[role]?.file ?? role}`
    const graphs = jobs.map((one) => this.#build(one))
    this.#weights.set(role, bindWeights(label, graphs, this.source(role), unused))
  }

  /** @throws StudioError as createRunner does; a failure is not remembered */
  async runner(wanted: Job): Promise<Runner> {
    const { role, spin = false } = wanted
    const name = `${role}.${wanted.name}`
    const known = this.#open.get(name)
    if (known) return known.runner
    // Variants of a large step are not kept side by side.
    if (spin && this.#isLarge(role)) await this.#release((other) => other.spin === true)
    const weights = this.#weights.get(role)
    assert(weights, `${role} is not bound`)
    const { device } = this.#options
    const runner = createRunner(this.#build(wanted), { device, folder: this.#manifest.folder, spin, weights })
    this.#open.set(name, { job: wanted, runner })
    runner.catch(() => this.#open.delete(name))
    return runner
  }

  /** Lets go of the sessions of these jobs that are large. */
  async releaseLarge(which: (one: Job) => boolean): Promise<void> {
    await this.#release((one) => which(one) && this.#isLarge(one.role))
  }

  inMemory(): readonly string[] {
    return [...this.#open.keys()]
  }

  async close(): Promise<void> {
    await this.#release(() => true)
  }

  async #release(which: (one: Job) => boolean): Promise<void> {
    for (const [name, { job, runner }] of this.#open) {
      if (!which(job)) continue
      this.#open.delete(name)
      await (await runner).close()
    }
  }

  #build(one: Job): Graph {
    const { device, multiplyInt8 } = this.#options
    return one.build(storedInt8(this.source(one.role), multiplyInt8, device === 'cpu'))
  }

  /** In which precision most of a part's bytes lie, and how many they are. */
  stored(role: Role): { readonly precision: DType; readonly bytes: number } {
    const bytes = new Map<DType, number>()
    for (const tensor of this.source(role).values())
      bytes.set(tensor.dtype, (bytes.get(tensor.dtype) ?? 0) + bytesOf(tensor))
    const [most] = [...bytes].sort(([, a], [, b]) => b - a)
    return { precision: most?.[0] ?? 'float32', bytes: this.#bytes(role) }
  }

  #isLarge(role: Role): boolean {
    return this.#bytes(role) >= (this.#options.keepBelow ?? smallBelow)
  }

  #bytes(role: Role): number {
    return [...this.source(role).values()].reduce((sum, tensor) => sum + bytesOf(tensor), 0)
  }
}

const bytesOf = ({ place }: StoredTensor): number => ('bytes' in place ? place.bytes : place.data.length)

/** @throws StudioError 'checkpoint-mismatch' where two parts do not belong to one model */
export function refuseStrangers(manifest: Manifest, said: string): never {
  throw new StudioError(
    'checkpoint-mismatch',
    `The files of ${manifest.id} do not belong together: ${said}. Install the model again.`,
  )
}
