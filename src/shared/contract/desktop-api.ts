/**
 * What only the shell around the page can do: dialogs of the system, the window, its native menus. Electron's main process
 * serves it over a pipe of its own; in a browser the page stands in for it as far as a browser can.
 */
import type { CallHooks } from './call-hooks.ts'
import type { FileSource } from './studio-api.ts'

/** 'prompts': a list of them, txt, CSV or JSONL. */
export type OpenKind = 'document' | 'picture' | 'prompts'
export type SaveKind = 'document' | 'png' | 'jpeg' | 'webp' | 'gif' | 'avif'

/** An entry of a menu, as the page describes it; the page is asked to do the action when it is chosen. */
export type MenuItem =
  | { readonly type: 'separator' }
  | {
      readonly type: 'item'
      readonly label: string
      /** Sent back in a 'menu' event. */
      readonly action: string
      /** As chord.ts writes it, 'Ctrl+Shift+Z'; Ctrl is Command on macOS. Shown only: keys are the page's to handle. */
      readonly keys: string | null
      readonly enabled: boolean
      /** Undefined for what cannot be checked. */
      readonly checked?: boolean | undefined
      /** A standard action of the system, such as macOS' Hide; undefined for ours. */
      readonly role?: 'quit' | 'about' | 'toggleDevTools' | undefined
    }
  | { readonly type: 'submenu'; readonly label: string; readonly items: readonly MenuItem[] }

export interface Menu {
  readonly label: string
  readonly items: readonly MenuItem[]
}

export type DesktopEvent =
  | { readonly type: 'menu'; readonly action: string }
  /** A file was handed to the program: open-with, the second start, a recent file of the dock. */
  | { readonly type: 'open'; readonly source: FileSource }
  /** The person wants the window closed or the program ended: the page answers with `closeWindow` once nothing is unsaved. */
  | { readonly type: 'close-requested' }

export interface DesktopApi {
  /** What the shell has: where false, the page shows its own menu bar, or saves into the studio's folder. */
  describe(): Promise<{ readonly nativeMenus: boolean; readonly nativeDialogs: boolean }>
  /** Null where the person thought better of it. */
  chooseOpen(request: { readonly kind: OpenKind }): Promise<FileSource | null>
  chooseSave(request: {
    readonly suggested: string
    readonly kind: SaveKind
  }): Promise<{ readonly path: string } | null>
  /** A folder that is there or is made. `suggested`: a path to start from, or a name where a name is all that can be asked for. */
  chooseFolder(request: { readonly suggested: string }): Promise<{ readonly path: string } | null>
  setMenus(request: { readonly menus: readonly Menu[] }): Promise<void>
  setWindow(request: { readonly title: string; readonly edited: boolean; readonly path: string | null }): Promise<void>
  /** Of long work, in the taskbar or dock; null = none. */
  setProgress(request: { readonly share: number | null; readonly paused: boolean }): Promise<void>
  toggleFullscreen(): Promise<void>
  /** Shows a file in the system's file manager. */
  reveal(request: { readonly path: string }): Promise<void>
  /** Opens an address in the person's own browser, if it is one that the app links to. @throws 'bad-request' */
  openLink(request: { readonly address: string }): Promise<void>
  closeWindow(): Promise<void>
  /** Events for as long as the call lasts. */
  watch(nothing: null, hooks?: CallHooks<DesktopEvent>): Promise<void>
}

export const desktopMethods = {
  describe: true,
  chooseOpen: true,
  chooseSave: true,
  chooseFolder: true,
  setMenus: true,
  setWindow: true,
  setProgress: true,
  toggleFullscreen: true,
  reveal: true,
  openLink: true,
  closeWindow: true,
  watch: true,
} as const satisfies Record<keyof DesktopApi, true>

/** What Electron's preload puts into the page, as `window.paella`: two pipes as pairs of functions, and paths of dropped files. */
export interface PreloadBridge {
  /** 'wire' leads to StudioApi and EngineApi, 'desktop' to DesktopApi. */
  post(pipe: 'wire' | 'desktop', message: unknown): void
  /** One listener for each pipe; the later one replaces the earlier. */
  listen(pipe: 'wire' | 'desktop', listener: (message: unknown) => void): void
  /** The path of a file that was dropped or chosen; '' for one that is not on the disk. */
  pathOf(file: unknown): string
}
