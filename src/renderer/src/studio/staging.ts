/**
 * The results that lie over the canvas and are not yet part of the document: which there are, which one is shown, and what the
 * canvas draws of it. Made of one run, or of a layer's results opened again; gone when one is taken or all are left. The pictures
 * are in the gallery all the while, so nothing here can be lost.
 */
import type { LayerId } from '../../../document/index.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { clamp, type Size } from '../../../shared/geometry/rect.ts'
import type { Drawing } from './canvas-host.ts'
import type { Plan } from './generation-plan.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import { areaOf, doubtfulCells, type Result } from './staging-result.ts'
import type { StagingState, Verb } from './studio-state.ts'

/** What is staged. Whoever works for it asks `isCurrent` when it comes back: another may have taken its place. */
export interface Stage {
  readonly document: OpenDocument
  readonly canvas: Size
  readonly verb: Verb
  readonly prompt: string
  /** What has to become of the canvas; null for a layer that was opened again. */
  readonly plan: Plan | null
  readonly layer: LayerId | null
  readonly results: readonly Result[]
  readonly expected: number
  readonly shown: number
  /** What comes last is shown, until the person goes to another. */
  readonly isFollowing: boolean
  readonly compare: number | null
  readonly step: number | null
  readonly doubt: number | null
  readonly mix: Mix | null
  /** A picture that is being drawn. */
  readonly preview: Drawing | null
  /** The shown picture as it stood after `step`; null until it is decoded. */
  readonly looked: Pixels | null
}

export interface Mix {
  readonly with: number
  /** Of the size of the shown picture: 255 where the other one shows. */
  readonly mask: Uint8Array
  /** The two put together. */
  readonly pixels: Pixels
}

export type StageStart = Pick<Stage, 'document' | 'verb' | 'prompt' | 'plan' | 'layer' | 'expected'> & {
  readonly results?: readonly Result[]
  readonly shown?: number
}

/** What belongs to the picture that is shown, and goes when another is. */
const fresh = { step: null, looked: null, mix: null, preview: null } as const

export class Staging {
  readonly #parts: Parts
  readonly #draw: (drawing: Drawing | null) => void
  #stage: Stage | null = null
  /** Tells one stage from another: each change makes a new object. */
  #number = 0
  #lastId = 0
  #isOriginalHeld = false
  #isTaken = false

  /** @param draw gets what lies over the canvas, and null where nothing does */
  constructor(parts: Parts, draw: (drawing: Drawing | null) => void) {
    this.#parts = parts
    this.#draw = draw
  }

  get current(): Stage | null {
    return this.#stage
  }

  /** The picture that is shown; null for the original. */
  get shown(): Result | null {
    return this.#stage?.results[this.#stage.shown - 1] ?? null
  }

  newId(): string {
    this.#lastId += 1
    return `staged-${this.#lastId}`
  }

  /** @returns the number by which `isCurrent` knows it */
  begin(start: StageStart): number {
    this.#number += 1
    const { width, height } = start.document.store.canvas
    this.#isOriginalHeld = false
    this.#set({
      results: [],
      shown: 0,
      isFollowing: true,
      compare: null,
      doubt: null,
      canvas: { width, height },
      ...fresh,
      ...start,
    })
    return this.#number
  }

  isCurrent(number: number): boolean {
    return this.#stage !== null && this.#number === number
  }

  get number(): number {
    return this.#number
  }

  preview(number: number, preview: Drawing): void {
    if (this.isCurrent(number)) this.change({ preview })
  }

  add(number: number, result: Result): void {
    const stage = this.#stage
    if (stage === null || !this.isCurrent(number)) return
    const results = [...stage.results, result]
    this.change({
      results,
      expected: Math.max(stage.expected, results.length),
      ...(stage.isFollowing ? { ...fresh, shown: results.length } : {}),
    })
  }

  /** More pictures are on their way to what is staged; they are shown when they come. */
  expect(count: number): void {
    const stage = this.#stage
    if (stage !== null) this.change({ expected: stage.results.length + count, isFollowing: true })
  }

  /** No more pictures come. */
  ended(number: number): void {
    const stage = this.#stage
    if (stage === null || !this.isCurrent(number)) return
    if (stage.results.length === 0) return this.discard()
    this.change({ expected: stage.results.length, preview: null })
  }

  stage(shown: number): void {
    const stage = this.#stage
    if (stage === null) return
    const next = clamp(Math.round(shown), 0, stage.results.length)
    this.change({ ...fresh, shown: next, isFollowing: false })
  }

  next(): void {
    if (this.#stage !== null) this.stage(this.#stage.shown + 1)
  }

  previous(): void {
    if (this.#stage !== null) this.stage(this.#stage.shown - 1)
  }

  setCompare(position: number | null): void {
    this.change({ compare: position === null ? null : clamp(position, 0, 1) })
  }

  toggleCompare(): void {
    this.setCompare(this.#stage?.compare === null ? 0.5 : null)
  }

  /** As long as the key is down. */
  holdOriginal(isHeld: boolean): void {
    if (this.#isOriginalHeld === isHeld || this.#stage === null) return
    this.#isOriginalHeld = isHeld
    this.#show()
  }

  setDoubt(doubt: number | null): void {
    this.change({ doubt: doubt === null ? null : clamp(doubt, 0, 1) })
  }

  /** Leaves them all; they stay in the gallery. */
  discard(): void {
    if (this.#stage === null) return
    this.#number += 1
    this.#isOriginalHeld = false
    this.#set(null)
  }

  /** While one is being taken, the document changes under what is staged. */
  async taking(work: () => Promise<boolean>): Promise<void> {
    if (this.#isTaken) return
    const number = this.#number
    this.#isTaken = true
    try {
      if ((await work()) && this.isCurrent(number)) this.discard()
    } finally {
      this.#isTaken = false
    }
  }

  /** To be told when the document changed: what is staged for another, or for one of another shape, lies nowhere. */
  refresh(): void {
    const stage = this.#stage
    if (stage === null || this.#isTaken) return
    const document = this.#parts.document()
    const { width, height } = stage.canvas
    const canvas = document?.store.canvas
    if (document !== stage.document || canvas?.width !== width || canvas.height !== height) this.discard()
  }

  change(changes: Partial<Stage>): void {
    if (this.#stage !== null) this.#set({ ...this.#stage, ...changes })
  }

  #set(stage: Stage | null): void {
    this.#stage = stage
    this.#parts.holder.set({ staging: stage && stateOf(stage) })
    this.#show()
  }

  #show(): void {
    this.#draw(this.#stage === null || this.#isOriginalHeld ? null : drawingOf(this.#stage))
  }
}

function stateOf(stage: Stage): StagingState {
  const { verb, prompt, results, expected, shown, compare, step, doubt, mix, layer } = stage
  const result = results[shown - 1]
  return {
    verb,
    prompt,
    pictures: results,
    expected,
    shown,
    compare,
    step,
    steps: result?.trajectory?.length ?? 0,
    confidence:
      doubt === null ? null : { doubt, doubtful: result === undefined ? 0 : countOf(doubtfulCells(result, doubt)) },
    mixWith: mix?.with ?? null,
    layer,
  }
}

/** What comes in is drawn while it is followed, else the picture that is shown; nothing for the original. */
function drawingOf({ results, shown, isFollowing, preview, mix, looked, doubt }: Stage): Drawing | null {
  if (preview !== null && isFollowing) return preview
  const result = results[shown - 1]
  if (result === undefined) return null
  const { rect, mask, pixels, grid } = result
  return {
    pixels: looked ?? mix?.pixels ?? pixels,
    rect,
    mask,
    doubtful:
      doubt === null
        ? null
        : { area: areaOf(result), columns: grid.width, rows: grid.height, cells: doubtfulCells(result, doubt) },
  }
}

const countOf = (cells: Uint8Array): number => cells.reduce((count, cell) => count + (cell > 0 ? 1 : 0), 0)
