/** The studio in a real browser, as a person uses it: the built page, the built door, the real engine, real files. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { journeys } from '../kit/journeys.ts'
import { noBrowser, openStudio } from '../kit/studio-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'paella-studio-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

journeys('the studio in a browser', noBrowser, openStudio, folder)
