/**
 * File names from a template such as '{prompt:5}-{seed}' or '{folder}/{name}-{seed}'. Whatever a prompt, a picture or a column
 * brings, the name can be written on Windows, macOS and Linux, and lies below the folder of the batch.
 */
import { StudioError } from '../shared/contract/errors.ts'
import { slug, slugWords } from './slug.ts'

/** What a template can name of one item. */
export interface NameValues {
  readonly prompt: string
  readonly seed: number
  /** From 1, of all items. */
  readonly index: number
  /** From 1, of the list's rows or the folder's pictures. */
  readonly row: number
  readonly date: string
  readonly model: string
  readonly use: string
  /** Null where they are not known before the picture is made. */
  readonly size: { readonly width: number; readonly height: number } | null
  /** A picture's name without its ending, and its folder below the source's, '/' between its parts. */
  readonly picture: { readonly name: string; readonly folder: string } | null
  readonly columns: Readonly<Record<string, string>>
}

export interface TemplateNeeds {
  /** False for the pictures of a folder that keep their own size. */
  readonly hasSize: boolean
  readonly hasPicture: boolean
  readonly columns: ReadonlySet<string>
}

export type NameTemplate = (values: NameValues) => string

type Part = (values: NameValues) => string

/** Bytes of UTF-8. Of 255, the rest is for a number, the ending and what the file system adds. */
const longest = { segment: 200, value: 120 }

/** @throws StudioError 'bad-request' for what the template names and there is not */
export function nameTemplate(template: string, needs: TemplateNeeds): NameTemplate {
  const parts: Part[] = []
  let from = 0
  for (const match of template.matchAll(/\{([^{}:]*)(?::([^{}]*))?\}/g)) {
    const literal = separators(template.slice(from, match.index))
    parts.push(() => literal, partOf(match[1]?.trim() ?? '', match[2]?.trim(), needs))
    from = match.index + match[0].length
  }
  const rest = separators(template.slice(from))
  parts.push(() => rest)
  return (values) => safePath(parts.map((part) => part(values)).join(''))
}

const separators = (literal: string): string => literal.replaceAll('\\', '/')

function partOf(name: string, argument: string | undefined, needs: TemplateNeeds): Part {
  const amount = numberOf(name, argument)
  const padded = (value: number): string => String(value).padStart(amount ?? 0, '0')
  switch (name) {
    case 'prompt':
      if (amount === undefined) return ({ prompt }) => slug(prompt) || 'picture'
      return ({ prompt }) => slug(slugWords(prompt).slice(0, amount).join(' ')) || 'picture'
    case 'seed':
      return ({ seed }) => padded(seed)
    case 'index':
      return ({ index }) => padded(index)
    case 'row':
      return ({ row }) => padded(row)
    case 'date':
      return ({ date }) => date
    case 'model':
      return ({ model }) => within(model)
    case 'use':
      return ({ use }) => use
    case 'width':
    case 'height':
      if (!needs.hasSize) throw unknown(name, needs)
      return ({ size }) => padded(size?.[name] ?? 0)
    case 'name':
      if (needs.hasPicture) return ({ picture }) => within(picture?.name ?? '')
      break
    case 'folder':
      if (needs.hasPicture) return ({ picture }) => picture?.folder ?? ''
  }
  if (!needs.columns.has(name)) throw unknown(name, needs)
  return ({ columns }) => within(Object.hasOwn(columns, name) ? (columns[name] ?? '') : '')
}

/** `{index:5}` and `{prompt:5}`, also written `{prompt:5 words}`. */
function numberOf(name: string, argument: string | undefined): number | undefined {
  if (argument === undefined) return undefined
  const digits = /^(\d{1,2})(?: words?)?$/.exec(argument)?.[1]
  if (digits === undefined || Number(digits) === 0)
    throw new StudioError(
      'bad-request',
      `{${name}:${argument}} in the name: behind the colon stands a number, such as 5.`,
    )
  return Number(digits)
}

function unknown(name: string, needs: TemplateNeeds): StudioError {
  const own = ['prompt', 'seed', 'index', 'row', 'date', 'model', 'use']
  const known = [...own, ...(needs.hasSize ? ['width', 'height'] : []), ...(needs.hasPicture ? ['name', 'folder'] : [])]
  const listed = [...known, ...[...needs.columns].slice(0, 20)].map((known) => `{${known}}`).join(' ')
  return new StudioError('bad-request', `There is no {${name}} for the file names here; there are ${listed}.`)
}

/** A value is part of a name and never makes folders; none is so long that another is cut off. */
function within(value: string): string {
  return cutTo(value.replace(/[/\\]+/g, '-'), longest.value)
}

/** Relative, '/' between its parts, at least one of them. */
export function safePath(path: string): string {
  const segments = path.split('/').map(safeSegment)
  const last = segments.pop() || 'picture'
  return [...segments.filter((segment) => segment !== ''), last].join('/')
}

/** Names of devices, with any ending, are not for files on Windows. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/** '' where nothing is left. Dots at the start would hide a file or lead out of the folder; Windows drops them at the end. */
function safeSegment(segment: string): string {
  const plain = segment
    .normalize('NFC')
    // What no system shows, or Windows refuses.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029<>:"|?*\\/]+/gu, '-')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  const kept = cutTo(reserved.test(plain) ? `_${plain}` : plain, longest.segment)
  return kept.replace(/[.\s]+$/, '')
}

/** Cut between code points. */
function cutTo(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let kept = ''
  let length = 0
  for (const letter of text) {
    length += Buffer.byteLength(letter)
    if (length > bytes) break
    kept += letter
  }
  return kept
}
