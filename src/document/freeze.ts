/** Records are shared between the store, its diffs and every reader, so nothing may write to them. */

/** Freezes a plain value and everything in it, and hands it back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !known.has(value)) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
    known.add(value)
  }
  return value
}

/** What has been frozen to its depth, so that a patch of one tile does not walk all tiles of all records again. */
const known = new WeakSet<object>()
