/** One picture to be made, whatever the use: what the sampler starts from, what steers it, and what becomes of the result. */
import type { Rect, Size } from '../../shared/geometry/rect.ts'
import type { Pixels } from '../../shared/contract/picture.ts'
import type { Use } from '../../shared/contract/request.ts'
import type { Condition } from '../conditions.ts'

export interface PictureTask {
  /** Tokens of the grid. */
  readonly grid: Size
  readonly condition: Condition
  readonly tokens?: Int32Array | undefined
  /** Tokens of the picture that was there before; undefined where it comes from noise. */
  readonly before?: Int32Array | undefined
  readonly mask?: Uint8Array | undefined
  /** Steps that are skipped because the start is a picture noised so far. */
  readonly firstStep: number
  /** Px of the finished picture that the grid covers. */
  readonly area: Rect
  /** What to make of the decoded tokens: the identity, or the blending into a photo. */
  finish(decoded: Pixels): Pixels
  /** The use as the finished picture remembers it. */
  readonly remembered: Use
}
