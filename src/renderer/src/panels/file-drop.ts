/** Files that are dropped on a part of the window, as sources the model can open: by path where the shell knows it, else as bytes. */
import { type DragEvent, useState } from 'react'
import type { PreloadBridge } from '../../../shared/contract/desktop-api.ts'
import type { FileSource } from '../../../shared/contract/studio-api.ts'
import { sourceOf } from '../canvas/drop.ts'

const pathOf = (file: File): string => (window as { readonly paella?: PreloadBridge }).paella?.pathOf(file) ?? ''

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files')

/** @param take gets one file after the other */
export function useFileDrop(take: (source: FileSource) => void) {
  const [isOver, setOver] = useState(false)

  async function takeAll(files: readonly File[]): Promise<void> {
    for (const file of files) take(await sourceOf(file, pathOf(file)))
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
        if (!hasFiles(event)) return
        event.preventDefault()
        setOver(false)
        void takeAll([...event.dataTransfer.files])
      },
    },
  }
}
