/** Every picture that was ever made, over the canvas: search and filters, the grid, and what is known of what is chosen. */
import { ImageOff, Images, PanelRight, SearchX, Star, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from '../../panels/controls/IconButton.tsx'
import { SelectField } from '../../panels/controls/SelectField.tsx'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { useStudio } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { everything } from '../../studio/library-shelf.ts'
import { ViewEmpty, ViewFrame } from '../ViewFrame.tsx'
import { GalleryCompare } from './GalleryCompare.tsx'
import { GalleryDetails } from './GalleryDetails.tsx'
import { GalleryGrid } from './GalleryGrid.tsx'
import { type Gallery, useGallery } from './use-gallery.ts'
import { useShelf } from './use-shelf.ts'

const words = strings.gallery
/** Ms after the last letter of a search. */
const rest = 200

type Use = keyof typeof strings.useNames

export function GalleryView() {
  const gallery = useGallery()
  const { selection, chosen, reveal, details, comparing } = gallery
  const [first, second] = chosen
  const isComparing = comparing && first !== undefined && second !== undefined && chosen.length === 2
  // Where nothing is, nothing can be known of it.
  const hasDetails = details && gallery.state.total !== 0
  return (
    <ViewFrame view="gallery" tools={<GalleryTools gallery={gallery} />}>
      <div className={hasDetails ? 'gallery has-details' : 'gallery'}>
        {isComparing ? (
          <GalleryCompare ids={[first, second]} onEnd={() => gallery.compare(false)} />
        ) : (
          <GalleryPictures gallery={gallery} selection={selection} reveal={reveal} />
        )}
        {hasDetails && <GalleryDetails gallery={gallery} />}
      </div>
    </ViewFrame>
  )
}

function GalleryPictures({ gallery, selection, reveal }: Pick<Gallery, 'selection' | 'reveal'> & { gallery: Gallery }) {
  const studio = useStudio()
  const { shelf, state } = gallery
  if (state.problem !== null) {
    return (
      <ViewEmpty icon={ImageOff} title={words.failedTitle} text={state.problem}>
        <TextButton look="outlined" onClick={() => shelf.show(state.filter)}>
          {words.again}
        </TextButton>
      </ViewEmpty>
    )
  }
  if (state.total !== 0) {
    return (
      <GalleryGrid
        selection={selection}
        reveal={reveal}
        does={{
          pick: gallery.pick,
          open: (id) => studio.placeGalleryPicture(id),
          star: ({ id, starred }) => studio.starPictures([id], !starred),
        }}
        onKeyDown={gallery.keyDown}
      />
    )
  }
  const { search, starred, use } = state.filter
  if (search === '' && !starred && use === null) {
    return <ViewEmpty icon={Images} title={words.emptyTitle} text={words.emptyText} />
  }
  return (
    <ViewEmpty icon={SearchX} title={words.noneTitle} text={words.noneText}>
      <TextButton look="outlined" onClick={() => shelf.show(everything)}>
        {words.showAll}
      </TextButton>
    </ViewEmpty>
  )
}

function GalleryTools({ gallery }: { readonly gallery: Gallery }) {
  const { shelf, state } = useShelf()
  const { filter, total } = state
  const isFiltered = filter.search !== '' || filter.starred || filter.use !== null
  const count =
    total === null || (total === 0 && !isFiltered) ? '' : isFiltered ? words.found(total) : words.pictures(total)
  const { selection } = gallery
  return (
    <>
      <SearchField />
      <SelectField<Use | 'any'>
        label={words.use}
        className="gallery-use"
        value={filter.use ?? 'any'}
        groups={[
          { options: [{ value: 'any', label: words.anyUse }] },
          {
            options: Object.entries(strings.useNames).map(([value, label]) => ({ value: value as Use, label })),
          },
        ]}
        onChange={(use) => shelf.show({ ...filter, use: use === 'any' ? null : use })}
      />
      <IconButton
        label={words.starred}
        icon={Star}
        pressed={filter.starred}
        onClick={() => shelf.show({ ...filter, starred: !filter.starred })}
      />
      <span className="spring" />
      {selection.ids.size > 1 ? (
        <TextButton onClick={gallery.selectNone}>
          {words.selected(selection.ids.size)}
          <X className="icon" role="img" aria-label={words.clearSelection} />
        </TextButton>
      ) : (
        <span role="status" className="hint">
          {count}
        </span>
      )}
      <IconButton
        label={words.details}
        icon={PanelRight}
        keys="I"
        pressed={gallery.details}
        onClick={gallery.toggleDetails}
      />
    </>
  )
}

/** Searches once nothing more is typed; the filter may change from elsewhere as well. */
function SearchField() {
  const { shelf, state } = useShelf()
  const { search } = state.filter
  const [text, setText] = useState(search)
  const [seen, setSeen] = useState(search)
  if (search !== seen) {
    setSeen(search)
    setText(search)
  }
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === shelf.state.filter.search) return
    const timer = setTimeout(() => shelf.show({ ...shelf.state.filter, search: wanted }), rest)
    return () => clearTimeout(timer)
  }, [shelf, text])
  return (
    <input
      type="search"
      className="field gallery-search"
      aria-label={words.search}
      placeholder={words.search}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return
        event.preventDefault()
        setText('')
      }}
    />
  )
}
