/** Whether two plain values say the same. Parts that are one and the same object are not looked into. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  // Bytes are never changed in place: others are another array, and comparing them would cost a frame.
  if (ArrayBuffer.isView(a)) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]))
  const [keys, others] = [Object.keys(a), Object.keys(b)]
  return keys.length === others.length && keys.every((key) => isSame(a[key as never], b[key as never]))
}
