/**
 * The `parameters` text of a picture read back, as Stable Diffusion web UI (AUTOMATIC1111) and those who follow it write it:
 * prompt, `Negative prompt: ...`, and a last line of `Key: value` pairs. People edit such texts and programs differ, so whatever
 * cannot be understood is left out, and never an error.
 */
import type { Size } from '../shared/geometry/rect.ts'

/** Numbers are what the text says, in no one's limits. */
export interface Parameters {
  readonly prompt: string
  readonly negative: string
  readonly steps?: number
  /** Its `CFG scale`. */
  readonly guidance?: number
  readonly seed?: number
  readonly size?: Size
  readonly model?: string
}

/** Of a text in another form everything is the prompt. */
export function readParametersText(text: string): Parameters {
  const lines = text.replaceAll('\r', '').trim().split('\n')
  const settingsAt = lines.findLastIndex((line) => /^\s*Steps:\s*\d+\s*(,|$)/.test(line))
  const words = settingsAt < 0 ? lines : lines.slice(0, settingsAt)
  const negativeAt = words.findIndex((line) => /^\s*Negative prompt:/.test(line))
  const said = (from: number, to?: number): string => words.slice(from, to).join('\n').trim()
  return {
    prompt: negativeAt < 0 ? said(0) : said(0, negativeAt),
    negative: negativeAt < 0 ? '' : said(negativeAt).replace(/^Negative prompt:\s*/, ''),
    // Lines after the settings belong to them: some programs break them.
    ...(settingsAt < 0 ? {} : settings(readPairs(lines.slice(settingsAt).join(', ')))),
  }
}

function settings(pairs: ReadonlyMap<string, string>): Omit<Parameters, 'prompt' | 'negative'> {
  const number = (key: string, form: RegExp): number | undefined => {
    const value = pairs.get(key) ?? ''
    return form.test(value) ? Number(value) : undefined
  }
  const [, width, height] = /^(\d{1,5})\s*[x×]\s*(\d{1,5})$/.exec(pairs.get('size') ?? '') ?? []
  const size = width && height ? { width: Number(width), height: Number(height) } : undefined
  return withoutGaps({
    steps: number('steps', /^\d{1,5}$/),
    guidance: number('cfg scale', /^-?\d{1,4}(\.\d+)?$/),
    // Its seeds are whole numbers of up to 2^64, of which a double holds those below 2^53.
    seed: number('seed', /^\d{1,15}$/),
    size,
    model: pairs.get('model') || undefined,
  })
}

/** `Key: value, Key: "quoted, value"`; keys in small letters, the first of two alike counts. */
function readPairs(line: string): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const [, key = '', value = ''] of line.matchAll(/([\w][\w /-]{0,63}):\s*("(?:\\.|[^"\\])*"|[^,]*)/g)) {
    const name = key.trim().toLowerCase()
    if (!pairs.has(name)) pairs.set(name, unquoted(value.trim()))
  }
  return pairs
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'string' ? parsed : value
  } catch {
    return value
  }
}

type WithoutGaps<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutGaps<T extends object>(fields: T): WithoutGaps<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as WithoutGaps<T>
}
