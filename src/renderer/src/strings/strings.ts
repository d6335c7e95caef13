/** Every word that the window shows, in one place, so that it can be translated as a whole. Steps of the history and what the
 * model says of its work are in steps.ts. */
import { actionGroups, actionLabels } from './actions.ts'
import { dialogWords } from './dialogs.ts'
import { batchWords, droppedWords, galleryWords, libraryStatus, queueWords, useNames, viewWords } from './library.ts'
import { promptWords, regionWords, stagingWords } from './generating.ts'
import {
  blendModeGroups,
  blendModeNames,
  fixedKeys,
  heldKeyTexts,
  hintKeys,
  hintTexts,
  layerKinds,
  toolNames,
} from './tools.ts'
import {
  colourWords,
  emptyWords,
  historyWords,
  layerWords,
  noticeWords,
  optionWords,
  propertyWords,
  statusWords,
  windowWords,
} from './window.ts'

export const strings = {
  actions: actionLabels,
  actionGroups,
  tools: toolNames,
  hintKeys,
  hints: hintTexts,
  heldKeys: heldKeyTexts,
  fixedKeys,
  blendModes: blendModeNames,
  blendModeGroups,
  layerKinds,
  window: windowWords,
  colours: colourWords,
  options: optionWords,
  layers: layerWords,
  properties: propertyWords,
  history: historyWords,
  prompt: promptWords,
  staging: stagingWords,
  regions: regionWords,
  status: statusWords,
  notices: noticeWords,
  empty: emptyWords,
  dialogs: dialogWords,
  views: viewWords,
  gallery: galleryWords,
  queue: queueWords,
  batch: batchWords,
  useNames,
  libraryStatus,
  dropped: droppedWords,
}

export type Strings = typeof strings
