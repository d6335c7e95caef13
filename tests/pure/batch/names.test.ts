/** File names from templates: what they say, and that any system can write them, inside the folder. */
import { describe, expect, test } from 'vitest'
import { type NameValues, nameTemplate, safePath } from '../../../src/batch/name-template.ts'
import { UniqueNames } from '../../../src/batch/unique-names.ts'

const values: NameValues = {
  prompt: 'A red apple, on a table',
  seed: 7,
  index: 12,
  row: 3,
  date: '2026-11-25',
  model: 'paella-mini',
  use: 'text',
  size: { width: 128, height: 64 },
  picture: { name: 'Ferien 01', folder: 'a/b' },
  columns: { sku: 'A/1', title: 'x' },
}
const needs = { hasSize: true, hasPicture: true, columns: new Set(['sku', 'title', 'note']) }
const named = (template: string, some: Partial<NameValues> = {}): string =>
  nameTemplate(template, needs)({ ...values, ...some })

describe('a template', () => {
  test.each([
    ['{prompt}-{seed}', 'a-red-apple-on-a-table-7'],
    ['{prompt:2}', 'a-red'],
    ['{prompt:2 words}', 'a-red'],
    ['{index:5}_{row}', '00012_3'],
    ['{date}/{model}/{use}-{width}x{height}', '2026-11-25/paella-mini/text-128x64'],
    ['{folder}/{name}-{seed}', 'a/b/Ferien 01-7'],
    ['{sku}-{title}{note}', 'A-1-x'],
    ['out\\{seed}', 'out/7'],
    ['plain', 'plain'],
  ])('%s is %s', (template, name) => {
    expect(named(template)).toBe(name)
  })

  test('without its folder lies at the top', () => {
    expect(named('{folder}/{name}', { picture: { name: 'a', folder: '' } })).toBe('a')
  })

  test.each([
    ['{nothing}', /no \{nothing\}.*\{prompt\} \{seed\}.*\{sku\}/],
    ['{prompt:x}', /behind the colon/],
    ['{index:0}', /behind the colon/],
  ])('%s is refused', (template, message) => {
    expect(() => named(template)).toThrow(message)
  })

  test('has no size where pictures keep their own, and no picture in a list', () => {
    expect(() => nameTemplate('{width}', { ...needs, hasSize: false })).toThrow(/no \{width\}/)
    expect(() => nameTemplate('{name}', { ...needs, hasPicture: false })).toThrow(/no \{name\}/)
  })
})

describe('a name', () => {
  test.each([
    ['../../etc/passwd', 'etc/passwd'],
    ['/absolute', 'absolute'],
    ['C:\\x', 'C-x'],
    ['a/./b', 'a/b'],
    ['..', 'picture'],
    ['', 'picture'],
    ['a/', 'a/picture'],
    ['.hidden', 'hidden'],
    ['ends. . ', 'ends'],
    ['con', '_con'],
    ['COM1.x/nul', '_COM1.x/_nul'],
    ['a<b>c:"d|e?f*g', 'a-b-c-d-e-f-g'],
    ['a\u0000b\nc\u202ed', 'a-b-c-d'],
    ['e\u0301', '\u00e9'],
  ])('%j becomes %j', (path, name) => {
    expect(safePath(path)).toBe(name)
  })

  test('is cut by bytes, between letters, and keeps the seed behind a long column', () => {
    const long = safePath('字'.repeat(200))
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(200)
    expect(long).toBe('字'.repeat(66))
    expect(named('{title}-{seed}', { columns: { title: '😀'.repeat(100) } })).toBe(`${'😀'.repeat(30)}-7`)
  })
})

describe('names of one batch', () => {
  test('are told apart by a number, whatever the case, and none is given twice', () => {
    const names = new UniqueNames()
    const given = ['a', 'A', 'a-2', 'a', 'é', 'e\u0301'].map((name) => names.take(name))
    expect(given).toEqual(['a', 'A-2', 'a-2-2', 'a-3', 'é', 'e\u0301-2'])
  })
})
