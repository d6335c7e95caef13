/** What to try where memory did not suffice: the next smaller setting of each kind, by name. */
import { StudioError } from '../shared/contract/errors.ts'
import type { Size } from '../shared/geometry/rect.ts'
import { fitToGrid } from './grid-size.ts'
import type { LoadedModel } from './loaded-model.ts'

export interface MemoryUse {
  readonly model: Pick<LoadedModel, 'manifest' | 'sizeMultiple' | 'stored'>
  readonly device: string
  /** Px that were worked on. */
  readonly size: Size
}

/** The same failure with what would need less; any other as it is. */
export function withLess(failure: unknown, { model, device, size }: MemoryUse): unknown {
  if (!(failure instanceof StudioError) || failure.code !== 'out-of-memory') return failure
  const { precision, bytes } = model.stored
  const half = (px: number): number => Math.floor((px * Math.SQRT1_2) / model.sizeMultiple) * model.sizeMultiple
  const smaller = fitToGrid({ width: half(size.width), height: half(size.height) }, model.sizeMultiple)
  const isSmaller = smaller.width * smaller.height < size.width * size.height
  const choices = [
    ...(isSmaller ? [`a size of ${smaller.width}x${smaller.height} px`] : []),
    ...(precision === 'float32'
      ? [`the model imported with --precision ${device === 'cpu' ? 'int8' : 'float16'}`]
      : []),
    ...(precision === 'float16' ? ['the model imported with --precision int8'] : []),
    ...(device === 'cpu' ? [] : ['--device cpu']),
  ]
  const what = `${model.manifest.id} (${(bytes / 1e9).toFixed(1)} GB, ${precision}) at ${size.width}x${size.height} px`
  const next = choices.length > 0 ? `Try ${choices.join(', or ')}.` : 'Close other programs.'
  return new StudioError('out-of-memory', `There is not enough memory on '${device}' for ${what}. ${next}`, {
    detail: failure.detail,
    cause: failure,
  })
}
