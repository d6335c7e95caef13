/** A disk that a test holds: JSON by id, with failures on request. */
import type { HistorySpill } from '../../../src/document/index.ts'

export interface TestSpill extends HistorySpill {
  readonly files: Map<string, string>
  fail: 'nothing' | 'writes' | 'reads'
}

export function testSpill(): TestSpill {
  const files = new Map<string, string>()
  return {
    files,
    fail: 'nothing',
    async write(id, json) {
      if (this.fail === 'writes') throw new Error('disk full')
      files.set(id, json)
    },
    async read(id) {
      const json = files.get(id)
      if (this.fail === 'reads' || json === undefined) throw new Error('gone')
      return json
    },
    async drop(id) {
      if (!files.delete(id)) throw new Error(`dropped '${id}' twice`)
    },
  }
}

/** Lets every promise that can settle do so. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}
