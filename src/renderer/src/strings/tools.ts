/** The words of tools: their names, what modifiers do, blend modes and kinds of layers. */
import type { BlendMode, Layer } from '../../../document/index.ts'
import type { heldKeys, HintId, HintKey, ToolId } from '../../../editor/index.ts'

export const toolNames: Readonly<Record<ToolId, string>> = {
  move: 'Move',
  hand: 'Hand',
  zoom: 'Zoom',
  brush: 'Brush',
  eraser: 'Eraser',
  'select-rectangle': 'Select rectangle',
  'select-ellipse': 'Select ellipse',
  'select-lasso': 'Lasso',
  'select-brush': 'Selection brush',
  fill: 'Fill',
  eyedropper: 'Eyedropper',
  transform: 'Free transform',
  crop: 'Crop',
  frame: 'Frame',
}

export const hintKeys: Readonly<Record<HintKey, string>> = {
  Shift: 'Shift',
  Alt: 'Alt',
  'Shift+Alt': 'Shift+Alt',
  Ctrl: 'Ctrl',
  Space: 'Space',
  'Ctrl+Space': 'Ctrl+Space',
  Enter: 'Enter',
  Esc: 'Esc',
  Arrows: 'Arrows',
  '[ ]': '[ ]',
}

export const hintTexts: Readonly<Record<HintId, string>> = {
  add: 'add',
  apply: 'apply',
  'axis-lock': 'keep to one axis',
  background: 'background colour',
  'brush-size': 'brush size',
  cancel: 'cancel',
  constrain: 'square or circle',
  'drag-zoom': 'zoom by dragging',
  free: 'off the grid',
  'from-centre': 'from the centre',
  intersect: 'intersect',
  'keep-ratio': 'keep proportions',
  'move-start': 'move the start',
  nudge: 'nudge',
  pan: 'pan',
  pick: 'pick a colour',
  'rotate-steps': 'turn in steps',
  'straight-line': 'straight line',
  subtract: 'subtract',
  'zoom-out': 'zoom out',
}

export const heldKeyTexts: Readonly<Record<(typeof heldKeys)[number]['does'], string>> = {
  pan: 'Drag the canvas',
  'drag-zoom': 'Zoom by dragging',
  pick: 'Pick a colour while painting',
}

/** What else works while it is held or turned; none of it can be changed. */
export const fixedKeys: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'Wheel', does: 'Zoom or drag the canvas, as the preferences say' },
  { keys: 'Ctrl+Wheel', does: 'Brush size' },
  { keys: 'Middle button', does: 'Drag the canvas' },
  { keys: 'Enter', does: 'Apply a transform or a crop' },
  { keys: 'Esc', does: 'Take back what is unfinished' },
]

/** Groups as menus of blend modes have them; every mode is in one of them. */
export const blendModeGroups: readonly { readonly label: string | null; readonly modes: readonly BlendMode[] }[] = [
  { label: null, modes: ['normal'] },
  { label: 'Darken', modes: ['darken', 'multiply', 'color-burn'] },
  { label: 'Lighten', modes: ['lighten', 'screen', 'color-dodge'] },
  { label: 'Contrast', modes: ['overlay', 'soft-light', 'hard-light'] },
  { label: 'Compare', modes: ['difference', 'exclusion'] },
  { label: 'Colour', modes: ['hue', 'saturation', 'color', 'luminosity'] },
]

export const blendModeNames: Readonly<Record<BlendMode, string>> = {
  normal: 'Normal',
  multiply: 'Multiply',
  screen: 'Screen',
  overlay: 'Overlay',
  darken: 'Darken',
  lighten: 'Lighten',
  'color-dodge': 'Colour dodge',
  'color-burn': 'Colour burn',
  'hard-light': 'Hard light',
  'soft-light': 'Soft light',
  difference: 'Difference',
  exclusion: 'Exclusion',
  hue: 'Hue',
  saturation: 'Saturation',
  color: 'Colour',
  luminosity: 'Luminosity',
}

export const layerKinds: Readonly<Record<Layer['kind'], string>> = {
  raster: 'Picture layer',
  group: 'Group',
  mask: 'Mask layer',
}
