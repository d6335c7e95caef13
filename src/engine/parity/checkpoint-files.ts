/** Golden of files: what PyTorch saved in all its ways (`NAME.pt`) is, number for number, what expected.safetensors holds. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts'
import type { SourceTensor } from '../checkpoint/source-tensor.ts'
import { toFloat32 } from '../checkpoint/widen.ts'
import { elementCount } from '../tensor/dtype.ts'
import { sameShape } from '../tensor/shape.ts'
import type { Comparison } from './compare.ts'

const headSchema = z.record(z.string().regex(/^\w+$/), z.object({ tensors: z.array(z.string()) }))
type Head = z.infer<typeof headSchema>

/** What golden.json says, where it is of files. */
export async function filesHead(dir: string): Promise<Head | undefined> {
  const text = await readFile(join(dir, 'golden.json'), 'utf8').catch(() => '')
  try {
    return headSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** One comparison a file. @throws StudioError where a file cannot be read */
export function checkFiles(dir: string, head: Head): Comparison[] {
  const expected = openCheckpoint(join(dir, 'expected.safetensors'))
  try {
    return Object.entries(head).map(([name, { tensors: keys }]) => {
      const { file, tensors } = openCheckpoint(join(dir, `${name}.pt`))
      try {
        const wrong = keys.filter((key) => !isSame(tensors.get(key), expected.tensors.get(`${name}/${key}`)))
        const over = [...tensors.keys()].filter((key) => !keys.includes(key))
        const differing = [...wrong, ...over]
        const passed = differing.length === 0
        const line = passed ? `${name} equal` : `${name} differs in ${differing.join(', ')}`
        return { line, passed, error: differing.length / Math.max(1, keys.length) }
      } finally {
        file.close()
      }
    })
  } finally {
    expected.file.close()
  }
}

function isSame(ours: SourceTensor | undefined, theirs: SourceTensor | undefined): boolean {
  if (!ours || !theirs || !sameShape(ours.shape, theirs.shape)) return false
  const count = elementCount(ours.shape)
  const bytes = ours.read(0, count)
  const isHalf = ours.dtype === 'float16' || ours.dtype === 'bfloat16'
  return (isHalf ? Buffer.from(toFloat32(bytes, ours.dtype).buffer) : bytes).equals(theirs.read(0, count))
}
