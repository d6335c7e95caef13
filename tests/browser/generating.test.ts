/** The prompt bar, staged results and what layers say of them, as a person meets them; the model behind them is a fake. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type GenerationSettings,
  type GenerationState,
  type StagingState,
  verbs,
} from '../../src/renderer/src/studio/studio-state.ts'
import type { Call } from '../kit/fake-studio.ts'
import { openPanelsSite, type PanelsSite } from '../kit/panels-page.ts'
import { noBrowser } from '../kit/studio-page.ts'

let site: PanelsSite
let page: Page
let complaints: readonly string[] = []

beforeAll(async () => {
  if (!noBrowser) site = await openPanelsSite()
})
afterAll(() => site?.close())

async function open(options: Parameters<PanelsSite['open']>[0] = {}): Promise<void> {
  await page?.context().close()
  ;({ page, complaints } = await site.open({ reducedMotion: 'reduce', ...options }))
}

const calls = (name: string): Promise<Call['args'][]> =>
  page.evaluate((name) => window.studio.calls.filter((call) => call.name === name).map(({ args }) => [...args]), name)
const lastCall = async (name: string): Promise<Call['args'] | undefined> => (await calls(name)).at(-1)

const generation = (changes: Partial<GenerationState>, settings: Partial<GenerationSettings> = {}) =>
  page.evaluate(
    ([changes, settings]) => {
      const { generation } = window.studio.state
      window.studio.set({
        generation: { ...generation, ...changes, settings: { ...generation.settings, ...settings } },
      })
    },
    [changes, settings] as const,
  )

/** Three results of four, the second of which is shown. */
const stage = (changes: Partial<StagingState> = {}) =>
  page.evaluate((changes) => {
    const rect = { x: 0, y: 0, width: 64, height: 64 }
    const pictures = [1, 2, 3].map((i) => {
      const data = new Uint8Array(64 * 64 * 3).fill(i * 60)
      const pixels = { width: 64, height: 64, channels: 3, data } as const
      const facts = { pictureId: `g${i}`, unchanged: 3984, cells: 4096, steps: { taken: 10, of: 10 } }
      return { id: `p${i}`, seed: 70 + i, rect, pixels, ...facts }
    })
    const rest = { compare: null, step: null, steps: 10, confidence: null, mixWith: null, layer: null }
    window.studio.set({
      staging: { verb: 'fill', prompt: 'a boat', pictures, expected: 4, shown: 2, ...rest, ...changes },
    })
  }, changes)

const button = (name: string | RegExp, exact = true) => page.getByRole('button', { name, exact })
const option = (name: string) => page.getByRole('option', { name })
const bar = () => page.getByRole('region', { name: 'Model', exact: true })
const strip = () => page.getByRole('region', { name: 'Results', exact: true })

/** What axe finds in a part of the page, but for the small and the doubtful. */
async function faults(part = 'body'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
    )
}

const running = { text: 'Step 3 of 10', share: 0.3, secondsLeft: 9, stopping: false }
const reason = 'Give a mask layer a prompt first.'

describe.skipIf(noBrowser)(`generating${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  describe.each(['dark', 'light'] as const)('has no serious fault of access in the %s theme', (theme) => {
    beforeAll(async () => {
      await open()
      await page.evaluate((theme) => window.studio.setPreferences({ theme }), theme)
    })

    test.each(verbs)('as %s', async (verb) => {
      await generation({ verb, estimate: { seconds: 4 } })
      expect(await faults('.canvas-area')).toEqual([])
    })

    test('blocked, while it runs and while it stops', async () => {
      await generation({ blocked: reason })
      expect(await faults('.canvas-foot')).toEqual([])
      await generation({ blocked: null, running })
      expect(await faults('.canvas-foot')).toEqual([])
      await generation({ running: { ...running, stopping: true } })
      expect(await faults('.canvas-foot')).toEqual([])
      await generation({ running: null })
    })

    test('with the list of what it can do, and with more settings', async () => {
      await generation({ choices: verbs.map((verb) => ({ verb, blocked: verb === 'regions' ? reason : null })) })
      await button('Choose what it does').click()
      await page.getByRole('menu').waitFor()
      expect(await faults()).toEqual([])
      await page.keyboard.press('Escape')
      await generation({}, { typicalMass: 0.2 })
      await button('More settings').click()
      await page.getByRole('dialog', { name: 'More settings' }).waitFor()
      expect(await faults()).toEqual([])
      await page.keyboard.press('Escape')
    })

    test.each([
      ['nothing else', {}],
      ['the original', { shown: 0 }],
      ['the slider and steps', { compare: 0.5, step: 4 }],
      ['doubt', { confidence: { doubt: 0.2, doubtful: 137 } }],
      ['mixing', { mixWith: 3 }],
      ['a strip', { verb: 'interpolate' }],
    ] as const)('with results and %s', async (_, changes) => {
      await stage(changes)
      expect(await faults('.canvas-foot')).toEqual([])
      await page.evaluate(() => window.studio.set({ staging: null }))
    })

    test('in the properties of a region and of what the model made', async () => {
      for (const name of [/^Lake/, /^Sky/]) {
        await page.getByRole('treeitem', { name }).click()
        expect(await faults('.properties')).toEqual([])
      }
    })

    test('and nothing breaks the rules of the page', async () => {
      expect([complaints, await page.evaluate(() => window.violations)]).toEqual([[], []])
    })
  })

  describe('the prompt bar', () => {
    beforeEach(() => open())

    test.each([
      ['generate', 'Generate'],
      ['restyle', 'Restyle'],
      ['fill', 'Fill selection'],
      ['extend', 'Extend'],
      ['reroll', 'Re-roll'],
    ] as const)('names its button after what it will do: %s', async (verb, name) => {
      await generation({ verb })
      await button(name).click()
      expect(await calls('generate')).toEqual([[]])
    })

    test('has all that can be done in a list, Auto first, with keys, and reasons by what cannot be done', async () => {
      await generation({
        verb: 'fill',
        choices: verbs.map((verb) => ({ verb, blocked: verb === 'regions' ? reason : null })),
      })
      await button('Choose what it does').click()
      const items = page.getByRole('menuitemradio')
      expect(await items.count()).toBe(verbs.length + 1)
      expect(await items.first().innerText()).toMatch(/^Auto\nNow: Fill selection/)
      expect(await items.first().getAttribute('aria-checked')).toBe('true')
      const regions = page.getByRole('menuitemradio', { name: 'Draw regions' })
      expect(await regions.innerText()).toContain(reason)
      expect(await regions.getAttribute('aria-disabled')).toBe('true')
      expect(await page.getByRole('menuitemradio', { name: 'Vary' }).locator('kbd').count()).toBe(1)
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const wanted = (await lastCall('setGeneration'))?.[0]
      expect(wanted).toEqual({ wanted: 'restyle' })
    })

    test('says in words why it cannot run, and about how long a run takes where it can', async () => {
      await generation({ estimate: { seconds: 4.2 } })
      expect(await bar().innerText()).toContain('about 4 s')
      await generation({ blocked: 'Say what you want to see.' })
      const run = button('Generate')
      expect(await run.getAttribute('aria-disabled')).toBe('true')
      const described = await run.getAttribute('aria-describedby')
      expect(await page.locator(`[id="${described}"]`).innerText()).toBe('Say what you want to see.')
      await run.click({ force: true })
      await button('Add to queue').click({ force: true })
      expect(await calls('generate')).toEqual([])
    })

    test('sends a run to the queue, also while another goes on', async () => {
      await button('Add to queue').click()
      await generation({ running })
      await button('Add to queue').click()
      expect(await calls('generate')).toEqual([['queue'], ['queue']])
    })

    test('says how far it is, and that it stops as soon as it is told to', async () => {
      await generation({ running })
      expect(await bar().innerText()).toContain('Step 3 of 10')
      expect(await bar().innerText()).toContain('9 s left')
      await button('Cancel').click()
      expect(await bar().innerText()).toMatch(/Stopping…[\s\S]*Stopping…/)
      expect(await button('Stopping…').getAttribute('aria-disabled')).toBe('true')
      expect(await calls('cancelGeneration')).toHaveLength(1)
    })

    test.each(['interpolate', 'gradient'] as const)('has a second prompt to %s', async (verb) => {
      expect(await page.getByRole('textbox', { name: 'Prompt at the end' }).count()).toBe(0)
      await generation({ verb })
      await page.getByRole('textbox', { name: 'Prompt at the end' }).fill('a snowy harbour')
      expect(await lastCall('setGeneration')).toEqual([{ promptTo: 'a snowy harbour' }])
    })

    test('has one strength to restyle, in percent', async () => {
      await generation({ verb: 'restyle' }, { strength: 0.5 })
      await page.getByRole('slider', { name: 'Strength' }).press('ArrowRight')
      expect(await lastCall('setGeneration')).toEqual([{ strength: 0.51 }])
    })

    test('has a weight and a picture to vary, which can be chosen and left out', async () => {
      await generation({ verb: 'vary' })
      const file = { name: 'harbour.png', mimeType: 'image/png', buffer: Buffer.from([1, 2, 3]) }
      await page.locator('.reference input').setInputFiles(file)
      await expect.poll(() => calls('setReference')).toHaveLength(1)
      expect((await lastCall('setReference'))?.[0]).toMatchObject({ kind: 'bytes', name: 'harbour.png' })
      const pixels = { width: 1, height: 1, channels: 1, data: new Uint8Array(1) } as const
      await generation({}, { reference: { name: 'harbour.png', pixels } })
      await button('Leave out harbour.png').click()
      expect(await lastCall('setReference')).toEqual([null])
      await page.getByRole('slider', { name: 'Prompt weight' }).press('ArrowLeft')
      expect(await lastCall('setGeneration')).toEqual([{ promptWeight: 0.29 }])
    })

    test('has the length of a strip and the direction of a gradient', async () => {
      await generation({ verb: 'interpolate' })
      const frames = page.getByRole('spinbutton', { name: 'Pictures in the strip' })
      await frames.fill('24')
      await frames.press('Enter')
      expect(await lastCall('setGeneration')).toEqual([{ frames: 24 }])
      await generation({ verb: 'gradient' })
      await page.getByRole('radio', { name: 'Top to bottom' }).click()
      expect(await lastCall('setGeneration')).toEqual([{ direction: 'vertical' }])
    })

    test('keeps, shuffles and counts up the seed', async () => {
      await button('Keep this seed').click()
      expect(await lastCall('setGeneration')).toEqual([{ seedLocked: true }])
      await generation({}, { seed: 41 })
      await button('Next seed').click()
      expect(await lastCall('setGeneration')).toEqual([{ seed: 42, seedLocked: true }])
      await button('New seed').click()
      const [changes] = (await lastCall('setGeneration')) as [{ readonly seed: number }]
      expect(changes.seed).not.toBe(42)
    })

    test('offers the models that there are, and looks for those imported meanwhile', async () => {
      await button('More settings').click()
      const settings = page.getByRole('dialog', { name: 'More settings' })
      expect(await settings.innerText()).toContain('paella models import')
      expect(await calls('lookForModels')).toHaveLength(1)
      await page.evaluate(() => {
        const { engine } = window.studio.state
        if (engine.is !== 'ready') throw new Error('no engine')
        const [model] = engine.info.models
        if (!model) throw new Error('no model')
        const large = { ...model, id: 'paella-v3', name: 'Paella v3', parameters: 1_008_000_000 }
        window.studio.set({ engine: { ...engine, info: { ...engine.info, models: [model, large] } } })
      })
      const models = settings.getByRole('combobox', { name: 'Model' })
      expect(await models.innerText()).toBe('Paella Mini')
      await models.click()
      await page.getByRole('option', { name: /^Paella v3\s*1,008 M/ }).click()
      expect(await lastCall('setPreferences')).toEqual([{ model: 'paella-v3' }])
      expect(await models.innerText()).toBe('Paella v3')
      expect(await settings.innerText()).not.toContain('paella models import')
    })

    test('has the rest behind one button: temperature, typical mass, noise, size', async () => {
      await button('More settings').click()
      const last = page.getByRole('spinbutton', { name: 'Temperature of the last step' })
      await last.fill('0.2')
      await last.press('Enter')
      expect(await lastCall('setGeneration')).toEqual([{ temperature: [1, 0.2] }])
      expect(await page.getByRole('slider', { name: 'Mass of typical tokens' }).count()).toBe(0)
      await page.getByRole('switch', { name: 'Typical tokens only' }).click()
      expect(await lastCall('setGeneration')).toEqual([{ typicalMass: 0.2 }])
      await page.getByRole('slider', { name: 'Mass of typical tokens' }).press('ArrowRight')
      expect(await lastCall('setGeneration')).toEqual([{ typicalMass: 0.25 }])
      await page.getByRole('radio', { name: 'Fresh' }).click()
      expect(await lastCall('setGeneration')).toEqual([{ renoise: 'rand' }])
      const settings = page.getByRole('dialog', { name: 'More settings' })
      await settings.getByRole('combobox', { name: 'Size of the frame' }).click()
      await page.getByRole('option', { name: /^384 × 256/ }).click()
      expect(await lastCall('setFrame')).toEqual([{ x: 320, y: 256, width: 384, height: 256 }])
      await settings.getByRole('button', { name: 'Swap width and height' }).click()
      expect(await lastCall('setFrame')).toEqual([{ x: 384, y: 192, width: 256, height: 384 }])
    })
  })

  describe('results', () => {
    beforeEach(async () => {
      await open()
      await stage()
    })

    test('are a list that begins with the original, with places for those that still come', async () => {
      const options = await page
        .getByRole('listbox', { name: 'Results to choose from' })
        .getByRole('option')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
      expect(options).toEqual(['Original', 'Result 1, seed 71', 'Result 2, seed 72', 'Result 3, seed 73'])
      expect(await option('Result 2').getAttribute('aria-selected')).toBe('true')
      expect(await page.locator('.staged.is-pending').count()).toBe(1)
      expect(await strip().innerText()).toContain('2 of 3 · seed 72')
      expect(await strip().innerText()).toContain('3,984 of 4,096 tokens unchanged')
    })

    test('are gone through with arrows and pointer, taken with Enter, left with Esc', async () => {
      await option('Result 2').focus()
      await page.keyboard.press('ArrowLeft')
      expect(await lastCall('stage')).toEqual([1])
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      expect(await lastCall('stage')).toEqual([0])
      expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Original')
      await page.keyboard.press('End')
      expect(await lastCall('stage')).toEqual([3])
      await option('Result 1').click()
      expect(await lastCall('stage')).toEqual([1])
      await button('Next result').click()
      expect(await lastCall('stage')).toEqual([2])
      await option('Result 2').focus()
      await page.keyboard.press('Enter')
      expect(await calls('acceptStaged')).toHaveLength(1)
      await stage()
      await option('Result 2').focus()
      await page.keyboard.press('Escape')
      expect(await calls('discardStaged')).toHaveLength(1)
      expect(await strip().count()).toBe(0)
    })

    test('say what taking them means: a result, or the original as it was', async () => {
      await button('Accept').click()
      expect(await calls('acceptStaged')).toHaveLength(1)
      await stage({ shown: 0 })
      await button('Keep original').click()
      expect(await calls('acceptStaged')).toHaveLength(2)
    })

    test('are compared with the original where one is shown', async () => {
      await button('Compare').click()
      expect(await lastCall('setCompare')).toEqual([0.5])
      expect(await button('Compare').getAttribute('aria-pressed')).toBe('true')
      await button('Compare').click()
      expect(await lastCall('setCompare')).toEqual([null])
      await stage({ shown: 0 })
      for (const name of ['Compare', 'Steps', 'Confidence', 'Mix']) {
        expect(await button(name).getAttribute('aria-disabled'), name).toBe('true')
      }
    })

    test('go back through their steps, and on from one of them', async () => {
      await button('Steps').click()
      expect(await lastCall('scrub')).toEqual([10])
      await page.getByRole('slider', { name: 'Step of the shown result' }).press('ArrowLeft')
      expect(await lastCall('scrub')).toEqual([9])
      expect(await strip().innerText()).toContain('9 / 10')
      await button('Continue from here').click()
      expect(await calls('continueFromStep')).toHaveLength(1)
      await button('Steps').click()
      expect(await lastCall('scrub')).toEqual([null])
    })

    test('whose steps were not kept say so', async () => {
      await stage({ steps: 0 })
      expect(await button('Steps').getAttribute('aria-disabled')).toBe('true')
      expect(await button('Steps').getAttribute('title')).toBe('Its steps were not kept.')
    })

    test('show what the model doubted, and draw it anew', async () => {
      await button('Confidence').click()
      await page.getByRole('slider', { name: 'Doubtful below' }).press('ArrowRight')
      const [doubt] = (await lastCall('setDoubt')) as [number]
      expect(doubt).toBeCloseTo(0.21)
      await button('Redraw 21 doubtful cells').click()
      expect(await calls('resampleDoubtful')).toHaveLength(1)
      await stage({ confidence: { doubt: 0, doubtful: 0 } })
      await button('Redraw 0 doubtful cells').click({ force: true })
      expect(await calls('resampleDoubtful')).toHaveLength(1)
    })

    test('are mixed with another one, painted with a brush whose size is at hand', async () => {
      await button('Mix').click()
      expect(await lastCall('setMixWith')).toEqual([3])
      await page.getByRole('combobox', { name: 'Paint with' }).click()
      await page.getByRole('option', { name: 'Result 1', exact: true }).click()
      expect(await lastCall('setMixWith')).toEqual([1])
      const size = strip().getByRole('spinbutton', { name: 'Brush' })
      await size.fill('90')
      await size.press('Enter')
      expect((await lastCall('setBrush'))?.[1]).toMatchObject({ size: 90 })
      await button('Mix now').click()
      expect(await calls('mix')).toHaveLength(1)
    })

    test('are looked at in one way at a time', async () => {
      await button('Steps').click()
      await button('Confidence').click()
      expect(await lastCall('scrub')).toEqual([null])
      await button('Mix').click()
      expect(await lastCall('setDoubt')).toEqual([null])
      expect(await page.locator('.staging-detail').count()).toBe(1)
    })

    test('of an interpolation are exported as one file', async () => {
      expect(await button('Export strip').count()).toBe(0)
      await stage({ verb: 'interpolate' })
      await button('Export strip').click()
      await page.getByRole('menuitem', { name: 'Animated GIF' }).click()
      expect(await lastCall('exportStrip')).toEqual(['gif'])
    })

    test('can be reached by F6 and by Tab, the list as one stop', async () => {
      await page.getByRole('textbox', { name: 'Prompt' }).focus()
      const regions = new Set<string | null>()
      for (let i = 0; i < 10; i++) {
        await page.keyboard.press('F6')
        regions.add(
          await page.evaluate(
            () => document.activeElement?.closest('[data-region]')?.getAttribute('data-region') ?? null,
          ),
        )
      }
      expect(regions).toContain('staging')
      expect(await page.locator('.staged-list [tabindex="0"]').count()).toBe(1)
    })
  })

  describe.each([
    [1440, 900],
    [1024, 680],
  ])('in a window of %d x %d', (width, height) => {
    beforeAll(() => open({ viewport: { width, height } }))

    test.each([
      ['fill', { confidence: { doubt: 0.2, doubtful: 12_345 } }],
      ['fill', { mixWith: 3 }],
      ['interpolate', { verb: 'interpolate', expected: 40, step: 4 }],
      ['vary', { shown: 0 }],
    ] as const)('results of %s lie above the prompt, and nothing of both is cut off', async (verb, staging) => {
      await generation({ verb, blocked: 'The frame lies beyond the picture. Drag it onto it, or choose Generate.' })
      await stage(staging)
      const [results, prompt, area] = await Promise.all([
        strip().boundingBox(),
        bar().boundingBox(),
        page.locator('.canvas-area').boundingBox(),
      ])
      expect(results!.y + results!.height).toBeLessThanOrEqual(prompt!.y)
      expect(results!.y).toBeGreaterThan(area!.y)
      expect(prompt!.y + prompt!.height).toBeLessThanOrEqual(area!.y + area!.height)
      const cut = await page
        .locator('.staging, .staging-row, .staging-detail, .prompt-row, .verb-options, .run-note')
        .evaluateAll((all) =>
          all
            .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
            .map((one) => one.className),
        )
      expect(cut).toEqual([])
    })
  })

  describe('layers', () => {
    beforeEach(() => open())

    test('that the model made offer their other results, and to be made again', async () => {
      await page.getByRole('treeitem', { name: /^Sky/ }).click()
      const properties = page.getByRole('region', { name: 'Properties' })
      expect(await properties.innerText()).toContain('3 results')
      const sky = await page.evaluate(() => window.studio.state.document?.active)
      await button('Open again').click()
      expect(await lastCall('reopenStaged')).toEqual([sky])
      await button('Replay exactly').click()
      expect(await lastCall('replay')).toEqual(['picture-72'])
    })

    test('that nobody has results of offer none', async () => {
      await page.getByRole('treeitem', { name: /^Houses/ }).click()
      expect(await button('Use these settings').count()).toBe(1)
      expect(await button('Open again').count()).toBe(0)
    })

    test('with a mask have a prompt of their own, one step of the history from first letter to leaving it', async () => {
      await page.getByRole('treeitem', { name: /^Lake/ }).click()
      const field = page.getByRole('textbox', { name: 'Region prompt' })
      await field.fill('a frozen lake')
      expect(await lastCall('setRegionPrompt')).toEqual([expect.any(String), 'a frozen lake', 'change'])
      await field.blur()
      expect(await lastCall('setRegionPrompt')).toEqual([expect.any(String), 'a frozen lake', 'commit'])
      await field.focus()
      await field.blur()
      expect(await calls('setRegionPrompt')).toHaveLength(2)
      await field.fill('x')
      await field.press('Escape')
      expect((await lastCall('setRegionPrompt'))?.[2]).toBe('cancel')
    })

    test('are named on the canvas where regions are drawn, in the colour that their properties have', async () => {
      expect(await page.locator('.region-label').count()).toBe(0)
      await generation({ verb: 'regions' })
      const label = page.locator('.region-label')
      expect(await label.innerText()).toBe('Lake\na still lake with reflections')
      await page.getByRole('treeitem', { name: /^Lake/ }).click()
      const colours = await page
        .locator('.region-dot')
        .evaluateAll((all) => all.map((dot) => getComputedStyle(dot).backgroundColor))
      expect(colours).toHaveLength(2)
      expect(new Set(colours).size).toBe(1)
      await generation({ running })
      expect(await label.count()).toBe(0)
    })
  })
})
