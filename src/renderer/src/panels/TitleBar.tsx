/** The top row: menus where the system has none, the document's name and whether it is saved, undo and redo, zoom. */
import { Menu } from '@base-ui/react/menu'
import { ChevronDown, Minus, Plus, Redo2, Undo2 } from 'lucide-react'
import { useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { StudioState } from '../studio/studio-state.ts'
import { ActionButton } from './controls/IconButton.tsx'
import { MenuBar } from './MenuBar.tsx'
import { MenuEntries } from './MenuEntries.tsx'
import { zoomMenu } from './menus.ts'

const words = strings.window

export function TitleBar() {
  const nativeMenus = useStudioState(({ desktop }) => desktop.nativeMenus)
  return (
    <header className="title-bar" data-region="title">
      {!nativeMenus && <MenuBar />}
      <DocumentName />
      <div className="title-tools">
        <UndoRedo />
        <ZoomControl />
      </div>
    </header>
  )
}

function DocumentName() {
  const { name, path, dirty } = useStudioState(({ document }) => ({
    name: document?.name ?? null,
    path: document?.path ?? null,
    dirty: document?.dirty ?? false,
  }))
  if (name === null) return <h1 className="document-name is-none">{words.appName}</h1>
  return (
    <h1 className="document-name" title={path ?? undefined}>
      <span className="document-title">{name}</span>
      {dirty && (
        <>
          <span className="dirty" title={words.unsaved} />
          <span className="only-read-aloud">, {words.unsaved}</span>
        </>
      )}
    </h1>
  )
}

/** Their names say what they would undo and redo. */
function UndoRedo() {
  const { undone, redone } = useStudioState(({ document }) => ({
    undone: document?.history.labels[document.history.position - 1] ?? null,
    redone: document?.history.labels[document.history.position] ?? null,
  }))
  return (
    <>
      <ActionButton
        action="edit.undo"
        icon={Undo2}
        label={undone === null ? strings.actions['edit.undo'] : words.undoOf(undone)}
      />
      <ActionButton
        action="edit.redo"
        icon={Redo2}
        label={redone === null ? strings.actions['edit.redo'] : words.redoOf(redone)}
      />
    </>
  )
}

/** '75 %', '12.5 %', '1600 %' */
export function zoomText({ session }: Pick<StudioState, 'session'>): string {
  const percent = session.camera.zoom * 100
  return `${percent < 20 ? Number(percent.toFixed(1)) : Math.round(percent)} %`
}

function ZoomControl() {
  const zoom = useStudioState(zoomText)
  return (
    <div className="zoom">
      <ActionButton action="view.zoomOut" icon={Minus} />
      <Menu.Root>
        <Menu.Trigger className="zoom-level" aria-label={words.zoom(zoom)}>
          {zoom}
          <ChevronDown className="icon" aria-hidden />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="layer-popup" align="end" sideOffset={4}>
            <Menu.Popup className="popup menu-popup">
              <MenuEntries items={zoomMenu} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <ActionButton action="view.zoomIn" icon={Plus} />
    </div>
  )
}
