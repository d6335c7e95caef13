/**
 * Makes a shipped model out of a folder of trained weights: matrices in 8 bits with a scale for each row, everything else as
 * it came. `node build/convert-model.ts FROM models/NAME` is the whole swap: nothing else knows the model's sizes.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quantizeRows } from '../src/engine/checkpoint/quantize.ts'
import { readSafetensors, safetensorsHeader, type TensorToWrite } from '../src/engine/checkpoint/safetensors.ts'
import { type StoredTensor, scaleKey } from '../src/engine/checkpoint/stored-tensor.ts'
import { toFloat32 } from '../src/engine/checkpoint/widen.ts'
import { dtypes, elementCount } from '../src/engine/tensor/dtype.ts'

const [from, to] = process.argv.slice(2)
if (!from || !to) {
  console.error(
    'usage: node build/convert-model.ts FROM TO (FROM holds config.json, card.md, denoiser, vq and clip .safetensors)',
  )
  process.exit(2)
}

const files = { denoiser: 'denoiser.safetensors', vq: 'vq.safetensors', clip: 'clip.safetensors' }

/** Small or delicate: 8 bits would save nothing there, or turn pictures into other tokens (the codebook, the encoder). */
const staysWide = (file: string, key: string, { shape, dtype }: StoredTensor): boolean =>
  dtype === 'int64' ||
  shape.length < 2 ||
  elementCount(shape) < 4096 ||
  key.startsWith('positional') ||
  key.includes('depthwise') ||
  (file === files.vq && !key.startsWith('up_blocks'))

async function convert(file: string): Promise<{ bytes: number; sha256: string }> {
  const path = join(from as string, file)
  const content = readFileSync(path)
  const tensors = new Map<string, TensorToWrite>()
  for (const [key, tensor] of await readSafetensors(path)) {
    if ('data' in tensor.place) continue
    const data = content.subarray(tensor.place.offset, tensor.place.offset + tensor.place.bytes)
    if (staysWide(file, key, tensor)) {
      tensors.set(key, { dtype: tensor.dtype, shape: tensor.shape, data })
      continue
    }
    const rows = tensor.shape[0] ?? 1
    const { values, scales } = quantizeRows(toFloat32(data, tensor.dtype), rows)
    tensors.set(key, { dtype: 'int8', shape: tensor.shape, data: new Uint8Array(values.buffer) })
    const scaleShape = [rows, ...tensor.shape.slice(1).map(() => 1)]
    tensors.set(scaleKey(key), { dtype: 'float32', shape: scaleShape, data: new Uint8Array(scales.buffer) })
  }
  // Widest first, so that every tensor starts at a multiple of its element size.
  const sorted = new Map([...tensors].sort(([, a], [, b]) => dtypes[b.dtype].bytes - dtypes[a.dtype].bytes))
  const result = Buffer.concat([safetensorsHeader(sorted), ...[...sorted.values()].map(({ data }) => data)])
  writeFileSync(join(to as string, file), result)
  return { bytes: result.length, sha256: createHash('sha256').update(result).digest('hex') }
}

mkdirSync(to, { recursive: true })
const config = JSON.parse(readFileSync(join(from, 'config.json'), 'utf8'))
const manifest = {
  format: 1,
  id: config.name,
  name: 'Paella Mini',
  imageSize: config.image_size,
  condition: config.condition,
  sampling: {
    steps: config.sampling.steps,
    guidance: config.sampling.guidance,
    temperature: config.sampling.temperature,
    typicalMass: config.sampling.typical_mass,
    renoise: config.sampling.renoise,
  },
  files: {} as Record<string, { file: string; bytes: number; sha256: string }>,
}
for (const [part, file] of Object.entries(files)) manifest.files[part] = { file, ...(await convert(file)) }
writeFileSync(join(to, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`)
writeFileSync(join(to, 'card.md'), readFileSync(join(from, 'card.md')))
const total = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0)
console.log(`${to}: ${(total / 1e6).toFixed(1)} MB`)
