import { describe, expect, test } from 'vitest'
import { blendModes } from '../../../src/document/index.ts'
import { actions, heldKeys } from '../../../src/editor/index.ts'
import { isFileName } from '../../../src/renderer/src/dialogs/SaveNameDialog.tsx'
import { roundTo } from '../../../src/renderer/src/panels/controls/round.ts'
import { agoText, durationText } from '../../../src/renderer/src/panels/duration.ts'
import { defaultLayout, fitLayout, withHeight, withToggled } from '../../../src/renderer/src/panels/panel-layout.ts'
import { recipeFacts, settingsOf } from '../../../src/renderer/src/panels/recipe-facts.ts'
import { strings } from '../../../src/renderer/src/strings/strings.ts'

describe('the catalogue of words', () => {
  test('has every blend mode in one group, and in one only', () => {
    expect(strings.blendModeGroups.flatMap(({ modes }) => modes).toSorted()).toEqual([...blendModes].toSorted())
  })

  test('has no two actions of one name', () => {
    const names = actions.map(({ id }) => strings.actions[id])
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  test('is in sentence case: one capital, at the start', () => {
    const exceptions = /Paella Studio/
    const texts = [...actions.map(({ id }) => strings.actions[id]), ...Object.values(strings.tools)]
    for (const text of texts.filter((text) => !exceptions.test(text))) expect(text).toMatch(/^[A-Z][^A-Z]*$/)
  })

  test('has words for what is held', () => {
    for (const { does } of heldKeys) expect(strings.heldKeys[does]).not.toBe('')
  })
})

describe('numbers', () => {
  test.each([
    [0.30000000000000004, 0.1, 0.3],
    [12.34, 0.5, 12.5],
    [99.6, 1, 100],
    [37, 32, 32],
    [-0.04, 0.1, 0],
  ])('roundTo(%s, %s) is %s', (value, step, result) => {
    expect(roundTo(value, step) + 0).toBe(result)
  })

  test.each([
    [0.2, '1 s'],
    [8.4, '8 s'],
    [59.6, '1 min 0 s'],
    [125, '2 min 5 s'],
  ])('%s seconds are %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text)
  })

  test.each([
    [0, 'this minute'],
    [240_000, '4 minutes ago'],
    [3 * 3_600_000, '3 hours ago'],
    [26 * 3_600_000, 'yesterday'],
    [-5000, 'this minute'],
  ])('%s ms before now is %s', (before, text) => {
    expect(agoText(1e12 - before, 1e12)).toBe(text)
  })
})

describe('the layout of the panels', () => {
  test('is the usual one where nobody has changed it', () => {
    expect(fitLayout(undefined)).toEqual(defaultLayout)
  })

  test('keeps heights within what can be used, whatever a settings file says', () => {
    const heights = { properties: Number.NaN, history: 1e9 }
    expect(fitLayout({ heights, collapsed: [] }).heights).toEqual({
      properties: defaultLayout.heights.properties,
      history: 800,
    })
    expect(withHeight(defaultLayout, 'history', -50).heights.history).toBe(104)
  })

  test('folds a section, and unfolds it again', () => {
    const folded = withToggled(defaultLayout, 'history')
    expect(folded.collapsed).toEqual(['history'])
    expect(withToggled(folded, 'history')).toEqual(defaultLayout)
  })
})

describe('a recipe', () => {
  const recipe = {
    format: 'paella-studio-recipe/1',
    request: {
      use: { use: 'inpaint', prompt: 'a lake', image: { kind: 'file' }, mask: {} },
      negative: 'text',
      seed: 71,
      sampling: { steps: 12, guidance: 4.5, draw: 'inverse-cdf' },
    },
  }

  test('is read without its pictures, which a layer does not carry', () => {
    expect(recipeFacts(JSON.stringify(recipe))).toMatchObject({ use: { use: 'inpaint', prompt: 'a lake' }, seed: 71 })
  })

  test('becomes settings, its seed kept', () => {
    const facts = recipeFacts(JSON.stringify(recipe))
    if (facts === null) throw new Error('it was not read')
    const settings = { prompt: 'a lake', negative: 'text', seed: 71, seedLocked: true, steps: 12, guidance: 4.5 }
    expect(settingsOf(facts)).toEqual(settings)
    expect(settingsOf({ use: { use: 'text', prompt: 'x' } })).toEqual({ prompt: 'x' })
    const sampling = { temperature: [1, 0.4] as [number, number], typicalMass: null, renoise: 'prev' as const }
    expect(settingsOf({ use: { use: 'gradient', prompt: 'x', to: 'y' }, sampling })).toEqual({
      prompt: 'x',
      promptTo: 'y',
      ...sampling,
    })
  })

  test.each(['', '{', '[]', '{"request":{}}', '{"request":{"use":{"use":"dream","prompt":"x"}}}'])(
    '%s is none',
    (text) => {
      expect(recipeFacts(text)).toBeNull()
    },
  )
})

describe('a file name', () => {
  test.each(['Evening village.ora', 'ünïcode.png', 'a'])('can be %s', (name) => {
    expect(isFileName(name)).toBe(true)
  })

  test.each(['', '  ', '.hidden', 'a/b', 'a\\b', 'a:b', 'a\nb', 'what?', 'x'.repeat(201)])('cannot be %j', (name) => {
    expect(isFileName(name)).toBe(false)
  })
})
