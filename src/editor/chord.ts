/** A chord is a key with modifiers: written 'Ctrl+Shift+Z', shown as the platform does, recognised in key events. */
import type { KeyInput, Modifiers } from './input.ts'

export type Platform = 'mac' | 'other'

export interface Chord extends Modifiers {
  /** A capital letter, a digit, a sign, or a name as KeyboardEvent.key has it; ' ' is 'Space'. */
  readonly key: string
}

const named =
  /^(?:F\d{1,2}|Enter|Escape|Tab|Space|Delete|Backspace|Home|End|PageUp|PageDown|Insert|Arrow(?:Up|Down|Left|Right))$/

/** The chord that a text writes, or null where it writes none: modifiers in any order, each at most once. */
export function parseChord(text: string): Chord | null {
  const plus = text.length > 1 ? text.lastIndexOf('+', text.length - 2) : -1
  const key = text.slice(plus + 1)
  const modifiers = plus < 0 ? [] : text.slice(0, plus).split('+')
  if (modifiers.some((name, i) => !['Ctrl', 'Alt', 'Shift'].includes(name) || modifiers.indexOf(name) !== i))
    return null
  const isSign = /^[!-~]$/.test(key)
  if (!isSign && !named.test(key)) return null
  return {
    ctrl: modifiers.includes('Ctrl'),
    alt: modifiers.includes('Alt'),
    shift: modifiers.includes('Shift'),
    key: isSign ? key.toUpperCase() : key,
  }
}

/** The text of a chord, in one way only: what parseChord reads, and by which chords are compared. */
export function writeChord({ ctrl, alt, shift, key }: Chord): string {
  return [ctrl && 'Ctrl', alt && 'Alt', shift && 'Shift', key].filter(Boolean).join('+')
}

const macSigns: Readonly<Record<string, string>> = {
  Enter: '↩',
  Escape: '⎋',
  Tab: '⇥',
  Delete: '⌦',
  Backspace: '⌫',
}
const arrows: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }

/** As menus of the platform show it: 'Ctrl+Shift+Z' or '⇧⌘Z'. */
export function formatChord(chord: Chord, platform: Platform): string {
  const key = arrows[chord.key] ?? chord.key
  if (platform === 'other') return writeChord({ ...chord, key })
  return `${chord.alt ? '⌥' : ''}${chord.shift ? '⇧' : ''}${chord.ctrl ? '⌘' : ''}${macSigns[key] ?? key}`
}

/**
 * The chords that a key event may mean, likeliest first. Layouts differ: 'Shift+[' types '{', and '[' itself may need AltGr
 * (told as Ctrl+Alt); so the key's place counts first, then the sign that it typed.
 */
export function chordsOf(event: KeyInput): Chord[] {
  const { ctrl, alt, shift } = event.modifiers
  const chords: Chord[] = [{ ctrl, alt, shift, key: keyOf(event) }]
  if (/^[!-~]$/.test(event.key) && !/[a-z]/i.test(event.key)) {
    const isAltGr = ctrl && alt
    chords.push({ ctrl: ctrl && !isAltGr, alt: alt && !isAltGr, shift: false, key: event.key })
  }
  return chords
}

const signsByCode: Readonly<Record<string, string>> = {
  BracketLeft: '[',
  BracketRight: ']',
  Equal: '=',
  Minus: '-',
}

function keyOf({ key, code }: KeyInput): string {
  if (key === ' ') return 'Space'
  if (/^[a-z]$/i.test(key)) return key.toUpperCase()
  // Another script, or a sign that macOS types with Alt: the place decides.
  const place = /^(?:Key([A-Z])|Digit(\d)|Numpad(\d))$/.exec(code)
  const isTyped = [...key].length === 1
  return (isTyped ? (place?.[1] ?? place?.[2] ?? place?.[3] ?? signsByCode[code]) : undefined) ?? key
}
