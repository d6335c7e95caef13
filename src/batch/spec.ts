/** A batch's specification: checked with words of ours, and the identity that follows from it. */
import { createHash } from 'node:crypto'
import { type BatchSpec, batchSpecSchema } from '../shared/contract/batch.ts'
import { StudioError } from '../shared/contract/errors.ts'

/** @throws StudioError 'bad-request' naming the first field that is wrong */
export function checkSpec(value: unknown): BatchSpec {
  const parsed = batchSpecSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.join('.') || 'the whole'
    throw new StudioError('bad-request', `The batch cannot be made: ${where}: ${issue?.message ?? 'not as expected'}.`)
  }
  const spec = parsed.data
  if (spec.source.kind === 'prompts') return spec
  const { operation, masks } = spec.source
  if (operation.use === 'inpaint' && masks === null)
    throw new StudioError('bad-request', 'Inpainting pictures takes a folder of masks: name it.')
  if (operation.use === 'outpaint' && operation.left + operation.right + operation.top + operation.bottom === 0)
    throw new StudioError('bad-request', 'Nothing to extend: give at least one of left, right, top and bottom in px.')
  return spec
}

/**
 * The same for the same pictures under the same names: where they are written, and what happens to files that are there already,
 * does not count. A list with one more row is another batch.
 */
export function batchId(spec: BatchSpec): string {
  const hash = createHash('sha256').update(settingsText(spec))
  if (spec.source.kind === 'prompts') for (const row of spec.source.rows) hash.update(stable(row)).update('\n')
  return hash.digest('hex').slice(0, 24)
}

/** All that the items have in common and that decides what they are. */
export function settingsText(spec: BatchSpec): string {
  const source = spec.source.kind === 'prompts' ? 'prompts' : spec.source
  return stable([
    1,
    source,
    spec.model,
    spec.negative,
    spec.size,
    spec.seed,
    spec.seeds,
    spec.sampling,
    spec.name,
    spec.format,
    spec.withRecipe,
  ])
}

/** JSON that does not depend on the order in which somebody wrote the keys. */
export function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** With the dot. */
export function endingOf({ format }: Pick<BatchSpec, 'format'>): string {
  return format.type === 'jpeg' ? '.jpg' : `.${format.type}`
}
