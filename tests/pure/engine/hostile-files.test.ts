/**
 * Every case of families Z, P, T, S and O (reliability.md, 2.7) through the whole import, in this process: one error with one
 * code, nothing written but what was asked for, nothing left in staging, the same answer twice.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importFile, type ImportResult } from '../../../src/engine/import/import-file.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { families } from '../../kit/hostile/all.ts'
import type { HostileCase } from '../../kit/hostile/case.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const folder = await temporaryFolder()

function attempt(path: string, store: string): ImportResult | StudioError {
  try {
    return importFile({ path, store, precision: 'float32' })
  } catch (error) {
    if (error instanceof StudioError) return error
    throw error
  }
}

const numbered = (cases: readonly HostileCase[]) =>
  cases.map((one, i) => [`${one.id} (${i}) ${one.what}`, one] as const)

describe.each(Object.entries(families))('%s', (_, cases) => {
  test.each(numbered(cases))('%s', async (_title, { name, bytes, says, code, warns }) => {
    const here = await mkdtemp(join(folder, 'case-'))
    const path = join(here, name)
    writeFileSync(path, bytes())
    const store = join(here, 'store')
    const [first, second] = [attempt(path, store), attempt(path, store)]
    expect(readdirSync(here).sort()).toEqual([name, ...(existsSync(store) ? ['store'] : [])].sort())
    expect(existsSync(join(store, '.staging'))).toBe(false)
    expect(existsSync('/tmp/paella-was-here')).toBe(false)
    if (says === undefined) {
      if (first instanceof StudioError) throw first
      expect(readdirSync(join(store, 'parts'))).toEqual([`${first.part.id}.json`, `${first.part.id}.safetensors`])
      const said = [...first.part.warnings, ...first.part.ignored].join('\n')
      expect(said).toMatch(warns ?? /^$/)
      expect(second).toMatchObject({ isNew: false })
      return
    }
    expect(first).toBeInstanceOf(StudioError)
    expect(first).toMatchObject({ code: code ?? 'model-broken', message: expect.stringMatching(says) as string })
    expect(second).toMatchObject({ message: (first as StudioError).message })
    expect((first as StudioError).message.length).toBeLessThanOrEqual(320)
    // No colours, no line breaks, no turned direction, whatever the file says.
    // oxlint-disable-next-line no-control-regex -- which is what must not be there
    expect((first as StudioError).message).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e]/)
    expect(existsSync(store)).toBe(false)
  })
})
