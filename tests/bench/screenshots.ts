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
import { openStudio, type StudioPage } from '../kit/studio-page.ts'
import { landscapeSize, writeLandscape } from './landscape.ts'

const folder = fileURLToPath(new URL('../../resources/screenshots/', import.meta.url))
const mostBytes = 250_000
/** Of the palette; the first that makes the file small enough is taken. */
const colourCounts = [256, 192, 128, 64]

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
  await driver.generate()
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
  if (studio.complaints.length > 0) throw new Error(studio.complaints.join('\n'))
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
