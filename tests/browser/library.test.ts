/** Gallery and batch on the built program with its real engine and files: what is made is kept, found, taken up again and replayed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { extractRecipe } from '../../src/raster/png-recipe.ts'
import { noBrowser, openStudio, type StudioPage } from '../kit/studio-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'paella-library-'))
let studio: StudioPage
let page: Page

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tiles = () => page.getByRole('listbox', { name: 'Gallery' }).getByRole('option')
const details = () => page.getByRole('complementary', { name: 'Details' })

/** Files below a folder, by their path in it. */
async function files(where: string): Promise<string[]> {
  const entries = await readdir(where, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

async function drop(selector: string, path: string): Promise<void> {
  const bytes = [...(await readFile(path))]
  await page.evaluate(
    ([selector, bytes]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([new Uint8Array(bytes)], 'dropped.png'))
      document
        .querySelector(selector)
        ?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
    },
    [selector, bytes] as const,
  )
}

describe.skipIf(noBrowser)(`gallery and batch${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  beforeAll(async () => {
    studio = await openStudio(folder)
    ;({ page } = studio)
    await studio.driver.ready()
  })
  afterAll(() => studio?.close())
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => void (await page.screenshot({ path: join(tmpdir(), 'paella-library-failed.png') })))
  })

  test('a queued run goes into the gallery by itself, with its whole recipe', async () => {
    const { driver } = studio
    await driver.newCanvas(256, 256)
    await driver.prompt('a red apple, yellow background', { seed: 7, steps: 4 })
    // The settings are on their way out: what is pressed meanwhile is meant for the window.
    await page.keyboard.press('Control+Shift+Enter')
    await driver.told(/queue/i)
    await driver.key('Shift+G')
    await tiles().first().waitFor({ timeout: 60_000 })
    await tiles().first().click()
    await details().getByText('a red apple, yellow background').first().waitFor()
    const facts = details().locator('dd')
    await expect.poll(() => facts.allInnerTexts(), { timeout: 10_000 }).toEqual(expect.arrayContaining(['7', '4']))
    const [path] = (await files(folder)).filter((file) => file.endsWith('.png'))
    expect(extractRecipe(await readFile(path ?? ''))?.request).toMatchObject({ seed: 7, sampling: { steps: 4 } })
  })

  test('thrown away it can be brought back', async () => {
    await tiles().first().focus()
    await page.getByRole('listbox', { name: 'Gallery' }).press('Delete')
    await page.getByText('Nothing here yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await tiles().first().waitFor()
  })

  test('Esc leaves the gallery wherever the focus is, and no key of the canvas works before', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await page.keyboard.press('e')
    await page.keyboard.press('Escape')
    await page.locator('.view').waitFor({ state: 'detached' })
    expect(await page.locator('.tool[aria-pressed="true"]').getAttribute('aria-label')).not.toBe('Eraser')
    await page.keyboard.press('e')
    await expect.poll(() => page.locator('.tool[aria-pressed="true"]').getAttribute('aria-label')).toBe('Eraser')
    await studio.driver.key('Shift+G')
    await tiles().first().waitFor()
  })

  test('its settings come back from the gallery, and from its file on the prompt', async () => {
    const { driver } = studio
    await tiles().first().click()
    await page.keyboard.press('Escape')
    await driver.prompt('something else', { seed: 99, steps: 9 })
    await driver.key('Shift+G')
    await tiles().first().click()
    await page.getByRole('button', { name: 'All settings' }).click()
    if ((await page.locator('.view').count()) > 0) await page.keyboard.press('Escape')
    const prompt = page.locator('[data-prompt]')
    await expect.poll(() => prompt.inputValue()).toBe('a red apple, yellow background')
    await driver.prompt('something else', { seed: 99, steps: 9 })
    const [path] = (await files(folder)).filter((file) => file.endsWith('.png'))
    await drop('[data-prompt]', path ?? '')
    await expect.poll(() => prompt.inputValue()).toBe('a red apple, yellow background')
    await expect.poll(() => page.getByRole('spinbutton', { name: 'Seed' }).inputValue()).toBe('7')
  })

  test('its file on the canvas is offered, and becomes a layer', async () => {
    const [path] = (await files(folder)).filter((file) => file.endsWith('.png'))
    const before = (await studio.driver.layers()).length
    await drop('[data-canvas]', path ?? '')
    await page.getByRole('alertdialog').getByRole('button', { name: 'As layer' }).click()
    await expect.poll(async () => (await studio.driver.layers()).length).toBe(before + 1)
  })

  test('a batch is planned as it is typed, made whole, and not made again', async () => {
    const out = join(folder, 'batch')
    await studio.driver.key('Shift+B')
    await page.getByLabel('One prompt a line').fill('a red apple\n# not this\na {green|blue} ball')
    await page.getByLabel('How many each').fill('2')
    await page.getByLabel('Steps', { exact: true }).fill('2')
    await page.getByLabel('Folder', { exact: true }).fill(out)
    await page.getByLabel('File names').fill('{prompt}-{seed}')
    await page.getByText('4 pictures').waitFor()
    const names = await page.getByRole('list', { name: 'The first files' }).locator('.batch-name').allInnerTexts()
    expect(names).toHaveLength(4)
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByText('4 of 4').waitFor({ timeout: 120_000 })
    await page.getByRole('button', { name: 'New batch' }).waitFor()
    const made = (await files(out)).filter((file) => file.endsWith('.png'))
    expect(made.map((file) => file.slice(out.length + 1)).toSorted()).toEqual(names.toSorted())
    expect((await stat(join(out, 'manifest.json'))).size).toBeGreaterThan(100)
    await page.getByRole('button', { name: 'New batch' }).click()
    await page.getByText('4 are there already').waitFor()
    expect(studio.complaints).toEqual([])
  })
})
