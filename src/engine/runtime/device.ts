/** Which execution provider runs a model. */
import { StudioError } from '../../shared/contract/errors.ts'
import { devices } from './session.ts'

export { devices }

/**
 * 'auto' is the CPU: it is always there, and the same request gives the same tokens on it at every run.
 * @throws StudioError 'device-unavailable' with the devices there are
 */
export function chooseDevice(wanted: string): string {
  const there = devices()
  if (wanted === 'auto') return 'cpu'
  if (there.includes(wanted)) return wanted
  throw new StudioError(
    'device-unavailable',
    `There is no device '${wanted}' on this machine. Choose one of: auto, ${there.join(', ')}.`,
  )
}
