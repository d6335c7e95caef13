/**
 * Flattens a document into a picture file. Our own documents are read tile by tile; of others the engine decodes the layers, which
 * then lie in a temporary folder. The flattening is that of the studio (files/flatten.ts).
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fromSnapshot } from '../document/snapshot.ts'
import { flattened } from '../files/flatten.ts'
import { foreignDocument } from '../files/foreign-document.ts'
import { OraFile, type OraOpening } from '../files/ora-read.ts'
import { pngChunks, type StripPicture, wholePicture } from '../files/picture-strips.ts'
import { nodeStorage } from '../files/storage.ts'
import { TileStore } from '../files/tile-store.ts'
import { throwIfCancelled } from '../shared/base/cancel.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'
import { StudioError } from '../shared/contract/errors.ts'
import { isTooLarge, type PictureFormat, pictureLimitsText } from '../shared/contract/picture.ts'
import { probeFolder, writeChunks } from './atomic-write.ts'
import type { Cli } from './cli.ts'
import type { OpenEngine } from './engine.ts'
import { type ExportReporter, exportReporter } from './export-reporter.ts'
import { writeFailure } from './write-failure.ts'

export interface ExportOptions {
  readonly out: string
  readonly quality?: number
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}

const jpegQuality = 90

/** @throws StudioError of any code; a file that was to be replaced is as it was then */
export async function runExport(cli: Cli, path: string, options: ExportOptions): Promise<void> {
  const format = formatOf(options)
  await prepare(options.out)
  const reporter = exportReporter(cli, options)
  const exporting = new Exporting(cli, options, format, reporter)
  const stopListening = cli.onInterrupt(() => exporting.cancel.abort())
  try {
    await exporting.run(path)
  } finally {
    reporter.close()
    stopListening()
    await exporting.close()
  }
}

class Exporting {
  readonly cancel = new AbortController()
  readonly #cli: Cli
  readonly #options: ExportOptions
  readonly #format: PictureFormat
  readonly #reporter: ExportReporter
  #engine: Promise<OpenEngine> | undefined
  #folder: string | undefined

  constructor(cli: Cli, options: ExportOptions, format: PictureFormat, reporter: ExportReporter) {
    this.#cli = cli
    this.#options = options
    this.#format = format
    this.#reporter = reporter
  }

  async run(path: string): Promise<void> {
    const started = performance.now()
    this.#reporter.started(path, this.#format.type)
    const damage = await this.#read(path, {}).catch((error: unknown) => {
      if (error instanceof StudioError && error.code === 'document-broken') return error
      throw error
    })
    // Where only our own part of it is damaged, what other programs see is still there.
    if (damage !== undefined) await this.#read(path, { ignoreOwnData: true }, damage)
    this.#reporter.done(performance.now() - started)
  }

  async #read(path: string, options: OraOpening, damage?: StudioError): Promise<void> {
    const ora = await OraFile.open(nodeStorage, path, options)
    try {
      if (damage !== undefined)
        this.#reporter.warning(
          `${path} is damaged in part, its layers are taken from their pictures (${damage.message})`,
        )
      await (ora.document === null ? this.#foreign(ora) : this.#own(ora))
    } finally {
      await ora.close()
    }
  }

  /** Lets go of what was needed on the way. */
  async close(): Promise<void> {
    await this.#engine?.then(
      (opened) => opened.close(),
      () => undefined,
    )
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }

  async #own(ora: OraFile): Promise<void> {
    const { records } = fromSnapshot(ora.document)
    await this.#write(flattened(records, (id) => ora.tile(id)))
  }

  async #foreign(ora: OraFile): Promise<void> {
    const engine = await this.#opened()
    this.#folder ??= await mkdtemp(join(tmpdir(), 'paella-export-'))
    const tiles = new TileStore({ storage: nodeStorage, folder: this.#folder })
    const decode = async (bytes: Uint8Array, name: string) => {
      throwIfCancelled(this.cancel.signal)
      return await engine.decodePicture({ bytes, name })
    }
    const sink = { put: (bytes: Uint8Array) => tiles.put(bytes), sync: () => tiles.sync() }
    const { store, warnings } = await foreignDocument(ora, decode, sink)
    for (const warning of warnings) this.#reporter.warning(warning)
    await this.#write(flattened(store.records, (id) => tiles.get(id)))
  }

  async #write(picture: StripPicture): Promise<void> {
    const { width, height, strips } = picture
    const { out } = this.#options
    if (this.#format.type !== 'png' && isTooLarge(picture)) throw tooLarge(picture)
    let done = 0
    const onStrip = (): void => {
      throwIfCancelled(this.cancel.signal)
      done += 1
      this.#reporter.progress(done / strips.length)
    }
    const chunks = this.#format.type === 'png' ? pngChunks(picture, { onStrip }) : await this.#encoded(picture, onStrip)
    const { bytes } = await writeChunks(out, chunks, { replace: true })
    this.#reporter.exported({ path: out, width, height, bytes })
  }

  async #encoded(picture: StripPicture, onStrip: () => void): Promise<Uint8Array[]> {
    // It starts while the picture is put together.
    const engine = this.#opened()
    engine.catch(() => undefined)
    const pixels = await wholePicture(picture, onStrip)
    return [await (await engine).encodePicture({ pixels, format: this.#format })]
  }

  async #opened(): Promise<EngineApi> {
    const onLog = this.#options.verbose ? (line: string) => this.#reporter.log(line) : undefined
    this.#engine ??= this.#cli.openEngine({ models: undefined, device: 'auto', onLog })
    return (await this.#engine).engine
  }
}

function formatOf({ out, quality }: ExportOptions): PictureFormat {
  switch (extname(out).toLowerCase()) {
    case '.png':
      if (quality === undefined) return { type: 'png' }
      throw new StudioError('bad-request', '--quality is of JPEG and WebP: in a PNG nothing is lost. Leave it out.')
    case '.jpg':
    case '.jpeg':
      return { type: 'jpeg', quality: quality ?? jpegQuality }
    case '.webp':
      return { type: 'webp', quality }
    default:
      throw new StudioError('bad-request', `--out ${JSON.stringify(out)}: end the name in .png, .jpg or .webp.`)
  }
}

/** Finds out before the work what would keep the result from being written. */
async function prepare(out: string): Promise<void> {
  const status = await stat(out).catch(() => undefined)
  if (status?.isDirectory() === true)
    throw new StudioError('bad-request', `--out ${out} is a folder: name a file in it.`)
  await probeFolder(dirname(out)).catch((error: unknown) => {
    throw writeFailure(out, error)
  })
}

function tooLarge({ width, height }: StripPicture): StudioError {
  return new StudioError(
    'picture-too-large',
    `${width} x ${height} px are too many for this format, at most ${pictureLimitsText} are possible: end --out in .png.`,
  )
}
