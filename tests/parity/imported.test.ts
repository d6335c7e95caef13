/** Weights that went through the import, in each precision, in their networks: every part binds, and computes what PyTorch computed. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importFile } from '../../src/engine/import/import-file.ts'
import { ModelStore } from '../../src/engine/import/model-store.ts'
import { checkGolden } from '../../src/engine/parity/parity.ts'
import { copyGoldens } from '../kit/goldens.ts'

const networks = ['paella_v1', 'paella_v3', 'vqgan_f8', 'vqmodel_f4', 'clip', 'byt5', 'prior'] as const

describe.each([
  ['float32', 1e-4],
  ['float16', 2e-3],
  ['int8', 8e-2],
] as const)('weights imported as %s', (precision, most) => {
  it.each(networks)('give what PyTorch gives with %s, as near as the precision allows', async (name) => {
    const folder = await copyGoldens(name)
    const weights = join(folder, 'weights.safetensors')
    const store = join(folder, 'store')
    const { part } = importFile({ path: weights, store, precision })
    await copyFile(new ModelStore(store).weights(part), weights)
    const { largestError } = await checkGolden(folder)
    expect(largestError).toBeLessThan(most)
  })
})
