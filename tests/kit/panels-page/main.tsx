/** The window over the fake model, with a canvas that shows nothing of it. Tests reach the model as `window.studio`. */
// oxlint-disable-next-line import/no-unassigned-import -- it must come before whatever makes schemas
import '../../../src/renderer/src/app/without-eval.ts'
import { createRoot } from 'react-dom/client'
import { StudioWindow } from '../../../src/renderer/src/app/StudioWindow.tsx'
import { StudioProvider } from '../../../src/renderer/src/state/use-studio.tsx'
import { FakeStudio } from '../fake-studio.ts'

const studio = new FakeStudio()
const violations: string[] = []
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.sourceFile} ${event.sample}`)
})
Object.assign(window, { studio, violations })

// The keys that panels cannot hear themselves: in the studio the editor looks all of them up.
const keys: Readonly<Record<string, Parameters<FakeStudio['act']>[0]>> = {
  F6: 'view.nextRegion',
  F2: 'layer.rename',
  'Alt+a': 'prompt.focus',
  G: 'view.gallery',
}
window.addEventListener('keydown', (event) => {
  const action = keys[event.altKey ? `Alt+${event.key}` : event.key]
  if (action === undefined) return
  event.preventDefault()
  studio.act(action)
})

/** Something to look at, about where the real canvas would show it. */
function Picture() {
  return (
    <div role="application" tabIndex={0} aria-label="Picture" className="canvas-slot">
      <canvas
        width={768}
        height={576}
        ref={(canvas) => {
          const context = canvas?.getContext('2d')
          if (canvas === null || context === null || context === undefined) return
          Object.assign(canvas.style, { position: 'absolute', inset: '0 0 120px', margin: 'auto' })
          Object.assign(canvas.style, { maxWidth: '86%', maxHeight: '70%' })
          const band = (colour: string, y: number, height: number): void => {
            context.fillStyle = colour
            context.fillRect(0, y, 768, height)
          }
          band('#d9895b', 0, 576)
          band('#e7b27a', 180, 90)
          band('#5d6b7c', 260, 80)
          band('#34495e', 330, 246)
          context.fillStyle = '#f6e1b5'
          context.beginPath()
          context.arc(520, 210, 46, 0, 7)
          context.fill()
          for (let i = 0; i < 9; i++) {
            context.fillStyle = i % 2 === 0 ? '#f4eee2' : '#e2d8c6'
            context.fillRect(60 + i * 72, 250 - (i % 3) * 24, 58, 96 + (i % 3) * 24)
            context.fillStyle = '#35577a'
            context.fillRect(78 + i * 72, 290, 20, 40)
          }
        }}
      />
    </div>
  )
}

const root = document.querySelector('#studio')
if (root === null) throw new Error('the page has no place for the studio')
createRoot(root).render(
  <StudioProvider studio={studio}>
    <StudioWindow canvas={<Picture />} />
  </StudioProvider>,
)
