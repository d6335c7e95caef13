/** The tiles that a document names, and how many channels each has: the names alone do not tell. */
import type { Records } from '../document/invariants.ts'
import type { DocumentRecord, Generated, Surface } from '../document/records.ts'

export function tilesOfRecords(records: Records): Map<string, Surface['channels']> {
  const found = new Map<string, Surface['channels']>()
  for (const record of records.values()) {
    for (const { channels, tiles } of surfacesOf(record)) for (const id of Object.values(tiles)) found.set(id, channels)
  }
  return found
}

function surfacesOf(record: DocumentRecord): Surface[] {
  if (record.kind === 'canvas') return record.selection === null ? [] : [record.selection]
  const own = record.kind === 'group' ? [] : [record.surface]
  const results = record.kind === 'raster' && record.generated !== null ? resultsOf(record.generated) : []
  return [...own, ...results, ...(record.mask === null ? [] : [record.mask.surface])]
}

const resultsOf = ({ candidates }: Generated): Surface[] => Object.values(candidates).map(({ surface }) => surface)
