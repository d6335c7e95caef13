/** What menus, keys and buttons ask of the selection, the whole picture and the frame. */
import { setFrame, setSelection } from '../../../document/index.ts'
import { snapPosition, snapSides } from '../../../editor/index.ts'
import type { PixelOperation } from '../pixels/pixels-api.ts'
import { steps } from '../strings/steps.ts'
import type { DocumentAction, DocumentActions } from './layer-actions.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import { frameRuleOf } from './scene.ts'

const always = (): boolean => true
const hasSelection = ({ store }: OpenDocument): boolean => store.canvas.selection !== null

export function pictureActions(
  parts: Parts,
  operate: (label: string, operation: PixelOperation) => Promise<boolean>,
): DocumentActions {
  const operation = (
    label: string,
    operation: PixelOperation,
    can: DocumentAction['can'] = always,
  ): DocumentAction => ({
    can,
    run: () => operate(label, operation),
  })
  const ask = (what: 'grow' | 'shrink' | 'feather', value: number): DocumentAction => ({
    can: hasSelection,
    run: () => parts.holder.set({ dialog: { type: 'number', what, value } }),
  })
  /** Crops to the selection; what is selected stays so. */
  const crop = async (): Promise<void> => {
    const rect = await parts.pixels.bounds('selection')
    if (rect !== null) await operate(steps.crop, { do: 'crop', rect })
  }
  const fitFrame = (document: OpenDocument, rect: { x: number; y: number; width: number; height: number }): void => {
    const rule = frameRuleOf(parts.holder.state)
    setFrame(document.store, snapPosition(snapSides(rect, { x: 1, y: 1 }, rule), rule, false))
  }

  return {
    'select.all': operation(steps.selectAll, { do: 'select-all' }),
    'select.none': {
      can: hasSelection,
      run: ({ store }) => parts.queue.run('', () => setSelection(store, steps.deselect, null)),
    },
    'select.invert': operation(steps.selectInvert, { do: 'select-invert' }),
    'select.grow': ask('grow', 4),
    'select.shrink': ask('shrink', 4),
    'select.feather': ask('feather', 8),
    'select.fromLayer': {
      can: ({ target }) => target !== null,
      run: ({ target }) => target && operate(steps.selectLayer, { do: 'select-layer', target }),
    },
    'select.fromMask': {
      can: ({ active }) => active !== null && (active.mask !== null || active.kind === 'mask'),
      run: ({ active }) => {
        if (active === null) return
        const part = active.kind === 'mask' ? 'pixels' : 'mask'
        return operate(steps.selectMask, { do: 'select-layer', target: { layer: active.id, part } })
      },
    },
    'image.crop': { can: hasSelection, run: crop },
    'image.canvasSize': { can: always, run: () => parts.holder.set({ dialog: { type: 'canvas-size' } }) },
    'image.rotateRight': operation(steps.rotate, { do: 'turn', degrees: 90 }),
    'image.rotateLeft': operation(steps.rotate, { do: 'turn', degrees: 270 }),
    'image.rotate180': operation(steps.rotate, { do: 'turn', degrees: 180 }),
    'image.flipHorizontally': operation(steps.flip, { do: 'flip', axis: 'horizontal' }),
    'image.flipVertically': operation(steps.flip, { do: 'flip', axis: 'vertical' }),
    'frame.fitCanvas': {
      can: always,
      run: (document) => fitFrame(document, { x: 0, y: 0, ...document.store.canvas }),
    },
    'frame.fitSelection': {
      can: hasSelection,
      run: async (document) => {
        const rect = await parts.pixels.bounds('selection')
        if (rect !== null) fitFrame(document, rect)
      },
    },
  }
}
