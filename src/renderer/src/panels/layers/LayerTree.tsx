/**
 * The layers as a tree. Arrow keys go through it and choose what they come to; Shift extends, Ctrl goes without choosing, Space
 * adds and takes away. The pointer chooses, drags and renames.
 */
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { LayerId } from '../../../../document/index.ts'
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import type { OpenDocumentState } from '../../studio/studio-state.ts'
import { renameRequest } from '../page-actions.ts'
import { LayerRow, layerRowId } from './LayerRow.tsx'
import { treeStep, visibleRows } from './layer-rows.ts'
import { rowHeight, useLayerDrag } from './use-layer-drag.ts'

export function LayerTree({ document: open }: { readonly document: OpenDocumentState }) {
  const { records, active, part, chosen } = open
  const studio = useStudio()
  const list = useRef<HTMLDivElement>(null)
  const [collapsed, setCollapsed] = useState<ReadonlySet<LayerId>>(new Set())
  const [focused, setFocused] = useState<LayerId | null>(active)
  const [renaming, setRenaming] = useState<LayerId | null>(null)
  const rows = useMemo(() => visibleRows(records, collapsed), [records, collapsed])
  const { drag, pointerDown, isClickOfDrag, handlers } = useLayerDrag({
    studio,
    records,
    rows,
    list,
    dragged: (id) => (chosen.includes(id) ? chosen : [id]),
  })

  const toggle = useCallback((id: LayerId) => {
    setCollapsed((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }, [])

  const focusRow = useCallback((id: LayerId) => {
    setFocused(id)
    document.getElementById(layerRowId(id))?.focus()
  }, [])

  const endRenaming = useCallback(
    (id: LayerId | null) => {
      if (id === null && renaming !== null) requestAnimationFrame(() => focusRow(renaming))
      setRenaming(id)
    },
    [renaming, focusRow],
  )

  // What becomes active by other means (a key, a new layer, undo) is shown, and is where Tab comes in.
  useEffect(() => {
    setFocused(active)
    if (active !== null) document.getElementById(layerRowId(active))?.scrollIntoView({ block: 'nearest' })
  }, [active])

  useEffect(() => {
    const rename = (): void => setRenaming(active)
    window.addEventListener(renameRequest, rename)
    return () => window.removeEventListener(renameRequest, rename)
  }, [active])

  function keyDown(event: KeyboardEvent): void {
    const from = layerAt(event.target)
    // Its buttons have keys of their own.
    if (from === null || !(event.target instanceof HTMLElement) || event.target.role !== 'treeitem') return
    if (event.altKey || event.metaKey) return
    const ctrl = event.ctrlKey
    const step = treeStep(rows, from, event.key)
    if (step !== null) {
      if ('expand' in step) toggle(step.expand)
      else if ('collapse' in step) toggle(step.collapse)
      else {
        focusRow(step.to)
        if (event.shiftKey) studio.chooseLayer(step.to, 'range')
        else if (!ctrl) studio.chooseLayer(step.to)
      }
    } else if (event.key === ' ') studio.chooseLayer(from, ctrl ? 'toggle' : 'only')
    else if (event.key === 'Enter' && !ctrl && !event.shiftKey) setRenaming(from)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function press(event: PointerEvent): void {
    const id = layerAt(event.target)
    if (id === null || isField(event.target)) return
    // A menu is for what it was opened on, all that is chosen included.
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey
    if (isPlain && !chosen.includes(id)) studio.chooseLayer(id)
    pointerDown(event, id)
  }

  function click(event: MouseEvent): void {
    const id = layerAt(event.target)
    if (id === null || isField(event.target) || isClickOfDrag()) return
    focusRow(id)
    if (event.shiftKey) studio.chooseLayer(id, 'range')
    else if (event.ctrlKey || event.metaKey) studio.chooseLayer(id, 'toggle')
    else if (chosen.length > 1 || active !== id) studio.chooseLayer(id)
  }

  const mark = drag?.drop?.mark
  const target = rows.some(({ layer }) => layer.id === focused) ? focused : (rows[0]?.layer.id ?? null)
  return (
    <div
      ref={list}
      role="tree"
      aria-label={strings.layers.layers}
      aria-multiselectable
      className={drag === null ? 'layer-tree' : 'layer-tree is-dragging'}
      onKeyDown={keyDown}
      onPointerDown={press}
      onClick={click}
      onFocus={({ target }) => {
        const id = layerAt(target)
        if (id !== null) setFocused(id)
      }}
      {...handlers}
    >
      {rows.map((row) => {
        const { id } = row.layer
        return (
          <LayerRow
            key={id}
            row={row}
            isChosen={chosen.includes(id)}
            part={active === id ? part : null}
            hasFocus={target === id}
            isRenaming={renaming === id}
            isDragged={drag?.ids.includes(id) ?? false}
            isDropTarget={mark !== undefined && 'into' in mark && mark.into === id}
            onToggle={toggle}
            onRename={endRenaming}
          />
        )
      })}
      {mark !== undefined && 'index' in mark && <DropLine index={mark.index} depth={mark.depth} />}
    </div>
  )
}

function DropLine({ index, depth }: { readonly index: number; readonly depth: number }) {
  const style: CSSProperties = { top: index * rowHeight, left: 36 + depth * 16 }
  return <div className="drop-line" style={style} role="presentation" />
}

function layerAt(target: EventTarget): LayerId | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-layer]') : null
  return row?.dataset['layer'] ?? null
}

const isField = (target: EventTarget): boolean => target instanceof HTMLInputElement
