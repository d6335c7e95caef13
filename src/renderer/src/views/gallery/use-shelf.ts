/** The gallery's pages in React: drawn anew whenever one of them, or a thumbnail, comes. */
import { useSyncExternalStore } from 'react'
import { useStudio } from '../../state/use-studio.tsx'
import type { GalleryShelf, ShelfState } from '../../studio/library-shelf.ts'

/** @param other in place of the gallery's own */
export function useShelf(other?: GalleryShelf): { readonly shelf: GalleryShelf; readonly state: ShelfState } {
  const { gallery } = useStudio()
  const shelf = other ?? gallery
  const state = useSyncExternalStore(
    (listener) => shelf.subscribe(listener),
    () => shelf.state,
  )
  return { shelf, state }
}
