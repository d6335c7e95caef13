/** What the dialogs for files offer: filters by kind, names with the ending of their kind. */
import { basename, extname, isAbsolute, join } from 'node:path'
import type { FileFilter } from 'electron'
import type { OpenKind, SaveKind } from '../shared/contract/desktop-api.ts'

const pictureEndings = ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'gif', 'avif']

const saved: Readonly<Record<SaveKind, { readonly name: string; readonly endings: readonly string[] }>> = {
  document: { name: 'OpenRaster', endings: ['ora'] },
  png: { name: 'PNG', endings: ['png'] },
  jpeg: { name: 'JPEG', endings: ['jpg', 'jpeg'] },
  webp: { name: 'WebP', endings: ['webp'] },
  gif: { name: 'GIF', endings: ['gif'] },
  avif: { name: 'AVIF', endings: ['avif'] },
}

export function openFilters(kind: OpenKind): FileFilter[] {
  const pictures = { name: 'Pictures', extensions: pictureEndings }
  const all = { name: 'All files', extensions: ['*'] }
  if (kind === 'picture') return [pictures, all]
  if (kind === 'prompts') return [{ name: 'Lists of prompts', extensions: ['txt', 'csv', 'jsonl'] }, all]
  return [
    { name: 'Documents and pictures', extensions: ['ora', ...pictureEndings] },
    { name: 'OpenRaster', extensions: ['ora'] },
    pictures,
    all,
  ]
}

export function saveFilters(kind: SaveKind): FileFilter[] {
  const { name, endings } = saved[kind]
  return [{ name, extensions: [...endings] }]
}

/** The path with the ending of its kind: not every system's dialog puts it there. */
export function withEnding(path: string, kind: SaveKind): string {
  const { endings } = saved[kind]
  return endings.includes(extname(path).slice(1).toLowerCase()) ? path : `${path}.${endings[0] as string}`
}

/** Where a dialog starts: a path as it stands, a name within `folder`. */
export function suggestedPath(suggested: string, folder: string): string {
  return isAbsolute(suggested) ? suggested : join(folder, basename(suggested))
}
