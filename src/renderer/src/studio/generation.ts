/**
 * The model at work on the open document: what it would do now and why it cannot, a run with its progress and previews, and the
 * pictures that come out of it, each on a layer of its own. The engine may die at any time: the document never notices.
 */
import { addRasterLayer, replaceSurfaces } from '../../../document/index.ts'
import type { EngineInfo, GeneratedPicture, JobEvent, ModelInfo } from '../../../shared/contract/engine-api.ts'
import { StudioError } from '../../../shared/contract/errors.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import type { Rect } from '../../../shared/geometry/rect.ts'
import { generating } from '../strings/steps.ts'
import type { Drawing } from './canvas-host.ts'
import { type Plan, planRun, recipeText, touched, useOf, verbOf } from './generation-plan.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import type { GenerationSettings, GenerationState } from './studio-state.ts'

const largestSeed = 2 ** 32

export const firstGeneration: GenerationState = {
  settings: { prompt: '', negative: '', seed: 1, seedLocked: false, steps: 10, guidance: 4, count: 1 },
  verb: 'generate',
  blocked: generating.blocked.engine,
  running: null,
}

export class Generation {
  readonly #parts: Parts
  readonly #show: (drawing: Drawing | null) => void
  #running: AbortController | null = null

  /** @param show gets what the model is drawing, and null when that is over */
  constructor(parts: Parts, show: (drawing: Drawing | null) => void) {
    this.#parts = parts
    this.#show = show
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  get model(): ModelInfo | undefined {
    const { engine } = this.#parts.holder.state
    return engine.is === 'ready' ? engine.info.models[0] : undefined
  }

  /** Asks the engine what it has; it starts by that. */
  async connect(): Promise<void> {
    const { api, holder } = this.#parts
    try {
      const info = await api.describe()
      holder.set({ engine: { is: 'ready', info } })
      this.#takeDefaults(info)
    } catch (error) {
      holder.set({ engine: { is: 'lost', message: error instanceof Error ? error.message : String(error) } })
    }
    this.refresh()
  }

  set(changes: Partial<GenerationSettings>): void {
    const { holder } = this.#parts
    const { generation } = holder.state
    holder.set({ generation: { ...generation, settings: { ...generation.settings, ...changes } } })
    this.refresh()
  }

  /** What a run would do now; to be told when document, frame or selection change. */
  refresh(): void {
    const { holder } = this.#parts
    const { generation } = holder.state
    const canvas = this.#parts.document()?.store.canvas
    const verb = canvas ? verbOf(canvas, canvas.frame, canvas.selection !== null) : 'generate'
    const blocked = this.#blocked(verb)
    if (verb !== generation.verb || blocked !== generation.blocked) {
      holder.set({ generation: { ...generation, verb, blocked } })
    }
  }

  cancel(): void {
    this.#running?.abort()
  }

  /** Makes the pictures that the settings ask for. Resolves when it is over; what goes wrong is told. */
  async run(document: OpenDocument): Promise<void> {
    const { holder, notices } = this.#parts
    const { settings, blocked } = holder.state.generation
    const { model } = this
    if (this.#running !== null || blocked !== null || model === undefined) return
    const controller = new AbortController()
    this.#running = controller
    this.#progress({ text: generating.starting, share: 0, secondsLeft: null })
    const seed = settings.seedLocked ? settings.seed : Math.floor(Math.random() * largestSeed)
    if (!settings.seedLocked) this.set({ seed })
    try {
      await this.#parts.queue.settled()
      await this.#make(document, { ...settings, seed }, model, controller.signal)
    } catch (error) {
      const isLost = error instanceof StudioError && error.code === 'engine-lost'
      notices.fail(
        isLost ? new StudioError('engine-lost', generating.lost(error.message), { detail: error.detail }) : error,
      )
      if (isLost) await this.connect()
    } finally {
      this.#running = null
      this.#show(null)
      this.#progress(null)
    }
  }

  async #make(
    document: OpenDocument,
    settings: GenerationSettings,
    model: ModelInfo,
    signal: AbortSignal,
  ): Promise<void> {
    const { api, pixels } = this.#parts
    const { canvas } = document.store
    const selection = canvas.selection === null ? null : await pixels.bounds('selection')
    const plan = planRun(canvas, canvas.frame, selection, model)
    const seen = plan.verb === 'fill' ? plan.crop : plan.verb === 'extend' ? plan.inside : null
    const image = seen === null ? undefined : await pixels.read({ what: 'picture', rect: seen })
    const mask = plan.verb === 'fill' ? await pixels.read({ what: 'selection', rect: plan.crop }) : undefined
    const { prompt, negative, seed, steps, guidance, count } = settings
    const placed: Promise<unknown>[] = []
    const onEvent = (event: JobEvent): void => {
      if (event.type === 'picture') placed.push(this.#place(document, plan, event.picture, mask, prompt))
      else this.#hear(event, plan)
    }
    const request = {
      version: 1 as const,
      model: model.id,
      use: useOf(plan, prompt.trim(), image, mask),
      ...(negative.trim() === '' ? {} : { negative: negative.trim() }),
      ...(plan.verb === 'generate' ? { size: plan.size } : {}),
      seed,
      count,
      sampling: { steps, guidance },
    }
    try {
      await api.generate({ request, options: { previews: true } }, { signal, onEvent })
    } finally {
      // Pictures that were finished are kept, whatever became of the rest.
      await Promise.all(placed)
    }
  }

  #hear(event: Exclude<JobEvent, { type: 'picture' }>, plan: Plan): void {
    switch (event.type) {
      case 'queued':
        return this.#progress({ text: generating.queued(event.ahead), share: 0, secondsLeft: null })
      case 'loading':
        return this.#progress({ text: generating.loading(event.part), share: 0, secondsLeft: null })
      case 'warning':
        return this.#parts.notices.tell('warning', event.text)
      case 'step': {
        const { step, steps, picture, pictures, milliseconds, preview } = event
        const [done, all] = [picture * steps + step, pictures * steps]
        const text = generating.step(step, steps, picture + 1, pictures)
        this.#progress({ text, share: done / all, secondsLeft: ((all - done) * milliseconds) / 1000 })
        if (preview !== undefined) this.#show({ pixels: preview, rect: areaOf(plan) })
      }
    }
  }

  /** One step of the history: the layer, and for an extension the canvas that it needs. */
  async #place(
    document: OpenDocument,
    plan: Plan,
    { pixels, recipe }: GeneratedPicture,
    mask: Pixels | undefined,
    prompt: string,
  ): Promise<void> {
    const { queue } = this.#parts
    await queue.run('', async () => {
      if (this.#parts.document() !== document) return
      const { store, history } = document
      const mark = history.mark(generating.steps[plan.verb])
      try {
        const at = await this.#makeRoom(document, plan)
        const area = areaOf(plan)
        const kept = plan.verb === 'fill' && mask ? touched(mask) : plan.verb === 'extend' ? beyond(plan) : null
        const { surface } = await this.#parts.pixels.operate({ do: 'place', pixels, at, size: area, mask: kept })
        if (surface === null) return
        const name = prompt.trim().slice(0, 60)
        const id = addRasterLayer(store, {
          surface,
          label: generating.steps[plan.verb],
          recipe: recipeText(recipe),
          ...(name === '' ? {} : { name }),
        })
        document.choose(id)
        history.squashTo(mark)
      } catch (error) {
        history.rollbackTo(mark)
        throw error
      }
    })
  }

  /** @returns where the top left px of the new picture goes */
  async #makeRoom({ store }: OpenDocument, plan: Plan): Promise<{ x: number; y: number }> {
    const { x, y } = areaOf(plan)
    if (plan.verb !== 'extend') return { x, y }
    const { width, height } = store.canvas
    const { canvas } = plan
    const size = { width: canvas.width, height: canvas.height }
    const isDone = width === size.width && height === size.height
    const offset = { x: -canvas.x, y: -canvas.y }
    if (!isDone) {
      const { changes, picture } = await this.#parts.pixels.operate({ do: 'canvas-size', size, offset })
      replaceSurfaces(store, generating.steps.extend, changes, picture)
    }
    return { x: x + offset.x, y: y + offset.y }
  }

  #blocked(verb: GenerationState['verb']): string | null {
    const { engine, generation } = this.#parts.holder.state
    if (engine.is === 'lost') return engine.message
    if (engine.is !== 'ready') return generating.blocked.engine
    if (engine.info.models.length === 0) return engine.info.broken[0]?.error.message ?? generating.blocked.noModel
    if (verb === 'generate' && generation.settings.prompt.trim() === '') return generating.blocked.noPrompt
    return null
  }

  #takeDefaults({ models }: EngineInfo): void {
    const sampling = models[0]?.defaults.sampling
    if (sampling !== undefined) this.set({ steps: sampling.steps, guidance: sampling.guidance })
  }

  #progress(running: GenerationState['running']): void {
    const { holder } = this.#parts
    holder.set({ generation: { ...holder.state.generation, running } })
  }
}

/** The canvas px that the result covers, in px of the canvas as it was. */
function areaOf(plan: Plan): Rect {
  return plan.verb === 'fill' ? plan.crop : plan.frame
}

/** 0 where the old picture is, so that it keeps every pixel; 255 beyond it. */
function beyond({ frame, inside }: Extract<Plan, { verb: 'extend' }>): Pixels {
  const { width, height } = frame
  const data = new Uint8Array(width * height).fill(255)
  for (let y = inside.y - frame.y; y < inside.y - frame.y + inside.height; y++) {
    const from = y * width + inside.x - frame.x
    data.fill(0, from, from + inside.width)
  }
  return { width, height, channels: 1, data }
}
