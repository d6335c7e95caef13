/** One picture of the grid. Drawn anew only when something of it is another. */
import { ImageOff, Star } from 'lucide-react'
import { memo, type MouseEvent } from 'react'
import type { GalleryPicture, PictureId } from '../../../../shared/contract/gallery-api.ts'
import { strings } from '../../strings/strings.ts'

const words = strings.gallery

export interface TileActions {
  pick(index: number, picture: GalleryPicture, event: MouseEvent): void
  open(id: PictureId): void
  star(picture: GalleryPicture): void
}

interface Props {
  readonly picture: GalleryPicture
  /** Null where the file is gone, undefined until it is there. */
  readonly url: string | null | undefined
  readonly left: number
  readonly top: number
  readonly side: number
  readonly index: number
  /** Of all pictures. */
  readonly count: number
  readonly isChosen: boolean
  readonly isActive: boolean
  readonly does: TileActions
}

export const optionId = (id: PictureId): string => `picture-${id}`

export const GalleryTile = memo(function GalleryTile(props: Props) {
  const { picture, url, left, top, side, index, count, isChosen, isActive, does } = props
  const marks = [
    picture.starred ? words.isStarred : '',
    picture.partial ? words.isPartial : '',
    url === null ? words.gone : '',
  ]
  const name = [picture.prompt.trim() || words.untitled, ...marks].filter((text) => text !== '').join(', ')
  return (
    <div
      id={optionId(picture.id)}
      role="option"
      aria-selected={isChosen}
      aria-setsize={count}
      aria-posinset={index + 1}
      aria-label={name}
      title={picture.prompt.slice(0, 300)}
      className={`tile ${isActive ? 'is-active' : ''}`}
      style={{ left, top, width: side, height: side }}
      onClick={(event) => does.pick(index, picture, event)}
      onDoubleClick={() => does.open(picture.id)}
    >
      {typeof url === 'string' && <img className="tile-picture" src={url} alt="" draggable={false} />}
      {url === null && (
        <span className="tile-gone">
          <ImageOff className="icon" aria-hidden />
          {words.gone}
        </span>
      )}
      {picture.partial && <span className="tile-mark">{words.isPartial}</span>}
      {/* For the pointer alone: keys have S, and an option holds no buttons. */}
      <span
        className={`tile-star ${picture.starred ? 'is-on' : ''}`}
        aria-hidden
        onClick={(event) => {
          event.stopPropagation()
          does.star(picture)
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <Star className="icon" aria-hidden />
      </span>
    </div>
  )
})
