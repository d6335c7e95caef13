/**
 * Imports files one after another and tells of each what came of it, the seconds of processor time, and the most memory the process
 * has ever held, in bytes. Its argument is the folder; names come over the IPC channel.
 */
import { join } from 'node:path'
import { importFile } from '../../src/engine/import/import-file.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'

export interface ImportTold {
  readonly code: string
  readonly seconds: number
  readonly memory: number
}

const [, , folder = ''] = process.argv

process.on('message', (name: string) => {
  const before = process.cpuUsage()
  let code = 'taken'
  try {
    importFile({ path: join(folder, name), store: join(folder, 'store'), precision: 'float32' })
  } catch (error) {
    code = error instanceof StudioError ? error.code : String(error)
  }
  const { user, system } = process.cpuUsage(before)
  const told: ImportTold = { code, seconds: (user + system) / 1e6, memory: process.resourceUsage().maxRSS * 1024 }
  process.send?.(told)
})
