/** What a tool would change, and why it may not. */
import type { Command, Target } from '../commands.ts'
import type { Scene } from '../session.ts'

/** Null where no layer is active or it is locked; refusal() then says which. */
export function paintableTarget({ target }: Scene): Target | null {
  return target === null || target.locked ? null : { layer: target.layer, part: target.part }
}

export function refusal({ target }: Scene): Command {
  return { type: 'refuse', reason: target === null ? 'no-layer' : target.locked ? 'locked' : 'empty' }
}
