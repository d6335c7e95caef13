/**
 * A store with a model of each published release, composed as the real ones are and imported as they would be, at tiny sizes with
 * random weights: `tiny-2022` (DenoiseUNet, Gumbel VQGAN f8, CLIP with both towers) and `tiny-2023` (Paella, VQModel f4, ByT5, CLIP,
 * prior).
 */
import { join } from 'node:path'
import { importFile } from '../../src/engine/import/import-file.ts'
import type { NetworkId } from '../../src/engine/import/networks.ts'
import type { Precision } from '../../src/engine/import/precision.ts'
import type { Shape } from '../../src/engine/import/shape-table.ts'
import { paellaV1Table, paellaV3Table, priorTable } from '../../src/engine/import/tables-denoisers.ts'
import { vqganTable, vqModelTable } from '../../src/engine/import/tables-pixels.ts'
import { byt5Table, clipTable } from '../../src/engine/import/tables-words.ts'
import { writeRandomTorchFile } from './random-torch-file.ts'

const labels = 96
const clip = 64

const tinyTables: Readonly<Record<NetworkId, () => ReadonlyMap<string, Shape>>> = {
  'paella-v1': () => paellaV1Table({ labels, widths: [64, 128], down: [1, 1], up: [1, 1], condition: clip + 64 }),
  'paella-v3': () =>
    paellaV3Table({
      labels,
      cIn: 32,
      cOut: 32,
      cR: 64,
      patch: 2,
      kernel: 3,
      widths: [80, 160],
      attends: [false, true],
      blocks: [1, 1],
      condition: { channels: 48, byt5: 32, clip, tokens: 2 },
    }),
  'vqgan-f8': () =>
    vqganTable({
      codes: labels,
      embedDim: 16,
      z: 16,
      stem: 32,
      widths: [32, 32, 32, 64],
      blocks: 1,
      attends: [false, false, false, true],
    }),
  'vqmodel-f4': () => vqModelTable({ codes: labels, latent: 4, widths: [16, 32], bottleneckBlocks: 2 }),
  clip: () =>
    clipTable({
      embedDim: clip,
      text: { width: 64, hidden: 256, layers: 1, vocabulary: 600, contextLength: 77 },
      vision: { width: 64, hidden: 256, layers: 1, patch: 14, cells: 17 },
    }),
  byt5: () => byt5Table({ vocabulary: 384, width: 32, inner: 32, hidden: 64, layers: 2, heads: 4, buckets: 32 }),
  prior: () => priorTable({ clip, hidden: 80, cR: 64, blocks: 2 }),
}

export interface TinyStore {
  readonly precision?: Precision
  /** Parts that are left out. */
  readonly without?: readonly NetworkId[]
  /** Of CLIP the text tower alone. */
  readonly textOnly?: boolean
}

/** @param folder where the store is to be; files lie beside it */
export function writeTinyStore(
  folder: string,
  { precision = 'float32', without = [], textOnly }: TinyStore = {},
): string {
  const store = join(folder, 'models')
  for (const [network, table] of Object.entries(tinyTables)) {
    if (without.includes(network as NetworkId)) continue
    const path = join(folder, `${network}.pt`)
    writeRandomTorchFile(path, table())
    const name = { 'paella-v1': 'tiny-2022', 'paella-v3': 'tiny-2023' }[network]
    importFile({ path, store, precision, name, textOnly: network === 'clip' ? textOnly : undefined })
  }
  return store
}
