/**
 * Cells of a token grid as they are marked above the picture: a tint as strong as each cell is meant, a line around those that are,
 * and, near enough to tell them apart, fine lines between them. Lines have a dark and a light side: one of them shows on any picture.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Cells } from '../studio/canvas-host.ts'
import { crisp, hair, type Pen } from './pen.ts'
import { deviceRect, type Screen, screenPoint } from './screen.ts'

/** Segments along borders of cells, [x, y, x, y] each, in cells. */
type Segments = Float32Array<ArrayBuffer>

interface Prepared {
  /** Null where it would have too many pieces. */
  readonly outline: Segments | null
  readonly tints: Map<string, OffscreenCanvas>
  /** All cells are meant, wholly: the border of the area says as much. */
  readonly isWhole: boolean
}

/** CSS px of a cell's side from which cells can be told apart. */
const gridFrom = 7
/** More than these are a sprinkle, which a tint shows better. */
const mostSegments = 6000

const prepared = new WeakMap<Uint8Array, Prepared>()

function prepare(grid: Cells): Prepared {
  const { cells } = grid
  const known = prepared.get(cells)
  if (known !== undefined) return known
  const made: Prepared = {
    outline: segmentsOf(grid, (near, far) => near !== far, undefined, mostSegments),
    tints: new Map(),
    isWhole: cells.every((cell) => cell === 255),
  }
  prepared.set(cells, made)
  return made
}

/** Can cells be told apart on screen? */
export const hasCells = ({ camera }: Screen, { area, columns }: Cells): boolean =>
  (area.width / columns) * camera.zoom >= gridFrom

/** @returns false where all of the area is meant */
export const isPartial = (cells: Cells): boolean => !prepare(cells).isWhole

/** @param colour 'r g b'. @param strength of a cell that is wholly meant, 0..1 */
export function drawTint(pen: Pen, screen: Screen, cells: Cells, colour: string, strength: number): void {
  const { context } = pen
  const { tints } = prepare(cells)
  const tint = tints.get(colour) ?? tintOf(cells, colour)
  tints.set(colour, tint)
  const { x, y, width, height } = deviceRect(screen, cells.area)
  context.save()
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.imageSmoothingEnabled = false
  context.globalAlpha = strength
  context.drawImage(tint, x, y, width, height)
  context.restore()
}

export function drawOutline(pen: Pen, screen: Screen, cells: Cells, line: string, isDashed = false): void {
  const { context, ratio } = pen
  const { outline } = prepare(cells)
  if (outline === null) return
  context.beginPath()
  trace(pen, screen, cells, outline)
  context.lineCap = 'square'
  context.strokeStyle = isDashed ? 'rgb(0 0 0 / 70%)' : 'rgb(0 0 0 / 55%)'
  context.lineWidth = hair(ratio) * (isDashed ? 1 : 3)
  context.stroke()
  context.lineCap = 'butt'
  if (isDashed) context.setLineDash([3, 3])
  context.strokeStyle = line
  context.lineWidth = hair(ratio)
  context.stroke()
  context.setLineDash([])
}

/** Lines between cells, of those in view; none where cells are too small to be told apart. */
export function drawGrid(pen: Pen, screen: Screen, cells: Cells): void {
  const { context, ratio } = pen
  if (!hasCells(screen, cells)) return
  const { columns, rows } = cells
  const [left, right] = inView(screen, 'x', cells.area.x, cells.area.width, columns)
  const [top, bottom] = inView(screen, 'y', cells.area.y, cells.area.height, rows)
  const lines = segmentsOf(cells, (near, far) => near || far, { left, right, top, bottom })
  if (lines === null) return
  const strength = Math.min(1, ((cells.area.width / columns) * screen.camera.zoom) / 20)
  for (const [shift, colour] of [
    [0, `rgb(0 0 0 / ${34 * strength}%)`],
    [hair(ratio), `rgb(255 255 255 / ${38 * strength}%)`],
  ] as const) {
    context.save()
    context.translate(shift, shift)
    context.beginPath()
    trace(pen, screen, cells, lines)
    context.strokeStyle = colour
    context.lineWidth = hair(ratio)
    context.stroke()
    context.restore()
  }
}

function trace({ context, ratio }: Pen, screen: Screen, { area, columns, rows }: Cells, segments: Segments): void {
  const across = edges(columns, (i) =>
    crisp(ratio, screenPoint(screen, { x: area.x + (i * area.width) / columns, y: 0 }).x),
  )
  const down = edges(rows, (i) => crisp(ratio, screenPoint(screen, { x: 0, y: area.y + (i * area.height) / rows }).y))
  for (let i = 0; i < segments.length; i += 4) {
    context.moveTo(across[segments[i]!]!, down[segments[i + 1]!]!)
    context.lineTo(across[segments[i + 2]!]!, down[segments[i + 3]!]!)
  }
}

const edges = (count: number, place: (i: number) => number): number[] =>
  Array.from({ length: count + 1 }, (_, i) => place(i))

interface Bounds {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Which of the cells along one axis are on screen, from and to. */
function inView(screen: Screen, axis: 'x' | 'y', from: number, length: number, count: number): [number, number] {
  const { camera, viewport } = screen
  const at = (px: number): number => ((px - camera[axis]) / camera.zoom - from) / (length / count)
  const end = axis === 'x' ? viewport.width : viewport.height
  return [Math.max(0, Math.floor(at(0))), Math.min(count, Math.ceil(at(end)))]
}

/**
 * The borders that `isDrawn` wants, by whether the cell before and the cell behind is meant; borders in a row are one segment. What
 * lies beyond the grid is not meant. Null where there are more than `most`.
 */
export function segmentsOf(
  { columns, rows, cells }: Pick<Cells, 'columns' | 'rows' | 'cells'>,
  isDrawn: (near: boolean, far: boolean) => boolean,
  { left, right, top, bottom }: Bounds = { left: 0, right: columns, top: 0, bottom: rows },
  most = Number.POSITIVE_INFINITY,
): Segments | null {
  const found: number[] = []
  const isMeant = (column: number, row: number): boolean => (cells[row * columns + column] ?? 0) > 0
  for (let row = top; row <= bottom && found.length <= most * 4; row++) {
    let from = -1
    for (let column = left; column <= right; column++) {
      const isOn = column < right && isDrawn(row > 0 && isMeant(column, row - 1), row < rows && isMeant(column, row))
      if (isOn && from < 0) from = column
      if (isOn || from < 0) continue
      found.push(from, row, column, row)
      from = -1
    }
  }
  for (let column = left; column <= right && found.length <= most * 4; column++) {
    let from = -1
    for (let row = top; row <= bottom; row++) {
      const isOn =
        row < bottom && isDrawn(column > 0 && isMeant(column - 1, row), column < columns && isMeant(column, row))
      if (isOn && from < 0) from = row
      if (isOn || from < 0) continue
      found.push(column, from, column, row)
      from = -1
    }
  }
  return found.length > most * 4 ? null : Float32Array.from(found)
}

function tintOf({ columns, rows, cells }: Cells, colour: string): OffscreenCanvas {
  const rgb = colour.split(' ').map(Number)
  const rgba = new Uint8ClampedArray(cells.length * 4)
  for (let i = 0; i < cells.length; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = rgb[c] ?? 0
    rgba[i * 4 + 3] = cells[i] ?? 0
  }
  const image = new OffscreenCanvas(columns, rows)
  const context = image.getContext('2d')
  assert(context, 'a canvas has a 2d context')
  context.putImageData(new ImageData(rgba, columns, rows), 0, 0)
  return image
}
