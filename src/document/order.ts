/**
 * Fractional indexes: strings that sort, with room for another between any two. A key is a whole part, whose first letter
 * says how long it is (so that putting layer after layer on top keeps keys short), and a fraction in base 62. After
 * David Greenspan, "Implementing Fractional Indexing", https://observablehq.com/@dgreensp/implementing-fractional-indexing.
 */
import { assert } from '../shared/base/assert.ts'

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** 'a' to 'z' begin whole parts of 1 to 26 digits from 0 up, 'Z' down to 'A' those below. */
const wholeLength = (head: string): number =>
  head >= 'a' ? head.charCodeAt(0) - 'a'.charCodeAt(0) + 2 : 'Z'.charCodeAt(0) - head.charCodeAt(0) + 2

export function isOrderKey(key: string): boolean {
  return (
    /^[A-Za-z][0-9A-Za-z]+$/.test(key) && key.length >= wholeLength(key.charAt(0)) && !fractionOf(key).endsWith('0')
  )
}

/**
 * A key that sorts after `below` and before `above`; null stands for the end of the list on that side.
 * Keys between the same two neighbours grow by about a character in six.
 */
export function keyBetween(below: string | null, above: string | null): string {
  assert(below === null || isOrderKey(below), `'${below}' is no order key`)
  assert(above === null || isOrderKey(above), `'${above}' is no order key`)
  assert(below === null || above === null || below < above, `there is no key between '${below}' and '${above}'`)
  if (below === null && above === null) return 'a0'
  if (above === null) {
    const whole = wholeOf(below ?? '')
    return next(whole) ?? whole + midpoint(fractionOf(below ?? ''), null)
  }
  if (below === null) {
    const whole = wholeOf(above)
    if (whole < above) return whole
    return previous(whole) ?? whole + midpoint('', fractionOf(above))
  }
  const whole = wholeOf(below)
  if (whole === wholeOf(above)) return whole + midpoint(fractionOf(below), fractionOf(above))
  const following = next(whole)
  return following !== undefined && following < above ? following : whole + midpoint(fractionOf(below), null)
}

/** `count` short keys in order, to number a list afresh. */
export function freshKeys(count: number): string[] {
  const keys: string[] = []
  for (let i = 0; i < count; i++) keys.push(keyBetween(keys.at(-1) ?? null, null))
  return keys
}

const wholeOf = (key: string): string => key.slice(0, wholeLength(key.charAt(0)))
const fractionOf = (key: string): string => key.slice(wholeLength(key.charAt(0)))

/** A fraction between two; '' is 0 and null is 1. Neither ends in 0, nor does the result. */
function midpoint(low: string, high: string | null): string {
  if (high !== null) {
    let shared = 0
    while ((low[shared] ?? '0') === high[shared]) shared += 1
    if (shared > 0) return high.slice(0, shared) + midpoint(low.slice(shared), high.slice(shared))
  }
  const lowDigit = low === '' ? 0 : digits.indexOf(low.charAt(0))
  const highDigit = high === null ? digits.length : digits.indexOf(high.charAt(0))
  if (highDigit - lowDigit > 1) return digits.charAt(Math.round((lowDigit + highDigit) / 2))
  if (high !== null && high.length > 1) return high.charAt(0)
  return digits.charAt(lowDigit) + midpoint(low.slice(1), null)
}

/** The whole part that follows; undefined after the last. */
function next(whole: string): string | undefined {
  const body = Array.from(whole.slice(1))
  const head = whole.charAt(0)
  for (let i = body.length - 1; i >= 0; i--) {
    const digit = digits.indexOf(body[i] ?? '') + 1
    if (digit < digits.length)
      return head + [...body.slice(0, i), digits.charAt(digit), ...'0'.repeat(body.length - 1 - i)].join('')
  }
  if (head === 'z') return undefined
  if (head === 'Z') return 'a0'
  const following = String.fromCharCode(head.charCodeAt(0) + 1)
  return following + '0'.repeat(wholeLength(following) - 1)
}

/** The whole part before; undefined before the first. */
function previous(whole: string): string | undefined {
  const body = Array.from(whole.slice(1))
  const head = whole.charAt(0)
  for (let i = body.length - 1; i >= 0; i--) {
    const digit = digits.indexOf(body[i] ?? '') - 1
    if (digit >= 0)
      return head + [...body.slice(0, i), digits.charAt(digit), ...'z'.repeat(body.length - 1 - i)].join('')
  }
  if (head === 'A') return undefined
  if (head === 'a') return 'Zz'
  const before = String.fromCharCode(head.charCodeAt(0) - 1)
  return before + 'z'.repeat(wholeLength(before) - 1)
}
