/**
 * How fast px are drawn: first view and live strokes on a large document of noise, the same measured in Node with the engine
 * itself and in a page with the worker. A stroke's latency is from `extendStroke` to the last patch that it leads to.
 */
import type { DocumentDiff, DocumentRecord, Layer, Surface } from '../../src/document/index.ts'
import type { PixelsApi, PixelsEvent } from '../../src/renderer/src/pixels/pixels-api.ts'

export interface BenchOptions {
  readonly side: number
  readonly layers: number
  readonly level: number
  /** Its diameter, in px of the screen. */
  readonly brush: number
  readonly points: number
}

export interface BenchFigures extends BenchOptions {
  /** In ms. */
  readonly firstPatch: number
  readonly firstView: number
  readonly stroke: { readonly p50: number; readonly p95: number; readonly p99: number; readonly most: number }
  readonly endOfStroke: number
  /** Tiles that were asked for. */
  readonly tiles: number
}

const tileBytes = 256 * 256 * 4

/** The worst there is to blend: every px has another alpha. */
function newSource(): (id: string) => Uint8Array {
  const patterns = Array.from({ length: 8 }, (_, pattern) => {
    let state = pattern * 7919 + 1
    return Uint8Array.from({ length: tileBytes }, () => {
      state = (Math.imul(state, 1103515245) + 12345) | 0
      return (state >>> 16) & 255
    })
  })
  return (id) => {
    const number = Number.parseInt(id.slice(0, 8), 16)
    return new Uint8Array(patterns[number % patterns.length]!)
  }
}

function newDocument({ side, layers }: BenchOptions): {
  records: DocumentRecord[]
  active: Layer & { surface: Surface }
} {
  const columns = side / 256
  const rasters = Array.from({ length: layers }, (_, layer) => {
    const tiles: Record<string, string> = {}
    for (let i = 0; i < columns * columns; i++) {
      const number = layer * columns * columns + i
      tiles[`${i % columns},${Math.floor(i / columns)}`] = number.toString(16).padStart(8, '0').padEnd(64, '0')
    }
    const order = `a${String.fromCharCode(65 + layer)}`
    const plain = {
      visible: true,
      locked: false,
      opacity: 1,
      blendMode: 'normal',
      mask: null,
      recipe: null,
      generated: null,
    } as const
    const surface: Surface = { channels: 4, tiles }
    return { id: `layer-${layer + 1}`, kind: 'raster', parent: null, order, name: order, surface, ...plain } as const
  })
  const frame = { x: 0, y: 0, width: side, height: side }
  const canvas = { id: 'canvas', kind: 'canvas', width: side, height: side, frame, selection: null } as const
  return { records: [canvas, ...rasters], active: rasters[Math.floor(layers / 2)]! }
}

/** Lets events that are on their way arrive. */
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4))

export async function benchPixels(pixels: PixelsApi, options: BenchOptions): Promise<BenchFigures> {
  const { side, level, brush, points } = options
  const source = newSource()
  const added: Promise<void>[] = []
  const seen = { tiles: 0, patches: 0, lastPatch: 0 }
  let onShown: () => void = () => undefined
  const hear = (event: PixelsEvent): void => {
    if (event.type === 'need') {
      seen.tiles += event.ids.length
      // 4 MiB a message, as the window does.
      for (let at = 0; at < event.ids.length; at += 16) {
        added.push(pixels.addTiles({ tiles: event.ids.slice(at, at + 16).map((id) => ({ id, bytes: source(id) })) }))
      }
    } else if (event.type === 'patch') {
      seen.lastPatch = performance.now()
      seen.patches++
    } else if (event.type === 'shown') onShown()
  }
  const watch = new AbortController()
  const watching = pixels.watch(null, { onEvent: hear, signal: watch.signal })
  const { records, active } = newDocument(options)

  const scale = 2 ** level
  const rect = {
    x: level === 0 ? 1000 : 0,
    y: level === 0 ? 1000 : 0,
    width: Math.min(side, 1920 * scale),
    height: Math.min(side, 1080 * scale),
  }
  const start = performance.now()
  const shown = new Promise<void>((resolve) => {
    onShown = resolve
  })
  await pixels.open({ records })
  await pixels.view({ level, rect })
  while (seen.patches === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  const firstPatch = seen.lastPatch - start
  await shown
  const firstView = performance.now() - start

  const target = { layer: active.id, part: 'pixels' } as const
  const settings = { size: brush * scale, hardness: 0.8, spacing: 0.1, opacity: 0.8 }
  const pressure = { size: false, opacity: false }
  const step = { x: 20 * scale, y: 12 * scale }
  const at = { x: rect.x + rect.width / 4, y: rect.y + rect.height / 3 }
  const latencies: number[] = []
  await pixels.beginStroke({ target, paint: 'colour', colour: [255, 0, 0], brush: { ...settings, pressure } })
  for (let i = 0; i < points; i++) {
    const begun = performance.now()
    const before = seen.patches
    void pixels.extendStroke({ points: [{ ...at, pressure: 1 }] })
    while (seen.patches === before) await aMoment()
    await aMoment()
    latencies.push(seen.lastPatch - begun)
    // Back and forth through the view.
    for (const axis of ['x', 'y'] as const) {
      const [low, length] = [rect[axis], axis === 'x' ? rect.width : rect.height]
      if (at[axis] + step[axis] < low + 40 || at[axis] + step[axis] > low + length - 40) step[axis] = -step[axis]
      at[axis] += step[axis]
    }
  }
  const ended = performance.now()
  const { changes } = await pixels.endStroke({ keep: true })
  const endOfStroke = performance.now() - ended
  const surface = changes[0]?.surface
  if (surface === undefined) throw new Error('the stroke left nothing')
  await pixels.change({ diff: diffTo(active, surface) })
  await pixels.open({ records: null })
  watch.abort()
  await Promise.all([watching, ...added])

  const sorted = latencies.sort((a, b) => a - b)
  const share = (part: number): number => rounded(sorted[Math.floor((sorted.length - 1) * part)] ?? 0)
  return {
    ...options,
    firstPatch: rounded(firstPatch),
    firstView: rounded(firstView),
    stroke: { p50: share(0.5), p95: share(0.95), p99: share(0.99), most: share(1) },
    endOfStroke: rounded(endOfStroke),
    tiles: seen.tiles,
  }
}

function diffTo({ id, surface: { tiles } }: Layer & { surface: Surface }, after: Surface): DocumentDiff {
  const changed = Object.keys(after.tiles).filter((key) => after.tiles[key] !== tiles[key])
  const part = (all: Surface['tiles']) => ({
    surface: { tiles: Object.fromEntries(changed.map((key) => [key, all[key]!])) },
  })
  return { added: {}, removed: {}, updated: { [id]: { before: part(tiles), after: part(after.tiles) } } }
}

const rounded = (value: number): number => Math.round(value * 100) / 100
