/**
 * Files that are dropped on the canvas: by their path where the shell knows it, else as bytes. One picture alone that remembers
 * how it was made is offered first, as its settings may be what is wanted of it.
 */
import { readText } from '../../../raster/png-text.ts'
import type { PreloadBridge } from '../../../shared/contract/desktop-api.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'

interface Dropping {
  readonly element: HTMLElement
  readonly place: (source: FileSource) => void
  /** For a picture that remembers how it was made. */
  readonly offer: (source: FileSource, name: string) => void
  /** Files are held over the canvas, or no longer. */
  readonly show: (isOver: boolean) => void
}

/** Returns what ends it. */
export function takeDrops({ element, place, offer, show }: Dropping): () => void {
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
    void placeAll([...event.dataTransfer.files], place, offer)
  }
  element.addEventListener('dragenter', over, { signal })
  element.addEventListener('dragover', over, { signal })
  element.addEventListener('dragleave', () => show(false), { signal })
  element.addEventListener('drop', drop, { signal })
  return () => ends.abort()
}

/** One after the other, so that layers lie in the order of the files. */
async function placeAll(files: readonly File[], place: Dropping['place'], offer: Dropping['offer']): Promise<void> {
  const { paella } = window as { readonly paella?: PreloadBridge }
  for (const file of files) {
    const source = await sourceOf(file, paella?.pathOf(file) ?? '')
    if (files.length === 1 && (await remembers(file))) offer(source, file.name)
    else place(source)
  }
}

/** Does a PNG tell how it was made? Ours have the text 'parameters' beside their recipe, those of other programs it alone. */
export async function remembers(file: Pick<File, 'name' | 'arrayBuffer'>): Promise<boolean> {
  if (!/\.png$/i.test(file.name)) return false
  try {
    return readText(new Uint8Array(await file.arrayBuffer()), 'parameters') !== undefined
  } catch {
    // Whatever is wrong with it is told where it is opened.
    return false
  }
}

/** @param path '' where the file is not on the disk, or the shell does not tell */
export async function sourceOf(file: Pick<File, 'name' | 'arrayBuffer'>, path: string): Promise<FileSource> {
  if (path !== '') return { kind: 'path', path }
  // What cannot be read (a folder, a file that is gone) is refused by its name where all files are looked at: as no picture.
  const bytes = await file.arrayBuffer().catch(() => new ArrayBuffer(0))
  return { kind: 'bytes', name: file.name, bytes: new Uint8Array(bytes) }
}
