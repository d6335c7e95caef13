/**
 * The rows of a list of prompts: a text file (a prompt a line), CSV with a header row, or JSON lines. Columns that mean nothing to
 * a request are kept for the names of the files. What is wrong is told with its line.
 */
import { CsvError, parse } from 'csv-parse/sync'
import type { z } from 'zod'
import { type BatchSpec, batchSpecSchema } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'

export type BatchRow = Extract<BatchSpec['source'], { kind: 'prompts' }>['rows'][number]

export type RowsKind = 'txt' | 'csv' | 'jsonl'

const mostRows = 1_000_000
const numbers = ['seed', 'count', 'width', 'height', 'steps', 'guidance']
const texts = ['prompt', 'negative']
const rowSchema = batchSpecSchema.shape.source.options[0].shape.rows.element

/** The kind of a list by its file's name. @throws StudioError 'bad-request' */
export function rowsKindOf(name: string): RowsKind {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase()
  if (ending === 'txt' || ending === 'csv' || ending === 'jsonl') return ending
  if (ending === 'tsv') return 'csv'
  if (ending === 'ndjson') return 'jsonl'
  throw new StudioError('bad-request', `${name} is no list of prompts: its name must end in .txt, .csv or .jsonl.`)
}

/** @throws StudioError 'bad-request' naming the line */
export function readRows(text: string, kind: RowsKind): BatchRow[] {
  const rows = readers[kind](text.startsWith('\ufeff') ? text.slice(1) : text)
  if (rows.length === 0) throw new StudioError('bad-request', 'The list has no prompts: write one a line.')
  return rows
}

const readers: Readonly<Record<RowsKind, (text: string) => BatchRow[]>> = {
  txt: readText,
  csv: readCsv,
  jsonl: readJsonLines,
}

/** `#` begins a comment, at the start of a line alone; `\#` a prompt that begins with one. */
function readText(text: string): BatchRow[] {
  const rows: BatchRow[] = []
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const prompt = line.trim()
    if (prompt === '' || prompt.startsWith('#')) continue
    push(rows, { prompt: prompt.startsWith('\\#') ? prompt.slice(1) : prompt }, index + 1)
  }
  return rows
}

function readCsv(text: string): BatchRow[] {
  const records = parseCsv(text)
  const header = (records.shift()?.record ?? []).map((name) => name.trim())
  const keys = header.map((name) => (isOurs(name.toLowerCase()) ? name.toLowerCase() : name))
  const twice = keys.find((key, index) => key !== '' && keys.indexOf(key) !== index)
  if (!keys.includes('prompt')) throw wrong(1, 'the first line names the columns, and one of them must be "prompt"')
  if (twice !== undefined) throw wrong(1, `there are two columns "${twice}"`)
  const rows: BatchRow[] = []
  for (const { record, info } of records) {
    const cells = record.flatMap((cell, index) => (keys[index] === '' ? [] : [[keys[index] ?? '', cell] as const]))
    push(rows, rowOf(new Map(cells), info.lines), info.lines)
  }
  return rows
}

interface CsvRecord {
  readonly record: readonly string[]
  /** `lines`: the line that the record ends on. */
  readonly info: { readonly lines: number }
}

function parseCsv(text: string): CsvRecord[] {
  try {
    const options = {
      delimiter: separatorOf(text),
      info: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }
    return parse(text, options) as unknown as CsvRecord[]
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1
    throw wrong(line, error.message.replace(/[.:]?\s*$/, '').replace(/^Invalid/, 'invalid'))
  }
}

/** Spreadsheets of half the world write semicolons, and tabs when they are copied from. */
function separatorOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? ''
  if (header.includes(',')) return ','
  return header.includes('\t') ? '\t' : ';'
}

function readJsonLines(text: string): BatchRow[] {
  const rows: BatchRow[] = []
  for (const [index, line] of text.split(/\r\n|\n/).entries()) {
    if (line.trim() === '') continue
    const value = parseJson(line, index + 1)
    if (typeof value === 'string') push(rows, { prompt: value }, index + 1)
    else if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw wrong(index + 1, 'an object such as {"prompt": "a red apple"} was expected')
    else push(rows, rowOf(new Map(Object.entries(value)), index + 1), index + 1)
  }
  return rows
}

function parseJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch (error) {
    throw wrong(number, `it is not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
}

const isOurs = (name: string): boolean => numbers.includes(name) || texts.includes(name)

/** An empty cell says nothing, and the batch's own setting holds. */
function rowOf(cells: ReadonlyMap<string, unknown>, line: number): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  const columns: Record<string, string> = {}
  for (const [name, value] of cells) {
    if (value === '' || value === null || value === undefined) continue
    if (numbers.includes(name)) row[name] = numberOf(name, value, line)
    else if (texts.includes(name)) row[name] = value
    else columns[name] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  return Object.keys(columns).length === 0 ? row : { ...row, columns }
}

function numberOf(name: string, value: unknown, line: number): number {
  if (typeof value === 'number') return value
  const text = typeof value === 'string' ? value.trim() : ''
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) throw wrong(line, `${name} ${JSON.stringify(value)} is no number`)
  return Number(text)
}

function push(rows: BatchRow[], row: Record<string, unknown>, line: number): void {
  const prompt = row['prompt']
  if (prompt === undefined || (typeof prompt === 'string' && prompt.trim() === ''))
    throw wrong(line, 'there is no prompt')
  const parsed = rowSchema.safeParse(row)
  if (!parsed.success) throw wrong(line, firstIssue(parsed.error))
  if (rows.length === mostRows) throw wrong(line, `there are more than ${mostRows} prompts; make several lists of them`)
  rows.push(parsed.data)
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return issue === undefined ? 'it cannot be used' : `${issue.path.join('.')}: ${issue.message}`
}

function wrong(line: number, why: string): StudioError {
  return new StudioError('bad-request', `Line ${line} of the list cannot be read: ${why}.`)
}
