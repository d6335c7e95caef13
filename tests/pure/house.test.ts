/**
 * The house's habits that a machine can check, for every file of src: its length, its header, and what is never written.
 * Code is parsed, so that a word in a string or a comment is not taken for code.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const files = globSync('**/*.{ts,tsx}', { cwd: src }).sort()

const mostLines = 400
const forbiddenInComments = /@ts-ignore|@ts-nocheck|^\/\s*<reference|\b(?:TODO|FIXME)\b/

/** What is wrong with a file, in a few words each. */
function faults(file: string, source: string): string[] {
  const found: string[] = []
  const lines = source.trimEnd().split('\n').length
  if (lines > mostLines) found.push(`has ${lines} lines`)
  if (!/^(?:#!.*\n)?\/[/*]/.test(source)) found.push('has no header comment')
  const { program, comments, errors } = parseSync(file, source)
  expect(errors, file).toEqual([])
  for (const { value } of comments) {
    const word = forbiddenInComments.exec(value)?.[0]
    if (word !== undefined) found.push(`says ${word}`)
  }
  new Visitor({ TSAnyKeyword: () => found.push('uses any') }).visit(program)
  return found
}

describe('src', () => {
  test('has no fault in any file', () => {
    expect(files.length).toBeGreaterThan(20)
    const all = files.flatMap((file) =>
      faults(file, readFileSync(src + file, 'utf8')).map((fault) => `${file} ${fault}`),
    )
    expect(all).toEqual([])
  })
})

describe('the check of a file', () => {
  test.each([
    ['has 401 lines', `// A long file.${'\n'.repeat(400)}export {}`],
    ['has no header comment', 'export {}'],
    ['uses any', '// A type.\nexport let a: any'],
    ['uses any', '// An assertion.\nexport const a = 1 as any'],
    ['uses any', '// An argument.\nexport const a: Array<any> = []'],
    ['says @ts-ignore', '// A file.\n// @ts-ignore\nexport {}'],
    ['says TODO', '// A file.\nexport {} /* TODO: more */'],
    ['says FIXME', '// FIXME\nexport {}'],
    ['says / <reference', '// A file.\n/// <reference types="node" />\nexport {}'],
  ])('finds one that %s', (fault, source) => {
    expect(faults('a.ts', source)).toEqual([fault])
  })

  test.each([
    ['a block comment as header, and the word any in it', '/** As many as you like: any number. */\nexport {}'],
    ['400 lines', `// A long file.${'\n'.repeat(399)}export {}`],
    ['a string that says as any', "// A file.\nexport const a = 'TODO: 1 as any'"],
    ['a #! line before the header', '#!/usr/bin/env node\n// A program.\nexport {}'],
  ])('passes %s', (_, source) => {
    expect(faults('a.ts', source)).toEqual([])
  })
})
