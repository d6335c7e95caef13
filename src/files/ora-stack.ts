/**
 * The layer tree of an OpenRaster file and its stack.xml, both ways. `Content` is what a layer's pixels are at that point: the
 * name of a part in the file, bytes to be read, or pixels to be made.
 */
import type { BlendMode } from '../document/records.ts'
import { blendModeOf, compositeOp } from './ora-modes.ts'
import { escaped, parseXml, type XmlElement } from './xml.ts'
import { brokenDocument } from './zip-read.ts'

interface OraCommon {
  readonly name: string
  readonly visible: boolean
  /** 0..1 */
  readonly opacity: number
  readonly blendMode: BlendMode
}

export interface OraLayer<Content> extends OraCommon {
  readonly kind: 'layer'
  readonly locked: boolean
  readonly content: Content
}

export interface OraGroup<Content> extends OraCommon {
  readonly kind: 'group'
  readonly isolated: boolean
  /** Topmost first, as in the file. */
  readonly children: readonly OraNode<Content>[]
}

export type OraNode<Content> = OraLayer<Content> | OraGroup<Content>

/** Where a layer's picture is in the zip, and where it lies on the canvas in px. */
export interface PlacedPart {
  readonly src: string
  readonly x: number
  readonly y: number
}

export interface OraStack {
  readonly width: number
  readonly height: number
  /** Topmost first. */
  readonly layers: readonly OraNode<PlacedPart>[]
  /** What was taken for something else, for the person. */
  readonly warnings: readonly string[]
}

export function stackXml(width: number, height: number, layers: readonly OraNode<PlacedPart>[]): string {
  const image = `<image version="0.0.5" w="${width}" h="${height}" xres="72" yres="72">`
  const inner = layers.map((node) => nodeXml(node, '    ')).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${image}\n  <stack>\n${inner}  </stack>\n</image>\n`
}

function nodeXml(node: OraNode<PlacedPart>, indent: string): string {
  const common = attributesXml({
    name: node.name,
    opacity: String(node.opacity),
    visibility: node.visible ? 'visible' : 'hidden',
    'composite-op': compositeOp(node.blendMode),
  })
  if (node.kind === 'layer') {
    const { src, x, y } = node.content
    const place = attributesXml({ src, x: String(x), y: String(y), ...(node.locked ? { 'edit-locked': 'true' } : {}) })
    return `${indent}<layer${common}${place}/>\n`
  }
  const isolation = attributesXml({ isolation: node.isolated ? 'isolate' : 'auto' })
  const inner = node.children.map((child) => nodeXml(child, `${indent}  `)).join('')
  return `${indent}<stack${common}${isolation}>\n${inner}${indent}</stack>\n`
}

function attributesXml(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('')
}

/** @throws StudioError 'document-broken' */
export function parseStack(text: string): OraStack {
  const image = parseXml(text)
  const root = image.children.find(({ name }) => name === 'stack')
  if (image.name !== 'image' || root === undefined) throw brokenDocument('its stack.xml has no stack')
  const warnings: string[] = []
  const size = (name: string): number => {
    const value = Number(image.attributes.get(name))
    if (!Number.isSafeInteger(value) || value < 1 || value > 1e6)
      throw brokenDocument('its size is not a number of pixels')
    return value
  }
  return { width: size('w'), height: size('h'), layers: nodes(root, warnings), warnings }
}

function nodes(parent: XmlElement, warnings: string[]): OraNode<PlacedPart>[] {
  return parent.children.flatMap((element): OraNode<PlacedPart>[] => {
    const { attributes, name: tag } = element
    const name = (attributes.get('name') ?? '').slice(0, 1000)
    const op = attributes.get('composite-op') ?? 'svg:src-over'
    const blendMode = blendModeOf(op)
    if (blendMode === undefined) warnings.push(`'${name}' blends with ${op.slice(0, 40)}, taken as normal.`)
    const common = {
      name,
      visible: attributes.get('visibility') !== 'hidden',
      opacity: Math.min(1, Math.max(0, number(attributes.get('opacity'), 1))),
      blendMode: blendMode ?? 'normal',
    }
    if (tag === 'stack') {
      const isolated = attributes.get('isolation') === 'isolate'
      return [{ ...common, kind: 'group', isolated, children: nodes(element, warnings) }]
    }
    const src = attributes.get('src')
    if (tag !== 'layer' || src === undefined) {
      warnings.push(`'${name}' is left out: a ${tag.slice(0, 40)} without a picture.`)
      return []
    }
    const content = { src, x: position(attributes.get('x')), y: position(attributes.get('y')) }
    return [{ ...common, kind: 'layer', locked: attributes.get('edit-locked') === 'true', content }]
  })
}

function number(text: string | undefined, otherwise: number): number {
  const value = text === undefined || text.trim() === '' ? otherwise : Number(text)
  return Number.isFinite(value) ? value : otherwise
}

function position(text: string | undefined): number {
  return Math.min(1e6, Math.max(-1e6, Math.round(number(text, 0))))
}
