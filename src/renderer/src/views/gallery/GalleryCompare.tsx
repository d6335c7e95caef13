/** Two pictures side by side, each as large as there is room. */
import { X } from 'lucide-react'
import type { PictureId } from '../../../../shared/contract/gallery-api.ts'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { strings } from '../../strings/strings.ts'
import { useDetails } from './use-details.ts'

const words = strings.gallery

interface Props {
  readonly ids: readonly [PictureId, PictureId]
  readonly onEnd: () => void
}

export function GalleryCompare({ ids, onEnd }: Props) {
  return (
    <section
      className="gallery-compare"
      aria-label={words.comparing}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onEnd()
      }}
    >
      <div className="compare-pictures">
        {ids.map((id) => (
          <Side key={id} id={id} />
        ))}
      </div>
      <TextButton look="outlined" autoFocus onClick={onEnd}>
        <X className="icon" aria-hidden />
        {words.endCompare}
      </TextButton>
    </section>
  )
}

function Side({ id }: { readonly id: PictureId }) {
  const details = useDetails(id)
  if (details === null) return <figure className="compare-side" />
  if ('problem' in details) return <p className="hint is-error">{details.problem}</p>
  const { picture, url } = details
  return (
    <figure className="compare-side">
      <img src={url} alt={picture.prompt} />
      <figcaption className="hint">
        {words.seed} {picture.seed} · {words.sizeOf(picture.width, picture.height)}
      </figcaption>
    </figure>
  )
}
