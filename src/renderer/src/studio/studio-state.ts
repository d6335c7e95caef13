/**
 * What the window shows, as one plain value that is replaced whenever something in it changes: panels read it and nothing else.
 * The document's records stay the same objects where nothing changed, so a panel can compare by identity.
 */
import type { LayerId, Records } from '../../../document/index.ts'
import type { Hint, Overrides, Session, Target, TransformNumbers } from '../../../editor/index.ts'
import type { EngineInfo } from '../../../shared/contract/engine-api.ts'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { StudioStart } from '../../../shared/contract/studio-api.ts'
import type { Point } from '../../../shared/geometry/point.ts'

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

/** What one run of the model would do now; the button is named after it. */
export type Verb = 'generate' | 'fill' | 'extend'

export interface GenerationSettings {
  readonly prompt: string
  readonly negative: string
  readonly seed: number
  /** True keeps the seed from run to run; else each run takes a new one. */
  readonly seedLocked: boolean
  readonly steps: number
  readonly guidance: number
  /** Pictures a run, each on a layer of its own. */
  readonly count: number
}

export interface GenerationState {
  readonly settings: GenerationSettings
  readonly verb: Verb
  /** Why it cannot run now, in words; null where it can. */
  readonly blocked: string | null
  /** Null while nothing runs. */
  readonly running: {
    /** What is happening: 'Step 3 of 10', 'Loading Paella Mini'. */
    readonly text: string
    /** 0..1 */
    readonly share: number
    readonly secondsLeft: number | null
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
  readonly keys: Overrides
  readonly checkerboard: 'light' | 'dark'
  /** Undefined as long as nobody has changed it, and again after 'view.resetLayout'. */
  readonly layout?: PanelLayout | undefined
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
  readonly notices: readonly Notice[]
  readonly dialog: DialogState | null
  readonly busy: BusyState | null
  /** Is something being computed or written, however short? */
  readonly working: boolean
  readonly preferences: Preferences
}
