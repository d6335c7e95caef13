/** OpenRaster files: what is written is read back, by us and by Python's zip reader; foreign and hostile files. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { blendModes, type DocumentRecord, tileSide } from '../../../src/document/records.ts'
import { oraLayers } from '../../../src/files/layer-pixels.ts'
import { blendModeOf, compositeOp } from '../../../src/files/ora-modes.ts'
import { OraFile } from '../../../src/files/ora-read.ts'
import { parseStack } from '../../../src/files/ora-stack.ts'
import { saveOra } from '../../../src/files/ora-write.ts'
import { nodeStorage, type StoredFile } from '../../../src/files/storage.ts'
import { isPng } from '../../../src/raster/png-chunks.ts'
import { TileStore } from '../../../src/files/tile-store.ts'
import { parseXml } from '../../../src/files/xml.ts'
import { readZip } from '../../../src/files/zip-read.ts'
import { deflatedPart, storedPart, type ZipPart, zipChunks } from '../../../src/files/zip-write.ts'
import { faultStorage, MemoryDisk } from '../../kit/fault-storage.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { sizesOf, testDocument, tileBytes } from '../../kit/crash-scenarios.ts'

const broken = {
  code: 'document-broken',
  message: expect.stringMatching(/^The document cannot be opened, .*: open an/),
}
const stack = '<image w="5" h="4"><stack><layer name="a" src="data/a.png"/></stack></image>'

async function bytesOf(parts: Iterable<ZipPart>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of zipChunks(parts)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const foreignParts = (xml = stack): ZipPart[] => [
  storedPart('mimetype', Buffer.from('image/openraster')),
  storedPart('stack.xml', Buffer.from(xml)),
  storedPart('data/a.png', Buffer.from('PNG a')),
  storedPart('mergedimage.png', Buffer.from('PNG m')),
]

async function opened(bytes: Uint8Array): Promise<OraFile> {
  const disk = new MemoryDisk(['/home'])
  const file = await disk.open('/home/a.ora', 'wx')
  await file.write(bytes)
  return await OraFile.open(disk, '/home/a.ora')
}

test('a saved document is read back with its snapshot, tiles and layer tree', async () => {
  const disk = new MemoryDisk(['/home'])
  const store = new TileStore({ storage: disk, folder: '/home/tiles' })
  const document = await testDocument(1, store)
  await saveOra(disk, '/home/a.ora', document)
  const file = await OraFile.open(disk, '/home/a.ora')
  expect(file).toMatchObject({ width: 2, height: 3, warnings: [], document: document.document })
  const [layer] = file.layers
  if (layer?.kind !== 'layer') throw new Error('a layer was expected')
  expect(layer).toMatchObject({ name: 'Layer <1>', opacity: 0.5, blendMode: 'multiply', content: { x: 3, y: -4 } })
  expect(isPng(await layer.content.png())).toBe(true)
  const other = new TileStore({ storage: disk, folder: '/home/other' })
  await file.takeTiles(sizesOf(document.tiles), other)
  for (const [seed, id] of [...document.tiles].entries()) expect(await other.get(id)).toEqual(tileBytes(seed + 1))
  await file.close()
})

test('the file starts with its type as plain bytes, and Python finds every part intact', async () => {
  const folder = await temporaryFolder()
  const store = new TileStore({ storage: nodeStorage, folder: join(folder, 'tiles') })
  const path = join(folder, 'a.ora')
  await saveOra(nodeStorage, path, await testDocument(1, store))
  expect((await readFile(path)).subarray(30, 54).toString()).toBe('mimetypeimage/openraster')
  const script =
    'import sys,zipfile,json; z=zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), z.namelist()]))'
  const python = await promisify(execFile)('python3', ['-c', script, path]).catch((error: unknown) => error as Error)
  if (python instanceof Error) {
    process.stdout.write(`  no second zip reader tried: ${python.message.split('\n')[0]}\n`)
    return
  }
  const [damaged, names] = JSON.parse(python.stdout) as [string | null, string[]]
  expect(damaged).toBeNull()
  expect(names.filter((name) => !name.startsWith('paella/tiles/'))).toEqual([
    'mimetype',
    'paella/document.json',
    'data/layer000.png',
    'mergedimage.png',
    'paella/strips.json',
    'Thumbnails/thumbnail.png',
    'stack.xml',
  ])
})

test('more parts and more bytes than a plain zip can have are found again', async () => {
  const many = await bytesOf(Array.from({ length: 66_000 }, (_, i) => storedPart(`p${i}`, new Uint8Array())))
  expect((await readZip(fileOf([many]))).size).toBe(66_000)
  const body = new Uint8Array(64 * 2 ** 20)
  const part = { body: [body], method: 'stored' as const, size: body.length, crc32: 0 }
  const chunks: Uint8Array[] = []
  for await (const chunk of zipChunks(Array.from({ length: 66 }, (_, i) => ({ ...part, name: `p${i}` }))))
    chunks.push(chunk)
  expect((await readZip(fileOf(chunks))).size).toBe(66)
}, 60_000)

/** A file of chunks, which may be the same bytes again and again. */
function fileOf(chunks: readonly Uint8Array[]): StoredFile {
  const size = chunks.reduce((sum, { length }) => sum + length, 0)
  const file = {
    size: async () => size,
    read: async (buffer: Uint8Array, position: number) => {
      let start = 0
      for (const chunk of chunks) {
        if (position < start + chunk.length) {
          const part = chunk.subarray(position - start, position - start + buffer.length)
          buffer.set(part)
          return part.length
        }
        start += chunk.length
      }
      return 0
    },
  }
  return file as Partial<StoredFile> as StoredFile
}

test('every blend mode has a name that comes back as itself', () => {
  for (const mode of blendModes) expect(blendModeOf(compositeOp(mode))).toBe(mode)
  expect(compositeOp('normal')).toBe('svg:src-over')
  expect(compositeOp('color-dodge')).toBe('svg:color-dodge')
})

test('a file of another program gives its layers, and says what it cannot show', async () => {
  const xml = `\uFEFF<?xml version='1.0' encoding='UTF-8'?>
    <!-- by hand --><image version="0.0.3" w="50" h="40"><stack>
      <stack name='G&amp;&#233;&#xE9;' opacity="2" isolation="isolate" composite-op="svg:screen">
        <layer name="a" src="data/a.png" x="-3" y="7" visibility="hidden" composite-op="svg:plus" edit-locked="true"/>
      </stack><filter name="blur"/><layer src="data/a.png"/></stack></image>`
  const file = await opened(await bytesOf(foreignParts(xml)))
  expect(file).toMatchObject({ width: 50, height: 40, document: null })
  expect(file.layers).toMatchObject([
    {
      kind: 'group',
      name: 'G&éé',
      opacity: 1,
      isolated: true,
      blendMode: 'screen',
      children: [{ kind: 'layer', visible: false, locked: true, blendMode: 'normal', content: { x: -3, y: 7 } }],
    },
    { kind: 'layer', name: '', opacity: 1, visible: true, content: { x: 0, y: 0 } },
  ])
  expect(file.warnings).toEqual([
    "'a' blends with svg:plus, taken as normal.",
    "'blur' is left out: a filter without a picture.",
  ])
  expect(Buffer.from(await file.merged()).toString()).toBe('PNG m')
})

test.each([
  ['no root', ''],
  ['two roots', '<a/><b/>'],
  ['an element that is not closed', '<a><b></a>'],
  ['a closing tag too many', '<a/></a>'],
  ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a/>'],
  ['an unknown entity', '<a b="&x;"/>'],
  ['an entity without an end', '<a b="&amp"/>'],
  ['half a surrogate', '<a b="&#xd800;"/>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['deep nesting', '<a>'.repeat(100) + '</a>'.repeat(100)],
  ['too many elements', `<a>${'<b/>'.repeat(20_001)}</a>`],
  ['CDATA', '<a><![CDATA[x]]></a>'],
])('stack.xml with %s is refused', (_, xml) => {
  expect(() => parseXml(xml)).toThrow(expect.objectContaining(broken))
})

test.each(['w="0" h="1"', 'w="1e9" h="1"', 'w="1.5" h="1"', 'h="1"'])('a picture of %s is refused', (size) => {
  expect(() => parseStack(`<image ${size}><stack/></image>`)).toThrow(expect.objectContaining(broken))
})

describe('a hostile zip', () => {
  const png = (name: string): ZipPart => storedPart(name, Buffer.from('x'))
  const replaceAll = (bytes: Buffer, from: string, to: string): Buffer =>
    Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')
  const directory = (bytes: Buffer): number => bytes.indexOf('PK\x01\x02')

  test.each([
    '../a',
    'a/../../b',
    '/etc/passwd',
    'a\\b',
    'C:/a',
    'a\0b',
    'a//b',
    './a',
    'data/con',
    'LPT1.png',
    'a.',
    'a /b',
    'x'.repeat(256),
  ])('with the name %j is refused', async (name) => {
    await expect(opened(await bytesOf([...foreignParts(), png(name)]))).rejects.toMatchObject(broken)
  })

  test.each([
    ['twice the same name', ['data/b', 'data/b']],
    ['names that differ in case', ['data/b', 'data/B']],
    ['names that differ in composition', ['data/\u00e9', 'data/e\u0301']],
  ])('with %s is refused', async (_, names) => {
    await expect(opened(await bytesOf([...foreignParts(), ...names.map(png)]))).rejects.toMatchObject(broken)
  })

  test('that unpacks to far more than it holds is refused', async () => {
    const bomb = await deflatedPart('data/b.png', new Uint8Array(20 * 2 ** 20))
    await expect(opened(await bytesOf([...foreignParts(), bomb]))).rejects.toMatchObject(broken)
  })

  test('that lies about the size stops at what it said', async () => {
    const bomb = { ...(await deflatedPart('data/a.png', new Uint8Array(2 ** 20))), size: 1000 }
    const parts = [...foreignParts().filter(({ name }) => name !== 'data/a.png'), bomb]
    const [layer] = (await opened(await bytesOf(parts))).layers
    if (layer?.kind !== 'layer') throw new Error('a layer was expected')
    await expect(layer.content.png()).rejects.toMatchObject(broken)
  })

  test('with something before, behind, or in place of a part is refused', async () => {
    const good = await bytesOf(foreignParts())
    await opened(good)
    const bad = [
      Buffer.concat([Buffer.from('junk'), good]),
      Buffer.concat([good, Buffer.from('junk')]),
      replaceAll(good, 'PNG a', 'PNG b'),
    ]
    for (const [i, bytes] of bad.entries()) {
      const reading = async (): Promise<Uint8Array | undefined> => {
        const [layer] = (await opened(bytes)).layers
        return layer?.kind === 'layer' ? await layer.content.png() : undefined
      }
      await expect(reading(), String(i)).rejects.toMatchObject(broken)
    }
  })

  test('whose directory and parts do not agree, or overlap, is refused', async () => {
    const good = await bytesOf(foreignParts())
    const name = Buffer.from(good)
    name.write('data/b.png', name.indexOf('data/a.png'))
    const crc = Buffer.from(good)
    crc.writeUInt32LE(crc32('other'), directory(good) + 16)
    const overlap = Buffer.from(good)
    // The second entry begins where the first does.
    overlap.writeUInt32LE(0, overlap.indexOf('PK\x01\x02', directory(good) + 4) + 42)
    for (const bytes of [name, crc, overlap]) await expect(opened(bytes)).rejects.toMatchObject(broken)
  })

  test.each([
    ['encryption', 8, 1],
    ['a masked directory', 8, 0x2000],
    ['an unknown method', 10, 12],
    ['a link', 40, 0xa1ff],
  ])('with %s is refused', async (_, field, value) => {
    const bytes = await bytesOf(foreignParts())
    bytes.writeUInt16LE(value, directory(bytes) + field)
    await expect(opened(bytes)).rejects.toMatchObject(broken)
  })

  test.each(['mimetype', 'stack.xml', 'data/a.png'])('without %s is refused', async (missing) => {
    const parts = foreignParts().filter(({ name }) => name !== missing)
    await expect(opened(await bytesOf(parts))).rejects.toMatchObject(broken)
  })

  test('cut anywhere is refused, and no flipped byte brings another error', async () => {
    const good = await bytesOf(foreignParts())
    for (let length = 0; length < good.length; length++)
      await expect(opened(good.subarray(0, length)), `${length}`).rejects.toMatchObject(broken)
    for (let i = 0; i < good.length; i++) {
      const flipped = Buffer.from(good)
      flipped[i] = (flipped[i] ?? 0) ^ 0xff
      const error: unknown = await opened(flipped).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (error !== undefined) expect(error, `${i}`).toMatchObject(broken)
    }
  })
})

test('a tile that is not what its name says is named, and our part can be ignored', async () => {
  const disk = new MemoryDisk(['/home'])
  const store = new TileStore({ storage: disk, folder: '/home/tiles' })
  const document = await testDocument(1, store)
  const other = store.put(tileBytes(9))
  await saveOra(disk, '/home/a.ora', { ...document, packedTile: () => store.packed(other) })
  const file = await OraFile.open(disk, '/home/a.ora')
  await expect(file.takeTiles(sizesOf(document.tiles), store)).rejects.toMatchObject({
    code: 'document-broken',
    message: expect.stringMatching(/^Tile [0-9a-f]{12}/),
  })
  await expect(file.takeTiles(sizesOf(['0'.repeat(64)]), store)).rejects.toMatchObject(broken)
  const [first = ''] = document.tiles
  await expect(file.takeTiles(new Map([[first, 5]]), store)).rejects.toMatchObject(broken)
  const asForeign = await OraFile.open(disk, '/home/a.ora', { ignoreOwnData: true })
  expect(asForeign).toMatchObject({ document: null, layers: [{ name: 'Layer <1>' }] })
})

test('a file that is missing or cannot be read is told from a broken one', async () => {
  const disk = new MemoryDisk(['/home'])
  await expect(OraFile.open(disk, '/home/none')).rejects.toMatchObject({ code: 'file-not-found' })
  await (await disk.open('/home/a', 'wx')).write(await bytesOf(foreignParts()))
  const failing = faultStorage(disk, ({ operation }) =>
    operation === 'size' ? { kind: 'fail', code: 'EIO' } : undefined,
  )
  await expect(OraFile.open(failing, '/home/a')).rejects.toMatchObject({ code: 'file-unreadable', detail: 'EIO' })
})

test('layers of records come topmost first, with masks worked into their alpha', async () => {
  const tiles = new Map<string, Uint8Array>([
    ['red', new Uint8Array(tileSide * tileSide * 4).fill(200)],
    ['half', new Uint8Array(tileSide * tileSide).fill(128)],
  ])
  const common = { visible: true, locked: false, opacity: 1, blendMode: 'normal', mask: null } as const
  const surface = { channels: 4, tiles: { '-1,0': 'red', '1,1': 'red' } } as const
  const mask = { enabled: true, surface: { channels: 1, tiles: { '1,1': 'half' } } } as const
  const records: DocumentRecord[] = [
    {
      ...common,
      kind: 'raster',
      id: 'a',
      parent: 'g',
      order: 'a',
      name: 'low',
      surface,
      recipe: null,
      generated: null,
    },
    {
      ...common,
      kind: 'raster',
      id: 'b',
      parent: 'g',
      order: 'b',
      name: 'high',
      surface,
      recipe: null,
      generated: null,
      mask,
    },
    { ...common, kind: 'group', id: 'g', parent: null, order: 'a', name: 'group', isolated: true },
    { ...common, kind: 'mask', id: 'm', parent: null, order: 'b', name: 'ours', surface: mask.surface, prompt: '' },
  ]
  const [group, ...others] = oraLayers(records, async (id) => tiles.get(id) ?? new Uint8Array())
  expect(others).toEqual([])
  if (group?.kind !== 'group') throw new Error('a group was expected')
  expect(group.children.map(({ name }) => name)).toEqual(['high', 'low'])

  const [masked, plain] = group.children.map((layer) => (layer.kind === 'layer' ? layer.content : null))
  // Where a mask has no tile, it hides.
  expect(masked).toMatchObject({ x: 256, y: 256, picture: { width: 256, height: 256 } })
  expect(plain).toMatchObject({ x: -256, y: 0, picture: { width: 768, height: 512 } })
  const at = async (content: typeof plain, x: number, y: number): Promise<number[]> => {
    const strip = await content?.picture.strips[y >> 8]?.make()
    return strip === undefined ? [] : Array.from(strip.data.subarray(((y & 255) * strip.width + x) * 4).subarray(0, 4))
  }
  expect(await at(masked ?? null, 255, 255)).toEqual([200, 200, 200, 100])
  expect(await at(plain ?? null, 0, 0)).toEqual([200, 200, 200, 200])
  expect(await at(plain ?? null, 300, 0)).toEqual([0, 0, 0, 0])
})

test('what is written by hand on a real disk opens too', async () => {
  const path = join(await temporaryFolder(), 'b.ora')
  await writeFile(path, await bytesOf(foreignParts()))
  const file = await OraFile.open(nodeStorage, path)
  expect(file.width).toBe(5)
  await file.close()
})
