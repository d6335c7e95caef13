/**
 * What is saved while the crash tests stop, starve or cut it: a document over an older one, a journal with a compaction in it,
 * an export over an older one. Each knows how to look at what is left and says what is wrong with it.
 */
import { join } from 'node:path'
import { atomicSave } from '../../src/files/atomic-save.ts'
import { Journal } from '../../src/files/journal.ts'
import { readJournal } from '../../src/files/journal-format.ts'
import { OraFile } from '../../src/files/ora-read.ts'
import { type OraDocument, saveOra } from '../../src/files/ora-write.ts'
import type { StripPicture } from '../../src/files/picture-strips.ts'
import { readWhole, type Storage } from '../../src/files/storage.ts'
import { TileStore } from '../../src/files/tile-store.ts'
import type { Pixels } from '../../src/shared/contract/picture.ts'
import type { Scenario } from './scenario.ts'

/** A picture in memory as strips of so many rows. */
export function stripsOf({ width, height, channels, data }: Pixels, rows = 1): StripPicture {
  const strips = Array.from({ length: Math.ceil(height / rows) }, (_, i) => {
    const part = data.subarray(i * rows * width * channels, (i + 1) * rows * width * channels)
    const pixels: Pixels = { width, height: part.length / width / channels, channels, data: part }
    return {
      y: i * rows,
      key: `${width} ${Buffer.from(part).toString('hex')}`,
      isBlank: false,
      make: async () => pixels,
    }
  })
  return { width, height, channels, strips }
}

export const tileBytes = (seed: number): Uint8Array =>
  Uint8Array.from({ length: 3000 }, (_, i) => (i * (seed + 3) * 2654435761) >>> (seed % 7))

const picture = (version: number): StripPicture =>
  stripsOf({ width: 2, height: 3, channels: 4, data: Uint8Array.from({ length: 24 }, (_, i) => i * 8 + version) })

/** What `takeTiles` wants of the tiles of `testDocument`. */
export const sizesOf = (tiles: Iterable<string>): Map<string, number> =>
  new Map([...tiles].map((id) => [id, tileBytes(0).length]))

export async function testDocument(version: number, store: TileStore): Promise<OraDocument> {
  const tiles = [version, version + 1].map((seed) => store.put(tileBytes(seed)))
  const layer = {
    name: `Layer <${version}>`,
    visible: true,
    opacity: 0.5,
    blendMode: 'multiply',
    locked: false,
  } as const
  return {
    layers: [{ ...layer, kind: 'layer', content: { x: 3, y: -4, picture: picture(version) } }],
    merged: picture(version),
    document: { version, tiles },
    tiles,
    packedTile: (id) => store.packed(id),
  }
}

async function saveVersion(storage: Storage, root: string, version: number, store: TileStore): Promise<void> {
  const document = await testDocument(version, store)
  await saveOra(storage, join(root, 'picture.ora'), document, { keepPrevious: true, estimate: 3000 })
}

/** Never written to: it holds its tiles in memory. */
const memoryStore = (): TileStore => new TileStore({ storage: refusing, folder: '/tiles' })
const refusing = new Proxy({} as Storage, { get: () => () => Promise.reject(new Error('no disk')) })

export const documentSave: Scenario = {
  name: 'save',
  newest: 2,
  prepare: (storage, root) => saveVersion(storage, root, 1, memoryStore()),
  async run(storage, root, promised) {
    await saveVersion(storage, root, 2, memoryStore())
    promised(2)
  },
  async look(storage, root) {
    const file = await OraFile.open(storage, join(root, 'picture.ora'))
    const { version, tiles } = file.document as { version: number; tiles: string[] }
    const store = new TileStore({ storage, folder: join(root, `look-${version}`) })
    await file.takeTiles(sizesOf(tiles), store)
    for (const id of tiles) await store.get(id)
    await file.close()
    return version
  },
}

const exportBytes = (version: number): Uint8Array[] =>
  Array.from({ length: 8 }, (_, i) => new Uint8Array(100 + i).fill(version * 16 + i))

export const exported: Scenario = {
  name: 'export',
  newest: 2,
  async prepare(storage, root) {
    await atomicSave(storage, join(root, 'picture.png'), exportBytes(1))
  },
  async run(storage, root, promised) {
    await atomicSave(storage, join(root, 'picture.png'), exportBytes(2))
    promised(2)
  },
  async look(storage, root) {
    const found = Buffer.from(await readWhole(storage, join(root, 'picture.png')))
    const version = [1, 2].find((version) => found.equals(Buffer.concat(exportBytes(version))))
    if (version === undefined) throw new Error(`neither version: ${found.length} bytes`)
    return version
  },
}

const operations = 6
/** Half of the operations outgrow it, so that a compaction lies in the middle. */
const slack = 400

/** The version is how many operations are found; a snapshot holds those before it. */
export const autosave: Scenario = {
  name: 'autosave',
  newest: operations,
  async prepare(storage, root) {
    await storage.makeFolder(join(root, 'session'))
    await storage.syncFolder(root)
    await journaled(storage, root, 0, 1, () => undefined)
  },
  run: (storage, root, promised) => journaled(storage, root, 1, operations, promised),
  async look(storage, root) {
    const contents = readJournal(await readWhole(storage, join(root, 'session/journal')))
    if (contents === undefined) throw new Error('no journal')
    const done = [...(contents.base.snapshot as Operation[]), ...(contents.entries as Operation[])]
    const store = new TileStore({ storage, folder: join(root, 'session/tiles') })
    for (const [index, { number, tile }] of done.entries()) {
      if (number !== index + 1) throw new Error(`operation ${number} stands where ${index + 1} belongs`)
      await store.get(tile)
    }
    return done.length
  },
}

interface Operation {
  readonly number: number
  readonly tile: string
}

async function journaled(
  storage: Storage,
  root: string,
  from: number,
  to: number,
  promised: (version: number) => void,
): Promise<void> {
  const store = new TileStore({ storage, folder: join(root, 'session/tiles') })
  const done: Operation[] = []
  const operate = (): Operation => {
    const operation = { number: done.length + 1, tile: store.put(tileBytes(done.length)) }
    done.push(operation)
    return operation
  }
  for (let i = 0; i < from; i++) operate()
  const journal = new Journal({
    storage,
    folder: join(root, 'session'),
    state: () => ({ name: 'Untitled', path: null, saved: false, snapshot: [...done] }),
    syncTiles: () => store.sync(),
    onProblem: () => undefined,
    // The tests flush by hand.
    after: () => () => undefined,
    slack,
  })
  await journal.flush()
  promised(from)
  for (let i = from; i < to; i++) {
    journal.append(operate())
    await journal.flush()
    promised(i + 1)
  }
  await journal.close()
}

export const fileScenarios: readonly Scenario[] = [documentSave, autosave, exported]
