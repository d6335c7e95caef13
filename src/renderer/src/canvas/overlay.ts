/**
 * Draws what lies above the picture: the frame, crop, the box of the free transform, a selection being drawn, the brush's
 * circle, the colour under the pointer, and numbers. Everything in its order, from one scene.
 */
import type { SelectionShape } from '../../../editor/index.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import { intersect, type Rect } from '../../../shared/geometry/rect.ts'
import { drawOutline, drawTint, hasCells } from './cell-marks.ts'
import { drawDrawing, type DrawnImage } from './drawing.ts'
import { type Corners, cornersOf, handlePlace, handlePlaces } from './grip.ts'
import { type OverlayScene, sizeText } from './overlay-scene.ts'
import {
  accentStroke,
  crisp,
  drawHandles,
  drawLabel,
  hair,
  labelRoom,
  type Pen,
  shadeOutside,
  strokeDashed,
  strokeOver,
  traceRect,
  whiteStroke,
} from './pen.ts'
import { drawTiles, type PictureLook } from './picture.ts'
import { deviceRect, type Screen, screenPoint } from './screen.ts'
import { traceSwept } from './swept-path.ts'
import type { TileBoard } from './tile-board.ts'
import { drawZones } from './zones.ts'

export interface OverlayMatters {
  readonly scene: OverlayScene
  readonly screen: Screen
  readonly board: TileBoard
  readonly look: PictureLook
  readonly drawing: DrawnImage | null
}

/** Of the ring that shows a colour: around the px, around them and the colour. */
const loupe = { inside: 34, outside: 46, zoom: 9 } as const

export function drawOverlay(pen: Pen, matters: OverlayMatters): void {
  const { scene, screen } = matters
  const onScreen = (rect: Rect) => screenRect(screen, rect)
  if (matters.drawing !== null) drawLaid(pen, screen, matters.drawing, scene.compare ?? 0)
  if (scene.zones !== null) drawZones(pen, screen, scene.zones)
  if (scene.frame !== null) drawFrame(pen, scene.frame, onScreen(scene.frame.rect))
  if (scene.crop !== null) drawCrop(pen, onScreen(scene.crop))
  if (scene.shape !== null) drawShape(pen, screen, scene.shape)
  if (scene.box !== null)
    drawBox(
      pen,
      scene.box.map((corner) => screenPoint(screen, corner)),
    )
  if (scene.move !== null) drawMove(pen, scene.move)
  if (scene.turn !== null) drawTurn(pen, scene.turn)
  if (scene.brush !== null) drawBrush(pen, scene.brush)
  if (scene.pick !== null) drawPick(pen, matters, scene.pick)
  // Below and beside the pointer, where the hand of a pen is not.
  if (scene.label !== null) drawLabel(pen, scene.label.text, { x: scene.label.at.x + 16, y: scene.label.at.y + 18 })
}

/** The drawing over the picture, and on it the cells that its model doubted; both end at the slider that compares them. */
function drawLaid(pen: Pen, screen: Screen, { rect, doubtful, ...drawn }: DrawnImage, from: number): void {
  const { context, ratio } = pen
  const { x, y, width, height } = deviceRect(screen, rect)
  const left = Math.round(x + from * width)
  context.save()
  context.beginPath()
  context.rect(left / ratio, y / ratio, (x + width - left) / ratio, height / ratio)
  context.clip()
  drawDrawing(context, screen, { rect, doubtful, ...drawn })
  if (doubtful !== null) {
    // A colour that pictures seldom have, so that it is not taken for one of theirs.
    drawTint(pen, screen, doubtful, '255 64 160', 0.6)
    if (hasCells(screen, doubtful)) drawOutline(pen, screen, doubtful, 'rgb(255 150 205)')
  }
  context.restore()
}

function screenRect(screen: Screen, rect: Rect): Rect {
  const { ratio } = screen
  const { x, y, width, height } = deviceRect(screen, rect)
  return { x: x / ratio, y: y / ratio, width: width / ratio, height: height / ratio }
}

function drawFrame(pen: Pen, { rect, isActive }: NonNullable<OverlayScene['frame']>, at: Rect): void {
  if (isActive) shadeOutside(pen, at, 0.28)
  strokeOver(pen, accentStroke(pen.theme), () => traceRect(pen, at))
  if (isActive) drawHandles(pen, placesOf(cornersOf(at)))
  // It is kept in view, but not where there is nothing to see of the frame.
  if (!intersect(at, { x: 0, y: 0, ...pen.viewport })) return
  drawLabel(pen, sizeText(rect), { x: at.x, y: at.y - labelRoom }, isActive)
}

function drawCrop(pen: Pen, at: Rect): void {
  const { context, ratio } = pen
  shadeOutside(pen, at, 0.58)
  context.beginPath()
  for (const third of [1 / 3, 2 / 3]) {
    const x = crisp(ratio, at.x + at.width * third)
    const y = crisp(ratio, at.y + at.height * third)
    context.moveTo(x, at.y)
    context.lineTo(x, at.y + at.height)
    context.moveTo(at.x, y)
    context.lineTo(at.x + at.width, y)
  }
  context.strokeStyle = 'rgb(255 255 255 / 45%)'
  context.lineWidth = hair(ratio)
  context.stroke()
  strokeOver(pen, whiteStroke, () => traceRect(pen, at))
  drawHandles(pen, placesOf(cornersOf(at)))
}

function drawBox(pen: Pen, corners: Corners): void {
  const [first, second] = corners
  strokeOver(pen, accentStroke(pen.theme), () => tracePolygon(pen, corners), 1.5)
  drawHandles(pen, placesOf(corners), Math.atan2(second!.y - first!.y, second!.x - first!.x))
}

function placesOf(corners: Corners): Point[] {
  return handlePlaces.map((place) => handlePlace(corners, place))
}

function drawShape(pen: Pen, screen: Screen, shape: SelectionShape): void {
  const { context, ratio } = pen
  switch (shape.kind) {
    case 'rectangle':
      return strokeDashed(pen, () => traceRect(pen, screenRect(screen, shape.rect)))
    case 'ellipse': {
      const { x, y, width, height } = screenRect(screen, shape.rect)
      return strokeDashed(pen, () =>
        context.ellipse(x + width / 2, y + height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI),
      )
    }
    case 'lasso':
      return strokeDashed(pen, () =>
        tracePolygon(
          pen,
          shape.points.map((point) => screenPoint(screen, point)),
        ),
      )
    case 'brush': {
      const { camera } = screen
      const { size, pressure } = shape.brush
      const discs = shape.points.map((point) => ({
        x: point.x * camera.zoom + camera.x,
        y: point.y * camera.zoom + camera.y,
        radius: Math.max(hair(ratio) / 2, (size * camera.zoom * (pressure.size ? point.pressure : 1)) / 2),
      }))
      context.save()
      context.beginPath()
      traceSwept(context, discs)
      context.globalAlpha = 0.45
      context.fillStyle = pen.theme.accent
      context.fill()
      context.restore()
    }
  }
}

function tracePolygon({ context, ratio }: Pen, points: readonly Point[]): void {
  for (const [i, { x, y }] of points.entries()) {
    if (i === 0) context.moveTo(crisp(ratio, x), crisp(ratio, y))
    else context.lineTo(crisp(ratio, x), crisp(ratio, y))
  }
  context.closePath()
}

function drawMove(pen: Pen, { from, to }: NonNullable<OverlayScene['move']>): void {
  const { context } = pen
  if (from.x === to.x && from.y === to.y) return
  strokeOver(pen, accentStroke(pen.theme), () => {
    context.moveTo(from.x, from.y)
    context.lineTo(to.x, to.y)
    context.moveTo(from.x + 3, from.y)
    context.arc(from.x, from.y, 3, 0, 2 * Math.PI)
  })
}

/** An arc with two heads beside the pointer, around the centre of the box. */
function drawTurn(pen: Pen, { at, angle }: NonNullable<OverlayScene['turn']>): void {
  const { context } = pen
  const [radius, half, head] = [26, 0.55, 5]
  context.save()
  context.translate(at.x, at.y)
  context.rotate(angle)
  context.translate(14 - radius, 0)
  strokeOver(pen, whiteStroke, () => {
    context.arc(0, 0, radius, -half, half)
    for (const way of [-1, 1]) {
      const [x, y] = [radius * Math.cos(half), way * radius * Math.sin(half)]
      context.moveTo(x + head, y - way * head * 0.5)
      context.lineTo(x, y)
      context.lineTo(x - head * 0.5, y - way * head * 1.2)
    }
  })
  context.restore()
}

function drawBrush({ context, ratio }: Pen, { at, radius, hardness }: NonNullable<OverlayScene['brush']>): void {
  const line = hair(ratio)
  const circle = (around: number, colour: string) => {
    if (around <= 0) return
    context.beginPath()
    context.arc(at.x, at.y, around, 0, 2 * Math.PI)
    context.strokeStyle = colour
    context.stroke()
  }
  context.lineWidth = line
  // White within black: one of them shows on any picture.
  circle(radius + line, 'rgb(0 0 0 / 75%)')
  circle(radius, '#fff')
  const inner = radius * hardness
  // Too near to the outer circle it would only thicken it.
  if (radius - inner > 3 && inner > 2) {
    circle(inner + line, 'rgb(0 0 0 / 30%)')
    circle(inner, 'rgb(255 255 255 / 55%)')
  }
}

/** The px around the pointer enlarged; around them the colour above, and what it would replace below. */
function drawPick(pen: Pen, matters: OverlayMatters, pick: NonNullable<OverlayScene['pick']>): void {
  const { context } = pen
  const { pixel, at, instead } = pick
  const ring = (radius: number, from: number, to: number) => {
    context.beginPath()
    context.arc(at.x, at.y, radius, from, to)
    context.closePath()
  }
  context.save()
  ring(loupe.outside, 0, 2 * Math.PI)
  context.clip()
  drawEnlarged(pen, matters, pixel, at, 4 * loupe.outside)
  ring(loupe.outside, 0, Math.PI)
  context.fillStyle = `rgb(${instead.join(' ')})`
  context.fill()
  ring(loupe.inside, 0, 2 * Math.PI)
  context.clip()
  drawEnlarged(pen, matters, pixel, at, loupe.zoom)
  context.restore()
  const side = loupe.zoom
  strokeOver(pen, whiteStroke, () =>
    traceRect(pen, { x: at.x - side / 2, y: at.y - side / 2, width: side, height: side }),
  )
  for (const radius of [loupe.inside, loupe.outside]) strokeOver(pen, whiteStroke, () => ring(radius, 0, 2 * Math.PI))
}

/** The picture at another zoom, with the middle of a px in the middle. */
function drawEnlarged({ context, ratio }: Pen, matters: OverlayMatters, pixel: Point, at: Point, zoom: number): void {
  const { board, look, screen } = matters
  const camera = { x: at.x - (pixel.x + 0.5) * zoom, y: at.y - (pixel.y + 0.5) * zoom, zoom }
  const reach = Math.ceil(loupe.outside / zoom)
  const area = { x: pixel.x - reach, y: pixel.y - reach, width: 2 * reach + 1, height: 2 * reach + 1 }
  context.fillStyle = '#808080'
  context.fillRect(at.x - loupe.outside, at.y - loupe.outside, 2 * loupe.outside, 2 * loupe.outside)
  context.save()
  // Tiles are drawn in device px.
  context.setTransform(1, 0, 0, 1, 0, 0)
  drawTiles(context, { camera, ratio, viewport: screen.viewport }, board, area, look)
  context.restore()
}
