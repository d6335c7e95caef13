/** Trees of layers against a renderer that holds every layer dense and knows neither tiles nor parts of a picture. */
import { describe, expect, it } from 'vitest'
import { blendModes } from '../../../src/document/records.ts'
import { blendPixels } from '../../../src/raster/blend.ts'
import {
  blendTree,
  compositeTree,
  type TreeGroup,
  type TreeLayer,
  type TreeNode,
} from '../../../src/raster/composite-tree.ts'
import { readRect, type TileSurface, writeRect } from '../../../src/raster/tiles.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { randomInts, randomPixels } from './random.ts'
import { tileMemory } from './tile-memory.ts'

const memory = tileMemory()
const canvas = { x: -40, y: -30, width: 330, height: 90 }

const surfaceOf = (pixels: Pixels, x: number, y: number): TileSurface =>
  writeRect({ channels: pixels.channels === 1 ? 1 : 4, tiles: {} }, pixels, { x, y }, memory.get, memory.put)

const render = (nodes: readonly TreeNode[], rect = canvas): Pixels => compositeTree(nodes, rect, memory.get)

const plain = { visible: true, opacity: 1, blendMode: 'normal', mask: null } as const
const flat = (colour: readonly number[]): TileSurface => {
  const { width, height } = canvas
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => colour[i % 4]!)
  return surfaceOf({ width, height, channels: 4, data }, canvas.x, canvas.y)
}
const layer = (surface: TileSurface, more: Partial<TreeLayer> = {}): TreeLayer => ({
  kind: 'layer',
  ...plain,
  surface,
  ...more,
})
const group = (children: readonly TreeNode[], more: Partial<TreeGroup> = {}): TreeGroup => ({
  kind: 'group',
  ...plain,
  isolated: true,
  children,
  ...more,
})

/** The whole canvas, node over node; what passes through is handed the backdrop itself. */
function naive(nodes: readonly TreeNode[], backdrop: Uint8Array): Uint8Array {
  for (const node of nodes.filter(({ visible }) => visible)) {
    const mask = node.mask ? readRect(node.mask, canvas, memory.get).data : undefined
    const bare = node.opacity === 1 && node.blendMode === 'normal' && mask === undefined
    if (node.kind === 'group' && !node.isolated && bare) {
      naive(node.children, backdrop)
      continue
    }
    const source =
      node.kind === 'layer'
        ? readRect(node.surface, canvas, memory.get).data
        : naive(node.children, new Uint8Array(backdrop.length))
    blendPixels(backdrop, source, node.blendMode, node.opacity, mask)
  }
  return backdrop
}

function randomTree(int: (below: number) => number, depth: number): TreeNode[] {
  return Array.from({ length: 1 + int(3) }, () => {
    const place = (channels: 1 | 4): TileSurface =>
      surfaceOf(randomPixels(int(9999), 60 + int(200), 20 + int(60), channels), int(200) - 60, int(60) - 40)
    const common = {
      visible: int(5) > 0,
      opacity: int(2) === 0 ? 1 : int(101) / 100,
      blendMode: int(2) === 0 ? 'normal' : blendModes[int(blendModes.length)]!,
      mask: int(4) === 0 ? place(1) : null,
    } as const
    if (depth === 0 || int(2) === 0) return { kind: 'layer', ...common, surface: place(4) }
    return { kind: 'group', ...common, isolated: int(2) === 0, children: randomTree(int, depth - 1) }
  })
}

describe('compositeTree', () => {
  it('equals the naive renderer on random trees, whole and in parts', () => {
    const int = randomInts(5)
    for (let round = 0; round < 12; round++) {
      const nodes = randomTree(int, 2)
      const whole = render(nodes)
      const want = naive(nodes, new Uint8Array(canvas.width * canvas.height * 4))
      expect(Buffer.compare(whole.data, want), `round ${round}`).toBe(0)
      const part = { x: -7, y: -11, width: 290, height: 23 }
      const cut = Array.from({ length: part.height }, (_, y) => {
        const from = ((y + part.y - canvas.y) * canvas.width + part.x - canvas.x) * 4
        return [...whole.data.subarray(from, from + part.width * 4)]
      })
      expect(Buffer.compare(render(nodes, part).data, Uint8Array.from(cut.flat())), `part, round ${round}`).toBe(0)
    }
  })

  it('drawn in two goes is what it is in one', () => {
    const int = randomInts(31)
    const nodes = [...randomTree(int, 2), ...randomTree(int, 2)]
    const whole = render(nodes)
    for (let split = 0; split <= nodes.length; split++) {
      const target = render(nodes.slice(0, split))
      blendTree(nodes.slice(split), target, canvas, memory.get)
      expect(Buffer.compare(target.data, whole.data), `split at ${split}`).toBe(0)
    }
  })

  it('lets a group pass its layers through to what lies below, or keeps them to themselves', () => {
    const below = layer(flat([200, 100, 40, 255]))
    const multiplied = layer(flat([128, 128, 128, 255]), { blendMode: 'multiply' })
    const first = (isolated: boolean): number[] => [
      ...render([below, group([multiplied], { isolated })]).data.subarray(0, 4),
    ]
    expect(first(false)).toEqual([100, 50, 20, 255])
    expect(first(true)).toEqual([128, 128, 128, 255])
  })

  it('isolates a group that passes through as soon as it has an opacity, a mode or a mask of its own', () => {
    const below = layer(flat([200, 100, 40, 255]))
    const children = [layer(flat([128, 128, 128, 255]), { blendMode: 'multiply' })]
    const mask = surfaceOf(randomPixels(3, 100, 50, 1), 0, 0)
    for (const own of [{ opacity: 0.5 }, { blendMode: 'screen' as const }, { mask }]) {
      const through = render([below, group(children, { ...own, isolated: false })])
      expect(through).toEqual(render([below, group(children, { ...own, isolated: true })]))
    }
    expect(render([below, group(children, { isolated: false })])).toEqual(render([below, ...children]))
  })

  it('fades a group as one picture, and layers one by one', () => {
    const red = layer(flat([255, 0, 0, 255]))
    const blue = layer(flat([0, 0, 255, 255]))
    expect([...render([group([red, blue], { opacity: 0.5 })]).data.subarray(0, 4)]).toEqual([0, 0, 255, 128])
    const each = render([layer(red.surface, { opacity: 0.5 }), layer(blue.surface, { opacity: 0.5 })])
    expect([...each.data.subarray(0, 4)]).toEqual([85, 0, 170, 192])
  })

  it('reads only tiles that the rectangle touches, and nothing of what is hidden', () => {
    const surface = surfaceOf(randomPixels(1, 800, 600, 4), 0, 0)
    const elsewhere = surfaceOf(randomPixels(2, 10, 10, 1), 700, 500)
    memory.read.length = 0
    render(
      [
        layer(surface),
        layer(surface, { visible: false }),
        layer(surface, { opacity: 0 }),
        layer(surface, { mask: elsewhere }),
        group([layer(surface)], { visible: false }),
      ],
      { x: 300, y: 10, width: 50, height: 50 },
    )
    expect(memory.read).toEqual([surface.tiles['1,0']])
  })
})
