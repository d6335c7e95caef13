/**
 * What a person does with the studio, from the first picture to the recovered one: the same journeys in a browser and under the
 * stand-in for Electron, on the built program with its real engine and files.
 */
import { copyFile, mkdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { noise } from './pictures.ts'
import { type Decoded, differences, pixelAt, type StudioDriver, until } from './studio-driver.ts'

/** A program under test, and ways to end and start it. */
export interface StudioUnderTest {
  readonly driver: StudioDriver
  /** Errors of the page's console, what it threw, and what its policy blocked. */
  readonly complaints: readonly string[]
  /** Process ids of the engine. */
  engines(): readonly number[]
  /** Kills the whole program as a power cut would, and starts it again on the same folders. */
  killAndReopen(): Promise<StudioUnderTest>
  close(): Promise<void>
}

const photoSize = { width: 600, height: 400 }

/** A photo with an orientation in its EXIF: stored lying, shown upright as 600 x 400. */
async function makePhoto(path: string): Promise<Decoded> {
  const { width, height } = photoSize
  const data = new Uint8Array(width * height * 3)
  const grain = noise(photoSize, 1).data
  for (let i = 0; i < width * height; i++) {
    data[i * 3] = Math.round((255 * (i % width)) / width)
    data[i * 3 + 1] = Math.round((255 * Math.floor(i / width)) / height)
    data[i * 3 + 2] = (grain[i] ?? 0) >> 2
  }
  // Turned left and marked 6: readers turn it right again.
  await sharp(data, { raw: { width, height, channels: 3 } })
    .rotate(270)
    .withExif({ IFD0: { Orientation: '6' } })
    .withMetadata({ orientation: 6 })
    .png()
    .toFile(path)
  const rgba = await sharp(data, { raw: { width, height, channels: 3 } })
    .ensureAlpha()
    .raw()
    .toBuffer()
  return { width, height, data: new Uint8Array(rgba) }
}

/** @param skip why these cannot run here; undefined where they can */
export function journeys(
  where: string,
  skip: string | undefined,
  open: (folder: string) => Promise<StudioUnderTest>,
  folder: string,
): void {
  describe.skipIf(skip !== undefined)(`${where}${skip === undefined ? '' : ` (skipped: ${skip})`}`, () => {
    let studio: StudioUnderTest
    let photo: Decoded
    const photoPath = join(folder, 'photo.png')

    beforeAll(async () => {
      await mkdir(folder, { recursive: true })
      photo = await makePhoto(photoPath)
      studio = await open(folder)
      await studio.driver.ready()
    })
    afterAll(() => studio?.close())
    beforeEach(({ onTestFailed }) => {
      // What stood on the screen tells more than a time-out.
      onTestFailed(async () => {
        await studio.driver.page.screenshot({ path: join(tmpdir(), 'paella-journey-failed.png') })
      })
    })

    test('a photo opens upright, as one layer, and exports to the same px', async () => {
      const { driver } = studio
      await driver.openFile(photoPath)
      expect(await driver.layers()).toEqual([expect.stringContaining('photo')])
      const exported = await driver.exported()
      expect([exported.width, exported.height]).toEqual([600, 400])
      expect(differences(exported, photo, { x: 0, y: 0, width: 600, height: 400 })).toEqual({ inside: 0, outside: 0 })
    })

    test('select, mask, paint: undone to the start it is the photo, redone it is what it was', async () => {
      const { driver } = studio
      const place = await driver.fit(600, 400)
      await driver.key('m')
      await driver.drag(place, [
        { x: 100, y: 100 },
        { x: 300, y: 300 },
      ])
      await driver.key('b')
      await driver.drag(place, [
        { x: 50, y: 200 },
        { x: 250, y: 210 },
        { x: 550, y: 200 },
      ])
      await driver.menu('Layer', 'Add layer mask')
      await driver.settled()
      await driver.key('x')
      await driver.key('e')
      await driver.drag(place, [
        { x: 200, y: 110 },
        { x: 200, y: 290 },
      ])
      await driver.key('Control+d')
      const painted = await driver.exported()
      const { inside, outside } = differences(painted, photo, { x: 100, y: 100, width: 200, height: 200 })
      expect(inside).toBeGreaterThan(500)
      // The mask hides what was not selected.
      expect(outside).toBe(600 * 400 - 200 * 200)
      expect(pixelAt(painted, 20, 20)[3]).toBe(0)

      const steps = await driver.steps()
      expect(steps.length).toBeGreaterThanOrEqual(5)
      for (let i = 0; i < steps.length; i++) await driver.key('Control+z')
      const undone = await driver.exported()
      expect(differences(undone, photo, { x: 0, y: 0, width: 600, height: 400 })).toEqual({ inside: 0, outside: 0 })
      for (let i = 0; i < steps.length; i++) await driver.key('Control+Shift+z')
      const redone = await driver.exported()
      expect(Buffer.from(redone.data).equals(painted.data)).toBe(true)
    })

    test('what is saved opens again as it was', async () => {
      const { driver } = studio
      const before = await driver.exported()
      await driver.saveAs('painted.ora')
      expect((await stat(join(driver.hands.folder, 'painted.ora'))).size).toBeGreaterThan(10_000)
      expect(await driver.page.title()).toMatch(/^painted\.ora – /)
      await copyFile(join(driver.hands.folder, 'painted.ora'), join(folder, 'copy.ora'))
      await driver.openFile(join(folder, 'copy.ora'))
      const after = await driver.exported()
      expect(Buffer.from(after.data).equals(before.data)).toBe(true)
    })

    test('a prompt makes a picture on a new layer, the same for the same seed', async () => {
      const { driver } = studio
      await driver.newCanvas(256, 256)
      const white = await driver.exported()
      await driver.prompt('a red apple, yellow background', { seed: 7 })
      await driver.generate()
      await driver.accept()
      expect(await driver.layers()).toEqual([
        expect.stringContaining('a red apple, yellow background'),
        expect.stringContaining('Background'),
      ])
      const first = await driver.exported()
      expect(differences(first, white, { x: 0, y: 0, width: 256, height: 256 }).inside).toBeGreaterThan(60_000)
      expect(await driver.seed()).toBe('7')
      await driver.key('Control+z')
      await driver.settled()
      expect((await driver.layers()).length).toBe(1)
      await driver.generate()
      await driver.accept()
      expect(await driver.seed()).toBe('7')
      const second = await driver.exported()
      expect(Buffer.from(second.data).equals(first.data)).toBe(true)
    })

    test('a filled selection leaves every px outside of it as it was', async () => {
      const { driver } = studio
      await driver.openFile(photoPath)
      await answerUnsaved(driver, 'Don’t save')
      await driver.settled()
      const place = await driver.fit(600, 400)
      await driver.key('m')
      await driver.drag(place, [
        { x: 200, y: 120 },
        { x: 330, y: 260 },
      ])
      await driver.prompt('a green leaf', { seed: 3, steps: 4 })
      await driver.generate('Fill selection')
      await driver.accept()
      const filled = await driver.exported()
      const rect = { x: 200, y: 120, width: 130, height: 140 }
      const { inside, outside } = differences(filled, photo, rect)
      expect(outside).toBe(0)
      expect(inside).toBeGreaterThan(10_000)
    })

    test('a dead engine is a message: the document stays, and the next run has a new engine', async () => {
      const { driver } = studio
      const before = await driver.exported()
      await driver.key('Control+d')
      await driver.prompt('a blue house', { seed: 1, steps: 150 })
      // The frame holds a photo, which would be restyled.
      expect(await driver.run('Restyle').count()).toBe(1)
      await driver.key('Alt+1')
      await driver.run('Generate').click()
      await until(async () => /Step \d/.test(await driver.dock().innerText()), 30_000)
      for (const engine of studio.engines()) process.kill(engine, 'SIGKILL')
      expect(await driver.told(/Nothing is lost/)).toMatch(/engine/)
      // A new one has begun once more.
      await until(async () => /Step \d/.test(await driver.dock().innerText()), 60_000)
      await driver.dock().getByRole('button', { name: 'Cancel' }).click()
      await driver.finished(1)
      await driver.discard()
      const after = await driver.exported()
      expect(Buffer.from(after.data).equals(before.data)).toBe(true)
      await driver.prompt('a blue house', { steps: 3 })
      await driver.generate()
      await driver.accept()
      expect((await driver.layers())[0]).toContain('a blue house')
    })

    test('a run stops where it is told to', async () => {
      const { driver } = studio
      await driver.prompt('a blue house', { steps: 150 })
      await driver.run('Generate').click()
      await until(async () => /Step [2-9]/.test(await driver.dock().innerText()), 30_000)
      await driver.dock().getByRole('button', { name: 'Cancel' }).click()
      await driver.run('Generate').waitFor({ timeout: 10_000 })
      // What was there is kept, and says so.
      await driver.finished(1)
      expect(await driver.results().innerText()).toMatch(/stopped after step \d+ of 150/)
      await driver.discard()
    })

    test('killed without a warning, it offers what was done, and gives it back', async () => {
      const { driver } = studio
      const before = await driver.exported()
      const layers = await driver.layers()
      // Half a second after the last change it is on the disk.
      await driver.page.waitForTimeout(2_000)
      studio = await studio.killAndReopen()
      const again = studio.driver
      const dialog = again.page.getByRole('dialog')
      await dialog
        .getByRole('button', { name: /^Restore/ })
        .first()
        .click()
      await again.told(/recovered/)
      await again.ready()
      expect(await again.layers()).toEqual(layers)
      const after = await again.exported()
      expect(Buffer.from(after.data).equals(before.data)).toBe(true)
    })

    test('complains of nothing', () => {
      expect(studio.complaints).toEqual([])
    })
  })
}

export async function answerUnsaved(driver: StudioDriver, answer: string): Promise<void> {
  await driver.page
    .getByRole('alertdialog')
    .or(driver.page.getByRole('dialog'))
    .getByRole('button', { name: answer, exact: true })
    .click()
}
