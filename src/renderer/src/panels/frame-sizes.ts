/** Sizes to choose the frame from: the model's own, squares, and the usual shapes, all of them such as the model takes. */
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'

export interface FrameSize extends Size {
  /** '3 : 2'; null for a square. */
  readonly ratio: string | null
}

export type SizeGroup = 'model' | 'square' | 'landscape' | 'portrait'

const ratios = [
  [4, 3],
  [3, 2],
  [16, 9],
] as const

/** The model draws nothing sensible far above the size it was made for: no preset is more than four times as long. */
const squares = [2, 3, 4] as const
const shapes = [1, 2] as const

/** What sizes depend on; without a model, what most are like. */
export type SizedModel = Pick<ModelInfo, 'sizeMultiple'> & { readonly defaults: Pick<ModelInfo['defaults'], 'size'> }
export const usualModel: SizedModel = { sizeMultiple: 32, defaults: { size: { width: 256, height: 256 } } }

export function frameSizes({ sizeMultiple, defaults }: SizedModel): Readonly<Record<SizeGroup, readonly FrameSize[]>> {
  const side = Math.max(defaults.size.width, defaults.size.height)
  const snapped = (length: number) => Math.max(1, Math.round(length / sizeMultiple)) * sizeMultiple
  const landscape = ratios.flatMap(([across, down]) =>
    shapes.map((times) => ({
      width: snapped((side * times * across) / down),
      height: snapped(side * times),
      ratio: `${across} : ${down}`,
    })),
  )
  return {
    model: [{ ...defaults.size, ratio: null }],
    square: squares.map((times) => ({ width: snapped(side * times), height: snapped(side * times), ratio: null })),
    landscape,
    portrait: landscape.map(({ width, height, ratio }) => ({
      width: height,
      height: width,
      ratio: ratio.split(' ').reverse().join(' '),
    })),
  }
}

/** Whole px: the middle stays where it is, but for half of one. */
export function resizedAboutCentre({ x, y, width, height }: Rect, size: Size): Rect {
  return {
    x: Math.round(x + (width - size.width) / 2),
    y: Math.round(y + (height - size.height) / 2),
    width: size.width,
    height: size.height,
  }
}
