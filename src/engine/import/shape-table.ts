/** The keys and shapes of a network, written down as its modules name them. A table is data: it checks files, and tests fill it. */
import { StudioError } from '../../shared/contract/errors.ts'
import { mostTensors } from '../checkpoint/safetensors-header.ts'

export type Shape = readonly number[]
/** All that is asked of a tensor here. */
export type Shaped = ReadonlyMap<string, { readonly shape: Shape }>

export class ShapeTable {
  readonly shapes = new Map<string, Shape>()

  /** @throws StudioError 'checkpoint-mismatch' where keys were named so that their sizes multiply beyond any network */
  add(key: string, ...shape: readonly number[]): void {
    if (this.shapes.size >= mostTensors)
      throw new StudioError(
        'checkpoint-mismatch',
        'This file names more weights than any network has. Choose another file.',
      )
    this.shapes.set(key, shape)
  }

  /** A weight and its bias, one number an output. */
  layer(key: string, ...shape: readonly [number, ...number[]]): void {
    this.add(`${key}.weight`, ...shape)
    this.add(`${key}.bias`, shape[0])
  }

  /** Of a transposed convolution the outputs come second. */
  transposed(key: string, from: number, to: number, side: number): void {
    this.add(`${key}.weight`, from, to, side, side)
    this.add(`${key}.bias`, to)
  }

  /** Attention with packed queries, keys and values. */
  attention(key: string, width: number): void {
    this.add(`${key}.in_proj_weight`, 3 * width, width)
    this.add(`${key}.in_proj_bias`, 3 * width)
    this.layer(`${key}.out_proj`, width, width)
  }
}

/** What a network's sizes are read with. */
export class Sides {
  readonly #tensors: Shaped
  readonly #network: string

  constructor(tensors: Shaped, network: string) {
    this.#tensors = tensors
    this.#network = network
  }

  has(key: string): boolean {
    return this.#tensors.has(key)
  }

  /** @throws StudioError 'checkpoint-mismatch' where there is no such tensor, or it has no such side */
  of(key: string, axis: number): number {
    const side = this.#tensors.get(key)?.shape[axis]
    if (side !== undefined) return side
    const message = `This file has weights of ${this.#network}, but no ${key}. Choose the whole file.`
    throw new StudioError('checkpoint-mismatch', message)
  }

  /** How many there are of `key(0)`, `key(1)`, ... one after another. */
  run(key: (index: number) => string): number {
    let count = 0
    while (this.#tensors.has(key(count))) count++
    return count
  }
}
