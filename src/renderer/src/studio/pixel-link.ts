/**
 * Between the pixel worker and the program behind the window: tiles that the worker lacks are fetched, tiles that it made are
 * stored before anything can name them, and what it draws goes to the canvas.
 */
import { toErrorRecord } from '../../../shared/contract/errors.ts'
import type { StudioApi } from '../../../shared/contract/studio-api.ts'
import type { DisplayEvent, PixelsApi, PixelsEvent } from '../pixels/pixels-api.ts'

/** Tiles asked for in one call: 4 MB at most, so that no message holds the others up. */
const atOnce = 16

export class PixelLink {
  readonly #pixels: PixelsApi
  readonly #api: StudioApi
  readonly #key: () => string | null
  readonly #onLost: (error: unknown) => void
  readonly #listeners = new Set<(event: DisplayEvent) => void>()

  /** @param key of the open document */
  constructor(pixels: PixelsApi, api: StudioApi, key: () => string | null, onLost: (error: unknown) => void) {
    this.#pixels = pixels
    this.#api = api
    this.#key = key
    this.#onLost = onLost
    pixels.watch(null, { onEvent: (event) => this.#hear(event) }).catch(onLost)
  }

  onDisplay(listener: (event: DisplayEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #hear(event: PixelsEvent): void {
    if (event.type === 'need') {
      for (let at = 0; at < event.ids.length; at += atOnce) void this.#fetch(event.ids.slice(at, at + atOnce))
    } else if (event.type === 'made') {
      const key = this.#key()
      if (key === null) return
      this.#api.putTiles({ key, tiles: event.tiles.map(({ bytes }) => bytes) }).catch(this.#onLost)
    } else for (const listener of this.#listeners) listener(event)
  }

  async #fetch(ids: readonly string[]): Promise<void> {
    const key = this.#key()
    if (key === null) return
    try {
      const { tiles } = await this.#api.getTiles({ key, ids })
      const found = tiles.flatMap((bytes, i) => (ids[i] === undefined ? [] : [{ id: ids[i], bytes }]))
      await this.#pixels.addTiles({ tiles: found })
    } catch (error) {
      await this.#pixels.failTiles({ ids, message: toErrorRecord(error).message }).catch(this.#onLost)
    }
  }
}
