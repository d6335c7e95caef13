/** Files that are dropped on a part of the window, as sources the model can open: by path where the shell knows it, else as bytes. */
import { type DragEvent, useState } from 'react'
import type { PreloadBridge } from '../../../shared/contract/desktop-api.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import { remembers, sourceOf } from '../canvas/drop.ts'

const pathOf = (file: File): string => (window as { readonly paella?: PreloadBridge }).paella?.pathOf(file) ?? ''

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files')

/** @param take gets one file after the other; `offered` is its name where it came alone and remembers how it was made */
export function useFileDrop(take: (source: FileSource, offered: string | null) => void) {
  const [isOver, setOver] = useState(false)

  async function takeAll(files: readonly File[]): Promise<void> {
    for (const file of files) {
      const isOffered = files.length === 1 && (await remembers(file))
      take(await sourceOf(file, pathOf(file)), isOffered ? file.name : null)
    }
  }

  return {
    /** Are files held over it? */
    isOver,
    handlers: {
      onDragOver(event: DragEvent): void {
        if (!hasFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        setOver(true)
      },
      onDragLeave(event: DragEvent): void {
        const { currentTarget, relatedTarget } = event
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false)
      },
      onDrop(event: DragEvent): void {
        setOver(false)
        // What lies inside may have taken them already.
        if (!hasFiles(event) || event.defaultPrevented) return
        event.preventDefault()
        void takeAll([...event.dataTransfer.files])
      },
    },
  }
}
