/** The studio in a real browser, as a person uses it: the built page, the built server, the real engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childrenOf, untilGone } from '../kit/cli.ts'
import { noBrowser, openStudio, type StudioPage } from '../kit/studio-page.ts'

let studio: StudioPage

beforeAll(async () => {
  if (!noBrowser) studio = await openStudio()
})
afterAll(() => studio?.close())

const { status, canvasColours } = {
  status: () => studio.page.getByRole('status'),
  /** How many colours there are on the canvas. */
  canvasColours: () =>
    studio.page.evaluate(() => {
      const canvas = document.querySelector('canvas')
      const context = canvas?.getContext('2d')
      if (!canvas || !context) return 0
      return new Set(new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size
    }),
}

describe.skipIf(noBrowser)(`the window${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  test('opens ready, and says with which device', async () => {
    await expect.poll(() => status().textContent(), { timeout: 20_000 }).toBe('Ready · cpu')
    expect(await studio.page.title()).toBe('Paella Studio')
    expect(studio.page.url()).not.toContain('token')
  })

  test('cannot generate nothing', async () => {
    expect(await studio.page.getByRole('button', { name: 'Generate' }).isDisabled()).toBe(true)
  })

  test('shows the picture of a prompt, step by step, from the keyboard alone', async () => {
    expect(await canvasColours()).toBeLessThan(2)
    await studio.page.getByRole('textbox', { name: 'Prompt' }).fill('a red apple, yellow background')
    const steps: string[] = []
    await studio.page.exposeFunction('told', (text: string) => steps.push(text))
    await studio.page.evaluate(() => {
      const told = (window as unknown as { told: (text: string) => void }).told
      const line = document.querySelector('[role=status]')
      if (line)
        new MutationObserver(() => told(line.textContent ?? '')).observe(line, { characterData: true, subtree: true })
    })
    await studio.page.keyboard.press('Control+Enter')
    await expect.poll(() => status().textContent(), { timeout: 30_000 }).toMatch(/^Done in/)
    expect(steps.filter((text) => text.startsWith('Step '))).toHaveLength(10)
    expect(await canvasColours()).toBeGreaterThan(10)
  })

  test('stops where it is told to, and goes on working', async () => {
    await studio.page.getByRole('spinbutton', { name: 'Steps' }).fill('150')
    await studio.page.getByRole('button', { name: 'Generate' }).click()
    await expect.poll(() => status().textContent(), { timeout: 20_000 }).toMatch(/^Step \d+ of 150/)
    await studio.page.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => status().textContent(), { timeout: 10_000 }).toBe('Cancelled.')
    await studio.page.getByRole('spinbutton', { name: 'Steps' }).fill('2')
    await studio.page.getByRole('button', { name: 'Generate' }).click()
    await expect.poll(() => status().textContent(), { timeout: 20_000 }).toMatch(/^Done in/)
  })

  test('says so when the engine dies, and makes the next picture with a new one', async () => {
    await studio.page.getByRole('spinbutton', { name: 'Steps' }).fill('150')
    await studio.page.getByRole('button', { name: 'Generate' }).click()
    await expect.poll(() => status().textContent(), { timeout: 20_000 }).toMatch(/^Step \d+ of 150/)
    const [engine] = childrenOf(studio.pid)
    if (engine === undefined) throw new Error('the studio has no engine process')
    process.kill(engine, 'SIGKILL')
    await expect.poll(() => status().textContent(), { timeout: 10_000 }).toMatch(/^The engine process was killed/)
    await studio.page.getByRole('spinbutton', { name: 'Steps' }).fill('2')
    await studio.page.getByRole('button', { name: 'Generate' }).click()
    await expect.poll(() => status().textContent(), { timeout: 30_000 }).toMatch(/^Done in/)
    await untilGone([engine])
  })

  test('complains of nothing in its console', () => {
    expect(studio.complaints).toEqual([])
  })
})
