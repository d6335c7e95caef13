/** The journeys of a person, with the program's real main process and preload under the stand-in for Electron. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openElectronStudio } from '../kit/electron-studio.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { journeys } from '../kit/journeys.ts'

const folder = mkdtempSync(join(tmpdir(), 'paella-studio-electron-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

journeys('the studio with its main process and preload', noChromium, openElectronStudio, folder)
