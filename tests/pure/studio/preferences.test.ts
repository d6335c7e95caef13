/** Preferences as they are stored: what is damaged counts as never chosen, and takes nothing else with it. */
import { expect, test } from 'vitest'
import { defaultPreferences, readPreferences } from '../../../src/renderer/src/studio/preferences.ts'

test('what was stored comes back', () => {
  const chosen = {
    theme: 'light' as const,
    wheel: 'pan' as const,
    panelsShown: false,
    model: 'paella-v3',
    zonesHidden: true,
    keys: { 'tool.brush': ['P'] },
    checkerboard: 'dark' as const,
    layout: { heights: { properties: 200, history: 100 }, collapsed: ['history' as const] },
  }
  expect(readPreferences(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen)
})

test.each([[null], ['{}'], [7], [[]]])('%j is as if nothing had been chosen', (stored) => {
  expect(readPreferences(stored)).toMatchObject(defaultPreferences)
})

test('a damaged field takes nothing else with it, and keys of unknown actions are left out', () => {
  const stored = {
    theme: 'pink',
    wheel: 'pan',
    keys: { 'tool.brush': ['P'], 'tool.laser': ['L'] },
    layout: { heights: 1 },
  }
  expect(readPreferences(stored)).toEqual({ ...defaultPreferences, wheel: 'pan', keys: { 'tool.brush': ['P'] } })
})
