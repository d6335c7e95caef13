/** The window: canvas, contextual prompt bar under it, status line. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { CanvasStage } from '../canvas/stage.ts'
import { PromptBar } from '../panels/PromptBar.tsx'
import { strings } from './strings.ts'
import { type Settings, useGeneration } from './use-generation.ts'

const firstSettings: Settings = { prompt: '', seed: 1, steps: 10, guidance: 4 }

export function Studio({ engine }: { readonly engine: Promise<EngineApi> }) {
  const stage = useRef<CanvasStage | undefined>(undefined)
  const [settings, setSettings] = useState(firstSettings)
  const [isEmpty, setEmpty] = useState(true)
  const [device, setDevice] = useState('')
  const [lost, setLost] = useState(false)
  const show = useCallback((pixels: Pixels) => {
    stage.current?.show(pixels)
    setEmpty(false)
  }, [])
  const { progress, generate, cancel } = useGeneration(engine, show)

  useEffect(() => {
    engine
      .then((api) => api.describe())
      .then(
        (info) => setDevice(info.device),
        () => setLost(true),
      )
  }, [engine])

  const mountCanvas = useCallback((container: HTMLDivElement) => {
    const mounted = new CanvasStage(container)
    stage.current = mounted
    return () => {
      mounted.destroy()
      stage.current = undefined
    }
  }, [])

  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.ctrlKey && event.key === 'Enter') void generate(settings)
      else if (event.ctrlKey && event.key === '0') stage.current?.fit()
      else if (event.shiftKey && event.key === 'X' && !isTyping(event)) cancel()
      else if (event.key === ' ' && !isTyping(event)) stage.current?.holdSpace(true)
      else return
      event.preventDefault()
    }
    const up = (event: KeyboardEvent): void => {
      if (event.key === ' ') stage.current?.holdSpace(false)
    }
    // A key that is let go while another window has the focus would stay held.
    const blur = (): void => stage.current?.holdSpace(false)
    window.addEventListener('keydown', down)
    window.addEventListener('keyup', up)
    window.addEventListener('blur', blur)
    return () => {
      window.removeEventListener('keydown', down)
      window.removeEventListener('keyup', up)
      window.removeEventListener('blur', blur)
    }
  }, [cancel, generate, settings])

  const status = lost ? strings.lost : progress.text || (device ? strings.ready(device) : strings.connecting)
  return (
    <div className="studio">
      <h1 className="title">{strings.appName}</h1>
      <main className="work">
        <div className="canvas" role="img" aria-label={strings.canvas} ref={mountCanvas} />
        {isEmpty && <p className="empty">{strings.emptyCanvas}</p>}
        <PromptBar
          settings={settings}
          onChange={setSettings}
          busy={progress.busy}
          share={progress.share}
          onGenerate={() => void generate(settings)}
          onCancel={cancel}
        />
      </main>
      <footer className="status">
        <span role="status" className={lost || progress.isError ? 'error' : undefined}>
          {status}
        </span>
        <span className="hint">{strings.hint}</span>
      </footer>
    </div>
  )
}

/** Keys without a modifier belong to the field that has the focus. */
const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, button')
