/** Files that are dropped on the canvas: by their path where the shell knows it, else as bytes. */
import type { PreloadBridge } from '../../../shared/contract/desktop-api.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'

interface Dropping {
  readonly element: HTMLElement
  readonly place: (source: FileSource) => void
  /** Files are held over the canvas, or no longer. */
  readonly show: (isOver: boolean) => void
}

/** Returns what ends it. */
export function takeDrops({ element, place, show }: Dropping): () => void {
  const ends = new AbortController()
  const { signal } = ends
  const over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    show(true)
  }
  const drop = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') !== true) return
    event.preventDefault()
    show(false)
    // The list is empty once this event is over: read it now.
    void placeAll([...event.dataTransfer.files], place)
  }
  element.addEventListener('dragenter', over, { signal })
  element.addEventListener('dragover', over, { signal })
  element.addEventListener('dragleave', () => show(false), { signal })
  element.addEventListener('drop', drop, { signal })
  return () => ends.abort()
}

/** One after the other, so that layers lie in the order of the files. */
async function placeAll(files: readonly File[], place: Dropping['place']): Promise<void> {
  const { paella } = window as { readonly paella?: PreloadBridge }
  for (const file of files) place(await sourceOf(file, paella?.pathOf(file) ?? ''))
}

/** @param path '' where the file is not on the disk, or the shell does not tell */
export async function sourceOf(file: Pick<File, 'name' | 'arrayBuffer'>, path: string): Promise<FileSource> {
  if (path !== '') return { kind: 'path', path }
  // What cannot be read (a folder, a file that is gone) is refused by its name where all files are looked at: as no picture.
  const bytes = await file.arrayBuffer().catch(() => new ArrayBuffer(0))
  return { kind: 'bytes', name: file.name, bytes: new Uint8Array(bytes) }
}
