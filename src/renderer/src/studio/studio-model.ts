/**
 * Everything a panel, a menu or a key can ask of the window. Panels know this interface and the state; the class behind it
 * (studio.ts) knows the document, the editor, the pixels and the program. Nothing here throws: what fails becomes a notice.
 */
import type { BlendMode, LayerId, Place } from '../../../document/index.ts'
import type {
  ActionId,
  Brush,
  BrushTool,
  Colours,
  Session,
  Target,
  ToolId,
  TransformNumbers,
} from '../../../editor/index.ts'
import type { BatchSpec } from '../../../shared/contract/batch.ts'
import type { PictureId } from '../../../shared/contract/gallery-api.ts'
import type { JobId } from '../../../shared/contract/queue-api.ts'
import type { Point } from '../../../shared/geometry/point.ts'
import type { PictureFormat, Pixels } from '../../../shared/contract/picture.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import type { Rect, Size } from '../../../shared/geometry/rect.ts'
import type { BatchDesk } from './batch-desk.ts'
import type { GalleryShelf } from './library-shelf.ts'
import type { DialogState, GenerationSettings, Preferences, StudioState } from './studio-state.ts'

/** Of a value that is dragged: one step of the history from the first 'change' to 'commit'; 'cancel' takes it back. */
export type Phase = 'change' | 'commit' | 'cancel'

export interface StudioModel {
  readonly state: StudioState
  /** Hears of every change of `state`; at most once a frame. Returns what ends it. */
  subscribe(listener: () => void): () => void

  /** What keys, menus and buttons ask for. */
  act(action: ActionId): void
  /** False where the action would do nothing now: menus grey it out. */
  canAct(action: ActionId): boolean
  /** True where it is a switch that is on. */
  isOn(action: ActionId): boolean

  // Tools
  setTool(tool: ToolId): void
  setBrush(tool: BrushTool, brush: Brush): void
  setColours(colours: Colours): void
  configure(changes: Partial<Pick<Session, 'fill' | 'wheel'>>): void
  setTransform(numbers: Partial<TransformNumbers>): void
  /** Ends an edit that waits, as Enter and Esc do. */
  finish(how: 'apply' | 'discard'): void

  // Layers
  /** `how`: alone, as well as the others, or all from the active one to it. */
  chooseLayer(id: LayerId, how?: 'only' | 'toggle' | 'range'): void
  /** Whether its pixels or its mask are painted on. */
  choosePart(id: LayerId, part: Target['part']): void
  renameLayer(id: LayerId, name: string): void
  setVisible(id: LayerId, visible: boolean): void
  setLocked(id: LayerId, locked: boolean): void
  setOpacity(id: LayerId, opacity: number, phase: Phase): void
  setBlendMode(id: LayerId, mode: BlendMode): void
  setIsolated(id: LayerId, isolated: boolean): void
  setMaskEnabled(id: LayerId, enabled: boolean): void
  moveLayers(ids: readonly LayerId[], place: Place): void
  /** RGBA of at most `side` px a side; null where it is empty. */
  thumbnail(id: LayerId, part: Target['part'], side: number): Promise<Pixels | null>

  // History
  jumpTo(position: number): void

  // Whole picture
  newDocument(size: Size, background: 'white' | 'transparent'): void
  resizeCanvas(size: Size, anchor: { readonly x: 0 | 0.5 | 1; readonly y: 0 | 0.5 | 1 }): void
  /** Grow, shrink or feather of the selection by so many px. */
  changeSelection(what: 'grow' | 'shrink' | 'feather', px: number): void

  // Files
  open(source: FileSource): void
  /** Dropped on the canvas or the layers: a layer of the open document, or a document where there is none. */
  place(source: FileSource): void
  openRecent(path: string): void
  exportPicture(options: {
    readonly format: PictureFormat
    /** 'selection': the bounds of what is selected; null: all of the canvas. */
    readonly area: Rect | 'selection' | null
    readonly withRecipe: boolean
  }): void
  recover(id: string): void
  discardLost(id: string): void
  /** The answer to the dialog 'unsaved'. */
  answerUnsaved(answer: 'save' | 'discard' | 'cancel'): void
  /** The answer to the dialog 'save-name'; null = thought better of it. */
  answerSaveName(name: string | null): void

  // The model
  setGeneration(changes: Partial<GenerationSettings>): void
  /** Those that were imported since the window opened; one is chosen as a preference. */
  lookForModels(): void
  setFrame(frame: Rect): void
  /** 'next' stages the results as soon as they come; 'queue' sends the run to the end of the queue, its pictures to the gallery. */
  generate(where?: 'next' | 'queue'): void
  /** Stops within the step; the running picture is kept as it stands. */
  cancelGeneration(): void
  setRegionPrompt(id: LayerId, prompt: string, phase: Phase): void
  /** A picture for 'vary'; null takes it away. */
  setReference(source: FileSource | null): void

  // Staging
  stage(shown: number): void
  setCompare(position: number | null): void
  /** Looks at a step of the shown picture; null = its result. */
  scrub(step: number | null): void
  /** Samples on from the step that is looked at, with the prompt, seed and settings of now; the result is staged beside. */
  continueFromStep(): void
  setDoubt(doubt: number | null): void
  /** Draws the doubtful cells of the shown picture anew; the result is staged beside. */
  resampleDoubtful(): void
  setMixWith(index: number | null): void
  /** Strokes of the mix: canvas px around which the other picture shows; drawn at once, mixed with `mix`. */
  paintMix(points: readonly Point[], diameter: number): void
  /** Puts the two together, draws the cells of the seam anew, and stages the result beside. */
  mix(): void
  /** The shown picture becomes a layer that remembers the others; the original: nothing does. */
  acceptStaged(): void
  /** Leaves them all; they stay in the gallery. */
  discardStaged(): void
  /** The results of a layer's run, staged again. */
  reopenStaged(id: LayerId): void
  /** The strip of an interpolation as one file. */
  exportStrip(format: 'webp' | 'gif'): void

  // Queue, gallery, batch
  /** What the gallery shows, page by page. */
  readonly gallery: GalleryShelf
  /** The newest pictures, whatever the gallery is filtered by. */
  readonly recent: GalleryShelf
  /** The batch that is being put together. */
  readonly batches: BatchDesk
  setView(view: StudioState['view']): void
  cancelJob(id: JobId, keep: boolean): void
  pauseQueue(paused: boolean): void
  moveJob(id: JobId, before: JobId | null): void
  retryJob(id: JobId): void
  removeJobs(ids: readonly JobId[]): void
  /** Onto the canvas as a layer of the open document, or of a new one. */
  placeGalleryPicture(id: PictureId): void
  /** Takes over what a picture was made with. */
  recall(source: PictureId | FileSource, what: 'prompt' | 'seed' | 'all'): void
  /** Makes a picture again from the tokens in its file, without sampling, and says whether it is the same. */
  replay(source: PictureId | FileSource): void
  starPictures(ids: readonly PictureId[], starred: boolean): void
  /** Their notice offers to bring them back. */
  trashPictures(ids: readonly PictureId[]): void
  undoTrash(ids: readonly PictureId[]): void
  /** Asks for the folder first. */
  copyPictures(ids: readonly PictureId[]): void
  startBatch(spec: BatchSpec): void
  pauseBatch(paused: boolean): void
  stopBatch(): void
  /** Null where the person thought better of it. */
  chooseFolder(suggested: string): Promise<string | null>
  choosePrompts(): Promise<FileSource | null>
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): void

  // The window
  /** So many px at the foot of the canvas lie under something: what is fitted stays above them. */
  setFoot(px: number): void
  showDialog(dialog: DialogState): void
  closeDialog(): void
  dismissNotice(id: number): void
  setPreferences(changes: Partial<Preferences>): void
}
