/** The one piece of glue between React and the model: a context, and a hook that reads a part of the state. */
import { createContext, type ReactNode, useContext, useRef, useSyncExternalStore } from 'react'
import type { StudioModel } from '../studio/studio-model.ts'
import type { StudioState } from '../studio/studio-state.ts'

const StudioContext = createContext<StudioModel | null>(null)

export function StudioProvider({ studio, children }: { readonly studio: StudioModel; readonly children: ReactNode }) {
  return <StudioContext value={studio}>{children}</StudioContext>
}

export function useStudio(): StudioModel {
  const studio = useContext(StudioContext)
  if (studio === null) throw new Error('assertion failed: there is no studio around this component')
  return studio
}

/** Renders again only when what `select` picks is another value; objects made in `select` are compared by their fields. */
export function useStudioState<T>(select: (state: StudioState) => T): T {
  const studio = useStudio()
  const last = useRef<T | undefined>(undefined)
  return useSyncExternalStore(
    (listener) => studio.subscribe(listener),
    () => {
      const next = select(studio.state)
      if (last.current === undefined || !isEqual(last.current, next)) last.current = next
      return last.current
    },
  )
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  // Maps and class instances are what they are; only plain values made on the spot are worth a look inside.
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || a instanceof Map) return false
  const [keys, others] = [Object.keys(a), Object.keys(b)]
  return keys.length === others.length && keys.every((key) => Object.is(a[key as never], b[key as never]))
}
