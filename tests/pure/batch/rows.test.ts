/** Lists of prompts, as people write and export them. */
import { describe, expect, test } from 'vitest'
import { type RowsKind, readRows, rowsKindOf } from '../../../src/batch/index.ts'

describe('a text file', () => {
  test('has a prompt a line; comments, blank lines and a byte order mark say nothing', () => {
    const text = '\ufeffa red apple\r\n\r\n# a comment\n  a pear, on a table  \n\\# a hash\n'
    expect(readRows(text, 'txt')).toEqual([
      { prompt: 'a red apple' },
      { prompt: 'a pear, on a table' },
      { prompt: '# a hash' },
    ])
  })

  test('names the line of a prompt that is too long', () => {
    expect(() => readRows(`a\n\n${'b'.repeat(10_001)}`, 'txt')).toThrow(/^Line 3 .*prompt/)
  })
})

describe('a CSV file', () => {
  test('sets what its columns say, leaves out what is empty, and keeps other columns for names', () => {
    const text =
      'SKU,Prompt,negative,seed,count,width,height,steps,guidance\nA-1,"an apple, ""red""",blur,7,2,128,64,10,4.5\nA-2,a pear,,,,,,,\n'
    expect(readRows(text, 'csv')).toEqual([
      {
        prompt: 'an apple, "red"',
        negative: 'blur',
        seed: 7,
        count: 2,
        width: 128,
        height: 64,
        steps: 10,
        guidance: 4.5,
        columns: { SKU: 'A-1' },
      },
      { prompt: 'a pear', columns: { SKU: 'A-2' } },
    ])
  })

  test('may have prompts over several lines, and no line break at its end', () => {
    expect(readRows('prompt\n"a\nb"\nc', 'csv')).toEqual([{ prompt: 'a\nb' }, { prompt: 'c' }])
  })

  test.each([';', '\t'])('may be separated by %j', (separator) => {
    expect(readRows(`prompt${separator}seed\na, b${separator}3\n`, 'csv')).toEqual([{ prompt: 'a, b', seed: 3 }])
  })

  test('may name a column as anything; __proto__ alone is left out', () => {
    const [row] = readRows('prompt,__proto__,constructor\na,b,c\n', 'csv')
    expect(Object.entries(row?.columns ?? {})).toEqual([['constructor', 'c']])
    expect(Object.getPrototypeOf(row?.columns)).toBe(Object.prototype)
  })

  test.each([
    ['no prompt column', 'text\na\n', /^Line 1 .*"prompt"/],
    ['a column twice', 'prompt,a,a\nx,1,2\n', /^Line 1 .*two columns "a"/],
    ['a row that is too long', 'prompt,seed\na,1\nb,2,3\n', /^Line 3 /],
    ['a quote that does not end', 'prompt\na\n"b\nc', /^Line \d /],
    ['a seed that is no number', 'prompt,seed\na,1\nb,x\n', /^Line 3 .*seed "x" is no number/],
    ['a size that is too small', 'prompt,width\na,4\n', /^Line 2 .*width/],
    ['a row without a prompt', 'prompt,seed\n,5\n', /^Line 2 .*no prompt/],
  ])('with %s is refused with its line', (_, text, message) => {
    expect(() => readRows(text, 'csv')).toThrow(message)
  })
})

describe('JSON lines', () => {
  test('are objects, or the prompt alone', () => {
    const text = '{"prompt":"a","seed":3,"id":17,"tags":["x"]}\n\n"b"\n'
    expect(readRows(text, 'jsonl')).toEqual([
      { prompt: 'a', seed: 3, columns: { id: '17', tags: '["x"]' } },
      { prompt: 'b' },
    ])
  })

  test.each([
    ['{"prompt": }', /^Line 2 .*not JSON/],
    ['[1]', /^Line 2 .*object/],
    ['{"prompt":"b","count":0}', /^Line 2 .*count/],
    ['{"seed":1}', /^Line 2 .*no prompt/],
  ])('%s is refused with its line', (line, message) => {
    expect(() => readRows(`"a"\n${line}\n`, 'jsonl')).toThrow(message)
  })
})

test('a list without a prompt is refused', () => {
  for (const kind of ['txt', 'jsonl'] satisfies RowsKind[]) expect(() => readRows('\n', kind)).toThrow(/no prompts/)
  expect(() => readRows('prompt\n', 'csv')).toThrow(/no prompts/)
})

test('the kind of a list is told by its name', () => {
  expect(['a.txt', 'b.CSV', 'c.jsonl', 'd.tsv', 'e.ndjson'].map(rowsKindOf)).toEqual([
    'txt',
    'csv',
    'jsonl',
    'csv',
    'jsonl',
  ])
  expect(() => rowsKindOf('a.json')).toThrow(/must end in/)
})
