/** The pictures of a folder, in an order that does not depend on the file system, each with its mask where there is one. */
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, posix, resolve } from 'node:path'
import { readFailure } from '../files/read-failure.ts'
import type { BatchSpec } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'

/** Paths below the folders that the batch names, '/' between their parts. */
export interface SourcePicture {
  readonly path: string
  readonly mask: string | null
}

const pictureEnding = /\.(?:png|jpe?g|webp|tiff?|gif|avif)$/i

/**
 * None for a list of prompts. What is no picture by its name, hidden, or made by the batch itself is left out.
 *
 * @throws StudioError 'file-not-found', 'file-unreadable'
 */
export async function sourcePictures({ source, out }: BatchSpec): Promise<SourcePicture[]> {
  if (source.kind === 'prompts') return []
  const own = await realpath(out).catch(() => resolve(out))
  const paths = await picturesBelow(source.folder, source.recursive, own)
  if (source.masks === null) return paths.map((path) => ({ path, mask: null }))
  const masks = new Map<string, string>()
  for (const path of await picturesBelow(source.masks, source.recursive, own)) {
    if (!masks.has(withoutEnding(path))) masks.set(withoutEnding(path), path)
  }
  return paths.map((path) => ({ path, mask: masks.get(withoutEnding(path)) ?? null }))
}

async function picturesBelow(folder: string, recursive: boolean, except: string): Promise<string[]> {
  const found: string[] = []
  const walk = async (below: string): Promise<void> => {
    const path = join(folder, below)
    if ((await realpath(path).catch(() => path)) === except) return
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw folderFailure(path, error)
    })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue
      const inside = below === '' ? entry.name : posix.join(below, entry.name)
      // Links to folders are not followed: they may lead in a circle.
      if (entry.isDirectory()) {
        if (recursive) await walk(inside)
      } else if (pictureEnding.test(entry.name) && (await isFile(entry, join(path, entry.name)))) found.push(inside)
    }
  }
  await walk('')
  return found
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (entry.isFile()) return true
  return entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile() === true
}

function folderFailure(path: string, error: unknown): unknown {
  const isNoFolder = error instanceof Error && 'code' in error && error.code === 'ENOTDIR'
  return isNoFolder
    ? new StudioError('bad-request', `${path} is no folder: name one with pictures.`)
    : readFailure(path, error)
}

const withoutEnding = (path: string): string => path.slice(0, path.length - posix.extname(path).length)
