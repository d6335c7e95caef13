/**
 * Where the window was when it closed, kept in a small file: written whole beside it, then renamed. What cannot be read, or lies
 * on no screen any more, is forgotten.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Rectangle } from 'electron'
import { z } from 'zod'

const whole = z.int().min(-100_000).max(100_000)
const schema = z.object({ x: whole, y: whole, width: whole.min(1), height: whole.min(1), maximized: z.boolean() })
export type WindowState = z.infer<typeof schema>

export const firstSize = { width: 1440, height: 900 } as const
export const smallestSize = { width: 800, height: 560 } as const
/** So much of the window's upper edge must be on a screen to get hold of it, in px. */
const grip = { width: 120, height: 32 }

/** undefined where there is none, or none that can be used on these screens. */
export function readWindowState(path: string, screens: readonly Rectangle[]): WindowState | undefined {
  try {
    const state = schema.parse(JSON.parse(readFileSync(path, 'utf8')))
    return screens.some((screen) => isReachable(state, screen)) ? state : undefined
  } catch {
    return undefined
  }
}

/** A failure costs the position of a window and is not worth a word. */
export function writeWindowState(path: string, state: WindowState): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, JSON.stringify(state))
    renameSync(temporary, path)
  } catch {
    rmSync(temporary, { force: true })
  }
}

function isReachable({ x, y, width }: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
  return across >= grip.width && y >= screen.y && y + grip.height <= screen.y + screen.height
}
