/** One file that somebody may hand to the import, and what must come of it (reliability.md, 2.7). */
import { priorTable } from '../../../src/engine/import/tables-denoisers.ts'
import {
  dictOp,
  floatsOf,
  type Op,
  ops,
  pickleOf,
  safetensorsOf,
  tensorOp,
  type TensorTold,
  torchZip,
} from '../torch-bytes.ts'

export interface HostileCase {
  /** As in the list. */
  readonly id: string
  readonly what: string
  /** Base name of the file. */
  readonly name: string
  readonly bytes: () => Uint8Array
  /** What the one error says; else the file is taken. */
  readonly says?: RegExp
  /** Default 'model-broken'. */
  readonly code?: string
  /** What is said of a file that is taken, in a warning or among the names that were passed over. */
  readonly warns?: RegExp
}

/** A network of nine small tensors, so that a file may be whole. */
const shapes = priorTable({ clip: 2, hidden: 2, cR: 2, blocks: 1 })
const count = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

export interface WholeOptions {
  /** Numbers of all tensors; else 0.5, 1, 1.5 and so on. */
  readonly value?: (index: number) => number
  /** Told of each tensor instead of what is so. */
  readonly tell?: (key: string, told: TensorTold) => Partial<TensorTold>
  readonly more?: Readonly<Record<string, Op>>
  readonly dtype?: { readonly type: string; readonly bytes: (values: readonly number[]) => Buffer }
}

/** The opcodes of its state dict, and its storages. */
export function wholeDict({ value = (i) => (i + 1) / 2, tell, more, dtype }: WholeOptions = {}) {
  const entries: Record<string, Op> = {}
  const storages: Record<string, Uint8Array> = {}
  const { type, bytes } = dtype ?? { type: 'FloatStorage', bytes: (values) => floatsOf(...values) }
  for (const [index, [name, shape]] of [...shapes].entries()) {
    const key = String(index)
    const told: TensorTold = { key, type, length: count(shape), shape }
    entries[name] = tensorOp({ ...told, ...tell?.(name, told) })
    storages[key] = bytes(Array.from({ length: count(shape) }, (_, i) => value(i)))
  }
  return { dict: dictOp({ ...entries, ...more }), storages }
}

/** A whole checkpoint of PyTorch, as said. */
export function wholeFile(options: WholeOptions = {}): Buffer {
  const { dict, storages } = wholeDict(options)
  return torchZip(pickleOf(dict), storages)
}

/** The same as safetensors; `edit` changes the header. */
export function wholeSafetensors(edit: (header: Record<string, unknown>) => void = () => undefined, tail = 0): Buffer {
  const header: Record<string, unknown> = {}
  let at = 0
  for (const [key, shape] of shapes) {
    header[key] = { dtype: 'F32', shape, data_offsets: [at, at + 4 * count(shape)] }
    at += 4 * count(shape)
  }
  const data = floatsOf(...Array.from({ length: at / 4 }, (_, i) => (i + 1) / 2))
  edit(header)
  return safetensorsOf(JSON.stringify(header), Buffer.concat([data, Buffer.alloc(tail)]))
}

/** A checkpoint whose one tensor `a` of two floats is whole; `root` are the opcodes around or instead of it. */
export const around = (...root: readonly Op[]): Buffer => torchZip(pickleOf(...root), { 0: floatsOf(1, 2) })

export const oneTensor = tensorOp({ length: 2, shape: [2] })
export { ops }
