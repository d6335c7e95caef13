/**
 * The pixel worker without the worker: PixelsApi as a class that knows neither threads nor browsers. How bytes are hashed and how
 * others get their turn is given to it.
 */
import { StudioError } from '../../../shared/contract/errors.ts'
import type { CallHooks } from '../../../shared/contract/call-hooks.ts'
import type { Hash } from './minting.ts'
import { operate } from './operations/operate.ts'
import type {
  OperationResult,
  PixelOperation,
  PixelsApi,
  PixelsEvent,
  ReadRequest,
  StrokeStart,
  ViewRequest,
} from './pixels-api.ts'
import { hasContent, shows } from './looks.ts'
import { bounds, colourAt, read, thumbnail } from './reads.ts'
import { Workspace } from './workspace.ts'

export interface PixelEngineOptions {
  /** SHA-256 in hex. */
  readonly hash: Hash
  /** Resolves when messages that have arrived meanwhile have been taken. */
  readonly pause: () => Promise<void>
  /** Of tiles in memory, in bytes; 768 MiB unless told. */
  readonly budget?: number
}

type Argument<Name extends keyof PixelsApi> = Parameters<PixelsApi[Name]>[0]

export class PixelEngine implements PixelsApi {
  readonly #options: PixelEngineOptions
  readonly #listeners = new Set<(event: PixelsEvent) => void>()
  #workspace: Workspace | null = null
  #view: ViewRequest | null = null
  #changes = 0

  constructor(options: PixelEngineOptions) {
    this.#options = options
  }

  async watch(_nothing: null, { onEvent, signal }: CallHooks<PixelsEvent> = {}): Promise<void> {
    if (onEvent === undefined || signal?.aborted) return
    this.#listeners.add(onEvent)
    // Without a signal it lasts as long as the worker.
    await new Promise<void>((resolve) => signal?.addEventListener('abort', resolve, { once: true }))
    this.#listeners.delete(onEvent)
  }

  async open({ records }: Argument<'open'>): Promise<void> {
    this.#changes += 1
    this.#workspace?.close()
    this.#workspace = null
    if (records === null) {
      this.#emit({ type: 'reset', canvas: { width: 0, height: 0 } })
      this.#emit({ type: 'outline', runs: new Float32Array() })
      return
    }
    const { hash, pause, budget = 768 * 2 ** 20 } = this.#options
    this.#workspace = new Workspace(records, {
      hash,
      pause,
      budget,
      emit: (event) => this.#emit(event),
      changes: () => this.#changes,
    })
    if (this.#view !== null) this.#workspace.display.setView(this.#view)
  }

  async change({ diff }: Argument<'change'>): Promise<void> {
    this.#changes += 1
    this.#open.change(diff)
  }

  async addTiles({ tiles }: Argument<'addTiles'>): Promise<void> {
    // They may come after the document that needed them was closed.
    this.#workspace?.addTiles(tiles)
  }

  async failTiles({ ids, message }: Argument<'failTiles'>): Promise<void> {
    this.#workspace?.failTiles(ids, message)
  }

  async view(request: ViewRequest): Promise<void> {
    this.#view = request
    this.#workspace?.display.setView(request)
    this.#workspace?.strokes.show()
  }

  async overlay({ show }: Argument<'overlay'>): Promise<void> {
    this.#workspace?.overlay(show)
  }

  beginStroke(request: StrokeStart): Promise<void> {
    return this.#withOpen(({ strokes }) => strokes.begin(request))
  }

  extendStroke({ points }: Argument<'extendStroke'>): Promise<void> {
    return this.#withOpen(({ strokes }) => strokes.extend(points))
  }

  endStroke({ keep }: Argument<'endStroke'>): Promise<OperationResult> {
    return this.#withOpen(({ strokes }) => strokes.end(keep))
  }

  async previewTransform(request: Argument<'previewTransform'>): Promise<void> {
    this.#open.previewTransform(request)
  }

  operate(operation: PixelOperation): Promise<OperationResult> {
    return this.#withOpen((workspace) => workspace.operate((job) => operate(job, operation)))
  }

  read(request: ReadRequest): ReturnType<PixelsApi['read']> {
    return this.#withReader((reader) => read(reader, request))
  }

  bounds(request: Argument<'bounds'>): ReturnType<PixelsApi['bounds']> {
    return this.#withReader((reader) => bounds(reader, request))
  }

  thumbnail({ target, side }: Argument<'thumbnail'>): ReturnType<PixelsApi['thumbnail']> {
    return this.#withOpen((workspace) => workspace.whenIdle((reader) => thumbnail(reader, target, side)))
  }

  hasContent({ rect }: Argument<'hasContent'>): ReturnType<PixelsApi['hasContent']> {
    return this.#withReader((reader) => hasContent(reader, rect))
  }

  shows({ layer, rect }: Argument<'shows'>): ReturnType<PixelsApi['shows']> {
    return this.#withReader((reader) => shows(reader, layer, rect))
  }

  colourAt({ point }: Argument<'colourAt'>): ReturnType<PixelsApi['colourAt']> {
    return this.#withReader((reader) => colourAt(reader, point))
  }

  get #open(): Workspace {
    if (this.#workspace !== null) return this.#workspace
    throw new StudioError('bad-request', 'No document is open. Open one, then try again.')
  }

  async #withOpen<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
    return work(this.#open)
  }

  #withReader<T>(work: (reader: Workspace['reader']) => Promise<T>): Promise<T> {
    return this.#withOpen(async (workspace) => {
      await workspace.strokes.settled()
      return work(workspace.reader)
    })
  }

  #emit(event: PixelsEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
