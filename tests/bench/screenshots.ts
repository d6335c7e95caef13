/**
 * The pictures of the README, taken of the built studio as a person sees it: `npm run screenshots`. Each is a palette PNG of less
 * than 250 KB in resources/screenshots. The document is painted by landscape.ts, and what the model draws it really drew.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { until } from '../kit/studio-driver.ts'
import { openStudio, type StudioPage } from '../kit/studio-page.ts'
import { landscapeSize, writeLandscape } from './landscape.ts'

const folder = fileURLToPath(new URL('../../resources/screenshots/', import.meta.url))
const mostBytes = 250_000
/** Of the palette; the first that makes the file small enough is taken. */
const colourCounts = [256, 192, 128, 64]

/** What fills the gallery. */
const prompts = [
  'a red apple, green background',
  'a yellow sun, blue background',
  'a green tree, flat',
  'an orange fish, blue background',
  'a purple flower, yellow background',
  'a white house, green background',
  'a red heart, pink background',
  'a blue car, grey background',
  'a brown dog, white background',
  'a pink cake, light blue background',
  'a golden star, black background',
  'a green frog, yellow background',
]

const home = mkdtempSync(join(tmpdir(), 'paella-screenshots-'))
try {
  await mkdir(folder, { recursive: true })
  const document = join(home, 'evening-lake.ora')
  process.stderr.write('painting the document ...\n')
  await writeLandscape(document)
  const studio = await openStudio(home, { width: 1440, height: 900, colours: 'dark' })
  try {
    await takeAll(studio, document)
  } finally {
    await studio.close()
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function takeAll(studio: StudioPage, document: string): Promise<void> {
  const { page, driver } = studio
  await driver.ready()
  await take(studio, 'start')

  await driver.openFile(document)
  await choose(studio, 'Clouds')
  await driver.prompt('a moon, black background', { seed: 3, steps: 12 })
  await driver.key('Alt+1')
  await driver.generate()
  await driver.accept()
  await driver.key('Alt+0')
  // Black adds nothing to the sky.
  await page.getByRole('combobox', { name: 'Blend mode' }).click()
  await page.getByRole('option', { name: 'Screen', exact: true }).click()
  await driver.settled()
  const place = await driver.fit(landscapeSize.width, landscapeSize.height)
  // Around the setting sun and its light.
  await driver.key('Shift+m')
  await driver.drag(place, [
    { x: 880, y: 300 },
    { x: 1280, y: 640 },
  ])
  await choose(studio, 'Mist')
  await rest(studio)
  await take(studio, 'editing-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await take(studio, 'editing-light')
  await page.emulateMedia({ colorScheme: 'dark' })

  await driver.menu('File', 'Export')
  await page.getByRole('dialog').waitFor()
  await take(studio, 'export')
  await page.keyboard.press('Escape')

  await driver.menu('Help', 'Keyboard shortcuts')
  await page.getByRole('dialog').waitFor()
  await take(studio, 'shortcuts')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await takeResults(studio)
  if (studio.complaints.length > 0) throw new Error(studio.complaints.join('\n'))
}

/** Results that wait to be taken, and the views of the gallery and of batches. */
async function takeResults(studio: StudioPage): Promise<void> {
  const { page, driver } = studio
  await driver.newCanvas(512, 512, 'White', 'Don’t save')
  for (const [index, prompt] of prompts.entries()) {
    await driver.prompt(prompt, { seed: 40 + index, steps: 12 })
    await driver.dock().getByRole('button', { name: 'Add to queue' }).click()
    await driver.told(/queue/i)
  }
  await until(async () => !/Queue/.test(await driver.status()), 300_000)
  await driver.prompt('a red apple, yellow background', { seed: 7, steps: 12 })
  await driver.count(4)
  await driver.generate('Generate', 4)
  await driver.fit(512, 512)
  await driver.results().getByRole('button', { name: 'Steps', exact: true }).click()
  await rest(studio)
  await take(studio, 'results')
  await driver.results().getByRole('button', { name: 'Steps', exact: true }).click()
  await driver.accept()

  await driver.key('Shift+G')
  await page.getByRole('listbox', { name: 'Gallery' }).getByRole('option').nth(5).click()
  await rest(studio)
  await take(studio, 'gallery')
  await page.keyboard.press('Escape')

  await driver.key('Shift+B')
  await page
    .getByLabel('One prompt a line')
    .fill('a {red|green|yellow} apple, studio light\na {fish|bird|cat}, flat\na house, {day|night}')
  await page.getByLabel('How many each').fill('4')
  await page.getByLabel('Folder', { exact: true }).fill('/pictures/apples')
  await page.getByLabel('File names').fill('{prompt:4}/{index:3}-{seed}')
  await page.getByText('12 pictures').waitFor()
  await rest(studio)
  await take(studio, 'batch')
}

async function choose({ page, driver }: StudioPage, layer: string): Promise<void> {
  await page.getByRole('tree', { name: 'Layers' }).getByRole('treeitem', { name: layer }).first().click()
  await driver.settled()
}

/** The pointer and the focus where they show nothing of themselves. */
async function rest({ page }: StudioPage): Promise<void> {
  await page.mouse.move(720, 4)
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
}

async function take(studio: StudioPage, name: string): Promise<void> {
  // Transitions, tiles and thumbnails are there after that.
  await studio.page.waitForTimeout(1_500)
  const taken = await studio.page.screenshot()
  for (const colours of colourCounts) {
    const bytes = await sharp(taken)
      .png({ palette: true, colours, effort: 10, compressionLevel: 9, dither: 1 })
      .toBuffer()
    if (bytes.length >= mostBytes) continue
    await writeFile(join(folder, `${name}.png`), bytes)
    process.stderr.write(`${name}.png: ${Math.round(bytes.length / 1000)} KB, ${colours} colours\n`)
    return
  }
  throw new Error(`${name}.png cannot be made smaller than ${mostBytes} bytes`)
}
