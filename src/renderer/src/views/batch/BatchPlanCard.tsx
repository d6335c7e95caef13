/** What will come of a batch before it begins: how many pictures, their first names and prompts, and what deserves a thought. */
import { Play, TriangleAlert } from 'lucide-react'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import type { Batch } from './use-batch.ts'

const words = strings.batch
const endings = { png: 'png', jpeg: 'jpg', webp: 'webp', avif: 'avif' } as const

export function BatchPlanCard({ batch }: { readonly batch: Batch }) {
  const studio = useStudio()
  const { planned, isPlanning } = batch
  const plan = planned?.is === 'plan' ? planned.plan : null
  const isResumed = plan !== null && plan.finished > 0
  const canStart = plan !== null && plan.items > plan.finished && !isPlanning
  return (
    <section className="batch-card" aria-label={words.plan} aria-busy={isPlanning}>
      <h2 className="form-title">{words.plan}</h2>
      {planned === null && <p className="hint">{words.planning}</p>}
      {planned?.is === 'missing' && <p className="hint">{words.missing[planned.what]}</p>}
      {planned?.is === 'problem' && (
        <p role="alert" className="hint is-error selectable">
          {planned.text}
        </p>
      )}
      {plan !== null && (
        <>
          <p className="batch-count">{words.items(plan.items)}</p>
          {isResumed && (
            <p className="batch-resume">
              {words.finished(plan.finished)} {plan.items > plan.finished && words.goesOn}
            </p>
          )}
          {plan.warnings.map((warning) => (
            <p key={warning} className="batch-warning">
              <TriangleAlert className="icon" aria-hidden />
              <span>{warning}</span>
            </p>
          ))}
          <ol className="batch-names" aria-label={words.firstNames}>
            {plan.names.map((name, i) => (
              <li key={name}>
                <span className="batch-name">{withEnding(name, batch.draft.type)}</span>
                {plan.prompts[i] !== undefined && <span className="batch-prompt">{plan.prompts[i]}</span>}
              </li>
            ))}
          </ol>
          {plan.items > plan.names.length && <p className="hint">{words.more(plan.items - plan.names.length)}</p>}
        </>
      )}
      <div className="batch-start">
        <p className="hint">{words.resumeHint}</p>
        <TextButton
          look="accent"
          disabled={!canStart}
          onClick={() => {
            if (planned?.is === 'plan') studio.startBatch(planned.spec)
          }}
        >
          <Play className="icon" aria-hidden />
          {isResumed ? words.resume : words.start}
        </TextButton>
      </div>
    </section>
  )
}

/** Whether the names of a plan have their ending already is the plan's to say. */
function withEnding(name: string, type: keyof typeof endings): string {
  return name.endsWith(`.${endings[type]}`) ? name : `${name}.${endings[type]}`
}
