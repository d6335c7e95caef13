/** The manifest of a model that is made of parts (models/store.ts reads it), with its authors' defaults (paella.md, 2 and 3). */
import type { ComposedModel } from './compose.ts'

const defaults = {
  'paella-v1': { steps: 12, guidance: 5, temperature: [1, 1], typicalMass: 0.2, renoise: 'start' },
  'paella-v3': { steps: 12, guidance: 8, temperature: [1, 0.2], typicalMass: null, renoise: 'start' },
} as const

export function manifestOf({ id, network, parts }: ComposedModel) {
  const files = Object.entries(parts).map(([role, part]) => [
    role,
    { file: `${part.id}.safetensors`, bytes: part.bytes, sha256: part.sha256, network: part.network },
  ])
  return {
    format: 1,
    id,
    name: id,
    weights: '../parts',
    imageSize: 256,
    condition: { normalise: false, scale: 1 },
    sampling: defaults[network === 'paella-v3' ? 'paella-v3' : 'paella-v1'],
    files: Object.fromEntries(files) as object,
  }
}
