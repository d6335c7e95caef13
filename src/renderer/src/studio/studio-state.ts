/**
 * What the window shows, as one plain value that is replaced whenever something in it changes: panels read it and nothing else.
 * The document's records stay the same objects where nothing changed, so a panel can compare by identity.
 */
import type { LayerId, Records } from '../../../document/index.ts'
import type { Hint, Overrides, Session, Target, TransformNumbers } from '../../../editor/index.ts'
import type { EngineInfo } from '../../../shared/contract/engine-api.ts'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { BatchState } from '../../../shared/contract/batch-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { QueueState } from '../../../shared/contract/queue-api.ts'
import type { Sampling } from '../../../shared/contract/request.ts'
import type { FileSource, StudioStart } from '../../../shared/contract/studio-api.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { Rect } from '../../../shared/geometry/rect.ts'
import type { BatchDraft } from './batch-draft.ts'

export interface OpenDocumentState {
  readonly name: string
  /** Null while there is no document file. */
  readonly path: string | null
  /** Are there steps that no file holds? */
  readonly dirty: boolean
  readonly records: Records
  /** What is painted on; null where nothing is chosen. */
  readonly active: LayerId | null
  readonly part: Target['part']
  /** All chosen layers, the active one among them. */
  readonly chosen: readonly LayerId[]
  readonly history: { readonly labels: readonly string[]; readonly position: number }
  /** Why the document cannot be kept safe at the moment, in words. */
  readonly journalProblem: string | null
}

export type EngineState =
  | { readonly is: 'starting' }
  | { readonly is: 'ready'; readonly info: EngineInfo }
  | { readonly is: 'lost'; readonly message: string }

/**
 * What one run of the model would do now; the button is named after it. The first four follow from the picture, the selection and
 * the frame; the others are chosen. 'reroll' draws each selected cell anew with the probability that the selection has there.
 */
export const verbs = [
  'generate',
  'restyle',
  'fill',
  'extend',
  'vary',
  'interpolate',
  'regions',
  'gradient',
  'reroll',
] as const
export type Verb = (typeof verbs)[number]

export interface GenerationSettings {
  readonly prompt: string
  readonly negative: string
  readonly seed: number
  /** True keeps the seed from run to run; else each run takes a new one. */
  readonly seedLocked: boolean
  readonly steps: number
  readonly guidance: number
  /** Of the first and the last step. */
  readonly temperature: readonly [number, number]
  /** Mass of the typical filter; null = off. */
  readonly typicalMass: number | null
  readonly renoise: Sampling['renoise']
  /** Pictures a run, which are staged side by side. */
  readonly count: number
  /** 'auto' takes the verb that the picture, the selection and the frame ask for. */
  readonly wanted: Verb | 'auto'
  /** Of 'restyle': 0 leaves everything, 1 draws anew. */
  readonly strength: number
  /** Of 'vary': 0 the picture alone, 1 the prompt alone. */
  readonly promptWeight: number
  /** Of 'interpolate' and 'gradient': the other prompt. */
  readonly promptTo: string
  readonly direction: 'horizontal' | 'vertical'
  /** Of 'interpolate'. */
  readonly frames: number
  /** Of 'vary': a picture that was dropped or chosen; null = what the frame holds. */
  readonly reference: { readonly name: string; readonly pixels: Pixels } | null
}

/** What a run would change, drawn on the canvas before it begins; in canvas px. */
export interface Zones {
  /** The cells of the token grid that are drawn anew: `cells` is row by row, 0..255 = the probability that a cell is. */
  readonly area: Rect
  readonly columns: number
  readonly rows: number
  readonly cells: Uint8Array
  /** Outside of it no pixel changes: bounds of the mask; `feather` px inside of its edge are blended. Null where all of `area` is new. */
  readonly mask: Rect | null
  readonly feather: number
}

/** One result over the canvas, not yet part of the document. */
export interface StagedPicture {
  readonly id: string
  readonly seed: number
  /** Of `pixels`: canvas px that they cover. */
  readonly rect: Rect
  readonly pixels: Pixels
  /** The gallery's picture. */
  readonly pictureId: string | null
  readonly unchanged: number | null
  readonly cells: number
  readonly steps: { readonly taken: number; readonly of: number }
}

/**
 * Results that wait to be taken or left: Left and Right go through them, Enter takes one, Esc leaves them (they stay in the gallery).
 * Nothing of it is a step of the history until one is taken.
 */
export interface StagingState {
  readonly verb: Verb
  readonly prompt: string
  /** Grows while the run goes on. */
  readonly pictures: readonly StagedPicture[]
  readonly expected: number
  /** 0 = the original, 1.. = pictures[shown - 1]. */
  readonly shown: number
  /** Where the slider between the original and the shown picture stands, 0..1 of the picture's width; null = no slider. */
  readonly compare: number | null
  /** Step of the shown picture that is looked at; null = the result. */
  readonly step: number | null
  /** How many steps of the shown picture can be looked at; 0 where its trajectory was not kept. */
  readonly steps: number
  /** The doubtful cells are shown: those whose token was less probable than `doubt`, 0..1. */
  readonly confidence: { readonly doubt: number; readonly doubtful: number } | null
  /** Mixing: what is painted over the shown picture comes from this one (an index as `shown`); null = not mixing. */
  readonly mixWith: number | null
  /** The layer whose results were opened again; null for a new run. */
  readonly layer: LayerId | null
}

export interface GenerationState {
  readonly settings: GenerationSettings
  readonly verb: Verb
  /** Why it cannot run now, in words; null where it can. */
  readonly blocked: string | null
  /** Verbs that can be chosen now, and in words why the others can not. */
  readonly choices: readonly { readonly verb: Verb; readonly blocked: string | null }[]
  /** What a run would take, by the runs of late; null before the first. */
  readonly estimate: { readonly seconds: number } | null
  readonly zones: Zones | null
  /** Null while nothing runs. */
  readonly running: {
    /** What is happening: 'Step 3 of 10', 'Loading Paella Mini'. */
    readonly text: string
    /** 0..1 */
    readonly share: number
    readonly secondsLeft: number | null
    /** It was told to stop and ends within the step. */
    readonly stopping: boolean
  } | null
}

export interface Notice {
  readonly id: number
  readonly kind: 'info' | 'warning' | 'error'
  readonly text: string
  readonly code: ErrorCode | null
  /** For 'copy details'. */
  readonly detail: string | null
  readonly action: { readonly label: string; readonly action: string } | null
}

/** A dialog of the window; what it decides goes back through the methods of the model. */
export type DialogState =
  | { readonly type: 'new' }
  | { readonly type: 'unsaved'; readonly name: string }
  | { readonly type: 'recover' }
  | { readonly type: 'export' }
  | { readonly type: 'shortcuts' }
  | { readonly type: 'preferences' }
  | { readonly type: 'about' }
  | { readonly type: 'canvas-size' }
  /** Where no dialog of the system can be had: a name in the studio's folder. */
  | { readonly type: 'save-name'; readonly suggested: string; readonly folder: string }
  /** A picture that remembers how it was made was dropped on the canvas. */
  | { readonly type: 'dropped'; readonly name: string; readonly source: FileSource }
  | { readonly type: 'number'; readonly what: 'grow' | 'shrink' | 'feather'; readonly value: number }

/** A job of the program that the person waits for: opening, saving, merging. */
export interface BusyState {
  readonly text: string
  /** 0..1; null where nobody can tell. */
  readonly share: number | null
}

/** How the sections at the right share their column: heights in px, and which are folded. */
export interface PanelLayout {
  readonly heights: { readonly properties: number; readonly history: number }
  readonly collapsed: readonly ('layers' | 'properties' | 'history')[]
}

export interface Preferences {
  readonly theme: 'dark' | 'light' | 'system'
  readonly wheel: Session['wheel']
  readonly panelsShown: boolean
  /** Id; undefined = the first there is. */
  readonly model?: string | undefined
  /** What a run would change is not drawn before it; undefined as long as nobody has chosen. */
  readonly zonesHidden?: boolean | undefined
  readonly keys: Overrides
  readonly checkerboard: 'light' | 'dark'
  /** Undefined as long as nobody has changed it, and again after 'view.resetLayout'. */
  readonly layout?: PanelLayout | undefined
  /** The batch as it was last put together. */
  readonly batch?: BatchDraft | undefined
}

export interface StudioState {
  /** Null until the program behind the window has answered. */
  readonly start: StudioStart | null
  /** Why the program behind the window cannot be reached any more; null while all is well. */
  readonly disconnected: string | null
  readonly desktop: { readonly nativeMenus: boolean; readonly nativeDialogs: boolean }
  readonly document: OpenDocumentState | null
  readonly session: Session
  readonly hints: readonly Hint[]
  /** An edit that waits for Enter or Esc. */
  readonly waiting: 'transform' | 'crop' | null
  readonly transform: TransformNumbers | null
  /** Canvas px under the pointer, whole. */
  readonly pointer: Point | null
  readonly maskShown: boolean
  readonly engine: EngineState
  readonly generation: GenerationState
  /** Null while nothing is staged. */
  readonly staging: StagingState | null
  readonly queue: QueueState
  /** Views over the whole window; null = the canvas. */
  readonly view: 'gallery' | 'queue' | 'batch' | null
  /** Counts up whenever the gallery changed: lists read it anew. */
  readonly galleryVersion: number
  readonly batch: BatchState
  readonly notices: readonly Notice[]
  readonly dialog: DialogState | null
  readonly busy: BusyState | null
  /** Is something being computed or written, however short? */
  readonly working: boolean
  readonly preferences: Preferences
}
