/** The sizes of the published networks (paella.md, 2 and 3), as tables of keys and shapes: what full-size test files are made of. */
import type { NetworkId } from '../../src/engine/import/networks.ts'
import type { Shape } from '../../src/engine/import/shape-table.ts'
import { paellaV1Table, paellaV3Table, priorTable } from '../../src/engine/import/tables-denoisers.ts'
import { vqganTable, vqModelTable } from '../../src/engine/import/tables-pixels.ts'
import { byt5Table, clipTable } from '../../src/engine/import/tables-words.ts'

export const publishedTables: Readonly<Record<NetworkId, () => ReadonlyMap<string, Shape>>> = {
  'paella-v1': () =>
    paellaV1Table({ labels: 8192, widths: [320, 640, 1280], down: [4, 8, 16], up: [16, 8, 4], condition: 1088 }),
  'paella-v3': () =>
    paellaV3Table({
      labels: 8192,
      cIn: 256,
      cOut: 256,
      cR: 64,
      patch: 2,
      kernel: 3,
      widths: [640, 1280, 1280],
      attends: [false, true, true],
      blocks: [6, 16, 6],
      condition: { channels: 1024, byt5: 2560, clip: 1024, tokens: 4 },
    }),
  'vqgan-f8': () =>
    vqganTable({
      codes: 8192,
      embedDim: 256,
      z: 256,
      stem: 128,
      widths: [128, 128, 256, 512],
      blocks: 2,
      attends: [false, false, false, true],
    }),
  // 384 channels at the lowest level is the default of the authors' code.
  'vqmodel-f4': () => vqModelTable({ codes: 8192, latent: 4, widths: [192, 384], bottleneckBlocks: 12 }),
  clip: () =>
    clipTable({
      embedDim: 1024,
      text: { width: 1024, hidden: 4096, layers: 24, vocabulary: 49_408, contextLength: 77 },
      vision: { width: 1280, hidden: 5120, layers: 32, patch: 14, cells: 257 },
    }),
  byt5: () =>
    byt5Table({ vocabulary: 384, width: 2560, inner: 2048, hidden: 6720, layers: 36, heads: 32, buckets: 32 }),
  prior: () => priorTable({ clip: 1024, hidden: 1280, cR: 64, blocks: 48 }),
}
