/** The column of tools at the left, and the two colours below them. One stop of Tab: arrow keys go through the tools. */
import { Toolbar } from '@base-ui/react/toolbar'
import type { ToolId } from '../../../editor/index.ts'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { ColourSwatches } from './ColourSwatches.tsx'
import { useKeys } from './controls/keys.ts'
import { Tip } from './controls/Tip.tsx'
import { focusCanvas } from './regions.ts'
import { toolAction, toolGroups, toolIcons } from './tool-icons.ts'

export function ToolRail() {
  return (
    <nav className="tool-rail" aria-label={strings.window.toolRail} data-region="tools">
      <Toolbar.Root orientation="vertical" className="tool-list" aria-label={strings.window.toolRail}>
        {toolGroups.map((group, i) => (
          <Toolbar.Group key={group[0]} className="tool-group">
            {i > 0 && <Toolbar.Separator orientation="horizontal" className="rail-line" />}
            {group.map((tool) => (
              <ToolButton key={tool} tool={tool} />
            ))}
          </Toolbar.Group>
        ))}
      </Toolbar.Root>
      <ColourSwatches />
    </nav>
  )
}

function ToolButton({ tool }: { readonly tool: ToolId }) {
  const studio = useStudio()
  const isActive = useStudioState(({ session }) => session.tool === tool)
  const keys = useKeys(toolAction(tool))
  const Icon = toolIcons[tool]
  return (
    <Tip label={strings.tools[tool]} keys={keys} side="right">
      <Toolbar.Button
        className="icon-button tool"
        aria-label={strings.tools[tool]}
        aria-pressed={isActive}
        onClick={({ detail }) => {
          studio.setTool(tool)
          // Chosen with the mouse, it is for use at once; with keys, one may go on looking for another.
          if (detail > 0) focusCanvas()
        }}
      >
        <Icon className="icon" aria-hidden />
      </Toolbar.Button>
    </Tip>
  )
}
