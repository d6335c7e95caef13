/** A queue whose program is killed with SIGKILL again and again, and what its folder holds in the end. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readFacts } from '../../src/library/picture-file.ts'

export interface KilledQueue {
  /** Jobs and pictures that were asked for. */
  readonly jobs: number
  readonly pictures: number
  readonly kills: number
  /** Jobs that were open when it was killed. */
  readonly openAtKills: readonly number[]
  /** Files in the folder of pictures that are whole PNGs with a mark, and others. */
  readonly files: number
  readonly strangers: number
  /** Pictures of jobs that are there more than once, and those that are missing. */
  readonly doubled: number
  readonly missing: number
}

const program = fileURLToPath(new URL('queue-program.ts', import.meta.url))

/** @param atOpen how many jobs are to be open at each kill */
export async function runWithKills(folder: string, jobs: number, atOpen: readonly number[]): Promise<KilledQueue> {
  const openAtKills: number[] = []
  let toMake = jobs
  for (const [i, open] of atOpen.entries()) {
    // A little later each time, so that the kills fall on different moments of a picture.
    openAtKills.push(await runUntil(folder, toMake, open, i * 7))
    toMake = 0
  }
  await runUntil(folder, toMake, -1, 0)
  const asked = new Set<string>()
  for (let i = 0; i < jobs; i++) for (let k = 0; k <= i % 3; k++) asked.add(`job ${i}: ${i * 10 + k}`)
  const found = new Map<string, number>()
  const marks = new Set<string>()
  let [files, strangers, sameMark] = [0, 0, 0]
  for (const path of filesIn(join(folder, 'pictures'))) {
    const facts = path.endsWith('.png') ? readFacts(readFileSync(path)) : undefined
    if (facts?.mark === undefined) {
      strangers += 1
      continue
    }
    files += 1
    const { use, seed } = facts.recipe.request
    const name = `${use.prompt}: ${seed}`
    found.set(name, (found.get(name) ?? 0) + 1)
    const mark = `${facts.mark.job} ${facts.mark.place}`
    if (marks.has(mark)) sameMark += 1
    marks.add(mark)
  }
  return {
    jobs,
    pictures: asked.size,
    kills: openAtKills.length,
    openAtKills,
    files,
    strangers,
    doubled: sameMark + [...found.values()].filter((count) => count > 1).length,
    missing: [...asked].filter((name) => !found.has(name)).length,
  }
}

/** Returns how many jobs were open when it was killed; 0 where it ended by itself. */
async function runUntil(folder: string, jobs: number, open: number, later: number): Promise<number> {
  const child = spawn(process.execPath, [program, folder, String(jobs)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const errors: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line))
  let last = 0
  let isKilled = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = (JSON.parse(line) as { readonly open: number }).open
    if (last > open || isKilled) return
    isKilled = true
    setTimeout(() => child.kill('SIGKILL'), later)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (!isKilled && code !== 0)
    throw new Error(`the queue's program ended with ${code}:\n${errors.slice(-20).join('\n')}`)
  return isKilled ? last : 0
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
