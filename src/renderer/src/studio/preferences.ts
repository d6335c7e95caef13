/** What a person has chosen for this window, as it is stored between starts. Whatever cannot be read is as if it had not been chosen. */
import { z } from 'zod'
import { actions } from '../../../editor/index.ts'
import { batchDraftSchema } from './batch-draft.ts'
import type { Preferences } from './studio-state.ts'

export const defaultPreferences: Preferences = {
  theme: 'system',
  wheel: 'zoom',
  panelsShown: true,
  keys: {},
  checkerboard: 'light',
}

const ids: ReadonlySet<string> = new Set(actions.map(({ id }) => id))

const schema = z.object({
  theme: z.enum(['dark', 'light', 'system']).catch(defaultPreferences.theme),
  wheel: z.enum(['zoom', 'pan']).catch(defaultPreferences.wheel),
  panelsShown: z.boolean().catch(defaultPreferences.panelsShown),
  model: z.string().max(200).optional().catch(undefined),
  zonesHidden: z.boolean().optional().catch(undefined),
  keys: z
    .record(z.string(), z.array(z.string().max(40)).max(8))
    .transform((keys) => Object.fromEntries(Object.entries(keys).filter(([id]) => ids.has(id))))
    .catch({}),
  checkerboard: z.enum(['light', 'dark']).catch(defaultPreferences.checkerboard),
  layout: z
    .object({
      heights: z.object({ properties: z.number().min(0).max(10_000), history: z.number().min(0).max(10_000) }),
      collapsed: z.array(z.enum(['layers', 'properties', 'history'])).max(3),
    })
    .optional()
    .catch(undefined),
  batch: batchDraftSchema.optional().catch(undefined),
})

export function readPreferences(stored: unknown): Preferences {
  const parsed = schema.safeParse(stored)
  return parsed.success ? parsed.data : defaultPreferences
}
