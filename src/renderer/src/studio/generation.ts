/**
 * The model at work on the open document: what it would do now and why it cannot, what a run would change, and the run itself, whose
 * pictures are staged as they come.
 */
import type { ModelInfo } from '../../../shared/contract/engine-api.ts'
import type { Pixels } from '../../../shared/contract/picture.ts'
import { crop } from '../../../raster/turn.ts'
import { generating } from '../strings/steps.ts'
import { chosenModel, modelsOf } from './chosen-model.ts'
import { cellsOf, Pace, stepsTaken } from './estimate.ts'
import { beyond, type Plan, planRun, touched } from './generation-plan.ts'
import { type Ground, GroundTeller, regionsIn } from './ground.ts'
import type { OpenDocument } from './open-document.ts'
import type { Parts } from './parts.ts'
import { type Run, Runner } from './runner.ts'
import { type Place, resultOf } from './staging-result.ts'
import type { Staging } from './staging.ts'
import type { GenerationSettings, GenerationState, Verb, Zones } from './studio-state.ts'
import { type Inputs, noInputs, picturesOf, requestOf, useOf } from './uses.ts'
import { choicesIn, impossible, type Situation, unsaid, verbOf } from './verbs.ts'
import { zonesOf } from './zones.ts'

const largestSeed = 2 ** 32

const firstSettings: GenerationSettings = {
  prompt: '',
  negative: '',
  seed: 1,
  seedLocked: false,
  steps: 10,
  guidance: 4,
  temperature: [1, 1],
  typicalMass: null,
  renoise: 'start',
  count: 1,
  wanted: 'auto',
  strength: 0.5,
  promptWeight: 0.5,
  promptTo: '',
  direction: 'horizontal',
  frames: 8,
  reference: null,
}

export const firstGeneration: GenerationState = {
  settings: firstSettings,
  verb: 'generate',
  blocked: generating.blocked.engine,
  choices: [],
  estimate: null,
  zones: null,
  running: null,
}

export class Generation {
  readonly runner: Runner
  readonly #parts: Parts
  readonly #staging: Staging
  readonly #ground: GroundTeller
  #pace = new Pace()
  #hasDefaults = false
  /** The zones of late, and what they were made of. */
  #zoned: { readonly of: readonly unknown[]; readonly zones: Zones | null } = { of: [], zones: null }
  /** Of the grid that the running job works on. */
  #cells = 0

  constructor(parts: Parts, staging: Staging) {
    this.#parts = parts
    this.#staging = staging
    this.#ground = new GroundTeller(parts, () => this.refresh())
    this.runner = new Runner(parts, {
      onStep: (milliseconds) => this.#pace.note(milliseconds, this.#cells),
      onLost: () => this.connect(),
    })
  }

  get model(): ModelInfo | undefined {
    return chosenModel(this.#parts.holder.state)
  }

  /** The exact weights, by the hash that a recipe names. */
  modelOf(sha256: string): ModelInfo | undefined {
    return modelsOf(this.#parts.holder.state).find((one) => one.sha256 === sha256)
  }

  /** To be told when another one was chosen: each draws best with settings of its own, and takes its own time. */
  modelChanged(): void {
    this.#pace = new Pace()
    this.#takeDefaults()
    this.refresh()
  }

  /** Asks the engine what it has; it starts by that. */
  async connect(): Promise<void> {
    const { api, holder } = this.#parts
    try {
      const info = await api.describe()
      holder.set({ engine: { is: 'ready', info } })
      // What the person has chosen outlives the engine.
      if (!this.#hasDefaults) this.#takeDefaults()
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

  /** What a run would do now; to be told when document, frame, selection, or what is staged change. */
  refresh(): void {
    this.#ground.refresh()
    const { holder } = this.#parts
    const { generation } = holder.state
    const { settings } = generation
    const situation = this.#situation()
    const verb = settings.wanted === 'auto' ? verbOf(situation) : settings.wanted
    const blocked = this.#blocked(verb, situation)
    const choices = choicesIn(situation, settings)
    const zones = this.#zones(verb, situation)
    const now = { ...generation, verb, blocked, choices, zones, estimate: this.#estimate(verb, zones) }
    if (JSON.stringify(told(now)) !== JSON.stringify(told(generation)) || zones !== generation.zones) {
      holder.set({ generation: now })
    }
  }

  /** Acknowledged at once; what was drawn so far is staged. */
  cancel(): void {
    this.runner.cancel()
  }

  /** The settings of now, and the next run's seed among them. */
  takeSettings(): GenerationSettings {
    const { settings } = this.#parts.holder.state.generation
    if (!settings.seedLocked) this.set({ seed: Math.floor(Math.random() * largestSeed) })
    return this.#parts.holder.state.generation.settings
  }

  /** Makes the pictures that the settings ask for. Resolves when it is over; what goes wrong is told. */
  async run(document: OpenDocument, where: 'next' | 'queue' = 'next'): Promise<void> {
    await this.runner.run(() => this.#prepare(document), where)
    this.refresh()
  }

  async #prepare(document: OpenDocument): Promise<Run | null> {
    await this.#parts.queue.settled()
    await this.#ground.settled()
    this.refresh()
    const { model } = this
    const { verb, blocked } = this.#parts.holder.state.generation
    if (this.#parts.document() !== document || blocked !== null || model === undefined) return null
    const ground = this.#groundFor(model)
    const plan = this.#planOf(verb, document, ground, model)
    const inputs = await this.#read(document, plan, ground)
    const settings = this.takeSettings()
    const request = requestOf(plan, useOf(plan, settings, inputs), settings, model)
    const place = placeOf(plan, inputs)
    const zones = zonesOf(plan, model, ground.mask, inputs.known)
    const staging = this.#staging
    let stage = -1
    return {
      request,
      title: titleOf(verb, settings),
      begin: () => {
        this.#cells = zones === null ? 0 : cellsOf(zones)
        const expected = picturesOf(plan, settings)
        if (this.#parts.document() !== document) return
        stage = staging.begin({ document, verb, prompt: settings.prompt, plan, layer: null, expected })
      },
      preview: (pixels) => {
        staging.preview(stage, { pixels, rect: place.whole, mask: place.mask, doubtful: null })
      },
      picture: (picture, pictureId, trajectory) => {
        const id = staging.newId()
        staging.add(stage, resultOf({ id, picture, pictureId, trajectory, request }, place))
      },
      ended: () => staging.ended(stage),
    }
  }

  /** Tokens that other weights have drawn mean other pictures to this model. */
  #groundFor({ sha256 }: ModelInfo): Ground {
    const { ground } = this.#ground
    return ground.known === null || ground.known.sha256 === sha256 ? ground : { ...ground, known: null }
  }

  async #read(document: OpenDocument, plan: Plan, ground: Ground): Promise<Inputs> {
    const { pixels } = this.#parts
    const { records } = document.store
    const { whole, verb } = plan
    const read = (rect: Plan['whole']): Promise<Pixels> => pixels.read({ what: 'picture', rect })
    switch (plan.kind) {
      case 'extend':
        return { ...noInputs, image: await read(plan.inside) }
      case 'fill':
        return { ...noInputs, image: await read(whole), mask: maskOver(plan, ground), known: ground.known }
      case 'draw': {
        if (verb === 'restyle' || verb === 'vary') return { ...noInputs, image: await read(whole) }
        if (verb !== 'regions') return noInputs
        const regions: Inputs['regions'][number][] = []
        for (const { id, prompt } of regionsIn(records)) {
          const target = { layer: id, part: 'pixels' as const }
          regions.push({ prompt, mask: await pixels.read({ what: 'target', target, rect: whole, selected: false }) })
        }
        return { ...noInputs, regions }
      }
    }
  }

  #situation(): Situation {
    const store = this.#parts.document()?.store
    if (store === undefined) return { canvas: null, frame: noFrame, hasSelection: false, hasContent: false, regions: 0 }
    const { canvas, records } = store
    return {
      canvas: { width: canvas.width, height: canvas.height },
      frame: canvas.frame,
      hasSelection: canvas.selection !== null,
      hasContent: this.#ground.ground.hasContent,
      regions: regionsIn(records).length,
    }
  }

  #planOf(verb: Verb, { store }: OpenDocument, { selection, known }: Ground, model: ModelInfo): Plan {
    const { canvas } = store
    return planRun(verb, { canvas, frame: canvas.frame, selection, known: known?.area ?? null }, model)
  }

  /** Shown before a run; while results lie over the canvas, nothing. */
  #zones(verb: Verb, situation: Situation): Zones | null {
    const { model } = this
    const document = this.#parts.document()
    const { settings } = this.#parts.holder.state.generation
    if (model === undefined || document === null || this.#staging.current !== null) return null
    if (impossible(verb, situation, settings) !== null) return null
    const ground = this.#groundFor(model)
    if ((verb === 'fill' || verb === 'reroll') && ground.selection === null) return null
    const { canvas } = document.store
    const of = [verb, model, canvas.frame, canvas.width, canvas.height, ground.mask, ground.known]
    // Most changes of a document are none of what a run would change, and large selections take a while.
    if (of.some((value, index) => value !== this.#zoned.of[index])) {
      const plan = this.#planOf(verb, document, ground, model)
      this.#zoned = { of, zones: zonesOf(plan, model, ground.mask, plan.kind === 'fill' ? ground.known : null) }
    }
    return this.#zoned.zones
  }

  #estimate(verb: Verb, zones: Zones | null): GenerationState['estimate'] {
    const { model } = this
    const { settings } = this.#parts.holder.state.generation
    if (model === undefined || zones === null) return null
    const use = verb === 'restyle' ? 'restyle' : 'text'
    const pictures = verb === 'interpolate' ? settings.frames : settings.count
    return this.#pace.estimate(cellsOf(zones), stepsTaken(use, settings, model), pictures)
  }

  #blocked(verb: Verb, situation: Situation): string | null {
    const { engine, generation } = this.#parts.holder.state
    if (engine.is === 'lost') return engine.message
    if (engine.is !== 'ready') return generating.blocked.engine
    if (engine.info.models.length === 0) return engine.info.broken[0]?.error.message ?? generating.blocked.noModel
    return impossible(verb, situation, generation.settings) ?? unsaid(verb, generation.settings)
  }

  #takeDefaults(): void {
    const sampling = this.model?.defaults.sampling
    if (sampling === undefined) return
    const { steps, guidance, temperature, typicalMass, renoise } = sampling
    this.#hasDefaults = true
    this.set({ steps, guidance, temperature, typicalMass, renoise })
  }
}

const noFrame = { x: 0, y: 0, width: 1, height: 1 }

/** The selection over all that is sent along: beyond its bounds nothing is selected. */
function maskOver({ whole }: Plan, { selection, mask }: Ground): Pixels | null {
  if (selection === null || mask === null) return null
  return crop(mask, { ...whole, x: whole.x - selection.x, y: whole.y - selection.y })
}

function placeOf(plan: Plan, { image, mask }: Inputs): Place {
  const { whole } = plan
  if (plan.kind === 'extend') return { whole, mask: beyond(plan), before: null }
  if (plan.kind === 'fill' && mask !== null) return { whole, mask: touched(mask), before: image }
  return { whole, mask: null, before: null }
}

function titleOf(verb: Verb, { prompt, promptTo }: GenerationSettings): string {
  const words = verb === 'interpolate' || verb === 'gradient' ? `${prompt.trim()} → ${promptTo.trim()}` : prompt.trim()
  return words === '' ? generating.steps[verb] : words
}

/** What can be compared as text. */
const told = ({ verb, blocked, choices, estimate }: GenerationState) => ({ verb, blocked, choices, estimate })
