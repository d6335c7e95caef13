/**
 * A whole document as JSON, with the version of its format: what files hold beside the tiles. Reading trusts nothing: size,
 * form, ranges and structure are checked, and whatever is wrong is a StudioError 'document-broken'.
 */
import { z } from 'zod'
import { StudioError } from '../shared/contract/errors.ts'
import { deepFreeze } from './freeze.ts'
import { type Records, structureFault } from './invariants.ts'
import { limits } from './limits.ts'
import { type Migration, migrate, migrations } from './migrations.ts'
import type { DocumentRecord } from './records.ts'
import { recordFault } from './schema.ts'
import { DocumentStore } from './store.ts'

const format = 'paella-studio-document'

export interface Snapshot {
  readonly format: typeof format
  /** One more than there are migrations. */
  readonly version: number
  /** Sorted by id, so that equal documents are equal files. */
  readonly records: readonly DocumentRecord[]
}

const envelope = z.strictObject({
  format: z.literal(format),
  version: z.int().min(1),
  records: z.array(z.unknown()).max(limits.layers + 1),
})

export function toSnapshot(records: Records): Snapshot {
  const sorted = [...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return { format, version: migrations.length + 1, records: sorted }
}

/**
 * @param text JSON of a snapshot of this version or an older one
 * @throws StudioError 'document-broken'
 */
export function readSnapshot(text: string): DocumentStore {
  try {
    return fromSnapshot(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) throw broken('it is not JSON', error.message)
    throw error
  }
}

/**
 * @param value what a snapshot is said to be
 * @param steps for tests: other migrations than ours
 * @throws StudioError 'document-broken'
 */
export function fromSnapshot(value: unknown, steps: readonly Migration[] = migrations): DocumentStore {
  const parsed = envelope.safeParse(value)
  if (!parsed.success) throw broken('it is not a document of Paella Studio', parsed.error.message)
  const { version } = parsed.data
  if (version > steps.length + 1) {
    throw new StudioError(
      'document-broken',
      `The document was saved by a newer Paella Studio (format ${version}, this one reads up to ${steps.length + 1}). Update the app to open it.`,
    )
  }
  const records = new Map<string, DocumentRecord>()
  for (const candidate of migrated(parsed.data.records, version, steps)) {
    const fault = recordFault(candidate)
    if (fault !== undefined) throw broken('one of its layers is not valid', fault)
    const record = deepFreeze(candidate as DocumentRecord)
    if (records.has(record.id)) throw broken('it holds a layer twice', record.id)
    records.set(record.id, record)
  }
  const fault = structureFault(records)
  if (fault !== undefined) throw broken('its layers do not fit together', fault)
  return new DocumentStore(records)
}

/** A step meets old files as they are; where it stumbles over one, that file is broken. */
function migrated(records: readonly unknown[], version: number, steps: readonly Migration[]): readonly unknown[] {
  try {
    return migrate(records, version, steps)
  } catch (error) {
    throw broken(`it could not be read as format ${version}`, String(error))
  }
}

function broken(cause: string, detail: string): StudioError {
  return new StudioError(
    'document-broken',
    `The document cannot be opened: ${cause}. Try an older copy of the file, or what was recovered.`,
    { detail },
  )
}
