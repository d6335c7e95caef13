/** The studio itself with the shell around it: its menus are native, files come in from outside, and it decides when it closes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { home, startProgram, theWindow, until } from '../kit/electron-program.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { app, standIn } from '../kit/electron-stand-in/index.ts'

const complaints: string[] = []

describe.skipIf(noChromium)(`the studio${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  beforeAll(async () => {
    await startProgram()
    const page = await standIn.page()
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
  })

  test('has the menus of the page, whose keys stay with the page', async () => {
    await until(() => (standIn.menu ?? null) !== null)
    const labels = (standIn.menu ?? []).map(({ label }) => label)
    expect(labels).toEqual(expect.arrayContaining(['File', 'Edit', 'Image', 'Layer', 'Select', 'View', 'Help']))
    expect(standIn.menuItem('Edit', 'Undo')).toMatchObject({ enabled: false, registerAccelerator: false })
    expect(standIn.menuItem('File', 'Save as…')).toMatchObject({ accelerator: 'CommandOrControl+Shift+S' })
  })

  test('opens a file that the system hands over, and says so in its title', async () => {
    const path = join(home, 'Red apple.png')
    await sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } })
      .png()
      .toFile(path)
    app.emit('open-file', { preventDefault: () => undefined }, path)
    await until(() => theWindow().title.startsWith('Red apple'))
    await until(() => standIn.menuItem('File', 'Save as…').enabled === true)
  })

  test('does what is chosen in its native menus, with the dialogs of the system', async () => {
    const path = join(home, 'saved')
    standIn.answer('showSaveDialog', { canceled: false, filePath: path })
    standIn.click('File', 'Save as…')
    await until(() => theWindow().represented === `${path}.ora`)
    expect((await readFile(`${path}.ora`)).subarray(0, 2).toString()).toBe('PK')
    expect(standIn.recent).toContain(`${path}.ora`)
  })

  test('closes at once where nothing is unsaved', async () => {
    theWindow().close()
    await until(() => standIn.ended.length > 0)
    expect([standIn.ended, standIn.dialogs.length, complaints]).toEqual([[0], 1, []])
  })
})
