/** New layers. Each is one step of the history; the id of the new layer is returned. */
import type { Draft } from '../draft.ts'
import type { Generated, GroupLayer, Layer, LayerId, MaskLayer, RasterLayer, Surface } from '../records.ts'
import type { DocumentStore } from '../store.ts'
import { nextName } from '../tree.ts'
import { requireDepth, requireGroup, requireLayer, requireRoom } from './guard.ts'
import { orderAt, type Place, parentOf } from './place.ts'
import { cleanName } from './properties.ts'

interface AddOptions {
  /** On top of everything by default. */
  readonly place?: Place
  /** 'Layer 3' and so on by default. */
  readonly name?: string
  /** What the history calls it. */
  readonly label?: string
}

/** @throws StudioError 'bad-request' where the place is locked or gone, or there are too many layers */
export function addRasterLayer(
  store: DocumentStore,
  options: AddOptions & {
    readonly surface?: Surface
    readonly recipe?: string
    readonly generated?: Generated
    readonly mask?: Surface
  } = {},
): LayerId {
  const surface = options.surface ?? { channels: 4, tiles: {} }
  return add(
    store,
    options.label ?? 'Add layer',
    options,
    (common): RasterLayer => ({
      ...common,
      kind: 'raster',
      surface,
      recipe: options.recipe ?? null,
      generated: options.generated ?? null,
      mask: options.mask === undefined ? null : { surface: options.mask, enabled: true },
    }),
  )
}

/** An empty group. @throws StudioError as addRasterLayer */
export function addGroup(store: DocumentStore, options: AddOptions = {}): LayerId {
  return add(
    store,
    options.label ?? 'Add group',
    options,
    (common): GroupLayer => ({ ...common, kind: 'group', isolated: false }),
  )
}

/** A saved selection, or a region with a prompt. @throws StudioError as addRasterLayer */
export function addMaskLayer(
  store: DocumentStore,
  options: AddOptions & { readonly surface?: Surface; readonly prompt?: string } = {},
): LayerId {
  const surface = options.surface ?? { channels: 1, tiles: {} }
  return add(
    store,
    options.label ?? 'Add mask',
    options,
    (common): MaskLayer => ({
      ...common,
      kind: 'mask',
      surface,
      prompt: options.prompt ?? '',
    }),
  )
}

type Common = Omit<RasterLayer, 'kind' | 'surface' | 'recipe' | 'generated'>

function add(store: DocumentStore, label: string, options: AddOptions, make: (common: Common) => Layer): LayerId {
  const id = store.newId()
  store.edit(label, (draft) => {
    requireRoom(draft.records, 1)
    const place = options.place ?? { parent: null }
    const { parent, order } = claim(draft, place)
    const layer = make({
      id,
      parent,
      order,
      name: '',
      visible: true,
      locked: false,
      opacity: 1,
      blendMode: 'normal',
      mask: null,
    })
    draft.put({ ...layer, name: cleanName(options.name ?? '') || nextName(draft.records, layer.kind) })
  })
  return id
}

function claim(draft: Draft, place: Place): { parent: LayerId | null; order: string } {
  if ('above' in place) requireLayer(draft.records, place.above)
  const parent = parentOf(draft, place)
  requireGroup(draft.records, parent)
  requireDepth(draft.records, parent)
  return { parent, order: orderAt(draft, place) }
}
