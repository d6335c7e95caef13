/** Jobs that wait, in the order in which they will run: dragged to another place, or moved with the arrow keys on their handle. */
import { ArrowUpToLine, GripVertical, X } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import type { JobId, QueuedJob } from '../../../../shared/contract/queue-api.ts'
import { IconButton } from '../../panels/controls/IconButton.tsx'
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { JobText, jobLine } from './JobRow.tsx'

const words = strings.queue

export function WaitingList({ jobs }: { readonly jobs: readonly QueuedJob[] }) {
  const studio = useStudio()
  const [dragged, setDragged] = useState<JobId | null>(null)
  /** The place that it would be dropped at: before this job of the list, or after the last. */
  const [place, setPlace] = useState<number | null>(null)

  function move(id: JobId, to: number): void {
    const from = jobs.findIndex((job) => job.id === id)
    if (from < 0 || to === from || to === from + 1) return
    studio.moveJob(id, jobs[to]?.id ?? null)
  }

  function keyDown(event: KeyboardEvent, index: number): void {
    const to = { ArrowUp: index - 1, ArrowDown: index + 2, Home: 0, End: jobs.length }[event.key]
    const job = jobs[index]
    if (to === undefined || job === undefined) return
    event.preventDefault()
    if (to >= 0 && to <= jobs.length) move(job.id, to)
  }

  function dragOver(event: DragEvent<HTMLElement>, index: number): void {
    if (dragged === null) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'move'
    const { top, height } = event.currentTarget.getBoundingClientRect()
    setPlace(event.clientY < top + height / 2 ? index : index + 1)
  }

  function drop(event: DragEvent): void {
    event.preventDefault()
    if (dragged !== null && place !== null) move(dragged, place)
    end()
  }

  function end(): void {
    setDragged(null)
    setPlace(null)
  }

  return (
    <section aria-label={words.waiting}>
      <div className="queue-heading">
        <h2>{words.waiting}</h2>
        <span className="hint">{words.moveHint}</span>
      </div>
      <ol className="job-list" onDrop={drop} onDragEnd={end}>
        {jobs.map((job, index) => (
          <li
            key={job.id}
            className="job is-waiting"
            draggable
            data-dragged={job.id === dragged || undefined}
            data-place={placeMark(place, index, jobs.length)}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move'
              event.dataTransfer.setData('text/plain', job.title)
              setDragged(job.id)
            }}
            onDragOver={(event) => dragOver(event, index)}
          >
            <button
              type="button"
              className="job-handle"
              aria-label={words.handle(job.title)}
              onKeyDown={(event) => keyDown(event, index)}
            >
              <GripVertical className="icon" aria-hidden />
            </button>
            <JobText job={job}>
              <p className="job-line">{jobLine(job)}</p>
            </JobText>
            <IconButton
              label={words.runNext}
              icon={ArrowUpToLine}
              side="left"
              disabled={index === 0}
              onClick={() => move(job.id, 0)}
            />
            <IconButton label={words.remove} icon={X} side="left" onClick={() => studio.removeJobs([job.id])} />
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The line between two jobs is the later one's; below the last it is the last one's. */
function placeMark(place: number | null, index: number, count: number): 'before' | 'after' | undefined {
  if (place === index) return 'before'
  return place === count && index === count - 1 ? 'after' : undefined
}
