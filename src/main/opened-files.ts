/** Files that are handed to the program on its command line: by open-with, by a second start, or typed. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

const most = 20

/**
 * @param words what follows the program on the command line; switches, and what is no file, are passed over
 * @param folder that relative paths count from
 */
export function filesOf(words: readonly string[], folder: string): string[] {
  return words
    .filter((word) => word !== '' && !word.startsWith('-'))
    .map((word) => resolve(folder, word))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
    .slice(0, most)
}

const handedOver = z.object({ files: z.array(z.string().min(1).max(4096)).max(most) })

/** What a second start sent to the first one: from another process, so nothing is taken on trust. */
export function filesHandedOver(data: unknown): string[] {
  const parsed = handedOver.safeParse(data)
  return parsed.success ? filesOf(parsed.data.files, '/') : []
}
