/**
 * The pictures by days. Only what is in view is in the page: the rest is room that its scroll bar knows of. The grid has the focus
 * as a whole, and says which picture its keys mean.
 */
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { strings } from '../../strings/strings.ts'
import { dayText } from './days.ts'
import { GalleryTile, optionId, type TileActions } from './GalleryTile.tsx'
import { gap, type GridLayout, gridLayout, headingHeight, placeOf, visibleIn } from './grid-layout.ts'
import type { Selection } from './selection.ts'
import { useShelf } from './use-shelf.ts'

const words = strings.gallery
/** Px above and below what is seen that are there already. */
const spare = 480
/** Px of scrolling that change nothing of what is there: far fewer than are spare. */
const scrollStep = 80

interface Props {
  readonly selection: Selection
  /** Where a key went: scrolled into view, once for each object. */
  readonly reveal: { readonly index: number } | null
  readonly does: TileActions
  readonly onKeyDown: (event: KeyboardEvent, layout: GridLayout, rowsAPage: number) => void
}

export function GalleryGrid({ selection, reveal, does: latestDoes, onKeyDown }: Props) {
  const does = useSame(latestDoes)
  const { shelf, state } = useShelf()
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ width: 0, height: 0, top: 0 })
  const layout = useMemo(() => gridLayout(state.days, view.width), [state.days, view.width])
  const shown = visibleIn(layout, view.top - spare, view.top + view.height + spare)
  const from = shown[0]?.from ?? 0
  const to = (shown.at(-1)?.to ?? 1) - 1

  // After a comparison, or a search that found nothing, whatever had the focus is gone.
  useEffect(() => {
    if (document.activeElement === document.body) box.current?.focus()
  }, [])

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
      onScroll={({ currentTarget: { scrollTop } }) => {
        const top = Math.round(scrollTop / scrollStep) * scrollStep
        setView((known) => (known.top === top ? known : { ...known, top }))
      }}
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
                const top = y - section.top
                const picture = shelf.at(index)
                if (picture === undefined) {
                  const place = { left: x, top, width: layout.side, height: layout.side }
                  return <div key={index} className="tile is-coming" style={place} />
                }
                const { id } = picture
                return (
                  <GalleryTile
                    key={id}
                    picture={picture}
                    url={shelf.thumbnail(id)}
                    left={x}
                    top={top}
                    side={layout.side}
                    index={index}
                    count={layout.count}
                    isChosen={selection.ids.has(id)}
                    isActive={selection.active === id}
                    does={does}
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

/** Calls whatever is the latest, and is itself always the same, so that no tile is drawn anew for it. */
function useSame(does: TileActions): TileActions {
  const latest = useRef(does)
  useLayoutEffect(() => {
    latest.current = does
  })
  return useMemo(
    () => ({
      pick: (...args) => latest.current.pick(...args),
      open: (...args) => latest.current.open(...args),
      star: (...args) => latest.current.star(...args),
    }),
    [],
  )
}

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
