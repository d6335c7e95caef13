/** How the picture is looked at. */
import { strings } from '../../strings/strings.ts'
import { ActionTextButton } from './SelectionOptions.tsx'

const { actions } = strings

export function ViewOptions() {
  return (
    <span className="button-group">
      <ActionTextButton action="view.fit" text={actions['view.fit']} />
      <ActionTextButton action="view.fitFrame" text={actions['view.fitFrame']} />
      <ActionTextButton action="view.zoom.100" text="100 %" />
      <ActionTextButton action="view.zoom.200" text="200 %" />
    </span>
  )
}
