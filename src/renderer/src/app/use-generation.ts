/** One running generation, as React sees it: what it shows now, and the two things one can do with it. */
import { useCallback, useRef, useState } from 'react'
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import { isCancelled } from '../../../shared/contract/errors.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { strings } from './strings.ts'

export interface Settings {
  readonly prompt: string
  readonly seed: number
  readonly steps: number
  readonly guidance: number
}

export interface Progress {
  readonly busy: boolean
  readonly text: string
  /** 0..1 of the running picture. */
  readonly share: number
  readonly isError: boolean
}

const idle: Progress = { busy: false, text: '', share: 0, isError: false }
const inSeconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2)

/** @param show gets the preview of every step, then the picture */
export function useGeneration(engine: Promise<EngineApi>, show: (pixels: Pixels) => void) {
  const [progress, setProgress] = useState(idle)
  const running = useRef<AbortController | undefined>(undefined)

  const generate = useCallback(
    async ({ prompt, seed, steps, guidance }: Settings) => {
      if (running.current) return
      const controller = new AbortController()
      running.current = controller
      const started = performance.now()
      setProgress({ ...idle, busy: true, text: strings.connecting })
      try {
        const api = await engine
        await api.generate(
          {
            request: { version: 1, use: { use: 'text', prompt }, seed, sampling: { steps, guidance } },
            options: { previews: true },
          },
          {
            signal: controller.signal,
            onEvent(event) {
              if (event.type === 'step') {
                const text = strings.working(event.step, event.steps, inSeconds(event.milliseconds))
                setProgress({ busy: true, text, share: event.step / event.steps, isError: false })
                if (event.preview) show(event.preview)
              }
              if (event.type === 'picture') show(event.picture.pixels)
            },
          },
        )
        setProgress({ ...idle, text: strings.done(inSeconds(performance.now() - started)) })
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error)
        setProgress(isCancelled(error) ? { ...idle, text: strings.cancelled } : { ...idle, text, isError: true })
      } finally {
        running.current = undefined
      }
    },
    [engine, show],
  )
  const cancel = useCallback(() => running.current?.abort(), [])
  return { progress, generate, cancel }
}
