/**
 * What a run would change, drawn before it begins: the cells that are drawn anew, and those of them that the blending at the edge
 * reaches. The tint is left out while colours are being worked on, and where all of the area is new: the frame says that.
 */
import type { Cells } from '../studio/canvas-host.ts'
import type { Zones } from '../studio/studio-state.ts'
import { drawGrid, drawOutline, drawTint, isPartial } from './cell-marks.ts'
import type { Pen } from './pen.ts'
import type { Screen } from './screen.ts'

export interface ShownZones {
  readonly zones: Zones
  readonly isTinted: boolean
  /** Lines between the cells of an area that is new as a whole: for those who place the frame. */
  readonly isRuled: boolean
}

/** The accent of the dark theme: what stands out from a picture does not depend on the window's theme. */
const tint = '242 163 60'
const tintStrength = 0.3
const bandStrength = 0.22

export function drawZones(pen: Pen, screen: Screen, { zones, isTinted, isRuled }: ShownZones): void {
  const isBlended = zones.mask !== null && zones.feather > 0
  const hasTint = isPartial(zones)
  if (hasTint) {
    if (isTinted) drawTint(pen, screen, zones, tint, tintStrength)
    drawOutline(pen, screen, zones, `rgb(${tint})`)
    if (isBlended) {
      const { band, core } = blendOf(zones)
      if (isTinted) drawTint(pen, screen, band, '255 255 255', bandStrength)
      drawOutline(pen, screen, core, '#fff', true)
    }
  }
  if (hasTint ? isTinted : isRuled) drawGrid(pen, screen, zones)
}

interface Blend {
  /** Cells that blending reaches. */
  readonly band: Cells
  /** Cells that are new to the full. */
  readonly core: Cells
}

const blends = new WeakMap<Uint8Array, Blend>()

function blendOf(zones: Zones): Blend {
  const known = blends.get(zones.cells)
  if (known !== undefined) return known
  const { area, columns, rows, cells, feather } = zones
  const reach = Math.max(1, Math.round((feather * columns) / area.width))
  const within = shrunk({ columns, rows, cells }, reach)
  const blend = {
    core: { area, columns, rows, cells: within },
    band: { area, columns, rows, cells: cells.map((cell, i) => (cell > 0 && within[i] === 0 ? 255 : 0)) },
  }
  blends.set(cells, blend)
  return blend
}

/**
 * 255 where all cells within `reach` are meant, else 0: along rows first, then along columns. Beyond the grid there is nothing to
 * blend with, so its border takes nothing away.
 */
export function shrunk({ columns, rows, cells }: Pick<Cells, 'columns' | 'rows' | 'cells'>, reach: number): Uint8Array {
  const along = (from: Uint8Array, count: number, step: number, lines: number, lineStep: number): Uint8Array => {
    const to = new Uint8Array(from.length)
    for (let line = 0; line < lines; line++) {
      const first = line * lineStep
      // How far back the last cell lies that is not meant, and how far on the next one: only both together tell.
      let since = reach
      for (let i = 0; i < count; i++) {
        since = from[first + i * step] === 0 ? -1 : since + 1
        to[first + i * step] = since < reach ? 0 : 255
      }
      let until = reach
      for (let i = count - 1; i >= 0; i--) {
        until = from[first + i * step] === 0 ? -1 : until + 1
        if (until < reach) to[first + i * step] = 0
      }
    }
    return to
  }
  return along(along(cells, columns, 1, rows, columns), rows, columns, columns, 1)
}
