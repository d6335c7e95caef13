/** The backstage's thread straight from its source, with an engine that does what its prompts say: no build is needed. */
import { fileURLToPath } from 'node:url'
import type { BackstageOptions } from '../../src/backstage/start.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export function sourceBackstage(dataFolder: string): BackstageOptions {
  return {
    entry: path('../../src/backstage/thread.ts'),
    home: path('../../out/main/'),
    dataFolder,
    saveFolder: dataFolder,
    engineEntry: path('fake-engine-process.ts'),
  }
}
