/**
 * What becomes of results: staged, taken or left, opened again out of a saved file, made again by another program, and queued in
 * a queue that outlives its own. On the built program with its real engine and files.
 */
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run } from './cli.ts'
import type { StudioUnderTest } from './journeys.ts'
import { differences, type StudioDriver, until } from './studio-driver.ts'
import { temporaryFolder } from './temp-folder.ts'

const canvas = { x: 0, y: 0, width: 256, height: 256 }

/** @param skip why these cannot run here; undefined where they can */
export function generatingJourneys(
  where: string,
  skip: string | undefined,
  open: (folder: string) => Promise<StudioUnderTest>,
  folder: string,
): void {
  describe.skipIf(skip !== undefined)(`${where}${skip === undefined ? '' : ` (skipped: ${skip})`}`, () => {
    let studio: StudioUnderTest

    beforeAll(async () => {
      studio = await open(folder)
      await studio.driver.ready()
    })
    afterAll(() => studio?.close())
    beforeEach(({ onTestFailed }) => {
      onTestFailed(async () => {
        await studio.driver.page.screenshot({ path: join(tmpdir(), 'paella-generating-failed.png') })
      })
    })

    test('results are staged with the original first; Esc leaves no trace but in the gallery', async () => {
      const { driver } = studio
      await driver.newCanvas(256, 256)
      const white = await driver.exported()
      await driver.prompt('a red apple, yellow background', { seed: 7, steps: 4 })
      await driver.count(2)
      await driver.generate('Generate', 2)
      const results = driver.results().getByRole('option')
      expect(await results.allInnerTexts()).toHaveLength(3)
      // The newest shows.
      await shows(driver, /^Result 2, seed 8/)
      await driver.key('ArrowLeft')
      await shows(driver, /^Result 1, seed 7/)
      await driver.key('ArrowLeft')
      await shows(driver, /^Original$/)
      await driver.discard()
      expect(await driver.layers()).toHaveLength(1)
      const after = await driver.exported()
      expect(differences(after, white, canvas)).toEqual({ inside: 0, outside: 0 })
      expect(await galleryNames(driver)).toHaveLength(2)
    })

    test('an accepted result remembers the others, which can take its place later', async () => {
      const { driver } = studio
      await driver.generate('Generate', 2)
      await driver.key('Enter')
      await driver.results().waitFor({ state: 'detached' })
      await driver.settled()
      expect(await driver.layers()).toHaveLength(2)
      const second = await driver.exported()
      await driver.page.getByRole('button', { name: 'Open again' }).click()
      await driver.finished(2)
      await shows(driver, /^Result 2/)
      await driver.key('ArrowLeft')
      await driver.accept()
      expect(await driver.layers()).toHaveLength(2)
      const first = await driver.exported()
      expect(differences(first, second, canvas).inside).toBeGreaterThan(10_000)
      await driver.key('Control+z')
      const undone = await driver.exported()
      expect(differences(undone, second, canvas)).toEqual({ inside: 0, outside: 0 })
      await driver.saveAs('candidates.ora')
      await driver.openFile(join(driver.hands.folder, 'candidates.ora'))
      await driver.page.getByRole('treeitem').first().click()
      await driver.page.getByRole('button', { name: 'Open again' }).click()
      await driver.finished(2)
      await driver.discard()
    })

    test('its export carries everything: the command line makes it again, token by token, and replays it px by px', async () => {
      const { driver } = studio
      await driver.exported()
      const exported = driver.lastExport
      const out = await temporaryFolder()
      const lines = async (...words: string[]) => {
        const { code, stdout } = await run(out, ['generate', '--from', exported, '--json', ...words])
        expect(code).toBe(0)
        return stdout
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line))
      }
      expect(await lines()).toContainEqual(expect.objectContaining({ type: 'repeated', same: true, differing: 0 }))
      expect(await lines('--replay')).toContainEqual(
        expect.objectContaining({ type: 'replayed', same: true, differing: 0 }),
      )
    })

    test('a queue outlives the program, nothing lost and nothing doubled', async () => {
      const { driver } = studio
      await fresh(driver)
      const before = (await galleryNames(driver)).length
      await driver.key('Shift+P')
      await driver.prompt('a queued boat', { seed: 50, steps: 3 })
      for (let i = 0; i < 3; i++) {
        await driver.dock().getByRole('button', { name: 'Add to queue' }).click()
        await driver.told(/queue/i)
      }
      await until(async () => /Queue\s*3/.test(await driver.status()))
      studio = await studio.killAndReopen()
      const again = studio.driver
      await again.page.getByRole('dialog').getByRole('button', { name: 'Later' }).click()
      await again.ready()
      await until(async () => /Queue\s*3/.test(await again.status()))
      await again.key('Shift+P')
      await until(async () => (await filesOf(folder)) === before + 3, 120_000)
      expect(await galleryNames(again)).toHaveLength(before + 3)
    })

    test('complains of nothing', () => {
      expect(studio.complaints).toEqual([])
    })
  })

  async function galleryNames(driver: StudioDriver): Promise<string[]> {
    await driver.page.keyboard.press('Shift+G')
    await cells(driver).first().waitFor({ timeout: 10_000 })
    const names = await cells(driver).evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label') ?? ''))
    await driver.page.keyboard.press('Shift+G')
    return names
  }
}

/** The pictures of the gallery that is open. */
const cells = (driver: StudioDriver) => driver.page.getByRole('region', { name: 'Gallery' }).getByRole('option')

/** Waits until the result of that name is shown. */
async function shows(driver: StudioDriver, name: RegExp): Promise<void> {
  const option = driver.results().getByRole('option', { selected: true })
  await expect.poll(() => option.getAttribute('aria-label'), { timeout: 5_000 }).toMatch(name)
}

/** A new white canvas, whatever is unsaved in the old one. */
async function fresh(driver: StudioDriver): Promise<void> {
  await driver.newCanvas(256, 256, 'White', 'Don’t save')
}

/** How many files the gallery has. */
async function filesOf(folder: string): Promise<number> {
  const names = await readdir(join(folder, 'data', 'pictures'), { recursive: true }).catch(() => [])
  return names.filter((name) => name.endsWith('.png')).length
}
