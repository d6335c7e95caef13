/** What the gallery's keys and clicks do: which pictures are chosen, and what is done with them. */
import { type KeyboardEvent, type MouseEvent, useEffect, useState } from 'react'
import type { GalleryPicture, PictureId } from '../../../../shared/contract/gallery-api.ts'
import { useStudio } from '../../state/use-studio.tsx'
import { type GridLayout, moveFrom } from './grid-layout.ts'
import { nothing, only, ranged, type Selection, toggled, without } from './selection.ts'
import { useShelf } from './use-shelf.ts'

const moves = /^(?:Arrow(?:Left|Right|Up|Down)|Page(?:Up|Down)|Home|End)$/

export function useGallery() {
  const studio = useStudio()
  const { shelf, state } = useShelf()
  const [selection, setSelection] = useState<Selection>(nothing)
  const [details, setDetails] = useState(true)
  const [comparing, setComparing] = useState(false)
  const [reveal, setReveal] = useState<{ readonly index: number } | null>(null)
  /** Where the active picture is, or was when it was last known. */
  const [lastIndex, setLastIndex] = useState(0)
  const known = selection.active === null ? -1 : shelf.indexOf(selection.active)
  const index = Math.max(0, Math.min(known < 0 ? lastIndex : known, (state.total ?? 1) - 1))

  useEffect(() => {
    if (shelf.state.total === null) shelf.show(shelf.state.filter)
    else shelf.refresh()
  }, [shelf])

  const chosen = [...selection.ids]

  function choose(next: Selection, at: number): void {
    setSelection(next)
    setLastIndex(at)
  }

  /** Chooses everything from the anchor to a place. Where the anchor went far out of view, only the picture there. */
  async function chooseTo(at: number, id: PictureId): Promise<void> {
    const anchor = selection.anchor === null ? -1 : shelf.indexOf(selection.anchor)
    if (anchor < 0) return choose(only(id), at)
    choose(ranged(selection, id, await shelf.ids(Math.min(anchor, at), Math.max(anchor, at))), at)
  }

  async function goTo(at: number, extend: boolean): Promise<void> {
    setReveal({ index: at })
    setLastIndex(at)
    const id = shelf.at(at)?.id ?? (await shelf.ids(at, at))[0]
    if (id === undefined) return
    if (extend) await chooseTo(at, id)
    else choose(only(id), at)
  }

  function pick(at: number, { id }: GalleryPicture, event: MouseEvent): void {
    if (event.shiftKey) void chooseTo(at, id).catch(() => shelf.refresh())
    else if (event.ctrlKey || event.metaKey) choose(toggled(selection, id), at)
    else choose(only(id), at)
  }

  function trash(): void {
    if (chosen.length === 0) return
    studio.trashPictures(chosen)
    // On with the next that stays, as one who sorts wants it.
    let next = index
    while (selection.ids.has(shelf.at(next)?.id ?? '')) next += 1
    if (shelf.at(next) === undefined) for (next = index; selection.ids.has(shelf.at(next)?.id ?? ''); ) next -= 1
    const id = shelf.at(next)?.id
    choose(id === undefined ? without(selection, chosen) : only(id), Math.max(0, next))
    setComparing(false)
  }

  /** All of them get a star, or lose it where all have one. */
  function star(): void {
    const pictures = chosen.map((id) => shelf.at(shelf.indexOf(id)))
    studio.starPictures(chosen, !pictures.every((picture) => picture?.starred))
  }

  function keyDown(event: KeyboardEvent, layout: GridLayout, rowsAPage: number): void {
    const { key } = event
    const isCtrl = event.ctrlKey || event.metaKey
    const run = (action: () => void): void => {
      event.preventDefault()
      action()
    }
    if (isCtrl && key.toLowerCase() === 'a') {
      return run(() => {
        void shelf.ids().then(
          (ids) => setSelection({ ...selection, ids: new Set(ids), active: selection.active ?? ids[0] ?? null }),
          () => shelf.refresh(),
        )
      })
    }
    if (isCtrl || event.altKey) return
    if (moves.test(key) && layout.count > 0) {
      const at = selection.active === null && key !== 'End' ? 0 : moveFrom(layout, index, key, rowsAPage)
      return run(() => void goTo(at, event.shiftKey).catch(() => shelf.refresh()))
    }
    if (key === 'Escape' && selection.ids.size > 1) return run(() => choose(nothing, index))
    if (key === ' ' || key.toLowerCase() === 'i') return run(() => setDetails(!details))
    if (chosen.length === 0) return
    if (key === 'Enter' && selection.active !== null)
      return run(() => studio.placeGalleryPicture(selection.active ?? ''))
    if (key.toLowerCase() === 's') return run(star)
    if (key === 'Delete' || key === 'Backspace') return run(trash)
    if (key.toLowerCase() === 'c' && chosen.length === 2) return run(() => setComparing(true))
  }

  return {
    shelf,
    state,
    selection,
    chosen,
    reveal,
    details,
    comparing,
    pick,
    keyDown,
    trash,
    star,
    toggleDetails: () => setDetails(!details),
    compare: setComparing,
    selectNone: () => choose(nothing, index),
  }
}

export type Gallery = ReturnType<typeof useGallery>
