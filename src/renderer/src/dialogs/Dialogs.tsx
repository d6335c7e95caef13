/** The dialog that is open, if one is. */
import { useStudioState } from '../state/use-studio.tsx'
import { AboutDialog } from './AboutDialog.tsx'
import { CanvasSizeDialog } from './CanvasSizeDialog.tsx'
import { DroppedDialog } from './DroppedDialog.tsx'
import { ExportDialog } from './ExportDialog.tsx'
import { NewDialog } from './NewDialog.tsx'
import { NumberDialog } from './NumberDialog.tsx'
import { PreferencesDialog } from './PreferencesDialog.tsx'
import { RecoverDialog } from './RecoverDialog.tsx'
import { SaveNameDialog } from './SaveNameDialog.tsx'
import { ShortcutsDialog } from './ShortcutsDialog.tsx'
import { UnsavedDialog } from './UnsavedDialog.tsx'

export function Dialogs() {
  const dialog = useStudioState((state) => state.dialog)
  switch (dialog?.type) {
    case undefined:
      return null
    case 'new':
      return <NewDialog />
    case 'unsaved':
      return <UnsavedDialog name={dialog.name} />
    case 'recover':
      return <RecoverDialog />
    case 'export':
      return <ExportDialog />
    case 'shortcuts':
      return <ShortcutsDialog />
    case 'preferences':
      return <PreferencesDialog />
    case 'about':
      return <AboutDialog />
    case 'canvas-size':
      return <CanvasSizeDialog />
    case 'save-name':
      return <SaveNameDialog suggested={dialog.suggested} folder={dialog.folder} />
    case 'dropped':
      return <DroppedDialog name={dialog.name} source={dialog.source} />
    case 'number':
      return <NumberDialog key={dialog.what} what={dialog.what} value={dialog.value} />
  }
}
