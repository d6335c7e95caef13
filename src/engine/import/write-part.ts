/**
 * Weights written as our own safetensors file: the plan is exact before a byte is written, so that space can be checked; then a
 * tensor at a time, each to its place; synced, read back and hashed. Memory stays at one tensor's piece, or at one tensor where
 * it does not lie in order in its source.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { safetensorsHeader } from '../checkpoint/safetensors.ts'
import type { SourceTensors } from '../checkpoint/source-tensor.ts'
import { scaleKey } from '../checkpoint/stored-tensor.ts'
import { byteLength, type DType, dtypes } from '../tensor/dtype.ts'
import type { NetworkId } from './networks.ts'
import { converted, liesReversed, Losses, type Precision, storedAs } from './precision.ts'

interface Stored {
  readonly dtype: DType
  readonly shape: readonly number[]
}

export interface PartPlan {
  readonly header: Uint8Array
  /** Of each key of the file where its bytes begin. */
  readonly places: ReadonlyMap<string, number>
  readonly precision: (key: string) => Precision
  /** Of the whole file. */
  readonly bytes: number
}

export function planPart(network: NetworkId, tensors: SourceTensors, wanted: Precision): PartPlan {
  const stored = new Map<string, Stored>()
  const precision = (key: string): Precision => storedAs(network, key, tensors.get(key)?.shape ?? [], wanted)
  for (const [key, { shape }] of tensors) {
    const laid = (sides: readonly number[]): readonly number[] =>
      liesReversed(key, shape, precision(key)) ? sides.toReversed() : sides
    stored.set(key, { dtype: precision(key), shape: laid(shape) })
    if (precision(key) === 'int8')
      stored.set(scaleKey(key), { dtype: 'float32', shape: laid(shape.map((side, axis) => (axis === 0 ? side : 1))) })
  }
  // Widest first, so that every tensor starts at a multiple of its element size.
  const inOrder = new Map([...stored].sort(([, a], [, b]) => dtypes[b.dtype].bytes - dtypes[a.dtype].bytes))
  const header = safetensorsHeader(inOrder)
  const places = new Map<string, number>()
  let at = header.length
  for (const [key, { dtype, shape }] of inOrder) {
    places.set(key, at)
    at += byteLength(dtype, shape)
  }
  return { header, places, precision, bytes: at }
}

export interface WrittenPart {
  readonly sha256: string
  readonly losses: Losses
  /** The tensor that lost most, as a share of itself. */
  readonly worst: { readonly key: string; readonly relative: number } | undefined
  readonly warnings: readonly string[]
}

/** @param onBytes told of bytes written and, after that, of bytes read back */
export function writePart(
  path: string,
  plan: PartPlan,
  tensors: SourceTensors,
  onBytes: (count: number) => void,
): WrittenPart {
  const losses = new Losses()
  const odd = { notNumbers: [] as string[], zero: [] as string[] }
  let worst: WrittenPart['worst']
  const fd = openSync(path, 'wx')
  try {
    writeAt(fd, plan.header, 0)
    for (const [key, tensor] of tensors) {
      const precision = plan.precision(key)
      const own = new Losses()
      for (const { from, values, scales } of converted(key, tensor, precision, own)) {
        writeAt(fd, values, (plan.places.get(key) ?? 0) + from * dtypes[precision].bytes)
        if (scales) writeAt(fd, scales.values, (plan.places.get(scaleKey(key)) ?? 0) + scales.row * 4)
        onBytes(values.length)
      }
      losses.add(own)
      if (own.notNumbers > 0) odd.notNumbers.push(key)
      if (own.isZero && tensor.shape.length >= 2) odd.zero.push(key)
      if (own.relative > (worst?.relative ?? 0)) worst = { key, relative: own.relative }
    }
    fsyncSync(fd)
    const { size } = fstatSync(fd)
    if (size !== plan.bytes)
      throw Object.assign(new Error(`${size} of ${plan.bytes} bytes arrived`), { code: 'ENOSPC' })
  } finally {
    closeSync(fd)
  }
  const warnings = [
    ...(losses.notNumbers > 0
      ? [`${losses.notNumbers} weights are no finite numbers (in ${some(odd.notNumbers)}): pictures may be broken`]
      : []),
    ...(odd.zero.length > 0 ? [`only zeros are in ${some(odd.zero)}: the file may be unfinished`] : []),
  ]
  return { sha256: hashOf(path, onBytes), losses, worst, warnings }
}

const some = (keys: readonly string[]): string =>
  keys.length <= 3 ? keys.join(', ') : `${keys.slice(0, 3).join(', ')} and ${keys.length - 3} more`

/** A full disk takes fewer bytes than were given, without an error, until it takes none. */
function writeAt(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done)
}

/** @throws the system's error */
export function hashOf(path: string, onBytes: (count: number) => void): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 22)
  const fd = openSync(path, 'r')
  try {
    for (;;) {
      const count = readSync(fd, buffer, 0, buffer.length, null)
      if (count === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, count))
      onBytes(count)
    }
  } finally {
    closeSync(fd)
  }
}
