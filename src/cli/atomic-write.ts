/**
 * Writes a result whole or not at all, as the studio saves its files (files/atomic-save.ts), with this command line's words for
 * what goes wrong. An existing file is replaced only where the caller says so; otherwise the name gets a number: `apple-7-2.png`.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { atomicSave, type Chunks, type Saved } from '../files/atomic-save.ts'
import { nodeStorage } from '../files/storage.ts'
import { writeFailure } from './write-failure.ts'

/**
 * Returns the path that was written, which differs from `path` where that was taken and `replace` is false.
 *
 * @throws StudioError 'write-failed'; nothing is left behind, and a file that was to be replaced is as it was.
 */
export async function writeWhole(path: string, bytes: Uint8Array, how: { replace: boolean }): Promise<string> {
  return (await writeChunks(path, [bytes], how)).path
}

/** As `writeWhole`, piece by piece. @throws also what `chunks` throws */
export async function writeChunks(path: string, chunks: Chunks, { replace }: { replace: boolean }): Promise<Saved> {
  try {
    return await atomicSave(nodeStorage, path, chunks, { ifTaken: replace ? 'replace' : 'number', onTemporary })
  } catch (error) {
    throw writeFailure(path, error)
  }
}

/** A second Ctrl-C ends the process at once, perhaps in the middle of this. */
function onTemporary(path: string): () => void {
  const drop = () => rmSync(path, { force: true })
  process.once('exit', drop)
  return () => process.off('exit', drop)
}

/**
 * Shows, before the work whose result goes there, that files can be made in a folder. Permissions do not tell: some disks and
 * system folders refuse everybody.
 *
 * @throws the system's error
 */
export async function probeFolder(folder: string): Promise<void> {
  const temporary = join(folder, `.${randomBytes(6).toString('hex')}.paella-part`)
  await (await open(temporary, 'wx')).close()
  await rm(temporary)
}
