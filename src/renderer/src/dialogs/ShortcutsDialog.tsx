/** All actions with their keys, to be searched and changed; and what works only while it is held. */
import { RotateCcw, Search, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import {
  type ActionId,
  type Chord,
  chordsOf,
  formatChord,
  heldKeys,
  type Overrides,
  parseChord,
  type Platform,
  writeChord,
} from '../../../editor/index.ts'
import { keymapOf, platformOf } from '../panels/controls/keys.ts'
import { TextButton } from '../panels/controls/TextButton.tsx'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'
import { findActions, groupOf, isPossible, ownerOf, withChord, withDefaults, withoutKeys } from './key-editing.ts'

const all = strings.dialogs
const words = all.shortcuts
const nameOf = (action: ActionId): string => strings.actions[action].replace('…', '')

/** What is being pressed for an action, and what stands in its way. */
interface Recording {
  readonly action: ActionId
  readonly chord: Chord | null
  readonly owner: ActionId | null
  readonly isPossible: boolean
}

export function ShortcutsDialog() {
  const studio = useStudio()
  const keys = useStudioState(({ preferences }) => preferences.keys)
  const platform = useStudioState(platformOf)
  const [text, setText] = useState('')
  const [recording, setRecording] = useState<Recording | null>(null)
  const found = findActions(text, keys, platform, strings)
  const groups = [...new Set(found.map(groupOf))]
  const set = (next: Overrides): void => {
    setRecording(null)
    studio.setPreferences({ keys: next })
  }

  function record(event: KeyboardEvent, action: ActionId): void {
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') return setRecording(null)
    const [chord] = chordsOf(keyInputOf(event, platform))
    if (chord === undefined || ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'].includes(chord.key)) return
    const owner = ownerOf(chord, keys, platform, action)
    if (isPossible(chord) && parseChord(writeChord(chord)) !== null && owner === null)
      set(withChord(keys, platform, action, chord))
    else setRecording({ action, chord, owner, isPossible: isPossible(chord) })
  }

  return (
    <DialogFrame
      title={words.title}
      size="large"
      onClose={() => studio.closeDialog()}
      buttons={
        <>
          <TextButton look="outlined" disabled={Object.keys(keys).length === 0} onClick={() => set({})}>
            {words.resetAll}
          </TextButton>
          <span className="spring" />
          <TextButton look="accent" onClick={() => studio.closeDialog()}>
            {all.close}
          </TextButton>
        </>
      }
    >
      <label className="field search">
        <Search className="icon" aria-hidden />
        <input
          type="search"
          aria-label={words.search}
          placeholder={words.searchPlaceholder}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <div className="shortcut-list" tabIndex={-1}>
        {found.length === 0 && <p className="panel-empty">{words.nothing(text)}</p>}
        {groups.map((group) => (
          <section key={group} aria-label={strings.actionGroups[group]}>
            <h3 className="dialog-heading">{strings.actionGroups[group]}</h3>
            <ul>
              {found
                .filter((id) => groupOf(id) === group)
                .map((action) => (
                  <ShortcutRow
                    key={action}
                    action={action}
                    recording={recording?.action === action ? recording : null}
                    onStart={() => setRecording({ action, chord: null, owner: null, isPossible: true })}
                    onKey={(event) => record(event, action)}
                    onEnd={() => setRecording(null)}
                    onTake={(chord) => set(withChord(keys, platform, action, chord))}
                    onReset={() => set(withDefaults(keys, platform, action))}
                    onClear={() => set(withoutKeys(keys, action))}
                  />
                ))}
            </ul>
          </section>
        ))}
        {text === '' && <HeldKeys />}
      </div>
    </DialogFrame>
  )
}

interface RowProps {
  readonly action: ActionId
  readonly recording: Recording | null
  readonly onStart: () => void
  readonly onKey: (event: KeyboardEvent) => void
  readonly onEnd: () => void
  readonly onTake: (chord: Chord) => void
  readonly onReset: () => void
  readonly onClear: () => void
}

function ShortcutRow({ action, recording, onStart, onKey, onEnd, onTake, onReset, onClear }: RowProps) {
  const name = nameOf(action)
  const chords = useStudioState((state) =>
    keymapOf(state)
      .chords(action)
      .map((chord) => formatChord(chord, platformOf(state)))
      .join('\n'),
  )
  const isChanged = useStudioState(({ preferences }) => action in preferences.keys)
  const isWaiting = recording !== null && recording.chord === null
  return (
    <li className="shortcut">
      <span className="shortcut-name">
        {name}
        {isChanged && <span className="shortcut-changed">{words.changed}</span>}
      </span>
      <button
        type="button"
        className={isWaiting ? 'shortcut-keys is-recording' : 'shortcut-keys'}
        onClick={onStart}
        onKeyDown={isWaiting ? onKey : undefined}
        onBlur={isWaiting ? onEnd : undefined}
      >
        <span className="only-read-aloud">{words.change(name)}</span>
        {isWaiting ? words.press : <Keys text={chords} />}
      </button>
      <button
        type="button"
        className="icon-button is-small"
        aria-label={isChanged ? words.reset(name) : words.clear(name)}
        title={isChanged ? words.reset(name) : words.clear(name)}
        disabled={!isChanged && chords === ''}
        onClick={isChanged ? onReset : onClear}
      >
        {isChanged ? <RotateCcw className="icon" aria-hidden /> : <X className="icon" aria-hidden />}
      </button>
      {recording?.chord && <Conflict recording={recording} chord={recording.chord} onTake={onTake} onEnd={onEnd} />}
    </li>
  )
}

function Keys({ text }: { readonly text: string }) {
  if (text === '') return <span className="shortcut-none">{words.none}</span>
  return text.split('\n').map((chord) => (
    <kbd key={chord} className="keys">
      {chord}
    </kbd>
  ))
}

interface ConflictProps {
  readonly recording: Recording
  readonly chord: Chord
  readonly onTake: (chord: Chord) => void
  readonly onEnd: () => void
}

function Conflict({ recording, chord, onTake, onEnd }: ConflictProps) {
  const platform = useStudioState(platformOf)
  const keys = formatChord(chord, platform)
  const { owner } = recording
  const canTake = recording.isPossible && owner !== null
  return (
    <div role="alert" className="shortcut-conflict">
      <span>{canTake ? words.conflict(keys, nameOf(owner)) : words.notPossible(keys)}</span>
      {canTake && (
        <TextButton look="outlined" autoFocus onClick={() => onTake(chord)}>
          {words.take}
        </TextButton>
      )}
      <TextButton look="plain" autoFocus={!canTake} onClick={onEnd}>
        {words.keep}
      </TextButton>
    </div>
  )
}

function HeldKeys() {
  const platform = useStudioState(platformOf)
  const held = heldKeys.map(({ keys, does }) => {
    const chord = parseChord(keys)
    return { keys: chord === null ? keys : formatChord(chord, platform), does: strings.heldKeys[does] }
  })
  return (
    <section aria-label={words.held}>
      <h3 className="dialog-heading">{words.held}</h3>
      <ul>
        {[...held, ...strings.fixedKeys].map(({ keys, does }) => (
          <li key={keys + does} className="shortcut">
            <span className="shortcut-name">{does}</span>
            <kbd className="keys">{keys}</kbd>
          </li>
        ))}
      </ul>
    </section>
  )
}

function keyInputOf(event: KeyboardEvent, platform: Platform): Parameters<typeof chordsOf>[0] {
  const { key, code, repeat, shiftKey, altKey, ctrlKey, metaKey } = event
  const modifiers = { shift: shiftKey, alt: altKey, ctrl: platform === 'mac' ? metaKey : ctrlKey }
  return { type: 'keydown', key, code, repeat, focus: 'panel', modifiers }
}
