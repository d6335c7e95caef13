/**
 * The pictures by days. Only what is in view is in the page: the rest is room that its scroll bar knows of. The grid has the focus
 * as a whole, and says which picture its keys mean.
 */
import { ImageOff, Star } from 'lucide-react'
import {
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { GalleryPicture, PictureId } from '../../../../shared/contract/gallery-api.ts'
import { strings } from '../../strings/strings.ts'
import { dayText } from './days.ts'
import { gap, type GridLayout, gridLayout, headingHeight, placeOf, visibleIn } from './grid-layout.ts'
import type { Selection } from './selection.ts'
import { useShelf } from './use-shelf.ts'

const words = strings.gallery
/** Px above and below what is seen that are there already. */
const spare = 480

interface Props {
  readonly selection: Selection
  /** Where a key went: scrolled into view, once for each object. */
  readonly reveal: { readonly index: number } | null
  readonly onPick: (index: number, picture: GalleryPicture, event: MouseEvent) => void
  readonly onOpen: (id: PictureId) => void
  readonly onStar: (picture: GalleryPicture) => void
  readonly onKeyDown: (event: KeyboardEvent, layout: GridLayout, rowsAPage: number) => void
}

export function GalleryGrid({ selection, reveal, onPick, onOpen, onStar, onKeyDown }: Props) {
  const { shelf, state } = useShelf()
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ width: 0, height: 0, top: 0 })
  const layout = useMemo(() => gridLayout(state.days, view.width), [state.days, view.width])
  const shown = visibleIn(layout, view.top - spare, view.top + view.height + spare)
  const from = shown[0]?.from ?? 0
  const to = (shown.at(-1)?.to ?? 1) - 1

  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      const inside = getComputedStyle(element)
      const width = element.clientWidth - Number.parseFloat(inside.paddingLeft) - Number.parseFloat(inside.paddingRight)
      setView((known) => ({ ...known, width, height: element.clientHeight }))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    if (view.width > 0 && layout.count > 0) shelf.want(from, to)
  }, [shelf, view.width, layout.count, from, to])

  useScrollTo(box, layout, reveal)
  useStayWhere(box, layout)

  return (
    <div
      ref={box}
      role="listbox"
      aria-multiselectable
      aria-label={words.title}
      aria-activedescendant={selection.active === null ? undefined : optionId(selection.active)}
      tabIndex={0}
      className="gallery-grid"
      data-first
      onScroll={({ currentTarget: { scrollTop } }) => setView((known) => ({ ...known, top: scrollTop }))}
      onKeyDown={(event) => {
        onKeyDown(event, layout, Math.max(1, Math.floor(view.height / (layout.side + gap)) - 1))
      }}
    >
      <div role="presentation" className="gallery-all" style={{ height: layout.height }}>
        {shown.map(({ section, from, to }) => {
          const name = dayText(section.day, new Date())
          return (
            <div
              key={section.day}
              role="group"
              aria-label={name}
              className="gallery-day"
              style={{ top: section.top, height: section.height }}
            >
              <div className="gallery-heading" style={{ height: headingHeight }} aria-hidden>
                {name}
                <span className="gallery-count">{words.pictures(section.count)}</span>
              </div>
              {Array.from({ length: to - from }, (_, i) => from + i).map((index) => {
                const { x, y } = placeOf(layout, index) ?? { x: 0, y: 0 }
                const place = { left: x, top: y - section.top, width: layout.side, height: layout.side }
                const picture = shelf.at(index)
                if (picture === undefined) return <div key={index} className="tile is-coming" style={place} />
                const { id } = picture
                return (
                  <Tile
                    key={id}
                    picture={picture}
                    url={shelf.thumbnail(id)}
                    place={place}
                    setSize={layout.count}
                    position={index + 1}
                    isChosen={selection.ids.has(id)}
                    isActive={selection.active === id}
                    onPick={(event) => onPick(index, picture, event)}
                    onOpen={() => onOpen(id)}
                    onStar={() => onStar(picture)}
                  />
                )
              })}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface TileProps {
  readonly picture: GalleryPicture
  readonly url: string | null | undefined
  readonly place: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
  readonly setSize: number
  readonly position: number
  readonly isChosen: boolean
  readonly isActive: boolean
  readonly onPick: (event: MouseEvent) => void
  readonly onOpen: () => void
  readonly onStar: () => void
}

function Tile(props: TileProps) {
  const { picture, url, place, setSize, position, isChosen, isActive, onPick, onOpen, onStar } = props
  const marks = [picture.starred ? words.isStarred : '', picture.partial ? words.isPartial : '']
  const name = [picture.prompt.trim() || words.untitled, ...marks].filter((text) => text !== '').join(', ')
  return (
    <div
      id={optionId(picture.id)}
      role="option"
      aria-selected={isChosen}
      aria-setsize={setSize}
      aria-posinset={position}
      aria-label={name}
      title={picture.prompt.slice(0, 300)}
      className={`tile ${isActive ? 'is-active' : ''}`}
      style={place}
      onClick={onPick}
      onDoubleClick={onOpen}
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
          onStar()
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <Star className="icon" aria-hidden />
      </span>
    </div>
  )
}

const optionId = (id: PictureId): string => `picture-${id}`

type Box = RefObject<HTMLDivElement | null>

function useScrollTo(box: Box, layout: GridLayout, reveal: Props['reveal']): void {
  const latest = useRef(layout)
  useLayoutEffect(() => {
    latest.current = layout
  })
  useLayoutEffect(() => {
    const place = reveal && placeOf(latest.current, reveal.index)
    const element = box.current
    if (!place || element === null) return
    const [above, below] = [place.y - headingHeight, place.y + latest.current.side + gap]
    if (above < element.scrollTop) element.scrollTop = above
    else if (below > element.scrollTop + element.clientHeight) element.scrollTop = below - element.clientHeight
  }, [box, reveal])
}

/** New pictures come at the top: what is looked at further down stays where it is. */
function useStayWhere(box: Box, layout: GridLayout): void {
  const before = useRef(layout)
  useLayoutEffect(() => {
    const element = box.current
    const [was, added] = [before.current, layout.count - before.current.count]
    before.current = layout
    if (element === null || added <= 0 || was.columns !== layout.columns || element.scrollTop < headingHeight) return
    const [first] = visibleIn(was, element.scrollTop, element.scrollTop + 1)
    const place = first && placeOf(was, first.from)
    const now = first && placeOf(layout, first.from + added)
    if (place !== undefined && now !== undefined) element.scrollTop += now.y - place.y
  }, [box, layout])
}
