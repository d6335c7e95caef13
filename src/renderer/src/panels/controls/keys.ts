/** Which keys an action has now, as the window's platform shows them. */
import {
  type ActionId,
  formatChord,
  type Keymap,
  newKeymap,
  type Overrides,
  type Platform,
} from '../../../../editor/index.ts'
import { useStudioState } from '../../state/use-studio.tsx'
import type { StudioState } from '../../studio/studio-state.ts'

export const platformOf = ({ start }: Pick<StudioState, 'start'>): Platform =>
  start?.platform === 'mac' ? 'mac' : 'other'

/** One map for each set of own keys, as many components ask for it. */
const maps: Readonly<Record<Platform, WeakMap<Overrides, Keymap>>> = { mac: new WeakMap(), other: new WeakMap() }

export function keymapOf(state: Pick<StudioState, 'start' | 'preferences'>): Keymap {
  const platform = platformOf(state)
  const { keys } = state.preferences
  const known = maps[platform].get(keys)
  if (known !== undefined) return known
  const made = newKeymap(platform, keys)
  maps[platform].set(keys, made)
  return made
}

/** The keys that menus and tooltips show; null where an action has none. */
export function keysOf(state: Pick<StudioState, 'start' | 'preferences'>, action: ActionId): string | null {
  const [chord] = keymapOf(state).chords(action)
  return chord === undefined ? null : formatChord(chord, platformOf(state))
}

export function useKeys(action: ActionId | null): string | null {
  return useStudioState((state) => (action === null ? null : keysOf(state, action)))
}
