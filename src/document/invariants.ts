/**
 * What holds between the records of a document, always: rules D6 to D10 of SPEC.md. The store checks them after each edit,
 * the reader of files before it hands a document out.
 */
import { limits } from './limits.ts'
import type { DocumentRecord } from './records.ts'

export type Records = ReadonlyMap<string, DocumentRecord>

/** The first rule that is broken, in one line; undefined where all hold. Takes time linear in the number of layers. */
export function structureFault(records: Records): string | undefined {
  if (records.get('canvas')?.kind !== 'canvas') return 'there is no canvas'
  if (records.size - 1 > limits.layers)
    return `there are ${records.size - 1} layers, at most ${limits.layers} are possible`
  const places = new Set<string>()
  for (const [id, record] of records) {
    if (record.id !== id) return `'${record.id}' is kept as '${id}'`
    if (record.kind === 'canvas') continue
    const place = `${record.parent ?? ''}/${record.order}`
    if (places.has(place)) return `'${id}' has the same place as another layer`
    places.add(place)
    const fault = parentFault(records, record.parent, id)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Walks up; a circle is longer than the deepest possible nesting, so it needs no check of its own. */
function parentFault(records: Records, start: string | null, id: string): string | undefined {
  let parent = start
  for (let depth = 0; parent !== null; depth++) {
    const group = records.get(parent)
    if (group?.kind !== 'group') return `'${id}' lies in '${parent}', which is no group`
    if (depth >= limits.depth) return `'${id}' lies in itself or deeper than ${limits.depth} groups`
    parent = group.parent
  }
  return undefined
}
