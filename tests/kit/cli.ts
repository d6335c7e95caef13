/**
 * Runs the built `paella` as its users do: a process of its own, in a folder that is not the package's, with a PATH that knows
 * nothing of node_modules. That folder is its home and its cache as well, so that whatever it writes is seen.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { onTestFinished } from 'vitest'
import { extractRecipe } from '../../src/raster/png-recipe.ts'
import type { Pixels } from '../../src/shared/contract/picture.ts'
import type { Recipe } from '../../src/shared/contract/recipe.ts'

const ownOut = process.env['PAELLA_OUT']
export const paella = join(ownOut ?? fileURLToPath(new URL('../../out', import.meta.url)), 'main', 'paella.js')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  /** Resolves with the lines of stdout as soon as there are so many. */
  lines(count: number): Promise<readonly string[]>
  readonly ended: Promise<Ended>
}

/** `npm test` builds before this tier; somebody who runs a test file alone gets the same here, in the usual folder. */
export async function buildProgram(): Promise<void> {
  if (ownOut !== undefined) return
  const script = new URL('../../build/ensure.mjs', import.meta.url).href
  const { ensureBuilt } = (await import(script)) as { readonly ensureBuilt: () => void }
  ensureBuilt()
}

export interface HowToRun {
  /** Another script than the built program. */
  readonly program?: string
  readonly env?: Readonly<Record<string, string>>
}

export function start(cwd: string, words: readonly string[], { program = paella, env: more }: HowToRun = {}): Running {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: cwd, XDG_CACHE_HOME: cwd, ...more }
  const child = spawn(process.execPath, [program, ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const seen: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => seen.push(line))
  return {
    process: child,
    async lines(count) {
      while (seen.length < count && child.exitCode === null) await sleep(10)
      return seen
    },
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...output })),
  }
}

export function run(cwd: string, words: readonly string[], how: HowToRun = {}): Promise<Ended> {
  return start(cwd, words, how).ended
}

/** @returns the paths that it printed; throws where it did anything but succeed without a word. */
export async function make(cwd: string, ...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(cwd, words)
  if (code !== 0 || stderr !== '') throw new Error(`paella ${words.join(' ')} ended with ${code}: ${stderr}`)
  return stdout.trimEnd().split('\n')
}

/** Everything in a folder and below, hidden files too. */
export async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort()
}

/** The picture in a file, decoded whole, and its recipe. */
export async function openPicture(path: string): Promise<Pixels & { readonly recipe: Recipe }> {
  const recipe = extractRecipe(new Uint8Array(await readFile(path)))
  if (!recipe) throw new Error(`${path} has no recipe`)
  return { ...(await decode(path)), recipe }
}

/** @throws where the file is no whole picture */
export async function decode(path: string): Promise<Pixels> {
  const { data, info } = await sharp(path, { failOn: 'error' }).raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  return { width, height, channels: channels as Pixels['channels'], data: new Uint8Array(data) }
}

/** Processes that `parent` started. Linux only. */
export function childrenOf(parent: number | undefined): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return processes.map(Number).filter((pid) => processStatus(pid)?.parent === parent)
}

/** Resolves when none of them runs any more; one that nobody has waited for counts as ended. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => !['Z', undefined].includes(processStatus(pid)?.state))) await sleep(20)
}

function processStatus(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    // "12 (name, which may hold anything) S 1 ...": state and parent stand behind the last bracket.
    const [, state = '', parent] = /.*\) (\w) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}
