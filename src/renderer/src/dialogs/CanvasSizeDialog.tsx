/** Another size of the canvas, and the side or corner that the picture stays at. */
import { useId, useState } from 'react'
import type { Size } from '../../../shared/geometry/rect.ts'
import { canvasOf } from '../panels/canvas-of.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'
import { SizeFields } from './SizeFields.tsx'

const all = strings.dialogs
const words = all.canvasSize

const steps = [0, 0.5, 1] as const
interface Anchor {
  readonly x: (typeof steps)[number]
  readonly y: (typeof steps)[number]
}

export function CanvasSizeDialog() {
  const studio = useStudio()
  const now = useStudioState(({ document }) => canvasOf(document))
  const [size, setSize] = useState<Size>({ width: now?.width ?? 1, height: now?.height ?? 1 })
  const [anchor, setAnchor] = useState<Anchor>({ x: 0.5, y: 0.5 })
  const isSmaller = now !== null && (size.width < now.width || size.height < now.height)
  return (
    <DialogFrame
      title={words.title}
      onClose={() => studio.closeDialog()}
      onSubmit={() => {
        studio.closeDialog()
        studio.resizeCanvas(size, anchor)
      }}
      buttons={words.run}
    >
      {now !== null && <p className="dialog-text">{words.now(now.width, now.height)}</p>}
      <SizeFields size={size} onChange={setSize} />
      <AnchorGrid anchor={anchor} onChange={setAnchor} />
      <p className="hint">{isSmaller ? words.smaller : ' '}</p>
    </DialogFrame>
  )
}

function AnchorGrid({ anchor, onChange }: { readonly anchor: Anchor; readonly onChange: (anchor: Anchor) => void }) {
  const name = useId()
  return (
    <div className="dialog-row">
      <span className="label">{words.anchor}</span>
      <div role="radiogroup" aria-label={words.anchor} className="anchor-grid">
        {steps.flatMap((y) =>
          steps.map((x) => (
            <label key={`${x},${y}`} className="anchor" title={words.anchors[`${x},${y}`]}>
              <input
                type="radio"
                name={name}
                aria-label={words.anchors[`${x},${y}`]}
                checked={anchor.x === x && anchor.y === y}
                onChange={() => onChange({ x, y })}
              />
            </label>
          )),
        )}
      </div>
    </div>
  )
}
