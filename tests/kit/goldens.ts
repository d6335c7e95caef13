/** Copies of the goldens that a test may damage. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { readSafetensors, safetensorsHeader, type TensorToWrite } from '../../src/engine/checkpoint/safetensors.ts'

export const goldenFolder = (name: string): string => fileURLToPath(new URL(`../goldens/${name}`, import.meta.url))

/** Copies goldens side by side, as they refer to one another; gives the folder of the first. Gone when the test ends. */
export async function copyGoldens(...names: readonly [string, ...string[]]): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'goldens-'))
  onTestFinished(() => rm(parent, { recursive: true, force: true }))
  for (const name of names) await cp(goldenFolder(name), join(parent, name), { recursive: true })
  return join(parent, names[0])
}

/** Writes a safetensors file anew, with the tensors as `edit` leaves them. */
export async function editTensors(path: string, edit: (tensors: Map<string, TensorToWrite>) => void): Promise<void> {
  const file = await readFile(path)
  const tensors = new Map<string, TensorToWrite>()
  for (const [key, { dtype, shape, place }] of await readSafetensors(path)) {
    if (!('file' in place)) continue
    tensors.set(key, { dtype, shape, data: new Uint8Array(file.subarray(place.offset, place.offset + place.bytes)) })
  }
  edit(tensors)
  await writeFile(path, Buffer.concat([safetensorsHeader(tensors), ...[...tensors.values()].map(({ data }) => data)]))
}

/** Adds to one number of a float32 tensor. */
export function nudge(tensors: ReadonlyMap<string, TensorToWrite>, key: string, by: number, index = 0): void {
  const tensor = tensors.get(key)
  if (tensor?.dtype !== 'float32') throw new Error(`${key} is no float32 tensor`)
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset)
  view.setFloat32(4 * index, view.getFloat32(4 * index, true) + by, true)
}
