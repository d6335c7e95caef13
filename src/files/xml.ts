/**
 * The little of XML that stack.xml uses: elements with attributes. No DOCTYPE, no processing instructions, no CDATA, no entities
 * but the five and numbers; text between elements is skipped. Limits keep a hostile file from taking time or stack.
 */
import { brokenDocument } from './zip-read.ts'

export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
}

interface Open extends XmlElement {
  readonly children: XmlElement[]
}

const deepest = 64
const mostElements = 20_000
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const declaration = /^\uFEFF?\s*(?:<\?xml[^?]*\?>)?/
/** One step: a comment, a closing tag, an opening tag, or text. */
const step =
  /<!--[\s\S]*?-->|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|[^<]+/y
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** The root element. @throws StudioError 'document-broken' */
export function parseXml(text: string): XmlElement {
  const top: Open = { name: '', attributes: new Map(), children: [] }
  const open = [top]
  let count = 0
  step.lastIndex = declaration.exec(text)?.[0].length ?? 0
  while (step.lastIndex < text.length) {
    const found = step.exec(text)
    if (found === null) throw brokenDocument('its stack.xml is not well-formed')
    const [, closing, opening, list, isEmpty] = found
    if (closing !== undefined && open.pop()?.name !== closing) throw brokenDocument('its stack.xml is not well-formed')
    if (opening === undefined) continue
    const element: Open = { name: opening, attributes: attributesOf(list ?? ''), children: [] }
    open.at(-1)?.children.push(element)
    count += 1
    if (isEmpty !== '/') open.push(element)
    if (open.length > deepest || count > mostElements) throw brokenDocument('its stack.xml is too large')
  }
  const [root, ...others] = top.children
  if (open.length !== 1 || root === undefined || others.length > 0)
    throw brokenDocument('its stack.xml is not well-formed')
  return root
}

function attributesOf(list: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single] of list.matchAll(attribute)) {
    if (attributes.has(name)) throw brokenDocument('its stack.xml names an attribute twice')
    attributes.set(name, unescaped(double ?? single ?? ''))
  }
  return attributes
}

function unescaped(text: string): string {
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name)
    const code = number?.[1] === undefined ? Number(number?.[2]) : Number.parseInt(number[1], 16)
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    const character = isCharacter ? String.fromCodePoint(code) : Object.hasOwn(named, name) ? named[name] : undefined
    if (character === undefined || !whole.endsWith(';')) throw brokenDocument('its stack.xml has an unknown entity')
    return character
  })
}

/** For an attribute's value; characters that XML cannot hold at all are left out. */
export function escaped(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const allowed = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return allowed.replaceAll(/[&<>"'\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`)
}
