/** Which names an entry of a zip may have, wherever it might be unpacked some day, and which of them no disk can tell apart. */

/** What is wrong with a name, in a few words; undefined where nothing is. */
export function nameFault(name: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (name === '' || /[\u0000-\u001f\u007f\\:]/.test(name)) return 'has a forbidden character in its name'
  if (name.startsWith('/')) return 'has an absolute name'
  for (const part of name.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'has a name that leads elsewhere'
    if (Buffer.byteLength(part) > 255) return 'has an endless name'
    if (/[. ]$/.test(part) || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(part)) return 'has a reserved name'
  }
  return undefined
}

export const sameName = (name: string): string => name.normalize('NFC').toLowerCase()
