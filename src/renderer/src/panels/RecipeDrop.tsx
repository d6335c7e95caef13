/** Pictures that are dropped on the prompt give back the settings that made them, whichever program wrote them down. */
import type { ReactNode } from 'react'
import { useStudio } from '../state/use-studio.tsx'
import { strings } from '../strings/strings.ts'
import { useFileDrop } from './file-drop.ts'

export function RecipeDrop({ children }: { readonly children: ReactNode }) {
  const studio = useStudio()
  const drop = useFileDrop((source) => studio.recall(source, 'all'))
  return (
    <div className="recipe-drop" data-drop={drop.isOver || undefined} {...drop.handlers}>
      {children}
      {drop.isOver && <p className="recipe-drop-words">{strings.dropped.onPrompt}</p>}
    </div>
  )
}
