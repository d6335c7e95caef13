/** What a run would do by itself, what else can be chosen, and why not. */
import { describe, expect, test } from 'vitest'
import { type Situation, choicesIn, impossible, unsaid, verbOf } from '../../../src/renderer/src/studio/verbs.ts'
import { verbs } from '../../../src/renderer/src/studio/studio-state.ts'
import { plain, settings } from './generating-kit.ts'

const inside = { x: 0, y: 0, width: 256, height: 256 }
const situation: Situation = {
  canvas: { width: 1000, height: 800 },
  frame: inside,
  hasSelection: false,
  hasContent: false,
  regions: 0,
}

describe('what a run does by itself', () => {
  test.each([
    ['generate', {}],
    ['restyle', { hasContent: true }],
    ['fill', { hasSelection: true }],
    ['fill', { hasSelection: true, hasContent: true, frame: { ...inside, x: -64 } }],
    ['extend', { frame: { ...inside, x: -64 } }],
    ['extend', { frame: { ...inside, x: 900, y: 700 }, hasContent: true }],
    ['generate', { frame: { ...inside, x: 2000 } }],
    ['generate', { canvas: null, hasContent: true }],
  ] as const)('is %s with %j', (verb, changes) => {
    expect(verbOf({ ...situation, ...changes })).toBe(verb)
  })
})

describe('what can be chosen', () => {
  const possible = (changes: Partial<Situation>, more = {}) =>
    choicesIn({ ...situation, ...changes }, { ...settings, ...more })
      .filter(({ blocked }) => blocked === null)
      .map(({ verb }) => verb)

  test('needs what it works on', () => {
    expect(possible({})).toEqual(['generate', 'interpolate', 'gradient'])
    expect(possible({ hasContent: true })).toEqual(['generate', 'restyle', 'vary', 'interpolate', 'gradient'])
    expect(possible({ hasSelection: true })).toEqual(['generate', 'fill', 'interpolate', 'gradient', 'reroll'])
    expect(possible({ frame: { ...inside, x: -64 } })).toContain('extend')
    expect(possible({ regions: 1 })).toContain('regions')
    expect(possible({}, { reference: { name: 'a.png', pixels: plain(1, 1, 3) } })).toContain('vary')
  })

  test('is, without a document, what needs none', () => {
    expect(possible({ canvas: null })).toEqual(['generate', 'interpolate', 'gradient'])
  })

  test('says in words why another cannot be', () => {
    const texts = verbs.map((verb) => impossible(verb, situation, settings)).filter((text) => text !== null)
    expect(texts).toHaveLength(6)
    for (const text of texts) expect(text).toMatch(/^[A-Z].*\. .*\.$/)
  })

  test('still needs its words', () => {
    const silent = { ...settings, prompt: '  ' }
    expect(verbs.filter((verb) => unsaid(verb, silent) !== null)).toEqual([
      'generate',
      'restyle',
      'interpolate',
      'gradient',
    ])
    expect(verbs.filter((verb) => unsaid(verb, settings) !== null)).toEqual(['interpolate', 'gradient'])
    expect(verbs.filter((verb) => unsaid(verb, { ...settings, promptTo: 'a bear' }) !== null)).toEqual([])
  })
})
