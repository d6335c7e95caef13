/** Where the store is whose home is a folder: there, unless somebody has moved it to another disk (store-care.ts). */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from './replace-file.ts'

const pointerName = 'location.json'

export function storeFolder(home: string): string {
  try {
    const { folder } = JSON.parse(readFileSync(join(home, pointerName), 'utf8')) as { readonly folder?: unknown }
    return typeof folder === 'string' ? folder : home
  } catch {
    return home
  }
}

/** From one moment to the next the store is `folder`. */
export function pointStore(home: string, folder: string): void {
  if (folder === home) rmSync(join(home, pointerName), { force: true })
  else replaceFile(join(home, pointerName), { folder })
}
