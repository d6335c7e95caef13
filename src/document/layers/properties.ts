/**
 * The settings of a layer, each changed in one step of the history. A locked layer refuses all but showing, hiding and
 * unlocking. A setting that a person drags (opacity) is a gesture: mark, many of these, squash.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { limits } from '../limits.ts'
import type { BlendMode, LayerId, LayerMask } from '../records.ts'
import type { DocumentStore } from '../store.ts'
import { requireLayer, requireUnlocked } from './guard.ts'

/** One line without space at its ends, cut to the limit. */
export function cleanName(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim().slice(0, limits.name).trim()
}

/** An empty name changes nothing. @throws StudioError 'bad-request' where the layer is locked or gone */
export function renameLayer(store: DocumentStore, id: LayerId, name: string): void {
  store.edit('Rename layer', (draft) => {
    const layer = requireUnlocked(draft.records, id)
    draft.update(layer, { name: cleanName(name) || layer.name })
  })
}

/** @throws StudioError 'bad-request' where the layer is gone */
export function setVisible(store: DocumentStore, id: LayerId, visible: boolean): void {
  store.edit(visible ? 'Show layer' : 'Hide layer', (draft) => {
    draft.update(requireLayer(draft.records, id), { visible })
  })
}

/** @throws StudioError 'bad-request' where the layer is gone */
export function setLocked(store: DocumentStore, id: LayerId, locked: boolean): void {
  store.edit(locked ? 'Lock layer' : 'Unlock layer', (draft) => {
    draft.update(requireLayer(draft.records, id), { locked })
  })
}

/** @param opacity 0..1 @throws StudioError 'bad-request' out of range, or where the layer is locked or gone */
export function setOpacity(store: DocumentStore, id: LayerId, opacity: number): void {
  if (!(opacity >= 0 && opacity <= 1)) {
    throw new StudioError('bad-request', `An opacity of ${opacity} is not possible: choose a number from 0 to 1.`)
  }
  store.edit('Opacity', (draft) => draft.update(requireUnlocked(draft.records, id), { opacity }))
}

/** @throws StudioError 'bad-request' where the layer is locked or gone */
export function setBlendMode(store: DocumentStore, id: LayerId, blendMode: BlendMode): void {
  store.edit('Blend mode', (draft) => draft.update(requireUnlocked(draft.records, id), { blendMode }))
}

/** Whether a group blends as one picture. @throws StudioError 'bad-request' where it is no group, locked or gone */
export function setIsolated(store: DocumentStore, id: LayerId, isolated: boolean): void {
  store.edit(isolated ? 'Isolate group' : 'Pass through', (draft) => {
    const group = requireUnlocked(draft.records, id)
    if (group.kind !== 'group') throw new StudioError('bad-request', `'${group.name}' is not a group. Choose a group.`)
    draft.update(group, { isolated })
  })
}

/** The prompt of a region. @throws StudioError 'bad-request' where it is no mask layer, locked or gone, or the prompt too long */
export function setPrompt(store: DocumentStore, id: LayerId, prompt: string): void {
  if (prompt.length > limits.prompt) {
    throw new StudioError('bad-request', `A prompt has at most ${limits.prompt} characters. Shorten it.`)
  }
  store.edit('Region prompt', (draft) => {
    const layer = requireUnlocked(draft.records, id)
    if (layer.kind !== 'mask') throw new StudioError('bad-request', `'${layer.name}' is no mask. Choose a mask layer.`)
    draft.update(layer, { prompt })
  })
}

/** Gives a layer a mask, replaces it, switches it, or takes it off (null). @throws StudioError 'bad-request' as setOpacity */
export function setLayerMask(store: DocumentStore, id: LayerId, mask: LayerMask | null): void {
  store.edit(mask === null ? 'Remove layer mask' : 'Layer mask', (draft) => {
    const layer = requireUnlocked(draft.records, id)
    if (layer.kind === 'mask') {
      throw new StudioError('bad-request', `'${layer.name}' is a mask itself. Choose a layer or a group to mask.`)
    }
    draft.update(layer, { mask })
  })
}
