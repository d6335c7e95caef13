/** Looking after the store: is every byte what was imported, and the store as a whole in another place. */
import { copyFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'
import { ModelStore, namesIn, partsName } from './model-store.ts'
import type { PartRecord } from './part-record.ts'
import { makeFolder, replaceFile } from './replace-file.ts'
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

export function isWhole(path: string, part: PartRecord, onBytes: (count: number) => void = () => undefined): boolean {
  try {
    return hashOf(path, onBytes) === part.sha256
  } catch {
    return false
  }
}

/**
 * Copies the store, looks at every byte of the copy, and then makes it the store: whenever this ends, one of the two is whole and
 * is the one that is used.
 * @throws StudioError 'bad-request' where the folder is not empty, 'model-broken' where a part is damaged, 'write-failed' where it
 * cannot be copied
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
    makeFolder(join(target, partsName))
    for (const part of parts) {
      onPart(part)
      copyFileSync(store.weights(part), copy.weights(part))
      if (!isWhole(copy.weights(part), part)) throw unlike(store, part, target)
      replaceFile(join(target, partsName, `${part.id}.json`), part)
    }
    copy.writeManifests()
    makeFolder(resolve(home))
    pointStore(resolve(home), target)
  } catch (error) {
    withdraw(copy, parts)
    if (error instanceof StudioError || !(error instanceof Error)) throw error
    throw new StudioError(
      'write-failed',
      `The models cannot be copied to ${target} (${error.message}): name another folder.`,
      { cause: error },
    )
  }
  store.remove(parts)
}

function unlike(store: ModelStore, part: PartRecord, target: string): StudioError {
  if (isWhole(store.weights(part), part))
    return new StudioError('write-failed', `${part.id} is not the same in ${target}: try another disk.`)
  const message = `${part.id} is damaged: import ${part.source.name} again, or remove it, and move then.`
  return new StudioError('model-broken', message)
}

/** Where not even that can be done, what went wrong before is what to tell. */
function withdraw(copy: ModelStore, parts: readonly PartRecord[]): void {
  try {
    copy.remove(parts)
  } catch {
    // No folder, or a disk that went read-only.
  }
}
