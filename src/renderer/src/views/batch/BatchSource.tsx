/** What a batch makes: pictures of prompts, or one operation on each picture of a folder. */
import { FileText } from 'lucide-react'
import { useId, useState } from 'react'
import { Segmented, Switch } from '../../panels/controls/Choice.tsx'
import { NumberInput } from '../../panels/controls/NumberInput.tsx'
import { SliderField } from '../../panels/controls/SliderField.tsx'
import { TextButton } from '../../panels/controls/TextButton.tsx'
import { strings } from '../../strings/strings.ts'
import { withKind } from '../../studio/batch-draft.ts'
import { FolderRow, FormRow, TextRow } from './fields.tsx'
import type { Batch } from './use-batch.ts'

const words = strings.batch
const kinds = ['prompts', 'pictures'] as const
const operations = ['restyle', 'vary', 'inpaint', 'outpaint'] as const
const sides = ['left', 'right', 'top', 'bottom'] as const

export function BatchSource({ batch }: { readonly batch: Batch }) {
  const { draft, change } = batch
  return (
    <section className="form-part" aria-label={words.source}>
      <h2 className="form-title">{words.source}</h2>
      <FormRow label={words.from}>
        <Segmented
          label={words.from}
          value={draft.kind}
          options={kinds.map((value) => ({ value, label: words.sources[value] }))}
          onChange={(kind) => change(withKind(draft, kind))}
        />
      </FormRow>
      {draft.kind === 'prompts' ? <Prompts batch={batch} /> : <Pictures batch={batch} />}
    </section>
  )
}

function Prompts({ batch }: { readonly batch: Batch }) {
  const { draft, file, change, load, unload } = batch
  const id = useId()
  const [problem, setProblem] = useState<string | null>(null)
  const loadButton = (
    <TextButton look="outlined" title={words.loadHint} onClick={() => void load().then(setProblem)}>
      <FileText className="icon" aria-hidden />
      {words.load}
    </TextButton>
  )
  return (
    <FormRow
      label={words.prompts}
      {...(file === null ? { htmlFor: id } : {})}
      hint={problem === null ? words.promptsHint : <span className="hint is-error">{problem}</span>}
    >
      {file === null ? (
        <>
          <textarea
            id={id}
            className="field text-area batch-prompts"
            rows={6}
            spellCheck={false}
            placeholder={words.promptsPlaceholder}
            value={draft.text}
            onChange={({ currentTarget }) => change({ text: currentTarget.value })}
          />
          <span className="batch-load">
            {loadButton}
            <span className="hint">{words.loadHint}</span>
          </span>
        </>
      ) : (
        <span className="batch-load">
          <span className="batch-file">{words.loaded(file.rows.length, file.name)}</span>
          {loadButton}
          <TextButton onClick={unload}>{words.unload}</TextButton>
        </span>
      )}
    </FormRow>
  )
}

function Pictures({ batch }: { readonly batch: Batch }) {
  const { draft, change } = batch
  return (
    <>
      <FolderRow label={words.folder} value={draft.folder} onChange={(folder) => change({ folder })} />
      <FormRow label="">
        <Switch
          label={words.recursive}
          hint={words.recursiveHint}
          checked={draft.recursive}
          onChange={(recursive) => change({ recursive })}
        />
      </FormRow>
      <FormRow label={words.operation}>
        <Segmented
          label={words.operation}
          value={draft.use}
          options={operations.map((value) => ({ value, label: words.operations[value] }))}
          onChange={(use) => change({ use })}
        />
      </FormRow>
      <TextRow label={words.prompt} value={draft.prompt} onChange={(prompt) => change({ prompt })} />
      {draft.use === 'restyle' && (
        <Percent label={words.strength} value={draft.strength} onChange={(strength) => change({ strength })} />
      )}
      {draft.use === 'vary' && (
        <Percent
          label={words.promptWeight}
          value={draft.promptWeight}
          onChange={(promptWeight) => change({ promptWeight })}
        />
      )}
      {draft.use === 'inpaint' && (
        <>
          <FolderRow
            label={words.masks}
            hint={words.masksHint}
            value={draft.masks}
            onChange={(masks) => change({ masks })}
          />
          <FormRow label={words.edge}>
            <span className="form-numbers">
              <Px label={words.feather} value={draft.feather} max={512} onChange={(feather) => change({ feather })} />
              <Px label={words.context} value={draft.context} max={4096} onChange={(context) => change({ context })} />
            </span>
          </FormRow>
        </>
      )}
      {draft.use === 'outpaint' && (
        <FormRow label={words.by}>
          <span className="form-numbers">
            {sides.map((side) => (
              <Px
                key={side}
                label={words.sides[side]}
                value={draft.border[side]}
                max={4096}
                onChange={(value) => change({ border: { ...draft.border, [side]: value } })}
              />
            ))}
            <Px label={words.feather} value={draft.feather} max={512} onChange={(feather) => change({ feather })} />
          </span>
        </FormRow>
      )}
    </>
  )
}

interface NumberProps {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
}

function Percent({ label, value, onChange }: NumberProps) {
  return (
    <FormRow label={label}>
      <SliderField
        label={label}
        text={null}
        value={Math.round(value * 100)}
        min={0}
        max={100}
        unit={strings.window.percent}
        width={3}
        onChange={(percent) => onChange(percent / 100)}
      />
    </FormRow>
  )
}

function Px({ label, value, max, onChange }: NumberProps & { readonly max: number }) {
  const unit = strings.window.px
  return <NumberInput label={label} value={value} min={0} max={max} unit={unit} width={4} onChange={onChange} />
}
