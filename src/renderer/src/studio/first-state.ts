/** The state of a window that knows nothing yet. */
import { newSession } from '../../../editor/index.ts'
import { firstGeneration } from './generation.ts'
import { defaultPreferences } from './preferences.ts'
import type { StudioState } from './studio-state.ts'

export const firstState: StudioState = {
  start: null,
  disconnected: null,
  desktop: { nativeMenus: false, nativeDialogs: false },
  document: null,
  session: newSession({ width: 1, height: 1 }),
  hints: [],
  waiting: null,
  transform: null,
  pointer: null,
  maskShown: false,
  engine: { is: 'starting' },
  generation: firstGeneration,
  staging: null,
  queue: { paused: false, jobs: [], share: null, secondsLeft: null },
  view: null,
  galleryVersion: 0,
  batch: { is: 'none' },
  notices: [],
  dialog: null,
  busy: null,
  working: false,
  preferences: defaultPreferences,
}
