/** A stroke of one result over another: from the press of the left button to its release the pointer is this one's alone. */
import { toCanvas } from '../../../editor/index.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { CanvasHost } from '../studio/canvas-host.ts'
import type { Origin } from './input.ts'
import { isMixing, mixBrush } from './mix-brush.ts'
import { partsOf } from './pointer-parts.ts'

export class MixStroke {
  readonly #host: Pick<CanvasHost, 'state' | 'toolPath' | 'paintMix'>
  /** Where the stroke has come to, in canvas px; null where there is none. */
  #last: Point | null = null

  constructor(host: Pick<CanvasHost, 'state' | 'toolPath' | 'paintMix'>) {
    this.#host = host
  }

  /** @returns whether it was meant for the stroke, and for nobody else */
  hears(event: PointerEvent, origin: Origin): boolean {
    const { state } = this.#host
    if (event.type === 'pointerdown' && event.button === 0 && isMixing(state.staging, this.#host.toolPath())) {
      this.#paint([this.#placeOf(event, origin)])
      return true
    }
    if (this.#last === null) return false
    if (event.type === 'pointermove') this.#paint(partsOf(event).map((part) => this.#placeOf(part, origin)))
    if (event.type === 'pointerup' || event.type === 'pointercancel') this.#last = null
    return true
  }

  #placeOf({ clientX, clientY }: PointerEvent, origin: Origin): Point {
    return toCanvas(this.#host.state.session.camera, { x: clientX - origin.x, y: clientY - origin.y })
  }

  /** From where it was on: the line between two calls has no gap. */
  #paint(points: readonly Point[]): void {
    const from = this.#last === null ? [] : [this.#last]
    this.#host.paintMix([...from, ...points], mixBrush(this.#host.state.session).brush.size)
    this.#last = points.at(-1) ?? this.#last
  }
}
