/**
 * Two pictures of one grid put together as tokens, of which only the cells along the border between them are drawn anew: the network
 * sews them up, which no blending of pixels can.
 */
import { squaredDistances } from '../../raster/distance.ts'
import { invertMask } from '../../raster/mask.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import type { ResolvedRequest, Use } from '../../shared/contract/request.ts'
import type { Size } from '../../shared/geometry/rect.ts'
import { everywhere } from '../conditions.ts'
import { encodePng } from '../images/codec.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { areaOf, readCellMask, readGrid, readPrompt, type Warn } from './parts.ts'
import type { PictureTask } from './task.ts'

/** Without a cell to draw anew no step is taken. */
export async function mixTask(
  model: LoadedModel,
  use: Extract<Use, { use: 'mix' }>,
  request: ResolvedRequest,
  warn: Warn,
): Promise<PictureTask> {
  const base = readGrid(model, use.base, 'use.base')
  const other = readGrid(model, use.other, 'use.other')
  const grid = { width: base.width, height: base.height }
  if (other.width !== base.width || other.height !== base.height) {
    throw new StudioError(
      'bad-request',
      `use.other: ${other.width} x ${other.height} tokens cannot be mixed with ${base.width} x ${base.height}. Give two pictures of one size.`,
    )
  }
  const { mask, cells } = await readCellMask(use.mask, grid)
  const light = cells.map((mean) => (mean >= 128 ? 1 : 0))
  const seam = seamCells(light, grid, use.seam)
  return {
    grid,
    condition: everywhere(await readPrompt(model, use.prompt, warn)),
    tokens: base.tokens.map((token, cell) => (light[cell] ? (other.tokens[cell] ?? 0) : token)),
    before: base.tokens,
    mask: seam,
    firstStep: seam.includes(1) ? 0 : request.sampling.steps,
    area: areaOf(model, grid),
    finish: (decoded) => decoded,
    remembered: { ...use, mask: { kind: 'file', bytes: await encodePng(mask) } },
  }
}

/** 1 for cells of either kind no farther than `width` cells from one of the other kind. */
function seamCells(light: Uint8Array, { width: columns, height: rows }: Size, width: number): Uint8Array {
  const picture = { width: columns, height: rows, channels: 1 as const, data: light }
  const toDark = squaredDistances(picture)
  const toLight = squaredDistances(invertMask({ ...picture, data: light.map((kind) => kind * 255) }))
  if (!toDark || !toLight) return new Uint8Array(light.length)
  // One of the two is 0: the one to a cell's own kind.
  return light.map((_, cell) => ((toDark[cell] ?? 0) + (toLight[cell] ?? 0) <= width * width ? 1 : 0))
}
