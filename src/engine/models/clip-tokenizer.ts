/**
 * CLIP's byte-pair tokenizer (open_clip's SimpleTokenizer): a prompt becomes ids between a start and an end mark.
 * Ids: 256 bytes, 256 bytes that end a word, the merges by rank, the two marks. A smaller text tower keeps only the
 * first merges, so its row count says it all. The merges come in as text (resources/clip-merges.txt); nothing is read.
 *
 * Before splitting, open_clip runs ftfy.fix_text and html.unescape twice. Of ftfy, reproduced: entities (where the text
 * has no '<'), Latin ligatures, full- and half-width forms, straight quotes, control characters, NFC. Not reproduced:
 * mojibake repair (fix_encoding, C1 controls), terminal escapes, entities in capitals, and 'ﬅ' ('st' here, not 'ſt').
 * On purpose unlike open_clip, which takes a typed '<end_of_text>' for the mark itself: here no typed text is a mark.
 */
import { assert } from '../../shared/base/assert.ts'
import { StudioError } from '../../shared/contract/errors.ts'

export interface ClipTokens {
  /** contextLength ids: start mark, text, end mark, then zeros. */
  readonly tokens: Int32Array
  /** Ids in use, both marks counted. */
  readonly length: number
  /** Position of the end mark, where the text tower pools. */
  readonly endIndex: number
  /** The cleaned prompt from the first word that did not fit whole; undefined if all of it fitted. */
  readonly cut: string | undefined
}

/** A stretch of a word: its spelling in byte symbols ('</w>' closes a word) and its id. */
interface Piece {
  readonly text: string
  readonly id: number
}

const byteIds = 512
/** Words kept with their ids; past this the cache starts afresh, so typing for days does not grow it. */
const cachedWords = 10_000
/** CLIP's pattern without its marks. Of the original's ignore-case only 'ſ' matters: the text is lower case by now. */
const wordPattern = /'(?:[sſ]|t|re|ve|m|ll|d)|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/gu
const utf8 = new TextEncoder()
const windows1252 = new TextDecoder('windows-1252')

// HTML's names for U+00A0..U+00FF in order. Like the six basic ones they count without their semicolon too.
const latin1Names = `
  nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro
  para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil
  Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave
  Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml
  igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute
  thorn yuml`
const otherEntities = `
  amp & lt < gt > quot " AMP & LT < GT > QUOT " COPY © REG ® apos; ' hellip; … ndash; – mdash; — lsquo; ‘ rsquo; ’
  ldquo; “ rdquo; ” sbquo; ‚ bdquo; „ bull; • prime; ′ Prime; ″ trade; ™ euro; € larr; ← uarr; ↑ rarr; → darr; ↓
  harr; ↔ minus; − infin; ∞ ne; ≠ le; ≤ ge; ≥ asymp; ≈ star; ☆ starf; ★ hearts; ♥ spades; ♠ clubs; ♣ diams; ♦
  check; ✓ OElig; Œ oelig; œ Scaron; Š scaron; š`
/** The common entities, not HTML's whole table of 2,231 names; an unknown one stays as it was typed. */
const entities = new Map<string, string>()
for (const [i, name] of latin1Names.trim().split(/\s+/).entries()) entities.set(name, String.fromCharCode(0xa0 + i))
for (const [, name = '', character = ''] of otherEntities.matchAll(/(\S+) (\S+)/g)) entities.set(name, character)

/** Python's html.unescape over the table above. */
function unescapeHtml(text: string): string {
  return text.replace(/&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([^\t\n\f <&#;]{1,32};?))/gu, (_, ten, sixteen, name) =>
    name === undefined
      ? numericEntity(ten === undefined ? parseInt(sixteen, 16) : parseInt(ten, 10))
      : namedEntity(name),
  )
}

function numericEntity(code: number): string {
  if (code >= 0x80 && code <= 0x9f) return windows1252.decode(Uint8Array.of(code))
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd'
  return dropControls(String.fromCodePoint(code))
}

/** The longest known beginning of `name` is the entity, as in HTML: '&notit;' is '¬it;'. */
function namedEntity(name: string): string {
  for (let end = name.length; end >= 2; end--) {
    const head = name.slice(0, end)
    const character = entities.get(head) ?? (head.endsWith(';') ? entities.get(head.slice(0, -1)) : undefined)
    if (character !== undefined) return character + name.slice(end)
  }
  return `&${name}`
}

function dropControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- naming control characters is the point
  return text.replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]/g, '')
}

/** ftfy.fix_text as far as the header says; like it, repeats until nothing changes. */
function fixText(text: string): string {
  const isHtml = text.includes('<')
  let fixed = text
  for (let before: string | undefined; before !== fixed; ) {
    before = fixed
    fixed = (isHtml ? fixed : unescapeHtml(fixed))
      .replace(/[ĲĳŉǄ-ǌǱ-ǳ\u3000\uff01-\uffefﬀ-ﬆ]/g, (character) => character.normalize('NFKC'))
      .replace(/[\u02bc\u2018-\u201b]/g, "'")
      .replace(/[\u201c-\u201f]/g, '"')
    fixed = dropControls(fixed).normalize('NFC')
  }
  return fixed
}

/** By byte. The 188 printable bytes come first and spell themselves in Latin-1; the others are U+0100 and on. */
const bytePieces: Piece[] = []
for (let byte = 0, printable = 0, other = 0; byte < 256; byte++) {
  const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad)
  const code = isPrintable ? byte : 0x100 + other
  bytePieces.push({ text: String.fromCharCode(code), id: isPrintable ? printable++ : 188 + other++ })
}

export class ClipTokenizer {
  /** 'left right' to the id of the two joined. By pair, since other pairs that spell the same token are no merges. */
  readonly #merges = new Map<string, number>()
  readonly #words = new Map<string, readonly number[]>()
  readonly #vocabularySize: number

  /**
   * Costs about 20 ms, all of it the map of merges: construct once, when the first prompt needs it.
   * @param merges the text of clip-merges.txt, one 'left right' a line in order of rank
   * @param vocabularySize rows of the text tower's embedding; 514 + the number of merges to use
   * @throws StudioError checkpoint-mismatch if the merges cannot give that many ids
   */
  constructor(merges: string, vocabularySize = 49_408) {
    const lines = merges.trimEnd().split('\n')
    const used = vocabularySize - byteIds - 2
    if (used < 0 || used > lines.length) {
      throw new StudioError(
        'checkpoint-mismatch',
        `The text tower has ${vocabularySize} token rows; CLIP has ${byteIds + 2} to ${byteIds + 2 + lines.length}: ` +
          'choose a model with a CLIP text tower.',
      )
    }
    for (let rank = 0; rank < used; rank++) this.#merges.set(lines[rank] as string, byteIds + rank)
    this.#vocabularySize = vocabularySize
  }

  /** `text` to ids for a text tower of `contextLength` positions (77 in CLIP); what does not fit is named in `cut`. */
  encode(text: string, contextLength: number): ClipTokens {
    assert(contextLength >= 2, 'a CLIP context holds at least its two marks')
    const clean = unescapeHtml(unescapeHtml(fixText(text)))
      .replace(/\s+/g, ' ')
      .trim()
    const lower = clean.toLowerCase()
    const tokens = new Int32Array(contextLength)
    tokens[0] = this.#vocabularySize - 2
    let length = 1
    let cut: string | undefined
    for (const { 0: word, index } of lower.matchAll(wordPattern)) {
      const ids = this.#encodeWord(word)
      const room = contextLength - 1 - length
      tokens.set(ids.slice(0, room), length)
      length += Math.min(ids.length, room)
      if (ids.length > room) {
        // A letter may lengthen in lower case ('İ'); only then do the two texts not line up.
        cut = (lower.length === clean.length ? clean : lower).slice(index)
        break
      }
    }
    tokens[length] = this.#vocabularySize - 1
    return { tokens, length: length + 1, endIndex: length, cut }
  }

  #encodeWord(word: string): readonly number[] {
    const known = this.#words.get(word)
    if (known) return known
    let pieces = Array.from(utf8.encode(word), (byte) => bytePieces[byte] as Piece)
    const last = pieces.pop() as Piece
    pieces.push({ text: `${last.text}</w>`, id: 256 + last.id })
    for (let merged = this.#mergeOnce(pieces); merged; merged = this.#mergeOnce(pieces)) pieces = merged
    const ids = pieces.map((piece) => piece.id)
    if (this.#words.size >= cachedWords) this.#words.clear()
    this.#words.set(word, ids)
    return ids
  }

  /** Joins every occurrence, left to right, of the pair that ranks first; undefined when no pair is a merge. */
  #mergeOnce(pieces: readonly Piece[]): Piece[] | undefined {
    let best = Infinity
    let at = -1
    for (let i = 0; i + 1 < pieces.length; i++) {
      const id = this.#merges.get(`${pieces[i]?.text} ${pieces[i + 1]?.text}`)
      if (id !== undefined && id < best) [best, at] = [id, i]
    }
    const [left, right] = [pieces[at], pieces[at + 1]]
    if (!left || !right) return undefined
    const joined = { text: left.text + right.text, id: best }
    const result: Piece[] = []
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i] as Piece
      const isPair = piece.id === left.id && pieces[i + 1]?.id === right.id
      result.push(isPair ? joined : piece)
      if (isPair) i++
    }
    return result
  }
}
