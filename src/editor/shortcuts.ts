/** Which keys mean which action: the defaults of actions.ts with a person's own keys laid over them. */
import { type ActionId, actions, type Scope } from './actions.ts'
import { type Chord, chordsOf, parseChord, type Platform, writeChord } from './chord.ts'
import type { Focus, KeyInput } from './input.ts'

/** Keys by action, in place of its defaults; an empty list takes its keys away. */
export type Overrides = Readonly<Partial<Record<ActionId, readonly string[]>>>

export interface Conflict {
  readonly keys: string
  readonly actions: readonly ActionId[]
}

export interface Keymap {
  /** The action that a key event asks for; null where it asks for none. `isStaged`: those of staged results are meant first. */
  lookup(event: KeyInput, focus: Focus, isStaged?: boolean): ActionId | null
  /** Of an action, the first being the one that menus show. */
  chords(action: ActionId): readonly Chord[]
  /** Chords that more than one action claims; the first of them gets it. */
  conflicts(): readonly Conflict[]
}

const reaches: Readonly<Record<Focus, readonly Scope[]>> = {
  canvas: ['canvas', 'global', 'text-safe'],
  panel: ['global', 'text-safe'],
  text: ['text-safe'],
}

/** Keys that no chord can be read from are left out: a settings file may hold anything. */
export function newKeymap(platform: Platform, overrides: Overrides = {}): Keymap {
  const chords = new Map<ActionId, readonly Chord[]>()
  const claims = new Map<string, ActionId[]>()
  const scopes = new Map<ActionId, Scope>()
  for (const action of actions) {
    const defaults = platform === 'mac' && 'mac' in action ? action.mac : action.keys
    const own = (overrides[action.id] ?? defaults).map(parseChord).filter((chord) => chord !== null)
    chords.set(action.id, own)
    scopes.set(action.id, action.scope)
    for (const keys of new Set(own.map(writeChord))) claims.set(keys, [...(claims.get(keys) ?? []), action.id])
  }
  return {
    lookup(event, focus, isStaged = false) {
      const isReached = (id: ActionId): boolean => {
        const scope = scopes.get(id)!
        return scope === 'staged' ? isStaged && focus !== 'text' : reaches[focus].includes(scope)
      }
      for (const chord of chordsOf(event)) {
        // What types a sign belongs to the field, whatever is bound to it.
        if (focus === 'text' && !chord.ctrl && !chord.alt && chord.key.length === 1) continue
        const ids = (claims.get(writeChord(chord)) ?? []).filter(isReached)
        const action = ids.find((id) => scopes.get(id) === 'staged') ?? ids[0]
        if (action !== undefined) return action
      }
      return null
    },
    chords: (action) => chords.get(action) ?? [],
    conflicts: () => [...claims].filter(([, ids]) => ids.length > 1).map(([keys, actions]) => ({ keys, actions })),
  }
}
