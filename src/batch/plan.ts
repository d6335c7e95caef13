/** What a batch would make, before anything is made. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { BatchPlan, BatchSpec } from '../shared/contract/batch.ts'
import { nodeStorage } from '../files/storage.ts'
import { countItems, planItems } from './items.ts'
import { Journals } from './journal.ts'
import type { BatchEngine } from './patient-engine.ts'
import { prepareBatch } from './prepare.ts'
import { oneShard, type Shard } from './shard.ts'
import { checkSpec } from './spec.ts'

const shown = 20
/** Planned without a break; a million take some 20 s, in which a window's thread has other things to do, too. */
const atATime = 500
/** A few that are there tell of a folder that is in use; to look at a million takes minutes on a network drive. */
const lookedAt = 1000

/** @throws StudioError 'bad-request', 'file-not-found', 'model-missing' */
export async function planBatch(
  spec: BatchSpec,
  engine: Pick<BatchEngine, 'describe'>,
  shard: Shard = oneShard,
): Promise<BatchPlan> {
  const checked = checkSpec(spec)
  const { context, earlier } = await prepareBatch(checked, engine)
  const items = countItems(checked, context.pictures, shard)
  const journals = new Journals(earlier?.path ?? '')
  if (earlier !== undefined) await journals.refresh()
  const names: string[] = []
  const prompts: string[] = []
  let finished = 0
  let withoutMask = 0
  let taken = 0
  let looked = 0
  let planned = 0
  for (const item of planItems(checked, context, shard)) {
    planned += 1
    if (planned % atATime === 0) await turn()
    if (names.length < shown) {
      names.push(item.file)
      prompts.push(item.prompt)
    }
    if (item.picture?.mask === null) withoutMask += 1
    if (journals.state(item.id)?.is === 'done') finished += 1
    else if (looked < lookedAt && journals.ownerOf(item.file) === undefined) {
      looked += 1
      if (await isThere(join(checked.out, item.file))) taken += 1
    }
  }
  const warnings = [
    ...takenWarning(checked, taken, looked),
    ...(checked.source.kind === 'pictures' && checked.source.masks !== null ? maskWarning(withoutMask) : []),
    ...(checked.withRecipe && checked.format.type !== 'png'
      ? ['Only PNG files carry how they were made; of the others the manifest tells.']
      : []),
    ...(await spaceWarning(checked.out)),
  ]
  return { items, names, prompts, finished, warnings }
}

function takenWarning({ existing }: BatchSpec, taken: number, looked: number): string[] {
  if (taken === 0) return []
  const what = { skip: 'are left out', suffix: 'stay, and the new ones get a number', replace: 'are replaced' }[
    existing
  ]
  const of = looked === lookedAt ? ` of the first ${lookedAt}` : ''
  return [`${taken}${of} names are taken by other files; these ${what}.`]
}

function maskWarning(withoutMask: number): string[] {
  if (withoutMask === 0) return []
  return [`${withoutMask} pictures have no mask of the same name and will fail.`]
}

async function spaceWarning(out: string): Promise<string[]> {
  const free = await nodeStorage.freeBytes(out).catch(() => Number.POSITIVE_INFINITY)
  return free < 1e9 ? [`Only ${Math.round(free / 1e6)} MB are free where the pictures go.`] : []
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
