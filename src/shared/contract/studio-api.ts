/**
 * What a window asks of the program behind it, besides the engine: documents on disk, their tiles, their journal, settings. The
 * window holds the open document and makes every change; what is behind keeps a copy of it, so that it survives the window.
 *
 * Pixels travel as tiles of at most 256 x 256 px, named by SHA-256, never as whole pictures but for what is opened or pasted.
 * Records, snapshots and diffs are those of src/document; here they are `unknown`, and each side checks what it is given.
 */
import type { CallHooks } from './call-hooks.ts'
import type { BatchState } from './batch-api.ts'
import type { FileSource } from './file-source.ts'
import type { PictureFormat } from './picture.ts'
import type { QueueState } from './queue-api.ts'

export type { FileSource } from './file-source.ts'

/** An open document behind the window; ends with `closeDocument`, or with a crash and is then offered for recovery. */
export type DocumentKey = string

export interface RecentFile {
  readonly path: string
  /** In ms since 1970. */
  readonly openedAt: number
}

/** A document that was open when its program died. */
export interface LostDocument {
  readonly id: string
  readonly name: string
  readonly path: string | null
  /** When it was last written to, in ms since 1970. */
  readonly modified: number
}

export interface StudioStart {
  readonly version: string
  readonly platform: 'mac' | 'windows' | 'linux'
  /** Folder that files are saved to where no dialog of the system can be had. */
  readonly folder: string
  readonly recent: readonly RecentFile[]
  readonly lost: readonly LostDocument[]
  /** What the window last stored with `saveSettings`; null at the first start or where the file was damaged. */
  readonly settings: unknown
}

export interface OpenedDocument {
  readonly key: DocumentKey
  readonly name: string
  /** Where `save` without asking would write to; null for what has no document file yet (pictures, recovered, new). */
  readonly path: string | null
  /** Snapshot of src/document. */
  readonly snapshot: unknown
  /** True where there is something that no file holds: recovered work. */
  readonly dirty: boolean
  /** What could not be taken over as it was, in words. */
  readonly warnings: readonly string[]
}

/** Pixels that came from a picture file, as tiles that are stored already: top left at (0, 0). */
export interface ImportedPicture {
  readonly name: string
  readonly width: number
  readonly height: number
  /** Surface of src/document, four channels. */
  readonly surface: { readonly channels: 4; readonly tiles: Readonly<Record<string, string>> }
  /** Recipe that the picture carries, as JSON of shared/contract/recipe.ts without its pictures; null where there is none. */
  readonly recipe: string | null
}

export interface SavedFile {
  readonly path: string
  readonly name: string
  readonly bytes: number
}

export interface ExportRequest {
  readonly key: DocumentKey
  readonly format: PictureFormat
  /** Null returns the bytes instead of writing a file. */
  readonly path: string | null
  /** Part of the canvas, whole px; null = all of it. */
  readonly area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null
  /** Put into PNG as recipe and 'parameters' text; null leaves the file without. */
  readonly recipe: string | null
}

export type StudioEvent =
  /** Keeping the document safe failed (a full disk); null once it works again. It is tried again by itself. */
  | { readonly type: 'journal-problem'; readonly key: DocumentKey; readonly message: string | null }
  /** The queue changed; at most ten times a second. */
  | { readonly type: 'queue'; readonly queue: QueueState }
  /** Pictures came into the gallery, went or changed: lists are to be read anew. */
  | { readonly type: 'gallery' }
  | { readonly type: 'batch'; readonly batch: BatchState }

export interface Progress {
  /** 0..1 */
  readonly share: number
}

export interface StudioApi {
  begin(): Promise<StudioStart>
  /** Events for as long as the call lasts: it ends when its signal is raised or the window goes. */
  watch(nothing: null, hooks?: CallHooks<StudioEvent>): Promise<void>
  saveSettings(request: { readonly settings: unknown }): Promise<void>

  /** @throws 'document-broken', 'write-failed' */
  newDocument(request: { readonly name: string; readonly snapshot: unknown }): Promise<{ readonly key: DocumentKey }>
  /** OpenRaster as a document; a picture as a document of one layer. @throws 'file-not-found', 'not-a-picture', 'document-broken' ... */
  openFile(request: { readonly source: FileSource }, hooks?: CallHooks<Progress>): Promise<OpenedDocument>
  recover(request: { readonly id: string }): Promise<OpenedDocument>
  discardLost(request: { readonly id: string }): Promise<void>
  /** Forgets the document and all that was kept for it. The window calls it when the person closes the document. */
  closeDocument(request: { readonly key: DocumentKey }): Promise<void>

  /** Stores tiles before anything names them. Sends back their ids. */
  putTiles(request: {
    readonly key: DocumentKey
    readonly tiles: readonly Uint8Array[]
  }): Promise<{ readonly ids: readonly string[] }>
  /** @throws 'document-broken' naming the tile that is missing */
  getTiles(request: {
    readonly key: DocumentKey
    readonly ids: readonly string[]
  }): Promise<{ readonly tiles: readonly Uint8Array[] }>
  /** One finished operation, undo included: a diff of src/document that fits the document as it is behind the window. */
  append(request: { readonly key: DocumentKey; readonly label: string; readonly diff: unknown }): Promise<void>
  /** Resolves when all that was appended is on the disk for good. */
  flush(request: { readonly key: DocumentKey }): Promise<void>
  /** Removes tiles that nothing names any more: `keep` and those of the document stay. */
  sweep(request: { readonly key: DocumentKey; readonly keep: readonly string[] }): Promise<void>

  /** Steps of the history that do not fit into memory. */
  writeStep(request: { readonly key: DocumentKey; readonly id: string; readonly json: string }): Promise<void>
  readStep(request: { readonly key: DocumentKey; readonly id: string }): Promise<{ readonly json: string }>
  dropStep(request: { readonly key: DocumentKey; readonly id: string }): Promise<void>

  /** A picture as tiles of an open document: to place, drop or paste as a layer. */
  importPicture(request: { readonly key: DocumentKey; readonly source: FileSource }): Promise<ImportedPicture>
  /** A picture file as its bytes, to read what it says of itself. @throws 'file-not-found', 'file-unreadable', 'not-a-picture' */
  readPictureFile(request: {
    readonly source: FileSource
  }): Promise<{ readonly name: string; readonly bytes: Uint8Array }>
  /** Writes an animation that the engine encoded, WebP or GIF by its name. @throws 'write-failed', 'bad-request' */
  writeAnimation(request: { readonly path: string; readonly bytes: Uint8Array }): Promise<SavedFile>
  /** Writes the document as OpenRaster, whole or not at all. @throws 'write-failed' and the old file stays as it was */
  save(request: { readonly key: DocumentKey; readonly path: string }, hooks?: CallHooks<Progress>): Promise<SavedFile>
  /** The flattened picture as a file. @throws 'write-failed', 'picture-too-large' */
  exportPicture(
    request: ExportRequest,
    hooks?: CallHooks<Progress>,
  ): Promise<SavedFile & { readonly content: Uint8Array | null }>
}

/** Every method that crosses the wire; forgetting one is a compile error. */
export const studioMethods = {
  begin: true,
  watch: true,
  saveSettings: true,
  newDocument: true,
  openFile: true,
  recover: true,
  discardLost: true,
  closeDocument: true,
  putTiles: true,
  getTiles: true,
  append: true,
  flush: true,
  sweep: true,
  writeStep: true,
  readStep: true,
  dropStep: true,
  importPicture: true,
  readPictureFile: true,
  writeAnimation: true,
  save: true,
  exportPicture: true,
} as const satisfies Record<keyof StudioApi, true>
