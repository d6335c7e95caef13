/**
 * Readable file names from prompts. Letters and digits of every script stay, so that a Russian or Japanese prompt gives a
 * name that its writer can read; Latin letters lose their accents, since those are what people leave out when they type.
 */

/** File systems allow 255 bytes a name; this leaves room for the seed, the frame and a counter. */
const longest = { characters: 60, bytes: 150 }

/** 'A red apple!' -> 'a-red-apple'; '' where nothing readable is left. At most `characters` long, cut between words. */
export function slug(text: string, characters: number = longest.characters): string {
  let name = ''
  for (const word of slugWords(text)) {
    const longer = name === '' ? cut(word, characters) : `${name}-${word}`
    if (!fits(longer, characters)) break
    name = longer
  }
  return name
}

/** 'A red apple!' -> ['a', 'red', 'apple'] */
export function slugWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})[\u0300-\u036f]+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '')
}

/** Cuts a single overlong word (scripts without spaces make them) between code points. */
function cut(word: string, characters: number): string {
  let kept = ''
  for (const letter of word) {
    if (!fits(kept + letter, characters)) break
    kept += letter
  }
  return kept
}

function fits(name: string, characters: number): boolean {
  // Three bytes a unit of UTF-16 at most: most names need no counting.
  if (name.length <= characters && name.length * 3 <= longest.bytes) return true
  return [...name].length <= characters && Buffer.byteLength(name) <= longest.bytes
}
