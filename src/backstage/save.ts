/**
 * Saving, from the replica as it is at the moment of the call: the window may go on changing the document, and the engine may be
 * busy or dead.
 */
import { basename, dirname } from 'node:path'
import type { Records } from '../document/invariants.ts'
import { toSnapshot } from '../document/snapshot.ts'
import { flattened } from '../files/flatten.ts'
import { oraLayers } from '../files/layer-pixels.ts'
import { type OraDocument, saveOra } from '../files/ora-write.ts'
import { throwIfCancelled } from '../shared/base/cancel.ts'
import type { SavedFile } from '../shared/contract/studio-api.ts'
import type { Desk } from './desk.ts'
import type { OpenDocument } from './open-document.ts'
import type { Work } from './open-file.ts'
import { tilesOfRecords } from './tiles-of-records.ts'

/** Of what the tiles take on the disk: they are in the file as they are, and once more as pictures. */
const fileToTiles = 1.5

/** @throws StudioError 'write-failed' and the old file is as it was, 'document-broken', 'cancelled' */
export async function saveDocument(desk: Desk, document: OpenDocument, path: string, work: Work): Promise<SavedFile> {
  const { changes } = document
  return await document.using((records) =>
    document.saving.alone(async () => {
      throwIfCancelled(work.signal)
      await desk.prepareFolder(dirname(path))
      const { bytes, strips } = await saveOra(desk.storage, path, oraOf(document, records), {
        estimate: (await document.tiles.packedSize(tilesOfRecords(records).keys())) * fileToTiles,
        keepPrevious: !document.savedPaths.has(path),
        earlier: document.strips,
        ...work,
      })
      document.strips = strips
      const name = basename(path)
      await document.markSaved(path, name, changes)
      desk.remember(path)
      await desk.tidy(dirname(path))
      return { path, name, bytes }
    }),
  )
}

function oraOf(document: OpenDocument, records: Records): OraDocument {
  const load = (id: string) => document.tiles.get(id)
  return {
    layers: oraLayers(records.values(), load),
    merged: flattened(records, load),
    document: toSnapshot(records),
    tiles: tilesOfRecords(records).keys(),
    packedTile: (id: string) => document.tiles.packed(id),
  }
}
