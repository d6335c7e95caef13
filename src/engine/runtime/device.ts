/**
 * Which execution provider runs a model: one by its name, or with 'auto' whatever computes a matrix product at least twice as fast as
 * the CPU, as seen in a trial, once a process. The CPU is always there, and a machine without an accelerator gives the same tokens for
 * the same request at every run.
 */
import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'
import { Graph } from '../onnx/graph.ts'
import { matmul } from '../onnx/ops.ts'
import { float32, floats } from '../tensor/tensor.ts'
import { createRunner, devices } from './session.ts'

export { devices }

/** By how well they are known to do, best first. Others (tensorrt compiles for minutes) only by name. */
const accelerators = ['cuda', 'dml', 'coreml', 'webgpu']
const side = 1024

/** @throws StudioError 'device-unavailable' with the devices there are */
export function checkDevice(wanted: string): void {
  const there = devices()
  if (wanted === 'auto' || there.includes(wanted)) return
  throw new StudioError(
    'device-unavailable',
    `There is no device '${wanted}' on this machine. Choose one of: auto, ${there.join(', ')}.`,
  )
}

export interface Trials {
  /** Drivers may end the process: a mark lies here while one is tried, and who finds one left behind does not try again. '' = none. */
  readonly folder: string
  readonly log: (line: string) => void
}

/** The fastest device that can be had; 'cpu' where no other is much faster. */
export async function fastestDevice({ folder, log }: Trials): Promise<string> {
  const there = accelerators.filter((device) => devices().includes(device))
  if (there.length === 0) return 'cpu'
  const onCpu = await productTime('cpu')
  for (const device of there) {
    const mark = folder && join(folder, `trying-${device}`)
    if (mark && existsSync(mark)) {
      log(`${device} ended the engine when it was tried. To have it tried again, delete ${mark}.`)
      continue
    }
    setMark(mark)
    const milliseconds = await productTime(device).catch(() => undefined)
    removeMark(mark)
    if (milliseconds !== undefined && milliseconds * 2 < onCpu) return device
  }
  return 'cpu'
}

function setMark(path: string): void {
  if (!path) return
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
  } catch {
    // No folder to write in: it is tried without a mark.
  }
}

/** The folder goes too where nothing else is in it: who never measures leaves nothing behind. */
function removeMark(path: string): void {
  if (!path) return
  rmSync(path, { force: true })
  try {
    rmdirSync(dirname(path))
  } catch {
    // Something else is in it.
  }
}

/** Milliseconds of the best of three products. @throws where the device cannot be had, or computes wrongly */
async function productTime(device: string): Promise<number> {
  const graph = new Graph()
  const shape = [side, side]
  graph.output('product', matmul(graph.input('a', 'float32', shape), graph.input('b', 'float32', shape)))
  const runner = await createRunner(graph, { device, folder: '.', weights: new Map() })
  try {
    const ones = float32(new Float32Array(side * side).fill(1), shape)
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < 3; i++) {
      const start = performance.now()
      const { product } = await runner.run({ a: ones, b: ones })
      if (floats(product).at(-1) !== side) throw new Error(`${device} multiplies wrongly`)
      best = Math.min(best, performance.now() - start)
    }
    return best
  } finally {
    await runner.close()
  }
}
