/**
 * Every action that a key, a menu or a button can ask for, with its default keys. 'Ctrl' is Command on macOS; `mac` replaces
 * the keys there where habits differ. An action without keys can be given some.
 *
 * Scopes: 'global' works wherever the focus is except in text fields; 'canvas' only while the canvas has the focus;
 * 'text-safe' also in text fields. 'staged' works as 'global' does, but only while results are staged: else the keys are the tools'.
 */
export type Scope = 'global' | 'canvas' | 'text-safe' | 'staged'

interface ActionEntry {
  readonly id: string
  readonly keys: readonly string[]
  readonly mac?: readonly string[]
  readonly scope: Scope
}

export const actions = [
  { id: 'file.new', keys: ['Ctrl+N'], scope: 'text-safe' },
  { id: 'file.open', keys: ['Ctrl+O'], scope: 'text-safe' },
  { id: 'file.save', keys: ['Ctrl+S'], scope: 'text-safe' },
  { id: 'file.saveAs', keys: ['Ctrl+Shift+S'], scope: 'text-safe' },
  { id: 'file.export', keys: [], scope: 'text-safe' },
  { id: 'file.place', keys: [], scope: 'global' },
  { id: 'file.close', keys: ['Ctrl+W'], scope: 'text-safe' },
  { id: 'file.quit', keys: ['Ctrl+Q'], scope: 'text-safe' },

  { id: 'edit.undo', keys: ['Ctrl+Z'], scope: 'global' },
  { id: 'edit.redo', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], mac: ['Ctrl+Shift+Z'], scope: 'global' },
  { id: 'edit.cut', keys: ['Ctrl+X'], scope: 'global' },
  { id: 'edit.copy', keys: ['Ctrl+C'], scope: 'global' },
  { id: 'edit.paste', keys: ['Ctrl+V'], scope: 'global' },
  { id: 'edit.copyMerged', keys: ['Ctrl+Shift+C'], scope: 'global' },
  { id: 'edit.clear', keys: ['Delete', 'Backspace'], scope: 'canvas' },
  { id: 'edit.fill', keys: ['Alt+Backspace', 'Alt+Delete'], scope: 'global' },
  { id: 'edit.transform', keys: ['Ctrl+T'], scope: 'global' },

  { id: 'select.all', keys: ['Ctrl+A'], scope: 'global' },
  { id: 'select.none', keys: ['Ctrl+D'], scope: 'global' },
  { id: 'select.invert', keys: ['Ctrl+Shift+I'], scope: 'global' },

  { id: 'select.fromLayer', keys: [], scope: 'global' },
  { id: 'select.grow', keys: [], scope: 'global' },
  { id: 'select.shrink', keys: [], scope: 'global' },
  { id: 'select.feather', keys: ['Shift+F6'], scope: 'global' },
  { id: 'select.toMask', keys: [], scope: 'global' },
  { id: 'select.toMaskLayer', keys: [], scope: 'global' },
  { id: 'select.fromMask', keys: [], scope: 'global' },

  { id: 'image.crop', keys: [], scope: 'global' },
  { id: 'image.canvasSize', keys: ['Ctrl+Alt+C'], scope: 'global' },
  { id: 'image.rotateRight', keys: [], scope: 'global' },
  { id: 'image.rotateLeft', keys: [], scope: 'global' },
  { id: 'image.rotate180', keys: [], scope: 'global' },
  { id: 'image.flipHorizontally', keys: [], scope: 'global' },
  { id: 'image.flipVertically', keys: [], scope: 'global' },

  { id: 'layer.add', keys: ['Ctrl+Shift+N'], scope: 'global' },
  { id: 'layer.addGroup', keys: ['Ctrl+G'], scope: 'global' },
  { id: 'layer.addMask', keys: [], scope: 'global' },
  { id: 'layer.removeMask', keys: [], scope: 'global' },
  { id: 'layer.toggleMask', keys: [], scope: 'global' },
  { id: 'layer.invertMask', keys: [], scope: 'global' },
  { id: 'layer.remove', keys: [], scope: 'global' },
  { id: 'layer.rename', keys: ['F2'], scope: 'global' },
  { id: 'layer.flipHorizontally', keys: [], scope: 'global' },
  { id: 'layer.flipVertically', keys: [], scope: 'global' },
  { id: 'layer.flatten', keys: [], scope: 'global' },
  { id: 'layer.mergeGroup', keys: [], scope: 'global' },
  { id: 'layer.moveUp', keys: ['Ctrl+PageUp'], scope: 'global' },
  { id: 'layer.moveDown', keys: ['Ctrl+PageDown'], scope: 'global' },
  { id: 'layer.above', keys: ['Alt+]'], scope: 'global' },
  { id: 'layer.below', keys: ['Alt+['], scope: 'global' },
  { id: 'layer.duplicate', keys: ['Ctrl+J'], scope: 'global' },
  { id: 'layer.mergeDown', keys: ['Ctrl+E'], scope: 'global' },
  { id: 'layer.mergeVisible', keys: ['Ctrl+Shift+E'], scope: 'global' },

  { id: 'tool.move', keys: ['V'], scope: 'global' },
  { id: 'tool.hand', keys: ['H'], scope: 'global' },
  { id: 'tool.zoom', keys: ['Z'], scope: 'global' },
  { id: 'tool.brush', keys: ['B'], scope: 'global' },
  { id: 'tool.eraser', keys: ['E'], scope: 'global' },
  { id: 'tool.select-rectangle', keys: ['M'], scope: 'global' },
  { id: 'tool.select-ellipse', keys: ['Shift+M'], scope: 'global' },
  { id: 'tool.select-lasso', keys: ['L'], scope: 'global' },
  { id: 'tool.select-brush', keys: ['Shift+L'], scope: 'global' },
  { id: 'tool.fill', keys: ['G'], scope: 'global' },
  { id: 'tool.eyedropper', keys: ['I'], scope: 'global' },
  { id: 'tool.crop', keys: ['Shift+C'], scope: 'global' },
  { id: 'tool.frame', keys: ['C'], scope: 'global' },

  { id: 'brush.smaller', keys: ['['], scope: 'global' },
  { id: 'brush.larger', keys: [']'], scope: 'global' },
  { id: 'brush.softer', keys: ['Shift+['], scope: 'global' },
  { id: 'brush.harder', keys: ['Shift+]'], scope: 'global' },
  { id: 'brush.opacity.10', keys: ['1'], scope: 'global' },
  { id: 'brush.opacity.20', keys: ['2'], scope: 'global' },
  { id: 'brush.opacity.30', keys: ['3'], scope: 'global' },
  { id: 'brush.opacity.40', keys: ['4'], scope: 'global' },
  { id: 'brush.opacity.50', keys: ['5'], scope: 'global' },
  { id: 'brush.opacity.60', keys: ['6'], scope: 'global' },
  { id: 'brush.opacity.70', keys: ['7'], scope: 'global' },
  { id: 'brush.opacity.80', keys: ['8'], scope: 'global' },
  { id: 'brush.opacity.90', keys: ['9'], scope: 'global' },
  { id: 'brush.opacity.100', keys: ['0'], scope: 'global' },
  { id: 'colours.swap', keys: ['X'], scope: 'global' },
  { id: 'colours.reset', keys: ['D'], scope: 'global' },

  { id: 'view.fit', keys: ['Ctrl+0'], scope: 'text-safe' },
  { id: 'view.fitFrame', keys: ['Ctrl+Shift+0'], scope: 'text-safe' },
  { id: 'view.zoom.100', keys: ['Ctrl+1'], scope: 'text-safe' },
  { id: 'view.zoom.200', keys: ['Ctrl+2'], scope: 'text-safe' },
  { id: 'view.zoom.400', keys: ['Ctrl+3'], scope: 'text-safe' },
  { id: 'view.zoom.800', keys: ['Ctrl+4'], scope: 'text-safe' },
  { id: 'view.zoomIn', keys: ['Ctrl+=', 'Ctrl++'], scope: 'text-safe' },
  { id: 'view.zoomOut', keys: ['Ctrl+-'], scope: 'text-safe' },
  { id: 'view.mask', keys: ['Q'], scope: 'global' },
  { id: 'view.zones', keys: [], scope: 'global' },
  { id: 'view.panels', keys: ['Tab'], scope: 'canvas' },
  { id: 'view.fullscreen', keys: ['F'], mac: ['F', 'Ctrl+Shift+F'], scope: 'global' },
  { id: 'view.resetLayout', keys: ['Shift+R'], scope: 'global' },

  { id: 'view.theme', keys: [], scope: 'global' },
  { id: 'view.preferences', keys: ['Ctrl+,'], scope: 'text-safe' },
  { id: 'view.gallery', keys: ['Shift+G'], scope: 'global' },
  { id: 'view.queue', keys: ['Shift+Q'], scope: 'global' },
  { id: 'view.batch', keys: ['Shift+B'], scope: 'global' },
  { id: 'queue.pause', keys: ['Shift+P'], scope: 'global' },
  { id: 'view.nextRegion', keys: ['F6'], scope: 'text-safe' },

  { id: 'frame.fitSelection', keys: [], scope: 'global' },
  { id: 'frame.fitCanvas', keys: [], scope: 'global' },

  { id: 'generate.run', keys: ['Ctrl+Enter'], scope: 'text-safe' },
  { id: 'generate.queue', keys: ['Ctrl+Shift+Enter'], scope: 'text-safe' },
  { id: 'generate.cancel', keys: ['Shift+X'], scope: 'global' },
  { id: 'generate.as.auto', keys: ['Alt+0'], scope: 'text-safe' },
  { id: 'generate.as.generate', keys: ['Alt+1'], scope: 'text-safe' },
  { id: 'generate.as.restyle', keys: ['Alt+2'], scope: 'text-safe' },
  { id: 'generate.as.fill', keys: ['Alt+3'], scope: 'text-safe' },
  { id: 'generate.as.extend', keys: ['Alt+4'], scope: 'text-safe' },
  { id: 'generate.as.vary', keys: ['Alt+5'], scope: 'text-safe' },
  { id: 'generate.as.interpolate', keys: ['Alt+6'], scope: 'text-safe' },
  { id: 'generate.as.regions', keys: ['Alt+7'], scope: 'text-safe' },
  { id: 'generate.as.gradient', keys: ['Alt+8'], scope: 'text-safe' },
  { id: 'generate.as.reroll', keys: ['Alt+9'], scope: 'text-safe' },
  { id: 'prompt.focus', keys: ['Alt+A'], scope: 'text-safe' },

  { id: 'staging.previous', keys: ['ArrowLeft'], scope: 'staged' },
  { id: 'staging.next', keys: ['ArrowRight'], scope: 'staged' },
  { id: 'staging.accept', keys: ['Enter'], scope: 'staged' },
  { id: 'staging.discard', keys: ['Escape'], scope: 'staged' },
  { id: 'staging.original', keys: ['\\'], scope: 'staged' },
  { id: 'staging.compare', keys: ['|'], scope: 'staged' },
  { id: 'staging.scrubBack', keys: [','], scope: 'staged' },
  { id: 'staging.scrubForward', keys: ['.'], scope: 'staged' },
  { id: 'staging.continue', keys: ['Shift+Enter'], scope: 'staged' },

  { id: 'help.shortcuts', keys: ['?'], scope: 'global' },
  { id: 'help.open', keys: ['F1'], scope: 'text-safe' },
] as const satisfies readonly ActionEntry[]

export type ActionId = (typeof actions)[number]['id']

/** What works only while it is held, for the list of shortcuts; these cannot be given other keys. */
export const heldKeys = [
  { keys: 'Space', does: 'pan' },
  { keys: 'Ctrl+Space', does: 'drag-zoom' },
  { keys: 'Alt', does: 'pick' },
] as const
