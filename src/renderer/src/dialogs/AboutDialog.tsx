/** Which version this is, what it runs on, and whose work it stands on. */
import { TextButton } from '../panels/controls/TextButton.tsx'
import { useStudio, useStudioState } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { DialogFrame } from './DialogFrame.tsx'

const all = strings.dialogs
const words = all.about

export function AboutDialog() {
  const studio = useStudio()
  const version = useStudioState(({ start }) => start?.version ?? null)
  const engine = useStudioState((state) => state.engine)
  const models = engine.is === 'ready' ? engine.info.models : []
  return (
    <DialogFrame
      title={words.title}
      onClose={() => studio.closeDialog()}
      onSubmit={() => studio.closeDialog()}
      buttons={
        <TextButton look="accent" type="submit">
          {all.close}
        </TextButton>
      }
    >
      <p className="about-name">{strings.window.appName}</p>
      {version !== null && <p className="about-version selectable">{words.version(version)}</p>}
      <p className="dialog-text">{words.text}</p>
      <p className="dialog-text">{words.privacy}</p>
      <h3 className="dialog-heading">{words.models}</h3>
      {models.length === 0 && <p className="dialog-text">{words.noModels}</p>}
      <ul className="about-models">
        {models.map(({ id, name, parameters }) => (
          <li key={id} className="selectable">
            {name} <span className="hint">{words.parameters(Math.round(parameters / 1e6))}</span>
          </li>
        ))}
      </ul>
      {engine.is === 'ready' && <p className="hint">{words.device(engine.info.device)}</p>}
      <h3 className="dialog-heading">{words.licences}</h3>
      <p className="dialog-text">{words.licenceText}</p>
    </DialogFrame>
  )
}
