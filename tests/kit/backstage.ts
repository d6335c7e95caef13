/**
 * The studio behind its windows, in the test's own process: real code over a pipe, on a disk of the test's choice, with codecs
 * that know PNG alone (tests/kit/png-reader.ts). A window is a `Page`; leaving closes its pipe, as a crash or a reload would.
 */
import { Batches } from '../../src/backstage/batches.ts'
import { servePage } from '../../src/backstage/serve-page.ts'
import { createStudio, type Studio, type StudioOptions } from '../../src/backstage/studio.ts'
import {
  addRasterLayer,
  type DocumentDiff,
  type DocumentStore,
  fromSnapshot,
  newDocument,
  toSnapshot,
} from '../../src/document/index.ts'
import { encodePng } from '../../src/files/png-write.ts'
import { nodeStorage } from '../../src/files/storage.ts'
import { tileIdOf } from '../../src/files/tile-store.ts'
import { createLibrary, type Library } from '../../src/library/library.ts'
import type { EngineApi } from '../../src/shared/contract/engine-api.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import { type PageApi, pageMethods } from '../../src/shared/contract/page-api.ts'
import type { OpenedDocument, StudioApi, StudioEvent } from '../../src/shared/contract/studio-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { type Pipe, pipePair } from '../../src/shared/wire/pipe.ts'
import { FakeEngine } from './fake-engine.ts'
import { decodePng } from './png-reader.ts'

/** Decodes and encodes for real, so far as PNG goes; JPEG and WebP come out as PNG. Everything else is a FakeEngine's. */
export class PngEngine extends FakeEngine {
  readonly decoded: string[] = []
  isDead = false

  override async decodePicture(file?: { readonly bytes: Uint8Array; readonly name?: string | undefined }) {
    if (this.isDead) throw new StudioError('engine-lost', 'The engine is dead; try again.')
    this.decoded.push(file?.name ?? '')
    try {
      return decodePng(file?.bytes ?? new Uint8Array())
    } catch (cause) {
      throw new StudioError('not-a-picture', `${file?.name} cannot be read as a picture. Give a PNG.`, { cause })
    }
  }

  override async encodePicture({ pixels }: Parameters<EngineApi['encodePicture']>[0]): Promise<Uint8Array> {
    if (this.isDead) throw new StudioError('engine-lost', 'The engine is dead; try again.')
    return await encodePng(pixels)
  }
}

export interface Page {
  readonly api: StudioApi
  /** Its window is gone, without a word. */
  readonly leave: () => void
}

export function pageOver(pipe: Pipe): Page {
  return { api: connect<PageApi>(pageMethods, pipe), leave: () => pipe.close() }
}

export interface TestStudio {
  readonly studio: Studio
  /** Opened by the first call that needs it, so that most tests go without. */
  readonly library: Library
  readonly batch: Batches
  readonly engine: PngEngine
  readonly log: string[]
  readonly page: () => Page
}

export function testStudio(
  options: Pick<StudioOptions, 'dataFolder'> & Partial<StudioOptions>,
  engine = new PngEngine(),
): TestStudio {
  const log: string[] = []
  const studio = createStudio({
    saveFolder: '/home/pictures',
    version: '0.0.0',
    codecs: engine,
    log: (line) => log.push(line),
    ...options,
  })
  const library = createLibrary({
    storage: nodeStorage,
    dataFolder: options.dataFolder,
    engine,
    onEvent: (event) => studio.tell(event),
    log: (line) => log.push(line),
  })
  const onEvent = (event: StudioEvent): void => studio.tell(event)
  const batch = new Batches({ storage: nodeStorage, engine, onEvent, log: (line) => log.push(line) })
  return {
    studio,
    library,
    batch,
    engine,
    log,
    page() {
      const [near, far] = pipePair()
      servePage(studio, { engine, library: library.api, batch }, far)
      return pageOver(near)
    },
  }
}

export const tileOf = (seed: number, channels: 1 | 4 = 4): Uint8Array =>
  Uint8Array.from(
    { length: 256 * 256 * channels },
    (_, i) => (Math.imul((i >> 4) + 1, (seed + 3) * 2654435) >>> 9) & 255,
  )

/** A window as far as a document goes: its own store, and every change of it told. */
export class TestWindow {
  readonly api: StudioApi
  readonly key: string
  readonly store: DocumentStore
  /** Every call that was made, to be awaited where it matters. */
  readonly told: Promise<unknown>[] = []

  constructor(api: StudioApi, { key, snapshot }: Pick<OpenedDocument, 'key' | 'snapshot'>) {
    this.api = api
    this.key = key
    this.store = fromSnapshot(snapshot)
    this.store.subscribe((diff: DocumentDiff, { label }) => {
      // As JSON: what crosses to another process is a copy.
      this.told.push(api.append({ key, label, diff: JSON.parse(JSON.stringify(diff)) as unknown }))
    })
  }

  static async create(api: StudioApi, size = { width: 600, height: 300 }, name = 'Untitled'): Promise<TestWindow> {
    const snapshot = toSnapshot(newDocument(size).records)
    return new TestWindow(api, { ...(await api.newDocument({ name, snapshot })), snapshot })
  }

  /** A layer of new tiles at these places of the grid. Does not wait. */
  paint(seed: number, keys: readonly string[] = ['0,0']): string {
    const tiles = keys.map((_, i) => tileOf(seed * 16 + i))
    const sent = this.api.putTiles({ key: this.key, tiles })
    this.told.push(sent)
    const ids = tiles.map((tile) => tileIdOf(tile))
    const surface = { channels: 4, tiles: Object.fromEntries(keys.map((key, i) => [key, ids[i] ?? ''])) } as const
    return addRasterLayer(this.store, { name: `Layer of ${seed}`, surface })
  }

  async settled(): Promise<void> {
    await Promise.all(this.told)
  }

  get snapshot(): unknown {
    return JSON.parse(JSON.stringify(toSnapshot(this.store.records)))
  }
}
