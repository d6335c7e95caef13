/**
 * An OpenRaster reader of the tests' own, after the specification and not after our code: the zip by Python where there is one
 * (else by yauzl), stack.xml by a scanner of tags, pictures by the tests' PNG reader.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fromBufferPromise } from 'yauzl'
import type { Pixels } from '../../src/shared/contract/picture.ts'
import { decodePng } from './png-reader.ts'

export interface OraPart {
  readonly name: string
  readonly isStored: boolean
  readonly bytes: Uint8Array
}

export interface OraElement {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly OraElement[]
}

export interface ReadOra {
  readonly by: 'python' | 'yauzl'
  /** In the order in which they lie in the file. */
  readonly parts: readonly OraPart[]
  readonly image: OraElement
  readonly merged: Pixels
  readonly thumbnail: Pixels
  /** Of every layer element, by its src. */
  readonly layers: ReadonlyMap<string, Pixels>
}

const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
z.extractall(sys.argv[2])
infos = sorted(z.infolist(), key=lambda i: i.header_offset)
print(json.dumps([[i.filename, i.compress_type == 0] for i in infos]))
`

/** @param folder an empty one, for what Python unpacks. @throws where the file is not as the specification says */
export async function readOra(path: string, folder: string): Promise<ReadOra> {
  const python = await byPython(path, folder)
  const parts = python ?? (await byYauzl(path))
  const bytesOf = (name: string): Uint8Array => {
    const part = parts.find((part) => part.name === name)
    if (part === undefined) throw new Error(`${name} is missing`)
    return part.bytes
  }
  const [first] = parts
  if (first?.name !== 'mimetype' || !first.isStored) throw new Error('mimetype is not the first part, or packed')
  if (Buffer.from(first.bytes).toString() !== 'image/openraster') throw new Error('another mimetype')
  const image = parseTags(Buffer.from(bytesOf('stack.xml')).toString())
  if (image.tag !== 'image' || image.children.length !== 1 || image.children[0]?.tag !== 'stack')
    throw new Error('stack.xml holds something else than one image with one stack')
  const layers = new Map<string, Pixels>()
  for (const layer of layersIn(image)) {
    const { src = '' } = layer.attributes
    layers.set(src, decodePng(bytesOf(src)))
  }
  const merged = decodePng(bytesOf('mergedimage.png'))
  const thumbnail = decodePng(bytesOf('Thumbnails/thumbnail.png'))
  return { by: python === undefined ? 'yauzl' : 'python', parts, image, merged, thumbnail, layers }
}

export const layersIn = (element: OraElement): OraElement[] =>
  element.tag === 'layer' ? [element] : element.children.flatMap(layersIn)

async function byPython(path: string, folder: string): Promise<OraPart[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', script, path, folder])
    const infos = JSON.parse(stdout) as [string, boolean][]
    return await Promise.all(
      infos.map(async ([name, isStored]) => ({ name, isStored, bytes: await readFile(join(folder, name)) })),
    )
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function byYauzl(path: string): Promise<OraPart[]> {
  const zip = await fromBufferPromise(await readFile(path), { lazyEntries: true })
  const parts: (OraPart & { readonly offset: number })[] = []
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
    const isStored = entry.compressionMethod === 0
    parts.push({
      name: entry.fileName,
      isStored,
      bytes: Buffer.concat(chunks),
      offset: entry.relativeOffsetOfLocalHeader,
    })
  }
  return parts.sort((a, b) => a.offset - b.offset)
}

function parseTags(xml: string): OraElement {
  interface Open extends OraElement {
    readonly children: OraElement[]
  }
  const root: Open = { tag: '', attributes: {}, children: [] }
  const open = [root]
  for (const [, closing, tag, list = '', empty] of xml.matchAll(/<(\/?)([a-z]+)((?:\s+[\w-]+="[^"]*")*)\s*(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop()?.tag !== tag) throw new Error(`</${tag}> closes nothing`)
      continue
    }
    const attributes = [...list.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      unescaped(value),
    ])
    const element: Open = {
      tag: tag ?? '',
      attributes: Object.fromEntries(attributes) as Record<string, string>,
      children: [],
    }
    open.at(-1)?.children.push(element)
    if (empty !== '/') open.push(element)
  }
  const [image] = root.children
  if (open.length !== 1 || image === undefined) throw new Error('stack.xml is not whole')
  return image
}

const unescaped = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
