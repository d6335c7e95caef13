/** One job of the queue: what it makes, how far it is or how it ended, and what can be done with it. */
import {
  Blend,
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Expand,
  Film,
  Grid2x2,
  ImagePlus,
  type LucideIcon,
  PaintBucket,
  Repeat,
  RotateCcw,
  ShieldAlert,
  Shuffle,
  Sparkles,
  Square,
  X,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../../panels/controls/IconButton.tsx'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { agoText } from '../../panels/duration.ts'
import type { QueuedJob } from '../../../../shared/contract/queue-api.ts'
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'

const words = strings.queue

const useIcons: Readonly<Record<QueuedJob['use'], LucideIcon>> = {
  text: Sparkles,
  interpolate: Film,
  gradient: Blend,
  regions: Grid2x2,
  inpaint: PaintBucket,
  outpaint: Expand,
  restyle: Repeat,
  vary: Shuffle,
  mix: ImagePlus,
}

interface RowProps {
  readonly job: QueuedJob
  readonly thumbnail?: string | null
}

/** The picture or what stands for it, the prompt, and one line below. */
export function JobText({ job, thumbnail = null, children }: RowProps & { readonly children: ReactNode }) {
  const Icon = useIcons[job.use]
  return (
    <>
      <span className="job-picture">
        {thumbnail === null ? <Icon className="icon" aria-hidden /> : <img src={thumbnail} alt="" />}
      </span>
      <div className="job-text">
        <p className="job-title" title={job.title}>
          {job.title || strings.gallery.untitled}
        </p>
        {children}
      </div>
    </>
  )
}

export const jobLine = (job: QueuedJob): string =>
  `${strings.useNames[job.use]} · ${words.pictures(job.finished, job.pictures)}`

/** @param share of this job that is done, 0..1; null = nobody knows */
export function RunningRow({ job, share, thumbnail }: RowProps & { readonly share: number | null }) {
  const studio = useStudio()
  const percent = share === null ? null : Math.round(share * 100)
  return (
    <li className="job is-running">
      <JobText job={job} thumbnail={thumbnail ?? null}>
        <p className="job-line">
          {jobLine(job)}
          {percent !== null && ` · ${percent} %`}
        </p>
        <div
          role="progressbar"
          className={percent === null ? 'progress is-endless' : 'progress'}
          aria-label={words.progress(job.title)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent ?? undefined}
        >
          <span className="progress-fill" style={percent === null ? {} : { width: `${percent}%` }} />
        </div>
      </JobText>
      <TextButton look="outlined" title={words.stopHint} onClick={() => studio.cancelJob(job.id, true)}>
        <Square className="icon" aria-hidden />
        {words.stop}
      </TextButton>
    </li>
  )
}

const endIcons: Readonly<Record<Exclude<QueuedJob['state'], 'waiting' | 'running'>, LucideIcon>> = {
  done: CircleCheck,
  failed: CircleAlert,
  stopped: CircleSlash,
  held: ShieldAlert,
}

export function EndedRow({ job, thumbnail }: RowProps) {
  const studio = useStudio()
  const { state, error, endedAt } = job
  if (state === 'waiting' || state === 'running') return null
  const Icon = endIcons[state]
  const why = [state === 'held' ? words.held : '', error?.message ?? ''].filter((text) => text !== '').join(' ')
  return (
    <li className={`job is-${state}`}>
      <JobText job={job} thumbnail={thumbnail ?? null}>
        <p className="job-line">
          <span className="job-state">
            <Icon className="icon" aria-hidden />
            {words.states[state]}
          </span>
          {` · ${jobLine(job)}`}
          {endedAt !== null && ` · ${agoText(endedAt, Date.now())}`}
        </p>
        {why !== '' && <p className="job-why selectable">{why}</p>}
      </JobText>
      {state !== 'done' && (
        <TextButton look="outlined" onClick={() => studio.retryJob(job.id)}>
          <RotateCcw className="icon" aria-hidden />
          {state === 'held' ? words.retryHeld : words.retry}
        </TextButton>
      )}
      <IconButton label={words.remove} icon={X} side="left" onClick={() => studio.removeJobs([job.id])} />
    </li>
  )
}
