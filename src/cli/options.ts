/**
 * Parsers of option values: text in, a value out, or a StudioError 'bad-request' that names the option, what came and what
 * is wanted. The limits are those of shared/contract/request.ts (a test compares them); repeating them here keeps zod out of
 * the start-up of every command and lets the message name the option.
 */
import { StudioError } from '../shared/contract/errors.ts'
import type { Rect, Size } from '../shared/geometry/rect.ts'

export interface Region extends Rect {
  readonly prompt: string
}

const largestSeed = Number.MAX_SAFE_INTEGER - 100_000
const longestPrompt = 10_000
const sides = { low: 8, high: 4096 }

function refuse(option: string, text: string, wanted: string): StudioError {
  return new StudioError('bad-request', `${option} ${JSON.stringify(text)} cannot be used: ${wanted}.`)
}

/** A parser of whole numbers from `low` to `high`, both included. */
export function integerOption(option: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= low && value <= high)) throw refuse(option, text, `give a whole number from ${low} to ${high}`)
    return value
  }
}

/** A parser of numbers from `low` to `high`, both included; "1e2" and "Infinity" are refused. */
export function numberOption(option: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = parseDecimal(text)
    if (!(value >= low && value <= high)) throw refuse(option, text, `give a number from ${low} to ${high}`)
    return value
  }
}

export const parseSeed = integerOption('--seed', 0, largestSeed)

/** `128` is 128 x 128; `256x128` is 256 wide and 128 high, px. */
export function parseSize(text: string): Size {
  const match = /^(\d+)(?:[xX×](\d+))?$/.exec(text)
  const width = Number(match?.[1])
  const height = Number(match?.[2] ?? match?.[1])
  if (!(width >= sides.low && width <= sides.high && height >= sides.low && height <= sides.high)) {
    throw refuse('--size', text, `write 128 or 256x128 (width x height), ${sides.low} to ${sides.high} px a side`)
  }
  return { width, height }
}

/** `a,b`: temperature of the first and of the last step; `a` alone is both. */
export function parseTemperature(text: string): [number, number] {
  const numbers = text.split(',').map(parseDecimal)
  const [first = Number.NaN, last = first] = numbers
  if (numbers.length > 2 || ![first, last].every((value) => value >= 0 && value <= 10)) {
    throw refuse('--temperature', text, 'give one number, or two like 1,0.5 (first step, last step), each from 0 to 10')
  }
  return [first, last]
}

/** A prompt that must say something: an empty one is a variable that was never set far more often than a wish. */
export function parsePrompt(text: string): string {
  if (text.trim() === '') throw refuse('The prompt', text, 'write what to paint, for example "a red apple"')
  return parseNegative(text)
}

/** A prompt that may be empty. */
export function parseNegative(text: string): string {
  if (text.length <= longestPrompt) return text
  throw new StudioError(
    'bad-request',
    `A prompt of ${text.length} characters is too long: shorten it to ${longestPrompt} at most.`,
  )
}

/** Mass of the typical filter, or 'off'; not null, which commander takes for a parser's failure. */
export function parseTypical(text: string): number | 'off' {
  if (text === 'off') return 'off'
  const mass = parseDecimal(text)
  if (!(mass >= 0 && mass <= 1)) throw refuse('--typical', text, 'give a number from 0 to 1, or off')
  return mass
}

/** `x,y,w,h=PROMPT`, px from the top left corner. */
export function parseRegion(text: string): Region {
  const match = /^\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*=(.*)$/s.exec(text)
  const [x = 0, y = 0, width = 0, height = 0] = (match?.slice(1, 5) ?? []).map(Number)
  const prompt = match?.[5]?.trim() ?? ''
  if (match === null || width < 1 || height < 1 || prompt === '') {
    throw refuse('--region', text, 'write x,y,width,height=PROMPT in px, for example 0,0,64,128="a red apple"')
  }
  return { x, y, width, height, prompt: parsePrompt(prompt) }
}

/** Collects a repeatable option; commander hands over what came before. */
export function collectRegions(text: string, earlier: readonly Region[] | undefined): readonly Region[] {
  const regions = [...(earlier ?? []), parseRegion(text)]
  if (regions.length > 64) throw new StudioError('bad-request', 'More than 64 --region options: leave some out.')
  return regions
}

function parseDecimal(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? Number(text) : Number.NaN
}
