/**
 * What a person does on the canvas with pointer and wheel, told to the window's model. Keys are not heard here, but for Control:
 * whether it is down tells a wheel from two fingers on a touchpad.
 */
import type { Point } from '../../../shared/geometry/point.ts'
import type { CanvasHost } from '../studio/canvas-host.ts'
import { type Origin, pointerInput, wheelInput } from './input.ts'
import { MixStroke } from './mix-stroke.ts'
import { partsOf } from './pointer-parts.ts'
import type { CanvasStage } from './stage.ts'
import { ToldOnce } from './told-once.ts'

interface Listening {
  readonly element: HTMLElement
  readonly host: CanvasHost
  readonly stage: CanvasStage
  /** In px of the page. */
  readonly onContextMenu: (point: Point) => void
}

/** Returns what ends it. */
export function listen({ element, host, stage, onContextMenu }: Listening): () => void {
  const ends = new AbortController()
  const { signal } = ends
  const isMac = (): boolean => host.state.start?.platform === 'mac'
  let isControlDown = false
  let start: Point = { x: 0, y: 0 }
  /** The right button changed the brush: the menu that the system would open with it is not wanted. */
  let isMenuSpent = false
  const moves = new ToldOnce()
  const mixing = new MixStroke(host)

  const tell = (event: PointerEvent, origin: Origin): void => {
    const { type } = event
    const isMove = type === 'pointermove' || type === 'pointerrawupdate'
    if (!isMove) moves.clear()
    for (const part of partsOf(event)) {
      if (isMove && event.buttons !== 0 && !moves.isFirst(type, part)) continue
      const input = pointerInput(part, origin, isMac())
      if (input) host.dispatch(input)
    }
  }
  // Moves are held back for the next frame; a stroke that hears of them at once may be in that very frame.
  element.addEventListener(
    'pointerrawupdate',
    (event) => {
      if (!(event instanceof PointerEvent) || !event.isPrimary || event.buttons === 0) return
      if (host.toolPath().endsWith('.painting')) tell(event, originOf(element))
    },
    { signal },
  )

  const onPointer = (event: PointerEvent): void => {
    if (!event.isPrimary) return
    const origin = originOf(element)
    if (event.type === 'pointerdown') {
      focusQuietly(element)
      element.setPointerCapture(event.pointerId)
      start = at(event, origin)
      isMenuSpent = false
    }
    if (!mixing.hears(event, origin)) tell(event, origin)
    if (event.type === 'pointerdown') isMenuSpent = host.toolPath().startsWith('brush-resize')
    stage.pointTo({ at: at(event, origin), start, isPressed: event.buttons !== 0, alt: event.altKey })
  }
  for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const) {
    element.addEventListener(type, onPointer, { signal })
  }
  element.addEventListener('pointerleave', (event) => event.isPrimary && stage.pointTo(null), { signal })
  // No scrolling by the middle button, no marking of text by the left one; the focus is set above.
  element.addEventListener('mousedown', (event) => event.preventDefault(), { signal })

  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      host.dispatch(wheelInput(event, originOf(element), isMac(), isControlDown))
    },
    { signal, passive: false },
  )
  element.addEventListener(
    'contextmenu',
    (event) => {
      event.preventDefault()
      if (isMenuSpent) event.stopPropagation()
      else onContextMenu(menuPlace(event, element))
      isMenuSpent = false
    },
    { signal },
  )

  const onKey = (event: KeyboardEvent): void => {
    isControlDown = event.getModifierState('Control')
  }
  const forget = (): void => {
    isControlDown = false
  }
  window.addEventListener('keydown', onKey, { signal, capture: true })
  window.addEventListener('keyup', onKey, { signal, capture: true })
  window.addEventListener('blur', forget, { signal })
  return () => ends.abort()
}

/** Without the ring, which is for those who come by keyboard: browsers show it for a focus that a script sets. */
function focusQuietly(element: HTMLElement): void {
  if (document.activeElement === element) return
  element.style.outlineStyle = 'none'
  element.focus({ preventScroll: true })
  element.addEventListener('blur', () => element.style.removeProperty('outline-style'), { once: true })
}

function originOf(element: Element): Origin {
  const { x, y } = element.getBoundingClientRect()
  return { x, y }
}

function at({ clientX, clientY }: MouseEvent, origin: Origin): Point {
  return { x: clientX - origin.x, y: clientY - origin.y }
}

/** Of the keyboard's menu key, which has no place: the middle of the canvas. */
function menuPlace({ clientX, clientY }: MouseEvent, element: Element): Point {
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect()
  const isOver = clientX >= left && clientX < right && clientY >= top && clientY < bottom
  return isOver ? { x: clientX, y: clientY } : { x: left + width / 2, y: top + height / 2 }
}
