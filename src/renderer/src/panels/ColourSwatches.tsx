/** The two colours one paints with: each opens its picker; the small buttons swap and reset them. */
import { Popover } from '@base-ui/react/popover'
import { ArrowLeftRight, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { Colours } from '../../../editor/index.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { isSameColour, toHex } from './colour.ts'
import { ColourPicker } from './ColourPicker.tsx'
import { ActionButton } from './controls/IconButton.tsx'
import { keepRecent } from './recent-colours.ts'

const words = strings.colours

export function ColourSwatches() {
  return (
    <div className="colours" role="group" aria-label={words.colours}>
      <div className="swatches">
        {/* Before the other in the tab order, and above it. */}
        <Swatch which="foreground" />
        <Swatch which="background" />
      </div>
      <div className="swatch-tools">
        <ActionButton action="colours.swap" icon={ArrowLeftRight} side="right" className="is-small" />
        <ActionButton action="colours.reset" icon={RotateCcw} side="right" className="is-small" />
      </div>
    </div>
  )
}

function Swatch({ which }: { readonly which: keyof Colours }) {
  const studio = useStudio()
  const colours = useStudioState(({ session }) => session.colours)
  const colour = colours[which]
  const [before, setBefore] = useState(colour)
  return (
    <Popover.Root
      onOpenChange={(open) => {
        if (open) setBefore(colour)
        else if (!isSameColour(before, colour)) keepRecent(colour)
      }}
    >
      <Popover.Trigger
        className={`swatch is-${which}`}
        aria-label={`${words[which]}, ${toHex(colour)}`}
        title={words[which]}
        style={{ backgroundColor: toHex(colour) }}
      />
      <Popover.Portal>
        <Popover.Positioner className="layer-popup" side="right" align="end" sideOffset={12}>
          <Popover.Popup className="popup colour-popup" aria-label={words[which]}>
            <ColourPicker
              colour={colour}
              onChange={(next) => studio.setColours({ ...studio.state.session.colours, [which]: next })}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
