/** For our own bugs. What the world does wrong is a StudioError (contract/errors.ts). */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}
