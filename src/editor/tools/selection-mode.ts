/** Which way a new shape joins the selection: read from the modifiers at the press and then kept for the whole gesture. */
import type { SelectionMode } from '../commands.ts'
import type { Modifiers } from '../input.ts'

/** Shift adds, Alt subtracts, both intersect; `plain` is what none of them means. */
export function selectionMode({ shift, alt }: Modifiers, plain: SelectionMode): SelectionMode {
  if (shift && alt) return 'intersect'
  if (shift) return 'add'
  return alt ? 'subtract' : plain
}
