/**
 * Wildcards in prompts: `{red|green}` is one of its parts, `{2$$a|b|c}` two of them, joined by commas; parts may hold wildcards
 * again. Which ones depends on the item's seed alone, so that a list of prompts is the same list on every machine and at every
 * resume. Braces without a `|` or `$$`, and braces that do not close, stay as they are; `\{` is a brace that means nothing.
 */
import { uniforms } from '../shared/base/philox.ts'

/** A sequence of its own, away from those of the sampler (engine/sampler/draws.ts). */
const purpose = 0x77696c64

/** The prompt with every wildcard chosen. */
export function chooseWildcards(text: string, seed: number): string {
  if (!text.includes('{')) return text
  let drawn = 0
  /** A whole number below `count`. Numbered by its place, so one more part in a wildcard shifts no later one. */
  const draw = (count: number): number => {
    const [value = 0] = uniforms(seed, { purpose, step: drawn++ }, 1)
    return Math.min(count - 1, Math.floor(value * count))
  }
  return expand(text, draw)
}

type Draw = (count: number) => number

function expand(text: string, draw: Draw): string {
  let out = ''
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    if (letter === '\\' && (text[at + 1] === '{' || text[at + 1] === '}')) {
      out += text[at + 1]
      at += 1
    } else if (letter === '{') {
      const end = closing(text, at)
      const inside = end === -1 ? '' : text.slice(at + 1, end)
      if (end === -1 || !isWildcard(inside)) out += letter
      else {
        out += choose(inside, draw)
        at = end
      }
    } else out += letter
  }
  return out
}

function choose(inside: string, draw: Draw): string {
  const [, times, rest = inside] = /^\s*(\d{1,3})\$\$(.*)$/s.exec(inside) ?? []
  const left = split(rest)
  const wanted = times === undefined ? 1 : Math.min(Number(times), left.length)
  const chosen: string[] = []
  for (let i = 0; i < wanted; i++) chosen.push(...left.splice(draw(left.length), 1))
  return chosen.map((part) => expand(part, draw).trim()).join(', ')
}

const isWildcard = (inside: string): boolean => split(inside).length > 1 || /^\s*\d{1,3}\$\$/.test(inside)

/** Where the brace at `open` closes; -1 where it does not. */
function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '{') depth += 1
    else if (text[at] === '}' && --depth === 0) return at
  }
  return -1
}

/** The parts between the bars that stand in no inner braces. */
function split(inside: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < inside.length; at++) {
    if (inside[at] === '\\') at += 1
    else if (inside[at] === '{') depth += 1
    else if (inside[at] === '}') depth -= 1
    else if (inside[at] === '|' && depth === 0) {
      parts.push(inside.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, inside.slice(from)]
}
