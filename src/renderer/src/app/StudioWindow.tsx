/**
 * The window: title row, tools, options, canvas with the prompt over it, panels, status line. It reads the state and asks the
 * model, and is handed the canvas, of which it knows nothing.
 */
import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { type ReactNode, useLayoutEffect } from 'react'
import { Dialogs } from '../dialogs/Dialogs.tsx'
import '../look/look.css'
import { BusyCard, LostBanner } from '../panels/BusyCard.tsx'
import { CanvasFoot } from '../panels/CanvasFoot.tsx'
import { EmptyState } from '../panels/EmptyState.tsx'
import { PointerMenu } from '../panels/MenuBar.tsx'
import { canvasMenu } from '../panels/menus.ts'
import { Notices } from '../panels/Notices.tsx'
import { OptionsBar } from '../panels/OptionsBar.tsx'
import { RecipeDrop } from '../panels/RecipeDrop.tsx'
import { RightColumn } from '../panels/RightColumn.tsx'
import { RegionLabels } from '../panels/prompt/RegionLabels.tsx'
import { StatusLine } from '../panels/StatusLine.tsx'
import { TitleBar } from '../panels/TitleBar.tsx'
import { ToolRail } from '../panels/ToolRail.tsx'
import { useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import type { StudioState } from '../studio/studio-state.ts'
import { BatchView } from '../views/batch/BatchView.tsx'
import { GalleryView } from '../views/gallery/GalleryView.tsx'
import { QueueView } from '../views/queue/QueueView.tsx'

interface Props {
  /** Fills the place between the panels. */
  readonly canvas: ReactNode
  /** Does what a notice's button asks for where it is neither an action nor a dialog. */
  readonly onCommand?: (command: string) => void
}

type View = NonNullable<StudioState['view']>

/** Ms before the first tooltip; the next ones come at once. */
const tipDelay = 500

export function StudioWindow({ canvas, onCommand }: Props) {
  useLook()
  const hasDocument = useStudioState(({ document }) => document !== null)
  const panelsShown = useStudioState(({ preferences }) => preferences.panelsShown)
  const view = useStudioState((state) => state.view)
  return (
    // The page's policy allows no <style> elements: what they would say is in the style sheet.
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={tipDelay}>
        <div className={panelsShown ? 'studio-window' : 'studio-window has-no-panels'}>
          <TitleBar />
          <div className="work" inert={view !== null}>
            {panelsShown && <ToolRail />}
            <div className="middle">
              {panelsShown && <OptionsBar />}
              <CanvasArea>
                <PointerMenu items={canvasMenu}>
                  <div className="canvas-slot">{canvas}</div>
                </PointerMenu>
                {!hasDocument && <EmptyState />}
                <LostBanner />
                {view === null && <BusyCard />}
                <RegionLabels />
                <RecipeDrop>
                  <CanvasFoot />
                </RecipeDrop>
                {view === null && <Notices onCommand={onCommand} />}
              </CanvasArea>
            </div>
            {panelsShown && <RightColumn />}
          </div>
          {view !== null && <OverCanvas view={view} onCommand={onCommand} />}
          <StatusLine />
        </div>
        <Dialogs />
      </Tooltip.Provider>
    </CSPProvider>
  )
}

/** A view, with what is told in passing over it: under it nobody would see that. */
function OverCanvas({ view, onCommand }: { readonly view: View; readonly onCommand: Props['onCommand'] }) {
  return (
    <div className="view-place">
      {view === 'gallery' && <GalleryView />}
      {view === 'queue' && <QueueView />}
      {view === 'batch' && <BatchView />}
      <BusyCard />
      <Notices onCommand={onCommand} />
    </div>
  )
}

/** Work begins and ends with every stroke: nothing but this one attribute is to be drawn anew for it. */
function CanvasArea({ children }: { readonly children: ReactNode }) {
  const working = useStudioState((state) => state.working)
  return (
    <main className="canvas-area" aria-label={strings.window.canvas} aria-busy={working} data-region="canvas">
      {children}
    </main>
  )
}

/** The theme and the squares that stand for transparency, as marks of the page's root that the style sheets read. */
function useLook(): void {
  const { theme, checkerboard } = useStudioState(({ preferences }) => preferences)
  useLayoutEffect(() => {
    const { dataset } = document.documentElement
    dataset['theme'] = theme
    dataset['checkerboard'] = checkerboard
  }, [theme, checkerboard])
}
