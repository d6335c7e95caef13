/**
 * Which network a file of weights belongs to, by its keys and shapes: every weight there, none over but what published files are
 * known to hold beside, every shape as the network's sizes ask. What is kept is what is needed.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { shown } from '../checkpoint/byte-source.ts'
import type { SourceTensor, SourceTensors } from '../checkpoint/source-tensor.ts'
import { formatShape, sameShape } from '../tensor/shape.ts'
import { type Network, networks } from './networks.ts'
import { Sides } from './shape-table.ts'

export interface Recognised {
  readonly network: Network
  readonly sizes: object
  /** In the order of the network's table, under its keys. */
  readonly tensors: SourceTensors
  /** How many of the file's tensors nobody needs. */
  readonly passedOver: number
}

export interface RecogniseOptions {
  /** Of a CLIP the text tower alone. */
  readonly textOnly?: boolean
}

/**
 * @param file its name, for errors
 * @throws StudioError 'checkpoint-mismatch' that lists in its detail all that is missing, over or misshapen
 */
export function recognise(file: string, found: SourceTensors, options: RecogniseOptions = {}): Recognised {
  const network = networks.find(({ signs }) => signs.every((key) => found.has(key)))
  if (!network) throw unknown(file, found)
  const renamed = withNames(found, network)
  const kept = options.textOnly ? withoutVision(renamed) : renamed
  const { sizes, table } = network.read(new Sides(kept, network.title))
  const problems: string[] = []
  const tensors = new Map<string, SourceTensor>()
  for (const [key, shape] of table) {
    const tensor = kept.get(key)
    if (!tensor) problems.push(`missing: ${key} ${formatShape(shape)}`)
    else if (!sameShape(tensor.shape, shape))
      problems.push(`misshapen: ${key} is ${formatShape(tensor.shape)}, should be ${formatShape(shape)}`)
    else tensors.set(key, tensor)
  }
  for (const key of kept.keys())
    if (!table.has(key) && !network.passedOver?.test(key)) problems.push(`extra: ${shown(key)}`)
  if (problems.length > 0) throw mismatch(file, network.title, problems)
  for (const [key, { dtype }] of tensors)
    if (!floats.has(dtype)) throw mismatch(file, network.title, [`of the wrong type: ${key} is ${dtype}`])
  return { network, sizes, tensors, passedOver: found.size - tensors.size }
}

/** What weights may be stored as. */
const floats: ReadonlySet<string> = new Set(['float64', 'float32', 'float16', 'bfloat16'])

function withNames(found: SourceTensors, { renamed }: Network): SourceTensors {
  const tensors = new Map(found)
  for (const [other, key] of renamed ?? []) {
    const tensor = tensors.get(other)
    if (tensor && !tensors.has(key)) tensors.set(key, tensor)
  }
  return tensors
}

const withoutVision = (found: SourceTensors): SourceTensors =>
  new Map([...found].filter(([key]) => !key.startsWith('visual.')))

function mismatch(file: string, title: string, problems: readonly string[]): StudioError {
  const five = problems.slice(0, 5).join('; ')
  const first = five.length <= 110 ? five : (problems[0] ?? '')
  const more = five.length <= 110 && problems.length <= 5 ? '' : `, and more: ${problems.length} in all`
  const message = `${shown(file)} looks like ${title}, but ${first}${more}. Choose the published file.`
  return new StudioError('checkpoint-mismatch', message, { detail: problems.join('\n') })
}

/** Files that people take for something else, by a part of their keys. */
const strangers: readonly { readonly key: RegExp; readonly is: string }[] = [
  {
    key: /\blora_(?:up|down|A|B)\b|\blora[._]/,
    is: 'a LoRA, which changes another model and is none. Choose a whole model',
  },
  { key: /^model\.diffusion_model\./, is: 'Stable Diffusion. Choose a file of Paella' },
  { key: /^text_model\./, is: "CLIP in the form of transformers. Choose open_clip's file of it" },
  { key: /^double_blocks\.|^transformer_blocks\./, is: 'another image model. Choose a file of Paella' },
]

function unknown(file: string, found: SourceTensors): StudioError {
  const keys = [...found.keys()]
  const stranger = strangers.find(({ key }) => keys.some((name) => key.test(name)))
  const detail = keys.slice(0, 1000).map(shown).join('\n')
  if (stranger) return new StudioError('checkpoint-mismatch', `${shown(file)} is ${stranger.is}.`, { detail })
  const message = `${shown(file)} holds ${keys.length} weights, of no network that Paella knows: the first is ${shown(keys[0] ?? '')}. Choose another file.`
  return new StudioError('checkpoint-mismatch', message, { detail })
}
