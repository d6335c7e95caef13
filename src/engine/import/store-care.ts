/** Looking after the store: is every byte what was imported, and the store as a whole in another place. */
import { copyFileSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'
import { ModelStore, namesIn, partsName } from './model-store.ts'
import type { PartRecord } from './part-record.ts'
import { replaceFile } from './replace-file.ts'
import { pointStore, storeFolder } from './store-location.ts'
import { hashOf } from './write-part.ts'

/** @returns the parts whose bytes are not what they were when they were imported */
export function verifyParts(
  store: ModelStore,
  parts: readonly PartRecord[],
  onPart: (part: PartRecord, isSound: boolean) => void,
): readonly PartRecord[] {
  return parts.filter((part) => {
    const isSound = isWhole(store.weights(part), part)
    onPart(part, isSound)
    return !isSound
  })
}

function isWhole(path: string, part: PartRecord): boolean {
  try {
    return hashOf(path, () => undefined) === part.sha256
  } catch {
    return false
  }
}

/**
 * Copies the store, looks at every byte of the copy, and then makes it the store: whenever this ends, one of the two is whole and
 * is the one that is used.
 * @throws StudioError 'bad-request' where the folder is not empty, 'write-failed' where a copy differs
 */
export function relocateStore(home: string, to: string, onPart: (part: PartRecord) => void): void {
  const from = storeFolder(home)
  const target = resolve(to)
  if (target === resolve(from))
    throw new StudioError('bad-request', `The models are in ${target} already: name another folder.`)
  if (target !== resolve(home) && namesIn(target).length > 0)
    throw new StudioError('bad-request', `${target} is not empty: name a new folder.`)
  const store = new ModelStore(from)
  const copy = new ModelStore(target)
  const { parts } = store.read()
  try {
    mkdirSync(join(target, partsName), { recursive: true })
    for (const part of parts) {
      onPart(part)
      copyFileSync(store.weights(part), copy.weights(part))
      if (!isWhole(copy.weights(part), part))
        throw new StudioError('write-failed', `${part.id} is not the same in ${target}: try another disk.`)
      replaceFile(join(target, partsName, `${part.id}.json`), part)
    }
    copy.writeManifests()
    mkdirSync(home, { recursive: true })
    pointStore(resolve(home), target)
  } catch (error) {
    copy.remove(parts)
    if (error instanceof StudioError || !(error instanceof Error)) throw error
    throw new StudioError(
      'write-failed',
      `The models cannot be copied to ${target} (${error.message}): name another folder.`,
      { cause: error },
    )
  }
  store.remove(parts)
}
