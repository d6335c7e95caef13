/**
 * The CLIP tokenizer against the reference tokens (goldens/clip_tokenizer.json), then what the goldens cannot show: the
 * text that was cut, smaller vocabularies, pasted typography, and the list of merges that ships.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ClipTokenizer } from '../../../src/engine/models/clip-tokenizer.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const merges = read('resources/clip-merges.txt')
const goldens = JSON.parse(read('tests/goldens/clip_tokenizer.json')) as { text: string; tokens: number[] }[]
const tokenizer = new ClipTokenizer(merges)
const idsOf = (text: string) => {
  const { tokens, endIndex } = tokenizer.encode(text, 77)
  return [...tokens.subarray(1, endIndex)]
}

/** What each golden is there to prove, in the file's order. */
const proofs = [
  'no text is the two marks alone',
  'one letter takes the id of a byte that ends a word',
  'common words are one id each',
  'capitals fold to lower case and punctuation stands alone',
  'nine words stay nine ids',
  'accents merge in UTF-8 bytes',
  'a script without spaces is one word of bytes',
  'emoji side by side are one word',
  'one word longer than the context is cut inside and still ends in the end mark',
  'many words are cut at 77 ids with the end mark last',
  'contractions split from their word',
  'typed marks are plain text',
  'tabs and line ends are spaces',
  'HTML entities are decoded',
  'full-width letters become ASCII',
  'each digit is a word of its own',
  'underscore, hyphen and slashes are punctuation',
  'a Latin ligature becomes its letters',
  'combining marks that compose with nothing are punctuation',
]

describe('tokens equal the reference', () => {
  it('has one proof for each golden', () => expect(goldens).toHaveLength(proofs.length))

  it.each(goldens.map((golden, i) => ({ ...golden, proof: proofs[i] })))('$proof', ({ text, tokens }) => {
    expect([...tokenizer.encode(text, 77).tokens]).toEqual(tokens)
  })
})

describe('the shape of an encoding', () => {
  it('puts the marks around the text and zeros behind', () => {
    const { tokens, length, endIndex, cut } = tokenizer.encode('a red apple', 8)
    expect([...tokens]).toEqual([49406, 320, 736, 3055, 49407, 0, 0, 0])
    expect({ length, endIndex, cut }).toEqual({ length: 5, endIndex: 4, cut: undefined })
  })

  it('gives white space the encoding of no text', () => {
    expect(tokenizer.encode(' \n\t\u3000', 77)).toEqual(tokenizer.encode('', 77))
    expect(tokenizer.encode('', 77)).toMatchObject({ length: 2, endIndex: 1, cut: undefined })
  })

  it('answers a word the same from its cache', () => {
    const once = idsOf('chiaroscuro')
    expect(idsOf('chiaroscuro chiaroscuro')).toEqual([...once, ...once])
  })

  it('holds one end mark even when the user types one', () => {
    const { tokens, endIndex } = tokenizer.encode('<end_of_text> <|endoftext|> <start_of_text>', 77)
    expect(tokens.indexOf(49407)).toBe(endIndex)
    expect(tokens.lastIndexOf(49406)).toBe(0)
  })
})

describe('cut', () => {
  it('is undefined when the text fills the context exactly', () => {
    expect(tokenizer.encode('a red apple', 5)).toMatchObject({ length: 5, cut: undefined })
  })

  it('names the words left over in the case they were typed', () => {
    const { tokens, cut } = tokenizer.encode('A red  Apple by Rembrandt', 4)
    expect([...tokens]).toEqual([49406, 320, 736, 49407])
    expect(cut).toBe('Apple by Rembrandt')
  })

  it('names the whole of a word of which only a part fitted', () => {
    const whole = tokenizer.encode('a chiaroscuro', 77)
    expect(whole.length).toBeGreaterThan(4)
    const { tokens, cut } = tokenizer.encode('a chiaroscuro', 4)
    expect([...tokens]).toEqual([...whole.tokens.subarray(0, 3), 49407])
    expect(cut).toBe('chiaroscuro')
  })

  it('stays at the right word when lower case lengthens the text', () => {
    const room = tokenizer.encode('\u0130\u0130 red', 77).length
    expect(tokenizer.encode('\u0130\u0130 red Apple', room).cut).toBe('apple')
  })
})

describe('cleaning', () => {
  it.each([
    ['curly quotes are straight', 'it\u2019s \u201cfine\u201d', 'it\'s "fine"'],
    ['an entity of a curly quote is straight too', 'it&rsquo;s', "it's"],
    ['numeric entities are characters', 'caf&#233; caf&#xE9;', 'caf\u00e9 caf\u00e9'],
    ['numbers 128 to 159 are Windows characters', 'a&#151;b', 'a\u2014b'],
    ['an impossible number is the replacement character', '&#0; &#x110000; &#xD800;', '\ufffd \ufffd \ufffd'],
    ['the first names count without a semicolon', 'black &amp white', 'black & white'],
    ['other names need their semicolon', 'x&hellipy', 'x&amp;hellipy'],
    ['entities of entities are decoded', '&amp;amp;eacute;', '\u00e9'],
    ['split accents compose', 'cafe\u0301', 'caf\u00e9'],
    ['half-width katakana widen', '\uff76\uff9e', '\u30ac'],
    ['invisible control characters vanish', '\ufeffred\u0007 ap\u0000ple', 'red apple'],
  ])('%s', (_, typed, plain) => expect(idsOf(typed)).toEqual(idsOf(plain)))

  it('leaves an unknown entity as typed', () => {
    expect(idsOf('&bogus;')).toEqual([...idsOf('&'), ...idsOf('bogus'), ...idsOf(';')])
  })

  it('decodes a lone surrogate as the replacement character', () => {
    expect(idsOf('a \ud800')).toEqual(idsOf('a \ufffd'))
  })
})

describe('a smaller vocabulary', () => {
  const size = 512 + 1000 + 2

  it('keeps every id in range with the marks as the last two', () => {
    const small = new ClipTokenizer(merges, size)
    for (const { text } of goldens) {
      const { tokens, endIndex } = small.encode(text, 77)
      expect(tokens[0]).toBe(size - 2)
      expect(tokens[endIndex]).toBe(size - 1)
      expect(Math.max(...tokens.subarray(1, endIndex), 0)).toBeLessThan(size - 2)
    }
  })

  it('spells with the first merges alone', () => {
    const small = new ClipTokenizer(merges, size)
    const [, id] = small.encode('the', 77).tokens
    expect(id).toBe(idsOf('the')[0])
    expect(small.encode('watercolor', 77).length).toBeGreaterThan(tokenizer.encode('watercolor', 77).length)
  })

  it('spells in bytes without any merge', () => {
    expect([...new ClipTokenizer(merges, 514).encode('ab', 5).tokens]).toEqual([512, 64, 256 + 65, 513, 0])
  })

  it.each([513, 49_409])('refuses %i rows, which the merges cannot give', (rows) => {
    expect(() => new ClipTokenizer(merges, rows)).toThrow(expect.objectContaining({ code: 'checkpoint-mismatch' }))
  })
})

describe('resources/clip-merges.txt', () => {
  const lines = merges.trimEnd().split('\n')

  it('holds 48,894 merges', () => expect(lines).toHaveLength(48_894))

  it('spells every token once, so that 512 + rank is its id', () => {
    expect(new Set(lines.map((line) => line.replace(' ', ''))).size).toBe(lines.length)
  })
})
