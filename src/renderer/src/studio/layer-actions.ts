/** What menus, keys and buttons ask of layers, with the condition under which each does something. */
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  canMergeDown,
  childrenOf,
  commitMerge,
  duplicateLayers,
  type Layer,
  lockOf,
  mergeDownPlan,
  mergeGroupPlan,
  type MergePlan,
  mergeVisiblePlan,
  moveLayers,
  panelRows,
  type Place,
  removeLayers,
  type Surface,
  setLayerMask,
} from '../../../document/index.ts'
import type { ActionId } from '../../../editor/index.ts'
import type { PixelOperation } from '../pixels/pixels-api.ts'
import { steps, work } from '../strings/steps.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'

export interface DocumentAction {
  /** False greys it out; only asked where a document is open. */
  readonly can: (document: OpenDocument) => boolean
  readonly run: (document: OpenDocument) => unknown
  readonly isOn?: (document: OpenDocument) => boolean
}

export type DocumentActions = Partial<Record<ActionId, DocumentAction>>

type Operate = (label: string, operation: PixelOperation) => Promise<boolean>

const always = (): boolean => true
const hasActive = ({ active }: OpenDocument): boolean => active !== null
const isFree = ({ active, store }: OpenDocument): boolean =>
  active !== null && lockOf(store.records, active.id) === undefined
const hasMask = ({ active }: OpenDocument): boolean => active !== null && active.mask !== null

export function layerActions(parts: Parts, operate: Operate): DocumentActions {
  const { queue, pixels } = parts

  const merge = (document: OpenDocument, plan: MergePlan): Promise<unknown> =>
    queue.run(work.merging, async () => {
      const { surface } = await pixels.operate({ do: 'merge', nodes: plan.nodes })
      document.choose(commitMerge(document.store, plan, surface ?? { channels: 4, tiles: {} }))
    })

  const maskOfSelection = async (
    document: OpenDocument,
    label: string,
    use: (surface: Surface) => void,
  ): Promise<void> => {
    await queue.run(label, async () => {
      const { surface } = await pixels.operate({ do: 'mask-of-selection' })
      if (surface !== null && parts.document() === document) use(surface)
    })
  }

  const flip = (axis: 'horizontal' | 'vertical'): DocumentAction => ({
    can: (document) => isFree(document) && document.target !== null,
    run: ({ target }) => (target === null ? undefined : operate(steps.flipLayer, { do: 'flip-layer', target, axis })),
  })

  return {
    'layer.add': {
      can: always,
      run: (document) => document.choose(addRasterLayer(document.store, { place: placeAbove(document) })),
    },
    'layer.addGroup': {
      can: always,
      run: (document) => {
        const { store, history } = document
        const chosen = document.chosen
        const mark = history.mark(steps.group)
        const group = addGroup(store, { place: placeAbove(document) })
        if (chosen.length > 0) moveLayers(store, chosen, { parent: group })
        history.squashTo(mark)
        document.choose(group)
      },
    },
    'layer.addMask': {
      can: (document) => isFree(document) && document.active?.kind !== 'mask' && !hasMask(document),
      run: (document) => {
        const { active } = document
        if (active === null) return
        return maskOfSelection(document, steps.maskFromSelection, (surface) => {
          setLayerMask(document.store, active.id, { surface, enabled: true })
          document.choosePart(active.id, 'mask')
        })
      },
    },
    'layer.removeMask': {
      can: (document) => isFree(document) && hasMask(document),
      run: ({ store, active }) => active && setLayerMask(store, active.id, null),
    },
    'layer.toggleMask': {
      can: (document) => isFree(document) && hasMask(document),
      isOn: ({ active }) => active?.mask?.enabled ?? false,
      run: ({ store, active }) =>
        active?.mask ? setLayerMask(store, active.id, { ...active.mask, enabled: !active.mask.enabled }) : undefined,
    },
    'layer.invertMask': {
      can: (document) => isFree(document) && (hasMask(document) || document.active?.kind === 'mask'),
      run: ({ active }) => active && operate(steps.invertMask, { do: 'invert-mask', layer: active.id }),
    },
    'layer.remove': {
      can: (document) => isFree(document),
      run: (document) => {
        const next = neighbour(document)
        removeLayers(document.store, document.chosen)
        document.choose(next)
      },
    },
    'layer.duplicate': {
      can: hasActive,
      run: (document) => document.choose(duplicateLayers(document.store, document.chosen).at(-1) ?? null),
    },
    'layer.flipHorizontally': flip('horizontal'),
    'layer.flipVertically': flip('vertical'),
    'layer.mergeDown': {
      can: ({ active, store }) => active !== null && canMergeDown(store.records, active.id),
      run: (document) => document.active && merge(document, mergeDownPlan(document.store.records, document.active.id)),
    },
    'layer.mergeGroup': {
      can: (document) => isFree(document) && document.active?.kind === 'group',
      run: (document) => document.active && merge(document, mergeGroupPlan(document.store.records, document.active.id)),
    },
    'layer.mergeVisible': {
      can: ({ store }) => store.records.size > 2,
      run: (document) => merge(document, mergeVisiblePlan(document.store.records, 'merge')),
    },
    'layer.flatten': {
      can: ({ store }) => store.records.size > 2,
      run: (document) => merge(document, mergeVisiblePlan(document.store.records, 'flatten')),
    },
    'layer.moveUp': {
      can: (document) => isFree(document) && step(document, 1) !== null,
      run: (document) => move(document, 1),
    },
    'layer.moveDown': {
      can: (document) => isFree(document) && step(document, -1) !== null,
      run: (document) => move(document, -1),
    },
    'layer.above': { can: hasActive, run: (document) => document.choose(rowBeside(document, -1)) },
    'layer.below': { can: hasActive, run: (document) => document.choose(rowBeside(document, 1)) },
    'select.toMask': {
      can: (document) =>
        isFree(document) && document.active?.kind !== 'mask' && document.store.canvas.selection !== null,
      run: (document) => {
        const { active } = document
        if (active === null) return
        return maskOfSelection(document, steps.maskFromSelection, (surface) =>
          setLayerMask(document.store, active.id, { surface, enabled: true }),
        )
      },
    },
    'select.toMaskLayer': {
      can: ({ store }) => store.canvas.selection !== null,
      run: (document) =>
        maskOfSelection(document, steps.maskFromSelection, (surface) =>
          document.choose(addMaskLayer(document.store, { surface, place: placeAbove(document) })),
        ),
    },
    'edit.fill': {
      can: (document) => isFree(document) && document.target !== null,
      run: ({ target }) =>
        target && operate(steps.fill, { do: 'fill', target, colour: parts.editor.session.colours.foreground }),
    },
    'edit.clear': {
      can: (document) => isFree(document) && document.target !== null,
      run: ({ target }) => target && operate(steps.clear, { do: 'clear', target }),
    },
  }

  function move(document: OpenDocument, direction: 1 | -1): void {
    const place = step(document, direction)
    if (place !== null && document.active !== null) moveLayers(document.store, [document.active.id], place)
  }
}

/** New layers go directly above the active one, or into the group that is active. */
export function placeAbove({ active }: OpenDocument): Place {
  return active === null ? { parent: null } : active.kind === 'group' ? { parent: active.id } : { above: active.id }
}

/** The place one step up or down among its siblings; null at the end. */
function step({ active, store }: OpenDocument, direction: 1 | -1): Place | null {
  if (active === null) return null
  const siblings = childrenOf(store.records, active.parent)
  const index = siblings.findIndex(({ id }) => id === active.id)
  if (direction === 1) {
    const above = siblings[index + 1]
    return above === undefined ? null : { above: above.id }
  }
  if (index === 0) return null
  const below: Layer | undefined = siblings[index - 2]
  return below === undefined ? { parent: active.parent, at: 'bottom' } : { above: below.id }
}

function rowBeside({ active, store }: OpenDocument, by: 1 | -1): string | null {
  const rows = panelRows(store.records).map(({ layer }) => layer.id)
  const index = rows.indexOf(active?.id ?? '')
  return rows[index + by] ?? rows[index] ?? null
}

/** What is chosen when the chosen layers are gone: the next row that stays. */
function neighbour({ chosen, store }: OpenDocument): string | null {
  const rows = panelRows(store.records).map(({ layer }) => layer.id)
  const last = rows.findLastIndex((id) => chosen.includes(id))
  const free = (id: string): boolean => !chosen.includes(id)
  return rows.slice(last + 1).find(free) ?? rows.slice(0, last + 1).findLast(free) ?? null
}
