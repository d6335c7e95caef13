/** Every use of the model in a real browser with the real engine: each is chosen, run, staged, and taken or left. */
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { differences, type RunVerb, type StudioDriver, until } from '../kit/studio-driver.ts'
import { noBrowser, openStudio, type StudioPage } from '../kit/studio-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'paella-uses-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const side = 256
const whole = { x: 0, y: 0, width: side, height: side }

// Some take four runs; on a busy machine each can take half a minute.
describe.skipIf(noBrowser !== undefined)('every use of the model', { timeout: 300_000 }, () => {
  let studio: StudioPage
  let driver: StudioDriver

  beforeAll(async () => {
    studio = await openStudio(folder)
    driver = studio.driver
    await driver.ready()
    await driver.newCanvas(side, side)
  })
  afterAll(() => studio?.close())
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      await studio.page.screenshot({ path: join(tmpdir(), 'paella-uses-failed.png') })
    })
  })

  const tool = (name: string) => driver.results().getByRole('toolbar').getByRole('button', { name, exact: true })
  const press = (name: string | RegExp) => driver.results().getByRole('button', { name }).click()
  const text = () => driver.results().innerText()

  async function run(keys: string, verb: RunVerb, pictures = 1): Promise<void> {
    await driver.key(keys)
    await driver.run(verb).waitFor()
    await driver.run(verb).click()
    await driver.finished(pictures)
  }

  async function select(x: number, y: number, width: number, height: number): Promise<void> {
    const place = await driver.fit(side, side)
    await driver.key('m')
    await driver.drag(place, [
      { x, y },
      { x: x + width, y: y + height },
    ])
  }

  test('a picture is generated, staged, and becomes a layer that remembers it', async () => {
    await driver.prompt('a red apple, yellow background', { seed: 7, steps: 4 })
    await driver.generate('Generate')
    expect(await driver.layers()).toHaveLength(1)
    await driver.accept()
    expect((await driver.layers())[0]).toContain('a red apple')
    expect((await driver.steps()).at(-1)).toBe('Generate')
  })

  test('it is made again from its tokens, px by px', async () => {
    await studio.page.getByRole('button', { name: 'Replay exactly' }).click()
    expect(await driver.told(/Made again/)).toMatch(/is the same/)
  })

  test('its steps are gone back through, and gone on from with other words', async () => {
    await studio.page.getByRole('button', { name: 'Open again' }).click()
    await driver.results().waitFor()
    await until(async () => tool('Steps').isEnabled())
    await tool('Steps').click()
    await driver.key(',')
    await driver.key(',')
    await driver.prompt('a green leaf')
    await press('Continue from here')
    await driver.finished(2)
    await driver.accept()
    expect((await driver.steps()).at(-1)).toBe('Choose result')
    expect(await driver.layers()).toHaveLength(2)
  })

  test('a fill of what was drawn changes no token beside it, and no px', async () => {
    const before = await driver.exported()
    await select(96, 96, 40, 24)
    await driver.prompt('a blue house')
    await run('Alt+0', 'Fill selection')
    expect(await text()).toMatch(/[\d,]+ of 4,096 tokens unchanged/)
    await driver.accept()
    const after = await driver.exported()
    const { inside, outside } = differences(after, before, { x: 96, y: 96, width: 40, height: 24 })
    expect(outside).toBe(0)
    expect(inside).toBeGreaterThan(100)
    // On and on from the same tokens.
    await select(20, 180, 30, 30)
    await run('Alt+0', 'Fill selection')
    const unchanged = Number(/([\d,]+) of 4,096/.exec(await text())?.[1]?.replaceAll(',', ''))
    expect(unchanged).toBeGreaterThanOrEqual(4096 - 81)
    await driver.accept()
    const later = await driver.exported()
    expect(differences(later, after, { x: 20, y: 180, width: 30, height: 30 }).outside).toBe(0)
  })

  test('what is selected is re-rolled, and left', async () => {
    const before = await driver.exported()
    await select(64, 64, 64, 64)
    await run('Alt+9', 'Re-roll')
    await driver.discard()
    expect(differences(await driver.exported(), before, whole)).toEqual({ inside: 0, outside: 0 })
    await driver.key('Control+d')
  })

  test('the doubtful cells are drawn anew, and two results are mixed', async () => {
    await driver.prompt('a small harbour')
    await studio.page.getByLabel('Pictures', { exact: true }).first().fill('2')
    await run('Alt+2', 'Restyle', 2)
    await tool('Confidence').click()
    // The threshold is a slider: as high as it goes.
    await driver.results().getByRole('slider', { name: 'Doubtful below' }).press('End')
    await press(/^Redraw [\d,]+ doubtful/)
    await driver.finished(3)
    await tool('Mix').click()
    const place = await driver.fit(side, side)
    await driver.drag(place, [
      { x: 60, y: 60 },
      { x: 160, y: 90 },
    ])
    await press('Mix now')
    await driver.finished(4)
    await driver.accept()
    expect((await driver.steps()).at(-1)).toBe('Restyle')
    await studio.page.getByLabel('Pictures', { exact: true }).first().fill('1')
  })

  test('what the frame holds is varied', async () => {
    await run('Alt+5', 'Vary')
    await driver.discard()
  })

  test('two prompts make a gradient, and a strip that is exported as one file', async () => {
    await driver.key('Alt+8')
    await studio.page.getByRole('textbox', { name: 'Prompt at the end' }).fill('a snowy mountain')
    await run('Alt+8', 'Gradient')
    await driver.discard()
    await driver.key('Alt+6')
    await studio.page.getByLabel('Pictures in the strip').fill('3')
    await run('Alt+6', 'Interpolate', 3)
    await driver.results().getByRole('button', { name: 'Export strip' }).click()
    await driver.hands.save('strip.gif', () => studio.page.getByRole('menuitem', { name: 'Animated GIF' }).click())
    await driver.told(/Exported .*strip\.gif/)
    const { pages, width } = await sharp(await readFile(join(driver.hands.folder, 'strip.gif')), {
      animated: true,
    }).metadata()
    expect([pages, width]).toEqual([3, side])
    await driver.discard()
  })

  test('mask layers say what is to be seen in them', async () => {
    await select(0, 0, 128, 256)
    await driver.menu('Select', 'Mask layer from selection')
    await driver.settled()
    await driver.key('Control+d')
    await studio.page.getByRole('textbox', { name: 'Region prompt' }).first().fill('a dark forest')
    await studio.page.keyboard.press('Tab')
    await run('Alt+7', 'Draw regions')
    await driver.discard()
  })

  test('the picture is extended by what of the frame lies beyond', async () => {
    const before = await driver.exported()
    const place = await driver.fit(side, side)
    await driver.key('c')
    await driver.drag(place, [
      { x: 128, y: 40 },
      { x: 192, y: 40 },
    ])
    await run('Alt+0', 'Extend')
    await driver.accept()
    const after = await driver.exported()
    expect(after.width).toBeGreaterThan(side)
    const old = await sharp(Buffer.from(after.data), { raw: { width: after.width, height: after.height, channels: 4 } })
      .extract({ left: 0, top: 0, width: side, height: side })
      .raw()
      .toBuffer()
    expect(old.equals(Buffer.from(before.data))).toBe(true)
  })

  test('and nothing was complained of', () => {
    expect(studio.complaints).toEqual([])
  })
})
