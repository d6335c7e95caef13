/** The names of steps as the history shows them, and what the window says while it works. Layer operations bring their own names. */
export const steps = {
  brush: 'Brush stroke',
  eraser: 'Eraser',
  flood: 'Fill',
  fill: 'Fill selection',
  clear: 'Clear',
  select: 'Select',
  deselect: 'Deselect',
  selectAll: 'Select all',
  selectInvert: 'Invert selection',
  selectGrow: 'Grow selection',
  selectShrink: 'Shrink selection',
  selectFeather: 'Feather selection',
  selectLayer: 'Select layer',
  selectMask: 'Selection from mask',
  maskFromSelection: 'Mask from selection',
  invertMask: 'Invert mask',
  move: 'Move',
  transform: 'Free transform',
  flipLayer: 'Flip layer',
  crop: 'Crop',
  canvasSize: 'Canvas size',
  rotate: 'Rotate picture',
  flip: 'Flip picture',
  paste: 'Paste',
  cut: 'Cut',
  place: 'Place picture',
  opacity: 'Opacity',
  group: 'Group layers',
  chooseResult: 'Choose result',
  regionPrompt: 'Region prompt',
  background: 'Background',
} as const

export const work = {
  opening: (name: string) => `Opening ${name}`,
  saving: (name: string) => `Saving ${name}`,
  exporting: 'Exporting',
  merging: 'Merging layers',
  working: 'Working',
  placing: (name: string) => `Placing ${name}`,
} as const

/** What a notice says when something is done, or why it was not. */
export const told = {
  saved: (name: string) => `Saved ${name}`,
  exported: (name: string) => `Exported ${name}`,
  reveal: 'Show in folder',
  saveAs: 'Save as…',
  refusals: {
    'no-layer':
      'No layer is chosen that can be changed. Choose a picture or mask layer in the Layers panel, or add one.',
    locked: 'The layer is locked. Unlock it in the Layers panel, then try again.',
    empty: 'There is nothing on this layer to work on. Paint something, or choose another layer.',
  },
  nothingSelected: 'Nothing is selected. Draw a selection first.',
  nothingToCopy: 'There is nothing to copy here. Choose a layer that has something inside the selection.',
  pasteByKey: 'To paste from another program, press Ctrl+V.',
  clipboardRefused: 'The system did not take the copy, so other programs cannot paste it. Pasting here works.',
  noRecovery: 'What was recovered is open. Save it to keep it.',
  lost: 'The program behind the window ended. Start the studio again: your document is kept and will be offered for recovery.',
  unreachable:
    'The program behind this page cannot be reached. Start the studio again, and open the address that it prints.',
} as const

/** Why the model cannot run now, and what its progress line says. */
export const generating = {
  blocked: {
    engine: 'The engine is not ready yet.',
    noModel: 'No model is installed.',
    noPrompt: 'Say what you want to see.',
    noPromptTo: 'Say what it turns into.',
    noContent: 'There is no picture under the frame. Move the frame over one, or paint something.',
    noSelection: 'Nothing is selected. Select what is to be drawn anew.',
    notBeyond: 'The frame lies inside of the picture. Drag an edge of it beyond.',
    noReference: 'There is no picture to vary. Move the frame over one, or choose a file.',
    noRegions: 'No mask layer has a prompt. Add a mask layer, and say what is to be seen in it.',
  },
  starting: 'Starting …',
  queued: (ahead: number) => `Waiting for ${ahead} other ${ahead === 1 ? 'job' : 'jobs'}`,
  loading: (part: string) => `Loading ${part}`,
  step: (step: number, steps: number, picture: number, pictures: number) =>
    pictures > 1 ? `Picture ${picture} of ${pictures}, step ${step} of ${steps}` : `Step ${step} of ${steps}`,
  enqueued: 'Added to the queue. Its pictures go to the gallery.',
  steps: {
    generate: 'Generate',
    restyle: 'Restyle',
    fill: 'Fill with model',
    extend: 'Extend picture',
    vary: 'Vary',
    interpolate: 'Interpolate',
    regions: 'Draw regions',
    gradient: 'Gradient',
    reroll: 'Re-roll',
  },
  modelGone: 'The model that drew this is not there any more. Import it again, or draw anew with another.',
  nothingDoubtful: 'No cell is that doubtful. Raise the threshold.',
  nothingMixed: 'Nothing is painted yet. Paint where the other result is to show.',
  strip: 'Strip',
  recalled: {
    prompt: 'The prompt was taken over.',
    seed: 'The seed was taken over, and is kept.',
    all: 'The settings were taken over.',
  },
  recalledPicture: 'of the recipe',
  replaying: 'The picture is made again from its tokens.',
  same: 'Made again from its tokens, the picture is the same, px by px.',
  different: (px: number, of: number, tokens: number) =>
    tokens > 0
      ? `Made again, ${tokens} tokens and ${px} of ${of} px differ from the file.`
      : `Made again from the same tokens, ${px} of ${of} px differ from the file.`,
  untitled: 'Untitled',
  lost: (message: string) => `${message} The document is untouched; the engine starts again.`,
} as const
