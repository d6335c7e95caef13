/**
 * The device of an engine. Who names one gets it or an error; 'auto' begins with the fastest there is and goes on with the CPU, once
 * that one fails, until the process ends.
 */
import { StudioError } from '../../shared/contract/errors.ts'
import { checkDevice, fastestDevice, type Trials } from './device.ts'

export class DeviceChoice {
  readonly #wanted: string
  readonly #fastest: () => Promise<string>
  #chosen: Promise<string> | undefined

  constructor(wanted: string, trials: Trials, fastest = (): Promise<string> => fastestDevice(trials)) {
    this.#wanted = wanted
    this.#fastest = fastest
  }

  /** @throws StudioError 'device-unavailable' with the devices there are */
  async get(): Promise<string> {
    checkDevice(this.#wanted)
    this.#chosen ??= this.#wanted === 'auto' ? this.#fastest() : Promise.resolve(this.#wanted)
    return this.#chosen
  }

  /** Whether this is the failure of a device that may be replaced: one that 'auto' began with. */
  async mayFallBack(failure: unknown): Promise<boolean> {
    if (this.#wanted !== 'auto' || (await this.#chosen) === 'cpu') return false
    return failure instanceof StudioError && deviceFailures.includes(failure.code)
  }

  /** Takes the CPU from now on, where it may. @returns what to say of it, or undefined */
  async fallBack(failure: unknown): Promise<string | undefined> {
    if (!(await this.mayFallBack(failure))) return undefined
    const device = await this.#chosen
    this.#chosen = Promise.resolve('cpu')
    const isFull = failure instanceof StudioError && failure.code === 'out-of-memory'
    return `The device '${device}' ${isFull ? 'has too little memory for this' : 'cannot be used'}; the CPU goes on in its place.`
  }
}

const deviceFailures: readonly string[] = ['device-unavailable', 'out-of-memory']
