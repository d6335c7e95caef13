/** Files that PyTorch wrote (the goldens beside the repository), read exactly: every format, type, view and prefix. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../../src/engine/checkpoint/open-checkpoint.ts'
import type { SourceTensors } from '../../../src/engine/checkpoint/source-tensor.ts'
import { toFloat32 } from '../../../src/engine/checkpoint/widen.ts'
import { elementCount } from '../../../src/engine/tensor/dtype.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { dictOp, floatsOf, pickleOf, tensorOp, torchZip } from '../../kit/torch-bytes.ts'

const shared = fileURLToPath(new URL('../../../../shared/goldens/', import.meta.url))
const isThere = existsSync(shared)
const variety = fileURLToPath(new URL('../../goldens/pt_variety', import.meta.url))
const folder = await temporaryFolder()

function read(path: string): SourceTensors {
  const { file, tensors } = openCheckpoint(path)
  const all = [...tensors].map(([key, tensor]) => {
    const bytes = tensor.read(0, elementCount(tensor.shape))
    return [key, { dtype: tensor.dtype, shape: tensor.shape, read: () => bytes }] as const
  })
  file.close()
  return new Map(all)
}

describe('what PyTorch wrote', () => {
  const golden = JSON.parse(readFileSync(join(variety, 'golden.json'), 'utf8')) as Record<
    string,
    { readonly tensors: readonly string[] }
  >
  const expected = read(join(variety, 'expected.safetensors'))

  test.each(Object.entries(golden))('%s is read exactly', (name, { tensors: keys }) => {
    const tensors = read(join(variety, `${name}.pt`))
    expect([...tensors.keys()].sort()).toEqual([...keys].sort())
    for (const [key, tensor] of tensors) {
      const { dtype, shape } = tensor
      const wanted = expected.get(`${name}/${key}`)
      const bytes = tensor.read(0, 0)
      const isHalf = dtype === 'float16' || dtype === 'bfloat16'
      const numbers = isHalf ? Buffer.from(toFloat32(bytes, dtype).buffer) : bytes
      expect([key, shape]).toEqual([key, wanted?.shape])
      expect(numbers.equals(wanted?.read(0, 0) ?? Buffer.alloc(0)), key).toBe(true)
    }
  })

  test.runIf(isThere).each(['byt5', 'prior', 'paella_v3'])('%s is the same as .pt and as .safetensors', (name) => {
    const torch = read(join(shared, name, 'weights.pt'))
    const safetensors = read(join(shared, name, 'weights.safetensors'))
    expect([...torch.keys()].sort()).toEqual([...safetensors.keys()].sort())
    for (const [key, tensor] of torch)
      expect(tensor.read(0, 0).equals(safetensors.get(key)?.read(0, 0) ?? Buffer.alloc(0)), key).toBe(true)
  })
})

test('a transposed tensor gives the same numbers in pieces as at once', () => {
  const path = join(folder, 'pieces.pt')
  const numbers = Array.from({ length: 35 }, (_, i) => i)
  const transposed = tensorOp({ length: 35, shape: [7, 5], strides: [1, 7] })
  writeFileSync(path, torchZip(pickleOf(dictOp({ a: transposed })), { 0: floatsOf(...numbers) }))
  const { file, tensors } = openCheckpoint(path)
  const tensor = tensors.get('a')
  const pieces = [0, 10, 20, 30].map((from) => tensor?.read(from, Math.min(35, from + 10)) ?? Buffer.alloc(0))
  const wanted = numbers.map((i) => (i % 5) * 7 + Math.floor(i / 5))
  expect([...toFloat32(Buffer.concat(pieces), 'float32')]).toEqual(wanted)
  file.close()
})
