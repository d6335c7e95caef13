/** The jobs of the queue: the one that runs, those that wait in their order, and what has ended. */
import { ListOrdered, Pause, Play } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { durationText } from '../../panels/duration.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import type { GalleryShelf } from '../../studio/library-shelf.ts'
import type { QueuedJob } from '../../../../shared/contract/queue-api.ts'
import { useShelf } from '../gallery/use-shelf.ts'
import { ViewEmpty, ViewFrame } from '../ViewFrame.tsx'
import { EndedRow, RunningRow } from './JobRow.tsx'
import { WaitingList } from './WaitingList.tsx'

const words = strings.queue
/** Of the newest pictures, for those that belong to a job in the list. */
const lookedAt = 60

export function QueueView() {
  const studio = useStudio()
  const { jobs, paused, share, secondsLeft } = useStudioState(({ queue }) => queue)
  const thumbnailOf = useThumbnails()
  const running = jobs.filter(({ state }) => state === 'running')
  const waiting = jobs.filter(({ state }) => state === 'waiting')
  const ended = jobs.filter(({ state }) => state !== 'running' && state !== 'waiting')
  const open = running.length + waiting.length
  return (
    <ViewFrame view="queue" tools={<QueueTools count={open} paused={paused} secondsLeft={secondsLeft} />}>
      <div className="queue" tabIndex={-1} data-first>
        {jobs.length === 0 ? (
          <ViewEmpty icon={ListOrdered} title={words.emptyTitle} text={words.emptyText} />
        ) : (
          <div className="queue-lists">
            {paused && (
              <p className="queue-paused" role="status">
                <Pause className="icon" aria-hidden />
                <span>
                  <strong>{words.paused}</strong> {words.pausedText}
                </span>
              </p>
            )}
            {running.length > 0 && (
              <JobList title={words.running}>
                {running.map((job) => (
                  <RunningRow key={job.id} job={job} share={share} thumbnail={thumbnailOf(job)} />
                ))}
              </JobList>
            )}
            {waiting.length > 0 && <WaitingList jobs={waiting} />}
            {ended.length > 0 && (
              <JobList
                title={words.ended}
                tools={
                  <TextButton onClick={() => studio.removeJobs(ended.map(({ id }) => id))}>{words.clear}</TextButton>
                }
              >
                {ended.map((job) => (
                  <EndedRow key={job.id} job={job} thumbnail={thumbnailOf(job)} />
                ))}
              </JobList>
            )}
          </div>
        )}
      </div>
    </ViewFrame>
  )
}

interface ToolsProps {
  readonly count: number
  readonly paused: boolean
  readonly secondsLeft: number | null
}

function QueueTools({ count, paused, secondsLeft }: ToolsProps) {
  const studio = useStudio()
  return (
    <>
      <span role="status" className="hint">
        {count > 0 && words.summary(count)}
        {count > 0 && secondsLeft !== null && !paused && ` · ${words.left(durationText(secondsLeft))}`}
      </span>
      <span className="spring" />
      <TextButton look="outlined" onClick={() => studio.pauseQueue(!paused)}>
        {paused ? <Play className="icon" aria-hidden /> : <Pause className="icon" aria-hidden />}
        {paused ? words.resume : words.pause}
      </TextButton>
    </>
  )
}

interface ListProps {
  readonly title: string
  readonly tools?: ReactNode
  readonly children: ReactNode
}

function JobList({ title, tools, children }: ListProps) {
  return (
    <section aria-label={title}>
      <div className="queue-heading">
        <h2>{title}</h2>
        {tools}
      </div>
      <ul className="job-list">{children}</ul>
    </section>
  )
}

/** The newest picture of each job, where it is among those of late. */
function useThumbnails(): (job: QueuedJob) => string | null {
  const { recent } = useStudio()
  const version = useStudioState((state) => state.galleryVersion)
  useShelf(recent)
  useEffect(() => {
    if (recent.state.total === null) recent.show(recent.state.filter)
    recent.refresh()
    recent.want(0, lookedAt)
  }, [recent, version])
  return (job) => (job.finished === 0 ? null : newestOf(recent, job))
}

function newestOf(shelf: GalleryShelf, job: QueuedJob): string | null {
  for (let index = 0; index <= lookedAt; index++) {
    const picture = shelf.at(index)
    if (picture?.job === job.id) return shelf.thumbnail(picture.id) ?? null
  }
  return null
}
