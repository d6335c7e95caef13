/**
 * One row of the layers panel: eye, open or closed, thumbnail, mask, name, lock. Its buttons are reached with Tab from the row
 * that has the focus, and from no other, so that a long list is one stop.
 */
import { ChevronDown, ChevronRight, Eye, EyeOff, Folder, FolderOpen, Lock, LockOpen, Sparkles } from 'lucide-react'
import { memo, type MouseEvent, type ReactNode, useRef, useState } from 'react'
import type { Layer, LayerId } from '../../../../document/index.ts'
import type { Target } from '../../../../editor/index.ts'
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { keepFocus } from '../controls/IconButton.tsx'
import type { LayerRow as LayerRowOf } from './layer-rows.ts'
import { Thumbnail } from './Thumbnail.tsx'

const words = strings.layers

interface Props {
  readonly row: LayerRowOf
  readonly isChosen: boolean
  /** Which part of it is painted on; null where it is not the active one. */
  readonly part: Target['part'] | null
  readonly hasFocus: boolean
  readonly isRenaming: boolean
  readonly isDragged: boolean
  readonly isDropTarget: boolean
  readonly onToggle: (id: LayerId) => void
  readonly onRename: (id: LayerId | null) => void
}

export const layerRowId = (id: LayerId): string => `layer-${id}`

/** Rows are made anew whenever anything in the document changes; those that say the same are not drawn again. */
export const LayerRow = memo(Row, ({ row, ...props }, { row: nextRow, ...next }) => {
  return isSame(row, nextRow) && isSame(props, next)
})

function Row(props: Props) {
  const { row, isChosen, part, hasFocus, isRenaming, isDragged, isDropTarget, onToggle, onRename } = props
  const { layer, depth, expanded, place, siblings } = row
  const studio = useStudio()
  const states = [
    isChosen && 'is-chosen',
    part !== null && 'is-active',
    isDragged && 'is-dragged',
    isDropTarget && 'is-drop-target',
    !layer.visible && 'is-hidden',
  ]
  return (
    <div
      id={layerRowId(layer.id)}
      role="treeitem"
      className={['layer-row', ...states].filter(Boolean).join(' ')}
      aria-label={spoken(layer)}
      aria-level={depth + 1}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-selected={isChosen}
      aria-expanded={expanded}
      tabIndex={hasFocus ? 0 : -1}
      data-layer={layer.id}
    >
      <RowButton
        label={layer.visible ? words.hide(layer.name) : words.show(layer.name)}
        reachable={hasFocus}
        className={layer.visible ? 'eye' : 'eye is-off'}
        onClick={() => studio.setVisible(layer.id, !layer.visible)}
      >
        {layer.visible ? <Eye className="icon" aria-hidden /> : <EyeOff className="icon" aria-hidden />}
      </RowButton>
      <span className="layer-indent" style={{ width: depth * 16 }} />
      {expanded === undefined ? (
        <span className="layer-chevron" />
      ) : (
        <RowButton
          label={expanded ? words.collapse(layer.name) : words.expand(layer.name)}
          reachable={false}
          className="layer-chevron"
          onClick={() => onToggle(layer.id)}
        >
          {expanded ? <ChevronDown className="icon" aria-hidden /> : <ChevronRight className="icon" aria-hidden />}
        </RowButton>
      )}
      <Pictures layer={layer} part={part} reachable={hasFocus} isOpen={expanded === true} />
      <span className="layer-words">
        {isRenaming ? (
          <NameField layer={layer} onDone={() => onRename(null)} />
        ) : (
          <span className="layer-name" onDoubleClick={() => onRename(layer.id)}>
            {layer.name}
          </span>
        )}
        {/* Read without the space they would be one word. */ ' '}
        <LayerNotes layer={layer} />
      </span>
      {layer.kind === 'raster' && layer.recipe !== null && (
        <span className="layer-made" title={words.generated}>
          <Sparkles className="icon" aria-hidden />
        </span>
      )}
      <RowButton
        label={layer.locked ? words.unlock(layer.name) : words.lock(layer.name)}
        reachable={hasFocus}
        className={layer.locked ? 'lock is-locked' : 'lock'}
        onClick={() => studio.setLocked(layer.id, !layer.locked)}
      >
        {layer.locked ? <Lock className="icon" aria-hidden /> : <LockOpen className="icon" aria-hidden />}
      </RowButton>
    </div>
  )
}

function isSame<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => Object.is(a[key], b[key]))
}

function spoken(layer: Layer): string {
  const kind = layer.kind === 'raster' ? [] : [strings.layerKinds[layer.kind]]
  const state = [...kind, ...(layer.visible ? [] : [words.hidden]), ...(layer.locked ? [words.locked] : [])]
  return [layer.name, notesOf(layer), ...state].filter((part) => part !== '').join(', ')
}

/** What is painted on is framed; a click says which part that is. */
function Pictures({
  layer,
  part,
  reachable,
  isOpen,
}: {
  readonly layer: Layer
  readonly part: Target['part'] | null
  readonly reachable: boolean
  readonly isOpen: boolean
}) {
  const studio = useStudio()
  const { mask } = layer
  // With one part only there is nothing to choose.
  const canChoose = mask !== null && layer.kind !== 'mask'
  const own =
    layer.kind === 'group' ? (
      <span className="thumbnail is-group">
        {isOpen ? <FolderOpen className="icon" aria-hidden /> : <Folder className="icon" aria-hidden />}
      </span>
    ) : (
      <Thumbnail id={layer.id} part="pixels" surface={layer.surface} />
    )
  if (!canChoose) return own
  const choose = (chosen: Target['part']) => {
    studio.chooseLayer(layer.id)
    studio.choosePart(layer.id, chosen)
  }
  return (
    <>
      <RowButton
        label={words.paintOnLayer(layer.name)}
        reachable={reachable}
        pressed={part === 'pixels'}
        className="part"
        onClick={() => choose('pixels')}
      >
        {own}
      </RowButton>
      <RowButton
        label={words.paintOnMask(layer.name)}
        reachable={reachable}
        pressed={part === 'mask'}
        className={mask.enabled ? 'part' : 'part is-off'}
        onClick={() => choose('mask')}
      >
        <Thumbnail id={layer.id} part="mask" surface={mask.surface} />
      </RowButton>
    </>
  )
}

/** What is not as usual, in small below the name. */
function LayerNotes({ layer }: { readonly layer: Layer }) {
  const notes = notesOf(layer)
  return notes === '' ? null : <span className="layer-notes">{notes}</span>
}

function notesOf(layer: Layer): string {
  return [
    layer.kind === 'mask' && layer.prompt,
    layer.blendMode !== 'normal' && strings.blendModes[layer.blendMode],
    layer.opacity < 1 && `${Math.round(layer.opacity * 100)} %`,
    layer.mask?.enabled === false && words.maskOff,
  ]
    .filter(Boolean)
    .join(' · ')
}

function NameField({ layer, onDone }: { readonly layer: Layer; readonly onDone: () => void }) {
  const studio = useStudio()
  const [name, setName] = useState(layer.name)
  const isDone = useRef(false)
  function done(takesName: boolean): void {
    // The field that goes away loses the focus, too.
    if (isDone.current) return
    isDone.current = true
    if (takesName && name.trim() !== '' && name !== layer.name) studio.renameLayer(layer.id, name)
    onDone()
  }
  return (
    <input
      className="field layer-name-field"
      aria-label={words.newName}
      // The person asked for this field.
      autoFocus
      value={name}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onChange={({ currentTarget }) => setName(currentTarget.value)}
      onBlur={() => done(true)}
      onKeyDown={(event) => {
        // Nothing of what is typed is for the tree or the window.
        event.stopPropagation()
        if (event.key === 'Enter') done(true)
        else if (event.key === 'Escape') done(false)
      }}
    />
  )
}

interface RowButtonProps {
  readonly label: string
  readonly reachable: boolean
  readonly pressed?: boolean
  readonly className: string
  readonly onClick: () => void
  readonly children: ReactNode
}

function RowButton({ label, reachable, pressed, className, onClick, children }: RowButtonProps) {
  return (
    <button
      type="button"
      className={`row-button ${className}`}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      tabIndex={reachable ? 0 : -1}
      onMouseDown={keepFocus}
      onClick={(event: MouseEvent) => {
        event.stopPropagation()
        onClick()
      }}
    >
      {children}
    </button>
  )
}
