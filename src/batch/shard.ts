/** One of several parts of a batch: every n-th of its items. What schedulers tell a process of its place is understood here. */
import { StudioError } from '../shared/contract/errors.ts'

export interface Shard {
  /** 1..of */
  readonly index: number
  readonly of: number
}

export const oneShard: Shard = { index: 1, of: 1 }

type Environment = Readonly<Record<string, string | undefined>>

const mostShards = 100_000

/**
 * `2/8`; `auto` in a Slurm array; `auto/8` in an indexed job of Kubernetes, which tells its pods their index and not how many
 * there are.
 *
 * @throws StudioError 'bad-request'
 */
export function parseShard(text: string, environment: Environment): Shard {
  const [, place = '', of] = /^(auto|\d+)(?:\/(\d+))?$/.exec(text) ?? []
  if (place === 'auto') return fromScheduler(of === undefined ? undefined : Number(of), environment)
  return checked(Number(place || Number.NaN), Number(of ?? Number.NaN), text)
}

function fromScheduler(of: number | undefined, environment: Environment): Shard {
  const number = (name: string): number | undefined => {
    const text = environment[name]
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
  }
  const task = number('SLURM_ARRAY_TASK_ID')
  if (task !== undefined) {
    const first = number('SLURM_ARRAY_TASK_MIN') ?? 0
    const step = number('SLURM_ARRAY_TASK_STEP') ?? 1
    const count = of ?? number('SLURM_ARRAY_TASK_COUNT') ?? Number.NaN
    return checked(Math.floor((task - first) / step) + 1, count, 'auto')
  }
  const completion = number('JOB_COMPLETION_INDEX')
  if (completion === undefined)
    throw new StudioError(
      'bad-request',
      '--shard auto finds neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX: write --shard 1/4, 2/4 ...',
    )
  if (of === undefined)
    throw new StudioError('bad-request', 'Kubernetes does not tell how many pods there are: write --shard auto/N.')
  return checked(completion + 1, of, `auto/${of}`)
}

function checked(index: number, of: number, text: string): Shard {
  if (index >= 1 && of >= index && of <= mostShards) return { index, of }
  throw new StudioError(
    'bad-request',
    `--shard ${text} cannot be used: write 1/4 for the first of four, up to 4/4${text.startsWith('auto') ? '; the scheduler says otherwise' : ''}.`,
  )
}
