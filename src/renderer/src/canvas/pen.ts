/**
 * The few ways in which things above the picture are drawn: lines that show on any picture, handles, labels. In CSS px, with
 * lines put onto whole px of the device so that they stay sharp.
 */
import type { Point } from '../../../shared/geometry/point.ts'
import { clamp, type Rect, type Size } from '../../../shared/geometry/rect.ts'
import type { Theme } from './theme.ts'

export interface Pen {
  readonly context: CanvasRenderingContext2D
  readonly ratio: number
  readonly viewport: Size
  readonly theme: Theme
}

/** Across; half of it each side of the point that it stands for. */
const handleSide = 9
const font = '500 11px system-ui, sans-serif'
const labelHeight = 18
const labelPadding = 6

/** A line's width: one CSS px in whole device px. */
export const hair = (ratio: number): number => Math.max(1, Math.round(ratio)) / ratio

/** The middle of a hairline that begins on the device px nearest to `at`. */
export const crisp = (ratio: number, at: number): number => Math.round(at * ratio) / ratio + hair(ratio) / 2

/** A line of one colour within a wider one of another: one of them shows on any picture. */
export interface Stroke {
  readonly line: string
  readonly halo: string
}

export const whiteStroke: Stroke = { line: '#fff', halo: '#000' }
/** What can be read on the accent stands out against it, in any theme. */
export const accentStroke = ({ accent, onAccent }: Theme): Stroke => ({ line: accent, halo: onAccent })

/** Strokes the path that `trace` draws; `weight` in hairlines. */
export function strokeOver({ context, ratio }: Pen, { line, halo }: Stroke, trace: () => void, weight = 1): void {
  context.beginPath()
  trace()
  context.lineJoin = 'round'
  context.globalAlpha = 0.5
  context.strokeStyle = halo
  context.lineWidth = hair(ratio) * (weight + 2)
  context.stroke()
  context.globalAlpha = 1
  context.strokeStyle = line
  context.lineWidth = hair(ratio) * weight
  context.stroke()
}

/** As the ants around a selection look while they stand still. */
export function strokeDashed({ context, ratio }: Pen, trace: () => void): void {
  context.beginPath()
  trace()
  context.lineWidth = hair(ratio)
  context.strokeStyle = '#000'
  context.stroke()
  context.setLineDash([4, 4])
  context.strokeStyle = '#fff'
  context.stroke()
  context.setLineDash([])
}

/** Goes around the rectangle on sharp lines. */
export function traceRect({ context, ratio }: Pen, { x, y, width, height }: Rect): void {
  const [left, top] = [crisp(ratio, x), crisp(ratio, y)]
  context.rect(left, top, crisp(ratio, x + width) - left, crisp(ratio, y + height) - top)
}

/** Darkens all but the rectangle. */
export function shadeOutside({ context, viewport }: Pen, { x, y, width, height }: Rect, strength: number): void {
  context.fillStyle = `rgb(0 0 0 / ${strength * 100}%)`
  context.beginPath()
  context.rect(0, 0, viewport.width, viewport.height)
  context.rect(x, y, width, height)
  context.fill('evenodd')
}

export function drawHandles({ context, ratio, theme }: Pen, places: readonly Point[], angle = 0): void {
  for (const { x, y } of places) {
    context.save()
    context.translate(crisp(ratio, x), crisp(ratio, y))
    context.rotate(angle)
    context.fillStyle = 'rgb(0 0 0 / 35%)'
    context.fillRect(-handleSide / 2 - 1, -handleSide / 2 - 1, handleSide + 2, handleSide + 2)
    context.fillStyle = theme.accent
    context.fillRect(-handleSide / 2, -handleSide / 2, handleSide, handleSide)
    context.fillStyle = '#fff'
    context.fillRect(-handleSide / 2 + 1.5, -handleSide / 2 + 1.5, handleSide - 3, handleSide - 3)
    context.restore()
  }
}

/** Text on a small plate whose top left corner is at `at`, moved so far that it can be read. */
export function drawLabel(pen: Pen, text: string, at: Point, isActive = false): void {
  const { context, viewport, theme } = pen
  context.font = font
  const width = Math.ceil(context.measureText(text).width) + 2 * labelPadding
  const x = Math.round(clamp(at.x, 2, Math.max(2, viewport.width - width - 2)))
  const y = Math.round(clamp(at.y, 2, Math.max(2, viewport.height - labelHeight - 2)))
  context.fillStyle = isActive ? theme.accent : 'rgb(20 21 24 / 84%)'
  context.beginPath()
  context.roundRect(x, y, width, labelHeight, 4)
  context.fill()
  context.fillStyle = isActive ? theme.onAccent : '#f4f2ee'
  context.textBaseline = 'middle'
  context.fillText(text, x + labelPadding, y + labelHeight / 2 + 0.5)
}

export const labelRoom = labelHeight + 4
