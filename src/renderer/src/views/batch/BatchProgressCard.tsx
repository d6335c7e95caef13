/** A batch that runs, rests or has ended: how far it is, how fast, when it is done, and where its files are. */
import { CircleAlert, FileText, FolderOpen, Pause, Play, Square } from 'lucide-react'
import type { BatchState } from '../../../../shared/contract/batch-api.ts'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { Fact } from '../Fact.tsx'
import { finishText } from './finish-text.ts'

const words = strings.batch

export type StartedBatch = Exclude<BatchState, { is: 'none' }>

interface Props {
  readonly batch: StartedBatch
  readonly onNew: () => void
}

export function BatchProgressCard({ batch, onNew }: Props) {
  const { is, progress, out, manifest } = batch
  const { items, done, skipped, failed, picturesAnHour, finishesAt, last, lastError } = progress
  const through = done + skipped + failed
  const percent = items === 0 ? 100 : Math.floor((through / items) * 100)
  const isWhole = through >= items
  const states = {
    running: words.running,
    paused: words.pausedState,
    ended: isWhole ? words.endedWhole : words.endedEarly,
  }
  return (
    <section className="batch-card" aria-label={words.progress}>
      <div className="batch-head">
        <h2 className="form-title">{states[is]}</h2>
        <span className="hint">{percent} %</span>
      </div>
      <p className="batch-count">{words.done(through, items)}</p>
      <div
        role="progressbar"
        className="progress"
        aria-label={words.progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span className="progress-fill" style={{ width: `${percent}%` }} />
      </div>
      <dl className="details-facts">
        <Fact name={words.hour}>
          {picturesAnHour === null ? words.notNow : Math.round(picturesAnHour).toLocaleString('en')}
        </Fact>
        {is !== 'ended' && (
          <Fact name={words.finishesAt}>{finishesAt === null ? words.notNow : finishText(finishesAt, new Date())}</Fact>
        )}
        {skipped > 0 && <Fact name={words.skipped}>{skipped.toLocaleString('en')}</Fact>}
        {failed > 0 && <Fact name={words.failed}>{failed.toLocaleString('en')}</Fact>}
        <Fact name={words.out}>
          <span className="selectable">{out}</span>
        </Fact>
        {last !== null && (
          <Fact name={words.last}>
            <span className="selectable">{last}</span>
          </Fact>
        )}
      </dl>
      {lastError !== null && (
        <p className="batch-warning is-error" role="alert">
          <CircleAlert className="icon" aria-hidden />
          <span>
            <span className="selectable">{lastError}</span> {words.allErrors}
          </span>
        </p>
      )}
      {is === 'ended' && !isWhole && <p className="hint">{words.resumeHint}</p>}
      <Buttons is={is} out={out} manifest={manifest} onNew={onNew} />
    </section>
  )
}

function Buttons({ is, out, manifest, onNew }: Pick<StartedBatch, 'is' | 'out' | 'manifest'> & Pick<Props, 'onNew'>) {
  const studio = useStudio()
  const canReveal = useStudioState(({ desktop }) => desktop.nativeDialogs)
  return (
    <>
      {canReveal && (
        <div className="batch-links">
          <TextButton onClick={() => studio.reveal(out)}>
            <FolderOpen className="icon" aria-hidden />
            {words.open}
          </TextButton>
          <TextButton onClick={() => studio.reveal(manifest)}>
            <FileText className="icon" aria-hidden />
            {words.manifest}
          </TextButton>
        </div>
      )}
      <div className="batch-buttons">
        {is === 'ended' ? (
          <TextButton look="accent" onClick={onNew}>
            {words.again}
          </TextButton>
        ) : (
          <>
            <TextButton look="outlined" title={words.stopHint} onClick={() => studio.stopBatch()}>
              <Square className="icon" aria-hidden />
              {words.stop}
            </TextButton>
            <TextButton look="accent" onClick={() => studio.pauseBatch(is === 'running')}>
              {is === 'running' ? <Pause className="icon" aria-hidden /> : <Play className="icon" aria-hidden />}
              {is === 'running' ? words.pause : words.goOn}
            </TextButton>
          </>
        )}
      </div>
    </>
  )
}
