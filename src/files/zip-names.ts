/** Which names an entry of a zip may have, wherever it might be unpacked some day. */

/** What is wrong with a name, in a few words; undefined where nothing is. */
export function nameFault(name: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (name === '' || /[\u0000-\u001f\u007f\\:]/.test(name)) return 'with a forbidden character in its name'
  if (name.startsWith('/')) return 'with an absolute name'
  for (const part of name.replace(/\/$/, '').split('/')) {
    if (part === '' || part === '.' || part === '..') return 'whose name leads elsewhere'
    if (Buffer.byteLength(part) > 255) return 'with an endless name'
    if (/[. ]$/.test(part) || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(part)) return 'with a reserved name'
  }
  return undefined
}

/** Equal for names that some disk cannot tell apart. */
export const sameName = (name: string): string => name.normalize('NFC').toLowerCase()
