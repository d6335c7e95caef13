/**
 * The parts of the window that F6 goes through, in the order of the page: whatever carries `data-region`. Each remembers which
 * of its elements had the focus.
 */

const focusable = [
  'button:not(:disabled)',
  'input:not(:disabled)',
  'textarea:not(:disabled)',
  'a[href]',
  '[tabindex]',
].join(',')

const lastFocused = new WeakMap<Element, WeakRef<HTMLElement>>()

/** What Tab would reach in it, in order. */
function reachable(region: Element): HTMLElement[] {
  return [...region.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) =>
      element.tabIndex >= 0 &&
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('[inert]') === null,
  )
}

/** Regions in regions (the prompt on the canvas) count for themselves. */
const regionOf = (element: Element | null): Element | null => element?.closest('[data-region]') ?? null

/** Puts the focus into the next part of the window, where it was last. Nothing happens while a dialog is open. */
export function focusNextRegion(): void {
  if (document.querySelector('[role=dialog][data-open], [role=alertdialog][data-open]') !== null) return
  const regions = [...document.querySelectorAll('[data-region]')]
  const current = regionOf(document.activeElement)
  const start = current === null ? -1 : regions.indexOf(current)
  if (current !== null && document.activeElement instanceof HTMLElement) {
    lastFocused.set(current, new WeakRef(document.activeElement))
  }
  for (let i = 1; i <= regions.length; i++) {
    const region = regions[(start + i) % regions.length] as Element
    const candidates = reachable(region).filter((element) => regionOf(element) === region)
    const last = lastFocused.get(region)?.deref()
    const target = last !== undefined && candidates.includes(last) ? last : candidates[0]
    if (target !== undefined) return target.focus()
  }
}

/** Back to work: keys mean the canvas again. */
export function focusCanvas(): void {
  const canvas = document.querySelector('[data-region=canvas]')
  if (canvas === null) return
  reachable(canvas)
    .find((element) => regionOf(element) === canvas)
    ?.focus()
}
