/** What a person sets once; everything counts at once. */
import { Segmented, Switch } from '../panels/controls/Choice.tsx'
import { TextButton } from '../panels/controls/TextButton.tsx'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'

const all = strings.dialogs
const words = all.preferences

export function PreferencesDialog() {
  const studio = useStudio()
  const preferences = useStudioState((state) => state.preferences)
  return (
    <DialogFrame
      title={words.title}
      onClose={() => studio.closeDialog()}
      onSubmit={() => studio.closeDialog()}
      buttons={
        <>
          <TextButton look="outlined" onClick={() => studio.showDialog({ type: 'shortcuts' })}>
            {words.shortcuts}
          </TextButton>
          <span className="spring" />
          <TextButton look="accent" type="submit">
            {all.close}
          </TextButton>
        </>
      }
    >
      <div className="dialog-row">
        <span className="label">{words.theme}</span>
        <Segmented
          label={words.theme}
          value={preferences.theme}
          options={(['system', 'dark', 'light'] as const).map((value) => ({ value, label: words.themes[value] }))}
          onChange={(theme) => studio.setPreferences({ theme })}
        />
      </div>
      <div className="dialog-row">
        <span className="label">{words.checkerboard}</span>
        <Segmented
          label={words.checkerboard}
          value={preferences.checkerboard}
          options={(['light', 'dark'] as const).map((value) => ({ value, label: words.checkerboards[value] }))}
          onChange={(checkerboard) => studio.setPreferences({ checkerboard })}
        />
      </div>
      <div className="dialog-row">
        <span className="label">{words.wheel}</span>
        <Segmented
          label={words.wheel}
          value={preferences.wheel}
          options={(['zoom', 'pan'] as const).map((value) => ({ value, label: words.wheels[value] }))}
          onChange={(wheel) => studio.setPreferences({ wheel })}
        />
      </div>
      <p className="hint is-indented">{words.wheelHint}</p>
      <Switch
        label={words.panels}
        checked={preferences.panelsShown}
        onChange={(panelsShown) => studio.setPreferences({ panelsShown })}
      />
    </DialogFrame>
  )
}
