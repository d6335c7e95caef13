/** How long something still takes, and how long ago something was, in words. */
import { strings } from '../strings/strings.ts'

const words = strings.prompt

/** '8 s', '2 min 5 s'; a wait that is as good as over says 1 s. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  return whole < 60 ? words.seconds(whole) : words.minutes(Math.floor(whole / 60), whole % 60)
}

/** '0:42', '1:05:00': as short as it can be, for what is looked at all the time. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const two = (number: number): string => String(number).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** '3 minutes ago', 'yesterday'. @param time and now in ms since 1970 */
export function agoText(time: number, now: number): string {
  const seconds = Math.max(0, (now - time) / 1000)
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ['minute', 60]
  return relative.format(-Math.round(seconds / length), unit)
}
