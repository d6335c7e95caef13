/** What the status line says modifiers do now: ids, whose sentences the catalogue of strings has. */

export type HintKey =
  | 'Shift'
  | 'Alt'
  | 'Shift+Alt'
  | 'Ctrl'
  | 'Space'
  | 'Ctrl+Space'
  | 'Enter'
  | 'Esc'
  | 'Arrows'
  | '[ ]'

export type HintId =
  | 'add'
  | 'apply'
  | 'axis-lock'
  | 'background'
  | 'brush-size'
  | 'cancel'
  | 'constrain'
  | 'drag-zoom'
  | 'free'
  | 'from-centre'
  | 'intersect'
  | 'keep-ratio'
  | 'move-start'
  | 'nudge'
  | 'pan'
  | 'pick'
  | 'rotate-steps'
  | 'straight-line'
  | 'subtract'
  | 'zoom-out'

export interface Hint {
  readonly key: HintKey
  readonly does: HintId
}

export const cancelHint: Hint = { key: 'Esc', does: 'cancel' }
export const applyHint: Hint = { key: 'Enter', does: 'apply' }
export const nudgeHint: Hint = { key: 'Arrows', does: 'nudge' }
/** Of every selection tool while nothing is dragged. */
export const modeHints: readonly Hint[] = [
  { key: 'Shift', does: 'add' },
  { key: 'Alt', does: 'subtract' },
  { key: 'Shift+Alt', does: 'intersect' },
]
