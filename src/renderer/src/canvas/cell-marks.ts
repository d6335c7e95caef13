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
  readonly outline: Segments
  readonly tints: Map<string, OffscreenCanvas>
  /** All cells are meant, wholly: the border of the area says as much. */
  readonly isWhole: boolean
}

/** CSS px of a cell's side from which lines between cells are drawn. */
const gridFrom = 7
/** More than these are a sprinkle, which a tint shows better. */
const mostSegments = 6000

const prepared = new WeakMap<Uint8Array, Prepared>()

function prepare({ columns, rows, cells }: Cells): Prepared {
  const known = prepared.get(cells)
  if (known !== undefined) return known
  const outline = segmentsOf(columns, rows, (near, far) => near !== far, cells)
  const made: Prepared = {
    outline: outline.length / 4 > mostSegments ? new Float32Array() : outline,
    tints: new Map(),
    isWhole: cells.every((cell) => cell === 255),
  }
  prepared.set(cells, made)
  return made
}

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

export function drawOutline(pen: Pen, screen: Screen, cells: Cells, line: string): void {
  const { context, ratio } = pen
  const { outline } = prepare(cells)
  if (outline.length === 0) return
  context.beginPath()
  trace(pen, screen, cells, outline)
  context.lineCap = 'square'
  context.strokeStyle = 'rgb(0 0 0 / 55%)'
  context.lineWidth = hair(ratio) * 3
  context.stroke()
  context.strokeStyle = line
  context.lineWidth = hair(ratio)
  context.stroke()
  context.lineCap = 'butt'
}

/** Lines between cells, of those in view; none where cells are too small to be told apart. */
export function drawGrid(pen: Pen, screen: Screen, cells: Cells): void {
  const { context, ratio } = pen
  const side = (cells.area.width / cells.columns) * screen.camera.zoom
  if (side < gridFrom) return
  const { columns, rows } = cells
  const [left, right] = inView(screen, 'x', cells.area.x, cells.area.width, columns)
  const [top, bottom] = inView(screen, 'y', cells.area.y, cells.area.height, rows)
  const lines = segmentsOf(columns, rows, (near, far) => near || far, cells.cells, { left, right, top, bottom })
  const strength = Math.min(1, side / 20)
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
 * lies beyond the grid is not meant.
 */
export function segmentsOf(
  columns: number,
  rows: number,
  isDrawn: (near: boolean, far: boolean) => boolean,
  cells: Uint8Array,
  { left, right, top, bottom }: Bounds = { left: 0, right: columns, top: 0, bottom: rows },
): Segments {
  const isMeant = (column: number, row: number): boolean =>
    column >= 0 && column < columns && row >= 0 && row < rows && (cells[row * columns + column] ?? 0) > 0
  const found: number[] = []
  for (let row = top; row <= bottom; row++) {
    for (const [from, to] of runs(left, right, (i) => isDrawn(isMeant(i, row - 1), isMeant(i, row)))) {
      found.push(from, row, to, row)
    }
  }
  for (let column = left; column <= right; column++) {
    for (const [from, to] of runs(top, bottom, (i) => isDrawn(isMeant(column - 1, i), isMeant(column, i)))) {
      found.push(column, from, column, to)
    }
  }
  return Float32Array.from(found)
}

/** Where `holds` is true without a gap, from `first` to before `end`. */
function* runs(first: number, end: number, holds: (i: number) => boolean): Generator<readonly [number, number]> {
  let from: number | null = null
  for (let i = first; i <= end; i++) {
    const isOn = i < end && holds(i)
    if (isOn) from ??= i
    else if (from !== null) {
      yield [from, i]
      from = null
    }
  }
}

function tintOf({ columns, rows, cells }: Cells, colour: string): OffscreenCanvas {
  const [red = 0, green = 0, blue = 0] = colour.split(' ').map(Number)
  const rgba = new Uint8ClampedArray(cells.length * 4)
  for (const [i, cell] of cells.entries()) rgba.set([red, green, blue, cell], i * 4)
  const image = new OffscreenCanvas(columns, rows)
  const context = image.getContext('2d')
  assert(context, 'a canvas has a 2d context')
  context.putImageData(new ImageData(rgba, columns, rows), 0, 0)
  return image
}
