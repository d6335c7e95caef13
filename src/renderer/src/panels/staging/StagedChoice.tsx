/** Which result is shown and what there is to say of it, and the two ways to end: take it, or leave them all. */
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { IconButton } from '../controls/IconButton.tsx'
import { useKeys } from '../controls/keys.ts'
import { TextButton } from '../controls/TextButton.tsx'
import { Tip } from '../controls/Tip.tsx'
import type { StagedPicture } from '../../studio/studio-state.ts'

const words = strings.staging

export function StagedChoice() {
  const studio = useStudio()
  const { shown, count, picture } = useStudioState(({ staging }) => ({
    shown: staging?.shown ?? 0,
    count: staging?.pictures.length ?? 0,
    picture: staging?.pictures[staging.shown - 1] ?? null,
  }))
  const [accept, discard] = [useKeys('staging.accept'), useKeys('staging.discard')]
  const [previous, next] = [useKeys('staging.previous'), useKeys('staging.next')]
  return (
    <>
      <span className="button-group staged-arrows">
        <IconButton
          label={words.previous}
          keys={previous}
          icon={ChevronLeft}
          side="top"
          className="is-small"
          disabled={shown === 0}
          onClick={() => studio.stage(shown - 1)}
        />
        <IconButton
          label={words.next}
          keys={next}
          icon={ChevronRight}
          side="top"
          className="is-small"
          disabled={shown === count}
          onClick={() => studio.stage(shown + 1)}
        />
      </span>
      <p className="staged-facts" role="status">
        <span className="staged-title">
          {picture === null ? words.original : `${words.place(shown, count)} · ${words.seed(picture.seed)}`}
        </span>
        <span className="staged-detail">{picture === null ? words.originalText : detailOf(picture)}</span>
      </p>
      <Tip label={words.discard} keys={discard} side="top">
        <TextButton onClick={() => studio.discardStaged()}>{words.discard}</TextButton>
      </Tip>
      <Tip label={shown === 0 ? words.keep : words.accept} keys={accept} side="top">
        <TextButton look="accent" className="accept" onClick={() => studio.acceptStaged()}>
          {shown === 0 ? words.keep : words.accept}
        </TextButton>
      </Tip>
    </>
  )
}

/** What was kept of the picture before, or that it was stopped on its way; else nothing. */
function detailOf({ unchanged, cells, steps }: StagedPicture): string {
  const stopped = steps.taken < steps.of ? words.stopped(steps.taken, steps.of) : null
  const kept = unchanged === null ? null : words.unchanged(unchanged, cells)
  return [kept, stopped].filter((text) => text !== null).join(' · ')
}
