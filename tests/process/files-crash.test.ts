/**
 * Saving, autosaving and exporting on a real disk: kill -9 at a sample of storage calls, a disk that is really full or read-only
 * (a small tmpfs in a namespace of its own), and a folder without permission.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { fileScenarios } from '../kit/crash-scenarios.ts'
import { studioScenarios } from '../kit/studio-scenarios.ts'

const child = fileURLToPath(new URL('files-child.ts', import.meta.url))
const sample = 8
const scenarios = [...fileScenarios, ...studioScenarios]

interface Lines {
  readonly promised: number
  readonly calls?: number
  readonly found?: number
  readonly error?: { readonly code?: string; readonly detail?: string; readonly message: string }
  readonly signal: string | null
}

function command(program: string, parameters: readonly string[]): Promise<Lines & { stderr: string }> {
  return new Promise((resolve) => {
    execFile(program, parameters, (failure, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'))
      const read = lines.map((line) => JSON.parse(line) as Partial<Lines>)
      resolve({ promised: 1, ...Object.assign({}, ...read), signal: failure?.signal ?? null, stderr })
    })
  })
}

const run = (...parameters: string[]) => command(process.execPath, [child, ...parameters])
const report = (line: string): boolean => process.stdout.write(`  ${line}\n`)

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'paella-crash-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test.each(scenarios.map(({ name }) => name))('kill -9 in the middle of %s loses nothing', async (name) => {
  const calls = await inFolder(async (folder) => {
    await run(name, 'prepare', folder)
    return (await run(name, 'run', folder)).calls ?? 0
  })
  expect(calls).toBeGreaterThanOrEqual(10)
  const points = [...new Set(Array.from({ length: sample }, (_, i) => Math.floor((i * calls) / sample)))]
  for (const k of points) {
    await inFolder(async (folder) => {
      await run(name, 'prepare', folder)
      const killed = await run(name, 'run', folder, String(k))
      expect(killed.signal, `call ${k}`).toBe('SIGKILL')
      const { found, error } = await run(name, 'look', folder)
      expect(error, `call ${k}`).toBeUndefined()
      expect(found, `call ${k}`).toBeGreaterThanOrEqual(killed.promised)
    })
  }
  report(`${name}: kill -9 at ${points.length} of ${calls} storage calls, 0 lost`)
})

/** Root makes the tmpfs; elsewhere the test says why it is skipped. */
test('a disk that is really full or read-only leaves the old version and says so', async ({ skip }) => {
  const mount = 'mount -t tmpfs -o size=512k none "$1"'
  const tried = await inFolder((folder) => command('unshare', ['-m', 'sh', '-c', mount, 'sh', folder]))
  if (tried.stderr !== '') {
    report(`full disk: skipped, unshare -m: ${tried.stderr.trim().split('\n')[0]}`)
    skip('no namespace of its own for a small disk')
  }
  const node = '"$2" "$3"'
  for (const { name } of scenarios) {
    await inFolder(async (folder) => {
      // Room for less than a page each time: the rest of the disk is filled.
      const full = `${mount} && ${node} "$4" prepare "$1" && (cat /dev/zero > "$1/filler" 2>/dev/null; ${node} "$4" run "$1"; rm "$1/filler"; ${node} "$4" look "$1")`
      const result = await command('unshare', ['-m', 'sh', '-c', full, 'sh', folder, process.execPath, child, name])
      expect(result.error, name).toMatchObject({ code: 'write-failed', detail: 'ENOSPC' })
      expect(result.found, name).toBe(1)
    })
    await inFolder(async (folder) => {
      const readOnly = `${mount} && ${node} "$4" prepare "$1" && mount -o remount,ro "$1" && ${node} "$4" run "$1"; mount -o remount,rw "$1"; ${node} "$4" look "$1"`
      const result = await command('unshare', ['-m', 'sh', '-c', readOnly, 'sh', folder, process.execPath, child, name])
      expect(result.error, name).toMatchObject({ code: 'write-failed', detail: 'EROFS' })
      expect(result.error?.message, name).toMatch(/read-only/)
      expect(result.found, name).toBe(1)
    })
  }
  report(`full and read-only tmpfs: ${scenarios.length * 2} runs, 0 lost`)
})

test('a folder without permission leaves the old version and says so', async ({ skip }) => {
  await inFolder(async (folder) => {
    const inner = join(folder, 'inner')
    await mkdir(inner)
    await run('export', 'prepare', inner)
    await chmod(folder, 0o755)
    await chmod(inner, 0o555)
    // Root may write everywhere, so somebody else tries.
    const isRoot = process.getuid?.() === 0
    const program = isRoot ? 'setpriv' : process.execPath
    const who = isRoot ? ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath] : []
    const { error, stderr } = await command(program, [...who, child, 'export', 'run', inner])
    if (error === undefined && /setpriv|EACCES|ENOENT/.test(stderr)) {
      report(`no permission: skipped, ${stderr.trim().split('\n')[0]}`)
      skip('nobody else can run this')
    }
    await chmod(inner, 0o755)
    expect(error).toMatchObject({ code: 'write-failed', detail: 'EACCES' })
    expect((await run('export', 'look', inner)).found).toBe(1)
  })
})
