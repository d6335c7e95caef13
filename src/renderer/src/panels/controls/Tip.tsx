/** The name of a control that shows only a picture, and its keys, beside it while it is pointed at or has the focus. */
import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'

export type Side = 'top' | 'bottom' | 'left' | 'right'

interface Props {
  readonly label: string
  readonly keys?: string | null
  readonly side?: Side
  readonly children: ReactElement<Record<string, unknown>>
}

export function Tip({ label, keys = null, side = 'bottom', children }: Props) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner className="layer-popup" side={side} sideOffset={6}>
          <Tooltip.Popup className="tip">
            {label}
            {keys !== null && <kbd className="keys">{keys}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
