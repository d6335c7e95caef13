/** The colours that were chosen last, as long as the window is open; newest first, each once. */
import { useSyncExternalStore } from 'react'
import type { Colour } from '../../../editor/index.ts'
import { isSameColour } from './colour.ts'

const most = 14
let recent: readonly Colour[] = []
const listeners = new Set<() => void>()

export function keepRecent(colour: Colour): void {
  recent = [colour, ...recent.filter((other) => !isSameColour(other, colour))].slice(0, most)
  for (const listener of listeners) listener()
}

export function useRecentColours(): readonly Colour[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => recent,
  )
}
