/** What a browser tells of the pointer once a frame, point by point. */

/** The way that the pen went since the last frame, point by point, while it draws. */
export function partsOf(event: PointerEvent): readonly PointerEvent[] {
  if (event.buttons === 0 || event.button !== -1) return [event]
  const parts = event.getCoalescedEvents()
  return parts.length === 0 ? [event] : parts
}
