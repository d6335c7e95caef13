/**
 * Dabs: the round stamps that a brush stroke is made of, as coverage. Stamps are cached by size and by where the centre lies
 * within its px, both in steps too small to see, so that a stroke of many dabs computes few of them.
 */

/** One stamp: coverage of (side, side) px around a px that holds the centre. */
export interface Dab {
  /** Odd. */
  readonly side: number
  /** 0..255, row by row. */
  readonly coverage: Uint8Array
}

/** Steps of a centre's place within its px. */
const phases = 4
/** Above so many px, sizes go in whole px and not in quarters. */
const wholeSizesFrom = 64
const cacheBytes = 1 << 24

/** Stamps of one hardness. Holds at most 16 MiB, or one stamp. */
export class DabCache {
  readonly #hardness: number
  readonly #dabs = new Map<string, Dab>()
  #bytes = 0

  /** @param hardness 0 (falls off from the centre) to 1 (a disc whose edge is one px wide). */
  constructor(hardness: number) {
    this.#hardness = hardness
  }

  /**
   * @param size diameter in px, at least 1.
   * @param x, y the centre, where px i spans i to i + 1.
   * @returns the stamp, and the px on which its first px lies.
   */
  at(size: number, x: number, y: number): { dab: Dab; left: number; top: number } {
    const steps = size < wholeSizesFrom ? 4 : 1
    const diameter = Math.round(size * steps) / steps
    const qx = Math.round(x * phases)
    const qy = Math.round(y * phases)
    const column = Math.floor(qx / phases)
    const row = Math.floor(qy / phases)
    const dab = this.#dab(diameter, qx - column * phases, qy - row * phases)
    const half = (dab.side - 1) / 2
    return { dab, left: column - half, top: row - half }
  }

  #dab(diameter: number, phaseX: number, phaseY: number): Dab {
    const key = `${diameter} ${phaseX} ${phaseY}`
    const known = this.#dabs.get(key)
    if (known !== undefined) return known
    const dab = newDab(diameter, this.#hardness, phaseX / phases, phaseY / phases)
    if (this.#bytes + dab.coverage.length > cacheBytes) {
      this.#dabs.clear()
      this.#bytes = 0
    }
    this.#dabs.set(key, dab)
    this.#bytes += dab.coverage.length
    return dab
  }
}

/**
 * Full up to `inner`, none from `outer` on, in between a curve that is smooth when soft and straight when hard. At hardness
 * 1 that is a ramp one px wide across the circle, so that the sum over all px is the area of the disc.
 */
function newDab(diameter: number, hardness: number, x: number, y: number): Dab {
  const radius = diameter / 2
  const inner = hardness * (radius - 0.5)
  const outer = radius + hardness / 2
  const half = Math.ceil(outer)
  const side = 2 * half + 1
  const coverage = new Uint8Array(side * side)
  for (let row = 0, i = 0; row < side; row++) {
    const dy = row - half + 0.5 - y
    for (let column = 0; column < side; column++, i++) {
      const dx = column - half + 0.5 - x
      const t = (Math.sqrt(dx * dx + dy * dy) - inner) / (outer - inner)
      if (t >= 1) continue
      const smooth = t * t * (3 - 2 * t)
      coverage[i] = t <= 0 ? 255 : Math.round(255 * (1 - smooth - (t - smooth) * hardness))
    }
  }
  return { side, coverage }
}
