/** Colours as people choose them: hue, saturation and brightness, and as hex digits. */
import type { Colour } from '../../../editor/index.ts'
import { clamp } from '../../../shared/geometry/rect.ts'

export interface Hsv {
  /** Degrees, 0..360. */
  readonly hue: number
  /** 0..100 each. */
  readonly saturation: number
  readonly brightness: number
}

export function toHex([red, green, blue]: Colour): string {
  return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

/** Of 'f2a33c', '#F2A33C' or '#fa3'; null where the text is none. */
export function fromHex(text: string): Colour | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1]
  if (digits === undefined) return null
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits
  const at = (i: number) => Number.parseInt(long.slice(i, i + 2), 16)
  return [at(0), at(2), at(4)]
}

export function fromHsv({ hue, saturation, brightness }: Hsv): Colour {
  const part = (offset: number): number => {
    const k = (offset + hue / 60) % 6
    const share = (brightness / 100) * (1 - (saturation / 100) * clamp(Math.min(k, 4 - k), 0, 1))
    return Math.round(share * 255)
  }
  return [part(5), part(3), part(1)]
}

/** Greys keep the hue, and black the saturation, of `before`: a slider that is moved must not move the others. */
export function toHsv([red, green, blue]: Colour, before: Hsv): Hsv {
  const most = Math.max(red, green, blue)
  const range = most - Math.min(red, green, blue)
  const brightness = (most / 255) * 100
  if (most === 0) return { ...before, brightness }
  const saturation = (range / most) * 100
  if (range === 0) return { hue: before.hue, saturation, brightness }
  const sixth =
    most === red ? (green - blue) / range + 6 : most === green ? (blue - red) / range + 2 : (red - green) / range + 4
  return { hue: (sixth * 60) % 360, saturation, brightness }
}

export const isSameColour = (a: Colour, b: Colour): boolean => toHex(a) === toHex(b)
