/**
 * Older documents as newer ones: step i turns a snapshot of version i + 1 into one of version i + 2. Steps are pure, work on
 * JSON rather than on today's types, and are never changed once released; each has a fixture of the old version in the tests.
 */

/** A snapshot's records as JSON, checked by nothing yet. */
export type Migration = (records: readonly unknown[]) => readonly unknown[]

export const migrations: readonly Migration[] = [withGenerated]

/** Version 2: a raster layer remembers the results of the run that made it. */
function withGenerated(records: readonly unknown[]): readonly unknown[] {
  return records.map((record) => (isRaster(record) ? { ...record, generated: null } : record))
}

const isRaster = (record: unknown): record is { readonly kind: 'raster' } =>
  typeof record === 'object' && record !== null && 'kind' in record && record.kind === 'raster'

/** @param version of `records`, at least 1 and at most one more than there are steps */
export function migrate(records: readonly unknown[], version: number, steps: readonly Migration[]): readonly unknown[] {
  return steps.slice(version - 1).reduce((current, step) => step(current), records)
}
