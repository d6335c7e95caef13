/** What is offered where memory does not suffice. */
import { expect, test } from 'vitest'
import { withLess } from '../../../src/engine/less-memory.ts'
import type { LoadedModel } from '../../../src/engine/loaded-model.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'

const full = new StudioError('out-of-memory', 'full')
const said = (device: string, precision: LoadedModel['stored']['precision'], side: number): string => {
  const manifest = { id: 'v1' } as LoadedModel['manifest']
  const model = { manifest, sizeMultiple: 32, stored: { precision, bytes: 2.3e9 } }
  return String(withLess(full, { model, device, size: { width: side, height: side } }))
}

test.each([
  ['webgpu', 'float32', 512, '352x352 px, or the model imported with --precision float16, or --device cpu.'],
  ['cuda', 'float16', 256, '160x160 px, or the model imported with --precision int8, or --device cpu.'],
  ['cpu', 'float32', 512, '352x352 px, or the model imported with --precision int8.'],
  ['cpu', 'int8', 512, 'Try a size of 352x352 px.'],
  ['cpu', 'int8', 64, 'at 64x64 px. Close other programs.'],
] as const)('on %s, of %s weights, at %s px', (device, precision, side, expected) => {
  expect(said(device, precision, side)).toContain(expected)
})

test('no other failure is touched', () => {
  const other = new StudioError('device-unavailable', 'gone')
  const model = {
    manifest: {} as LoadedModel['manifest'],
    sizeMultiple: 8,
    stored: { precision: 'int8', bytes: 1 },
  } as const
  expect(withLess(other, { model, device: 'cpu', size: { width: 64, height: 64 } })).toBe(other)
})
