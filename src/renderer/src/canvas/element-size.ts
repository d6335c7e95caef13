/** Tells the size of an element in CSS px, and how many px of the device one has, at first and whenever either changes. */
import type { Size } from '../../../shared/geometry/rect.ts'

/** Returns what ends it. Told within the layout of a frame: what is drawn at once is part of that frame. */
export function watchSize(element: HTMLElement, tell: (size: Size, ratio: number) => void): () => void {
  let size: Size = { width: -1, height: -1 }
  let zoom: MediaQueryList | undefined
  const measure = (width: number, height: number): void => {
    if (width === size.width && height === size.height) return
    size = { width, height }
    tell(size, devicePixelRatio)
  }
  const observer = new ResizeObserver(([entry]) => {
    if (entry) measure(entry.contentRect.width, entry.contentRect.height)
  })
  const zoomed = (): void => {
    watchZoom()
    tell(size, devicePixelRatio)
  }
  // A query is about one ratio: once it is another, there has to be another query.
  const watchZoom = (): void => {
    zoom?.removeEventListener('change', zoomed)
    zoom = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    zoom.addEventListener('change', zoomed)
  }
  const { width, height } = element.getBoundingClientRect()
  measure(width, height)
  observer.observe(element)
  watchZoom()
  return () => {
    observer.disconnect()
    zoom?.removeEventListener('change', zoomed)
  }
}
