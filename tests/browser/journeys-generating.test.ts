/** The model at work in a real browser, as a person uses it: the built page, the built door, the real engine, real files. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { generatingJourneys } from '../kit/generating-journeys.ts'
import { noBrowser, openStudio } from '../kit/studio-page.ts'

const folder = mkdtempSync(join(tmpdir(), 'paella-generating-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

generatingJourneys('the model in a browser', noBrowser, openStudio, folder)
