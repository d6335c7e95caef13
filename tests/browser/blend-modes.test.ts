/**
 * Every blend mode as the specification has it, wherever it is seen: on the screen, in a picture exported by the window, and in
 * one exported by the command line.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BlendMode, blendModes } from '../../src/document/records.ts'
import { blendPatches, blendSize, type Patch, writeBlendDocument, writeWantedDocument } from '../kit/blend-document.ts'
import { type Decoded, decode, pixelAt } from '../kit/studio-driver.ts'
import { noBrowser, openStudio, type StudioPage } from '../kit/studio-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'paella-blend-'))
const patches = blendPatches()
const [patchesPath, wantedPath] = [join(folder, 'patches.ora'), join(folder, 'wanted.ora')]
const out = process.env['PAELLA_OUT'] ?? fileURLToPath(new URL('../../out', import.meta.url))
const paella = join(out, 'main', 'paella.js')

beforeAll(async () => {
  await writeBlendDocument(patchesPath, patches)
  await writeWantedDocument(wantedPath, patches)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The largest distance from what has to be, of a mode; and which patch has it. */
function worst(mode: BlendMode, distance: (patch: Patch) => number): { readonly by: number; readonly at: string } {
  let found = { by: 0, at: '' }
  for (const patch of patches.filter((patch) => patch.mode === mode)) {
    const by = distance(patch)
    if (by > found.by) found = { by, at: `${patch.backdrop} under ${patch.source} at ${patch.opacity}` }
  }
  return found
}

/** Of a picture with alpha. What has no alpha has no colour. */
const inPicture = (picture: Decoded) => (patch: Patch) => {
  const px = pixelAt(picture, patch.x, patch.y)
  const channels = patch.want[3]! < 0.5 ? [3] : [0, 1, 2, 3]
  return Math.max(...channels.map((c) => Math.abs(px[c]! - patch.want[c]!)))
}

test('the patches are all 16 modes, each with at least 500 pairs of colours, opaque and not', () => {
  for (const mode of blendModes) {
    const own = patches.filter((patch) => patch.mode === mode)
    expect(own.length).toBeGreaterThanOrEqual(500)
    expect(own.filter(({ want }) => want[3] === 255).length).toBeGreaterThan(100)
    expect(own.filter(({ want }) => want[3]! < 200).length).toBeGreaterThan(100)
  }
})

describe('by the command line', () => {
  let picture: Decoded

  beforeAll(async () => {
    const out = join(folder, 'cli.png')
    const { stderr } = await promisify(execFile)(process.execPath, [paella, 'export', patchesPath, '--out', out])
    expect(stderr).toBe('')
    picture = await decode(await readFile(out))
  })

  test.each(blendModes)('%s is within 1/255 of the formula', (mode) => {
    expect(worst(mode, inPicture(picture)).by).toBeLessThanOrEqual(1)
  })
})

describe.skipIf(noBrowser !== undefined)(
  `in the window${noBrowser === undefined ? '' : ` (skipped: ${noBrowser})`}`,
  () => {
    let studio: StudioPage
    let screen: Decoded
    /** What a picture of the wanted px looks like: where light comes through, the browser itself rounds. */
    let wanted: Decoded
    let exported: Decoded

    beforeAll(async () => {
      studio = await openStudio(folder)
      await studio.driver.ready()
      await studio.driver.openFile(wantedPath)
      wanted = await seen()
      await studio.driver.openFile(patchesPath)
      screen = await seen()
      exported = await studio.driver.exported()
    })
    afterAll(() => studio?.close())

    /** The picture as it is on screen at 100 %, cut out of all that is on it. */
    async function seen(): Promise<Decoded> {
      const { page, driver } = studio
      // A tool without a circle around the pointer.
      await driver.key('h')
      await driver.key('Control+1')
      const box = await driver.canvas().boundingBox()
      if (box === null) throw new Error('the canvas is not there')
      const pointer = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }
      await page.mouse.move(pointer.x, pointer.y)
      // The status line says which px of the canvas is under the pointer.
      const place = page.getByRole('contentinfo').getByText(/^-?\d+, -?\d+$/)
      const [x = Number.NaN, y = Number.NaN] = (await place.innerText()).split(', ').map(Number)
      await page.mouse.move(box.x + box.width / 2, 4)
      await driver.settled()
      // Tiles come one after the other.
      await page.waitForTimeout(1_000)
      const { width, height } = blendSize
      const clip = { x: pointer.x - x, y: pointer.y - y, width, height }
      expect(clip.x).toBeGreaterThan(box.x)
      expect(clip.y).toBeGreaterThan(box.y)
      return await decode(await page.screenshot({ clip }))
    }

    test.each(blendModes)('%s is within 1/255 of the formula on screen', (mode) => {
      const onScreen = (patch: Patch): number => {
        const px = pixelAt(screen, patch.x, patch.y)
        const want = patch.want[3] === 255 ? patch.want : pixelAt(wanted, patch.x, patch.y)
        return Math.max(...[0, 1, 2].map((c) => Math.abs(px[c]! - want[c]!)))
      }
      const found = worst(mode, onScreen)
      expect(found.by, found.at).toBeLessThanOrEqual(1)
    })

    test.each(blendModes)('%s is within 1/255 of the formula in an exported picture', (mode) => {
      const found = worst(mode, inPicture(exported))
      expect(found.by, found.at).toBeLessThanOrEqual(1)
    })

    test('complains of nothing', () => {
      expect(studio.complaints).toEqual([])
    })
  },
)
