/** One layer, or a group with all it holds, as if there were nothing else: fully shown, opaque, blended with nothing. */
import type { LayerId, RenderNode } from '../../../document/index.ts'
import { renderNode } from '../../../document/render-tree.ts'
import { indexChildren } from '../../../document/tree.ts'
import type { DocumentView } from './mirror.ts'

/**
 * Undefined for mask layers, which are no pictures, and for what is not there.
 *
 * @param how whether its own mask hides what it hides
 */
export function nodesAlone(
  records: DocumentView['records'],
  id: LayerId,
  how: 'masked' | 'bare',
): RenderNode[] | undefined {
  const layer = records.get(id)
  const node = layer === undefined || layer.kind === 'canvas' ? undefined : renderNode(indexChildren(records), layer)
  if (node === undefined) return undefined
  const mask = how === 'masked' ? node.mask : null
  const alone = { visible: true, opacity: 1, blendMode: 'normal', mask } as const
  return [node.kind === 'group' ? { ...node, ...alone, isolated: true } : { ...node, ...alone }]
}
