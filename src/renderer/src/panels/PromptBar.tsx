/** What is wanted, and the button that makes it; floats over the canvas. */
import type { Settings } from '../app/use-generation.ts'
import { strings } from '../app/strings.ts'

interface Props {
  readonly settings: Settings
  readonly onChange: (settings: Settings) => void
  readonly busy: boolean
  readonly share: number
  readonly onGenerate: () => void
  readonly onCancel: () => void
}

export function PromptBar({ settings, onChange, busy, share, onGenerate, onCancel }: Props) {
  const numberField = (label: string, key: 'seed' | 'steps' | 'guidance', least: number, most: number) => (
    <label>
      {label}
      <input
        type="number"
        min={least}
        max={most}
        value={settings[key]}
        onChange={({ target }) => onChange({ ...settings, [key]: within(target.valueAsNumber, least, most) })}
      />
    </label>
  )
  return (
    <form
      className="prompt-bar"
      onSubmit={(event) => {
        event.preventDefault()
        onGenerate()
      }}
    >
      <textarea
        aria-label={strings.prompt}
        placeholder={strings.promptPlaceholder}
        rows={1}
        value={settings.prompt}
        onChange={({ target }) => onChange({ ...settings, prompt: target.value })}
      />
      {numberField(strings.steps, 'steps', 1, 200)}
      {numberField(strings.guidance, 'guidance', 0, 50)}
      {numberField(strings.seed, 'seed', 0, 2 ** 32 - 1)}
      <button
        type="button"
        className="icon"
        aria-label={strings.newSeed}
        title={strings.newSeed}
        onClick={() => onChange({ ...settings, seed: Math.floor(Math.random() * 2 ** 32) })}
      >
        ⟳
      </button>
      {busy ? (
        <button type="button" className="run" onClick={onCancel}>
          {strings.cancel}
        </button>
      ) : (
        <button type="submit" className="run" disabled={settings.prompt.trim() === ''}>
          {strings.generate}
        </button>
      )}
      <progress aria-label={strings.generate} value={share} hidden={!busy} />
    </form>
  )
}

/** An emptied field counts as its least. */
const within = (value: number, least: number, most: number): number =>
  Number.isFinite(value) ? Math.min(Math.max(value, least), most) : least
