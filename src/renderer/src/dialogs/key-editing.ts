/** Giving actions other keys, as plain functions over a person's own keys: who has a chord already, and what changes. */
import {
  type ActionId,
  actions,
  type Chord,
  formatChord,
  newKeymap,
  type Overrides,
  type Platform,
  writeChord,
} from '../../../editor/index.ts'
import type { Strings } from '../strings/strings.ts'

/** What an action cannot have: it leaves or goes through the window, or is held to lend a tool. */
const reserved = new Set(['Escape', 'Enter', 'Space', 'Ctrl+Space', 'Shift+Tab'])

export function isPossible(chord: Chord): boolean {
  const isModifier = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process'].includes(chord.key)
  return !isModifier && !reserved.has(writeChord(chord))
}

/** The other action that has this chord now. */
export function ownerOf(chord: Chord, keys: Overrides, platform: Platform, except: ActionId): ActionId | null {
  const wanted = writeChord(chord)
  const keymap = newKeymap(platform, keys)
  const owner = actions.find(
    ({ id }) => id !== except && keymap.chords(id).some((other) => writeChord(other) === wanted),
  )
  return owner?.id ?? null
}

/** The chord becomes the one key of the action, and is taken from whoever had it. */
export function withChord(keys: Overrides, platform: Platform, action: ActionId, chord: Chord): Overrides {
  const wanted = writeChord(chord)
  const owner = ownerOf(chord, keys, platform, action)
  const next: Partial<Record<ActionId, readonly string[]>> = { ...keys, [action]: [wanted] }
  if (owner !== null) {
    const others = newKeymap(platform, keys).chords(owner).map(writeChord)
    next[owner] = others.filter((other) => other !== wanted)
  }
  return next
}

export const withoutKeys = (keys: Overrides, action: ActionId): Overrides => ({ ...keys, [action]: [] })

/** Back to the default keys, which are taken from whoever was given them meanwhile. */
export function withDefaults(keys: Overrides, platform: Platform, action: ActionId): Overrides {
  const { [action]: _own, ...rest } = keys
  let next: Overrides = rest
  for (const chord of newKeymap(platform).chords(action)) {
    const owner = ownerOf(chord, next, platform, action)
    if (owner === null) continue
    const others = newKeymap(platform, next).chords(owner).map(writeChord)
    next = { ...next, [owner]: others.filter((other) => other !== writeChord(chord)) }
  }
  return next
}

/** Actions whose name, heading or keys are like the text; all of them for an empty one. In the order of the list. */
export function findActions(text: string, keys: Overrides, platform: Platform, strings: Strings): readonly ActionId[] {
  const keymap = newKeymap(platform, keys)
  const wanted = text.trim().toLowerCase()
  return actions
    .map(({ id }) => id)
    .filter((id) => {
      const group = strings.actionGroups[groupOf(id)]
      const chords = keymap.chords(id).map((chord) => formatChord(chord, platform))
      return [strings.actions[id], group, ...chords].some((word) => word.toLowerCase().includes(wanted))
    })
}

export const groupOf = (id: ActionId) => id.slice(0, id.indexOf('.')) as keyof Strings['actionGroups']
