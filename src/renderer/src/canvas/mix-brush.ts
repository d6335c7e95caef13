/** One result painted over another: when the pointer does that, and with which brush. */
import { type Brush, type BrushTool, isBrushTool, type Session } from '../../../editor/index.ts'
import type { StagingState } from '../studio/studio-state.ts'

/** Moving the view and zooming stay what they are. @param path as Editor.path() says it */
export const isMixing = (staging: StagingState | null, path: string): boolean =>
  staging !== null && staging.mixWith !== null && !/^(?:hand|zoom|brush-resize)/.test(path)

/** That of the tool in hand, where it has one. */
export function mixBrush({ tool, brushes }: Pick<Session, 'tool' | 'brushes'>): {
  readonly tool: BrushTool
  readonly brush: Brush
} {
  const used = isBrushTool(tool) ? tool : 'select-brush'
  return { tool: used, brush: brushes[used] }
}
