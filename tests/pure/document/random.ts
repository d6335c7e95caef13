/** Seeded choices and a random document editor for the property tests. */
import { uniforms } from '../../../src/shared/base/philox.ts'
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  type DocumentStore,
  duplicateLayers,
  type Layer,
  moveLayers,
  panelRows,
  removeLayers,
  renameLayer,
  replaceSurfaces,
  setBlendMode,
  setLayerMask,
  setOpacity,
  setSelection,
  setVisible,
  type Surface,
} from '../../../src/document/index.ts'

export interface Choices {
  /** A whole number 0..below - 1. */
  int(below: number): number
  pick<T>(items: readonly [T, ...T[]]): T
}

export function choices(seed: number): Choices {
  let block = new Float32Array(0)
  let next = 0
  let step = 0
  const int = (below: number): number => {
    if (next === block.length) {
      block = uniforms(seed, { purpose: 1, step: step++ }, 256) as Float32Array<ArrayBuffer>
      next = 0
    }
    return Math.floor((block[next++] ?? 0) * below)
  }
  return { int, pick: (items) => items[int(items.length)] ?? items[0] }
}

/** A tile id that stands for a number. */
export const tile = (number: number): string => number.toString(16).padStart(64, '0')

export function surface(channels: 1 | 4, tiles: Readonly<Record<string, number>>): Surface {
  return { channels, tiles: Object.fromEntries(Object.entries(tiles).map(([key, number]) => [key, tile(number)])) }
}

function paint(random: Choices, before: Surface): Surface {
  const key = `${random.int(4)},${random.int(4)}`
  return { ...before, tiles: { ...before.tiles, [key]: tile(random.int(1000)) } }
}

/** One random operation as a person would do it; sometimes one that comes to nothing. */
export function randomOperation(store: DocumentStore, random: Choices): void {
  const layers = panelRows(store.records).map(({ layer }) => layer)
  const [first, ...others] = layers
  if (first === undefined || (layers.length < 40 && random.int(4) === 0)) return addSomething(store, random, layers)
  const layer = random.pick([first, ...others])
  const other = random.pick([first, ...others])
  switch (random.int(10)) {
    case 0:
      return setOpacity(store, layer.id, random.int(5) / 4)
    case 1:
      return setVisible(store, layer.id, random.int(2) === 0)
    case 2:
      return renameLayer(store, layer.id, `Name ${random.int(3)}`)
    case 3:
      return setBlendMode(store, layer.id, random.pick(['normal', 'multiply', 'screen']))
    case 4:
      return removeLayers(store, [layer.id])
    case 5:
      return tryMove(store, layer, other, random)
    case 6:
      if (layers.length < 40) duplicateLayers(store, [layer.id, other.id])
      return
    case 7:
      if (layer.kind !== 'mask')
        setLayerMask(store, layer.id, random.pick([null, { surface: surface(1, {}), enabled: true }]))
      return
    case 8:
      return setSelection(store, 'Select', random.pick([null, paint(random, store.canvas.selection ?? surface(1, {}))]))
    default:
      if (layer.kind === 'group') return
      return replaceSurfaces(store, 'Brush stroke', [{ id: layer.id, surface: paint(random, layer.surface) }])
  }
}

function addSomething(store: DocumentStore, random: Choices, layers: readonly Layer[]): void {
  const groups = layers.filter(({ kind }) => kind === 'group').map(({ id }) => id)
  const place = { parent: random.pick([null, ...groups]), at: random.pick<'top' | 'bottom'>(['top', 'bottom']) }
  // Deep nesting is refused, which is not what these tests are about.
  if (layers.length > 0 && groups.length > 10) addRasterLayer(store)
  else random.pick([addRasterLayer, addGroup, addMaskLayer])(store, { place })
}

function tryMove(store: DocumentStore, layer: Layer, other: Layer, random: Choices): void {
  const place = other.kind === 'group' && random.int(2) === 0 ? { parent: other.id } : { above: other.id }
  try {
    moveLayers(store, [layer.id], place)
  } catch (error) {
    if (!/cannot go into itself/.test(String(error))) throw error
  }
}
