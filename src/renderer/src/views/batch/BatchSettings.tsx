/** How a batch makes its pictures, and where and under which names they go. */
import { useId, useRef } from 'react'
import { Segmented, Switch } from '../../panels/controls/Choice.tsx'
import { NumberInput } from '../../panels/controls/NumberInput.tsx'
import { SliderField } from '../../panels/controls/SliderField.tsx'
import { useStudioState } from '../../state/use-studio.tsx'
import { strings } from '../../strings/strings.ts'
import { chosenModel } from '../../studio/chosen-model.ts'
import { FolderRow, FormRow, TextRow } from './fields.tsx'
import type { Batch } from './use-batch.ts'

const words = strings.batch
const formats = ['png', 'jpeg', 'webp', 'avif'] as const
const policies = ['skip', 'suffix', 'replace'] as const
const seedLimit = 4_294_967_295

export function BatchMaking({ batch }: { readonly batch: Batch }) {
  const { draft, change } = batch
  const model = useStudioState(chosenModel)
  const own = model?.defaults
  const size = draft.size ?? own?.size ?? { width: 256, height: 256 }
  const px = {
    min: model?.sizeMultiple ?? 8,
    max: 4096,
    step: model?.sizeMultiple ?? 8,
    width: 4,
    unit: strings.window.px,
  }
  return (
    <section className="form-part" aria-label={words.making}>
      <h2 className="form-title">{words.making}</h2>
      <FormRow label={words.seedsRow}>
        <span className="form-numbers">
          <NumberInput
            label={words.seed}
            value={draft.seed}
            min={0}
            max={seedLimit}
            width={10}
            onChange={(seed) => change({ seed })}
          />
          <NumberInput
            label={words.seeds}
            value={draft.seeds}
            min={1}
            max={10_000}
            width={4}
            onChange={(seeds) => change({ seeds })}
          />
        </span>
      </FormRow>
      {draft.kind === 'prompts' && (
        <FormRow label={words.size}>
          <span className="form-numbers">
            <NumberInput
              label={words.width}
              value={size.width}
              {...px}
              onChange={(width) => change({ size: { ...size, width } })}
            />
            <NumberInput
              label={words.height}
              value={size.height}
              {...px}
              onChange={(height) => change({ size: { ...size, height } })}
            />
          </span>
        </FormRow>
      )}
      <FormRow label={words.sampling}>
        <span className="form-numbers">
          <NumberInput
            label={words.steps}
            value={draft.steps ?? own?.sampling.steps ?? null}
            min={1}
            max={200}
            width={3}
            onChange={(steps) => change({ steps })}
          />
          <NumberInput
            label={words.guidance}
            value={draft.guidance ?? own?.sampling.guidance ?? null}
            min={-1}
            max={50}
            step={0.1}
            width={4}
            onChange={(guidance) => change({ guidance })}
          />
        </span>
      </FormRow>
      <TextRow
        label={words.negative}
        placeholder={strings.prompt.negativePlaceholder}
        value={draft.negative}
        onChange={(negative) => change({ negative })}
      />
    </section>
  )
}

export function BatchOutput({ batch }: { readonly batch: Batch }) {
  const { draft, change } = batch
  const hasQuality = draft.type === 'jpeg' || draft.type === 'avif' || (draft.type === 'webp' && !draft.lossless)
  return (
    <section className="form-part" aria-label={words.output}>
      <h2 className="form-title">{words.output}</h2>
      <FolderRow label={words.out} value={draft.out} onChange={(out) => change({ out })} />
      <NameRow batch={batch} />
      <FormRow label={words.format}>
        <Segmented
          label={words.format}
          value={draft.type}
          options={formats.map((value) => ({ value, label: words.formats[value] }))}
          onChange={(type) => change({ type })}
        />
      </FormRow>
      {draft.type === 'webp' && (
        <FormRow label="">
          <Switch label={words.lossless} checked={draft.lossless} onChange={(lossless) => change({ lossless })} />
        </FormRow>
      )}
      {hasQuality && (
        <FormRow label={words.quality}>
          <SliderField
            label={words.quality}
            text={null}
            value={draft.quality}
            min={1}
            max={100}
            width={3}
            onChange={(quality) => change({ quality })}
          />
        </FormRow>
      )}
      <FormRow label={words.existing}>
        <Segmented
          label={words.existing}
          value={draft.existing}
          options={policies.map((value) => ({ value, label: words.existings[value] }))}
          onChange={(existing) => change({ existing })}
        />
      </FormRow>
      <FormRow label="">
        <Switch
          label={words.recipe}
          checked={draft.type === 'png' && draft.withRecipe}
          disabled={draft.type !== 'png'}
          onChange={(withRecipe) => change({ withRecipe })}
          {...(draft.type === 'png' ? {} : { hint: words.recipeOnlyPng })}
        />
      </FormRow>
    </section>
  )
}

const tokensOf = {
  prompts: ['prompt', 'prompt:6', 'seed', 'index:5', 'row', 'date', 'model', 'width', 'height'],
  pictures: ['folder', 'name', 'seed', 'index:5', 'use', 'date', 'model'],
} as const

/** The template of file names, and the parts that can be put into it where the caret is. */
function NameRow({ batch }: { readonly batch: Batch }) {
  const { draft, file, change } = batch
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const columns = draft.kind === 'prompts' ? Object.keys(file?.rows[0]?.columns ?? {}) : []

  function insert(token: string): void {
    const { current } = field
    const [start, end] = [current?.selectionStart ?? draft.name.length, current?.selectionEnd ?? draft.name.length]
    change({ name: `${draft.name.slice(0, start)}{${token}}${draft.name.slice(end)}` })
    const caret = start + token.length + 2
    // The field has the new text after this event.
    queueMicrotask(() => {
      current?.focus()
      current?.setSelectionRange(caret, caret)
    })
  }

  return (
    <FormRow label={words.name} htmlFor={id}>
      <input
        ref={field}
        id={id}
        className="field text-input is-code"
        autoComplete="off"
        spellCheck={false}
        value={draft.name}
        onChange={({ currentTarget }) => change({ name: currentTarget.value })}
      />
      <span role="group" aria-label={words.tokens} className="chips">
        {[...tokensOf[draft.kind], ...columns].map((token) => (
          <button key={token} type="button" className="chip" onMouseDown={keepCaret} onClick={() => insert(token)}>
            {`{${token}}`}
          </button>
        ))}
      </span>
    </FormRow>
  )
}

const keepCaret = (event: { preventDefault(): void }): void => event.preventDefault()
