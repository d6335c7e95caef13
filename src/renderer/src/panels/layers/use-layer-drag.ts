/**
 * Dragging rows of the layers panel with the pointer. A press becomes a drag after a few px; Esc, or a pointer that is taken
 * away, ends it without a trace. Near its edges the list scrolls.
 */
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { LayerId, Records } from '../../../../document/index.ts'
import type { StudioModel } from '../../studio/studio-model.ts'
import { type Drop, dropAt } from './layer-drop.ts'
import type { LayerRow } from './layer-rows.ts'

/** As in panels.css. */
export const rowHeight = 40
/** Left of the rows' tree, and of a level of it. */
const treeLeft = 32
const levelWidth = 16
/** Px of travel that make a press a drag. */
const threshold = 4
const scrollZone = 24

export interface LayerDrag {
  readonly ids: readonly LayerId[]
  readonly drop: Drop | null
}

interface Press {
  readonly id: LayerId
  readonly x: number
  readonly y: number
  readonly pointer: number
}

interface Options {
  readonly studio: StudioModel
  readonly records: Records
  readonly rows: readonly LayerRow[]
  readonly list: RefObject<HTMLDivElement | null>
  /** What is dragged by this row: all that is chosen where it is one of them. */
  readonly dragged: (id: LayerId) => readonly LayerId[]
}

export function useLayerDrag({ studio, records, rows, list, dragged }: Options) {
  const press = useRef<Press | null>(null)
  const [drag, setDrag] = useState<LayerDrag | null>(null)
  /** A click follows the end of a drag; it means nothing then. */
  const wasDragged = useRef(false)

  function end(): void {
    press.current = null
    setDrag(null)
  }

  const isDragging = drag !== null
  useEffect(() => {
    if (!isDragging) return
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      end()
    }
    window.addEventListener('keydown', key, true)
    return () => window.removeEventListener('keydown', key, true)
  }, [isDragging])

  function pointerDown(event: PointerEvent, id: LayerId): void {
    wasDragged.current = false
    if (event.button !== 0) return
    press.current = { id, x: event.clientX, y: event.clientY, pointer: event.pointerId }
  }

  function pointerMove(event: PointerEvent): void {
    const start = press.current
    const element = list.current
    if (start === null || element === null) return
    if (drag === null) {
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < threshold) return
      element.setPointerCapture(start.pointer)
      wasDragged.current = true
    }
    const box = element.getBoundingClientRect()
    if (event.clientY < box.top + scrollZone) element.scrollTop -= 8
    if (event.clientY > box.bottom - scrollZone) element.scrollTop += 8
    const ids = drag?.ids ?? dragged(start.id)
    const at = {
      x: (event.clientX - box.left - treeLeft) / levelWidth,
      y: (event.clientY - box.top + element.scrollTop) / rowHeight,
    }
    setDrag({ ids, drop: dropAt(records, rows, ids, at) })
  }

  function pointerUp(): void {
    if (drag?.drop) studio.moveLayers(drag.ids, drag.drop.place)
    end()
  }

  return {
    drag,
    pointerDown,
    /** True for the click at the end of a drag. */
    isClickOfDrag: () => wasDragged.current,
    handlers: { onPointerMove: pointerMove, onPointerUp: pointerUp, onPointerCancel: end },
  }
}
