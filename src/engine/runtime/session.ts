/**
 * The only file that knows onnxruntime. A Runner takes plain tensors and gives plain tensors; which device runs it, how
 * memory is held and how the runtime's failures become coded errors is settled here.
 */
import ort from 'onnxruntime-node'
import { StudioError } from '../../shared/contract/errors.ts'
import type { StoredWeight } from '../checkpoint/stored-tensor.ts'
import type { Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/serialize.ts'
import type { Tensor } from '../tensor/tensor.ts'

// onnxruntime reports usage to its makers unless told not to; nothing leaves this machine. Read when the first session is made.
process.env['ORT_DISABLE_TELEMETRY'] = '1'

export interface Runner {
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>
  close(): Promise<void>
}

export interface RunnerOptions {
  /** Execution provider by name, as `devices()` lists them. */
  readonly device: string
  /** Folder that holds the weight files. */
  readonly folder: string
  readonly weights: ReadonlyMap<string, StoredWeight>
  /**
   * Keeps the session's threads awake between runs: right for the step, run many times in a row. Of two such sessions each would
   * take a core from the other for a tenth of a second after its own run.
   */
  readonly spin?: boolean
}

/** Execution providers whose binaries came with this platform's onnxruntime. 'cpu' is always there. */
export function devices(): readonly string[] {
  return ort
    .listSupportedBackends()
    .filter((backend) => backend.bundled)
    .map((backend) => backend.name)
}

/**
 * Loads a graph. Costs a pass over the weights; nothing is computed yet.
 * @throws StudioError 'device-unavailable', 'out-of-memory' or 'model-broken'
 */
export async function createRunner(
  graph: Graph,
  { device, folder, weights, spin = false }: RunnerOptions,
): Promise<Runner> {
  const session = await ort.InferenceSession.create(encodeModel(graph, weights), {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    // Errors only: its warnings are for those who build graphs.
    logSeverityLevel: 3,
    extra: {
      session: { model_external_initializers_file_folder_path: folder, 'intra_op.allow_spinning': spin ? '1' : '0' },
    },
  }).catch((error: unknown) => {
    throw runtimeError(error, device)
  })
  const outputs = graph.outputs.map((value) => value.name)
  return {
    async run(feeds) {
      const made = graph.hostInputs.map(({ value, make }) => [value.name, make(feeds)] as const)
      const wrapped = Object.fromEntries(
        [...Object.entries(feeds), ...made].map(([name, tensor]) => [name, wrap(tensor)]),
      )
      const fetched = await session.run(wrapped, outputs).catch((error: unknown) => {
        throw runtimeError(error, device)
      })
      return Object.fromEntries(Object.entries(fetched).map(([name, tensor]) => [name, unwrap(tensor)]))
    },
    close: () => session.release(),
  }
}

const wrap = ({ dtype, data, shape }: Tensor): ort.Tensor => new ort.Tensor(dtype, data as Float32Array, [...shape])
const unwrap = (tensor: ort.Tensor): Tensor => ({ dtype: tensor.type, data: tensor.data, shape: tensor.dims }) as Tensor

function runtimeError(error: unknown, device: string): StudioError {
  const text = error instanceof Error ? error.message : String(error)
  const options = { cause: error, detail: text }
  if (/allocat|bad_alloc|out of memory/i.test(text)) {
    return new StudioError(
      'out-of-memory',
      'There was not enough memory for this model at this size. Close other programs or choose a smaller size.',
      options,
    )
  }
  if (/backend not found|shared library|no available adapter|adapter/i.test(text)) {
    return new StudioError(
      'device-unavailable',
      `The device '${device}' cannot be used on this machine. Choose another with --device; 'cpu' always works.`,
      options,
    )
  }
  return new StudioError('model-broken', `The runtime refused the model: ${text.split('\n')[0]}`, options)
}
