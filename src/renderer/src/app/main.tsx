/** The composition root of the window: connects the program behind it, starts the pixel worker, and puts the parts together. */
import './without-eval.ts'
import { createRoot } from 'react-dom/client'
import { CanvasView } from '../canvas/CanvasView.tsx'
import { pageAction, runCommand } from '../panels/page-actions.ts'
import { startPixels } from '../pixels/start-pixels.ts'
import { StudioProvider } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { told } from '../strings/steps.ts'
import { Studio } from '../studio/studio.ts'
import { connectStudio } from './connect.ts'
import { followDesktop } from './follow-desktop.ts'
import { listenToKeys } from './keyboard.ts'
import { StudioWindow } from './StudioWindow.tsx'
import { allowOwnOnly } from './trusted-types.ts'

allowOwnOnly()
const place = document.querySelector('#studio')
if (!place) throw new Error('assertion failed: the page has no place for the studio')
const root = createRoot(place)

connectStudio().then(
  ({ api, desktop, browser }) => {
    const isMac = /mac/i.test(navigator.userAgent)
    const { pixels } = startPixels()
    const studio = new Studio({ api, pixels, desktop, platform: isMac ? 'mac' : 'other' })
    if (browser !== null) {
      browser.askName = (suggested) => studio.askSaveName(suggested)
      browser.pathTo = (name) => pathIn(studio.state.start?.folder ?? '', name)
    }
    studio.onPanelAction((action) => pageAction(studio, action))
    listenToKeys(studio, isMac)
    const command = (text: string): void => {
      const path = /^reveal:(.*)$/s.exec(text)?.[1]
      if (path !== undefined) void desktop.reveal({ path })
      else runCommand(studio, text)
    }
    followDesktop(studio, desktop, command)
    root.render(
      <StudioProvider studio={studio}>
        <StudioWindow canvas={<CanvasView host={studio} label={strings.window.canvas} />} onCommand={command} />
      </StudioProvider>,
    )
    void studio.begin()
  },
  () => root.render(<p role="alert">{told.unreachable}</p>),
)

/** Folders of Windows have \ between them, all others /. */
function pathIn(folder: string, name: string): string {
  return `${folder}${folder.includes('\\') ? '\\' : '/'}${name}`
}
