/** The built program starts as Electron would start it: main process, preload, page, and the wire between them. */
import { beforeAll, describe, expect, test } from 'vitest'
import { newDocument } from '../../src/document/new-document.ts'
import { toSnapshot } from '../../src/document/snapshot.ts'
import { call, openQuietPage, speakingPage, startProgram, theWindow } from '../kit/electron-program.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { standIn } from '../kit/electron-stand-in/index.ts'

describe.skipIf(noChromium)(`the program${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  beforeAll(() => startProgram())

  test('shows its page, which complains of nothing and asks the network for nothing', async () => {
    const page = await standIn.page()
    expect(await page.title()).toContain('Paella Studio')
    expect(page.url()).toBe('http://studio.app.localhost/')
    expect(standIn.leaked).toEqual([])
  })

  test('shows its window when there is something to see', () => {
    expect(theWindow().options.show).toBe(false)
    expect(theWindow().isVisible()).toBe(true)
  })

  test('gives the page two pipes and the paths of dropped files, and nothing of Electron or Node', async () => {
    const page = await standIn.page()
    const found = await page.evaluate(() => {
      const { paella } = window as unknown as { paella: Readonly<Record<string, unknown>> }
      return {
        bridge: Object.fromEntries(Object.entries(paella).map(([name, value]) => [name, typeof value])),
        isFrozen: Object.isFrozen(paella),
        strangers: ['require', 'process', 'Buffer', 'module', 'global', 'electron', 'ipcRenderer'].filter(
          (name) => name in window,
        ),
      }
    })
    expect(found).toEqual({
      bridge: { post: 'function', listen: 'function', pathOf: 'function' },
      isFrozen: true,
      strangers: [],
    })
  })

  test('gives listeners the message alone, and no event of Electron', async () => {
    const page = await standIn.page()
    const count = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const { paella } = window as unknown as {
            paella: { post(pipe: string, message: unknown): void; listen(pipe: string, listener: unknown): void }
          }
          paella.listen('desktop', (...values: unknown[]) => resolve(values.length))
          paella.post('desktop', { type: 'call', id: 999_999, method: 'describe', argument: null, events: false })
        }),
    )
    expect(count).toBe(1)
  })

  test('refuses pipes that there are not, and listeners that are none, in the page already', async () => {
    const page = await standIn.page()
    const thrown = await page.evaluate(() => {
      const { paella } = window as unknown as {
        paella: Record<'post' | 'listen' | 'pathOf', (...values: unknown[]) => unknown>
      }
      const told = (run: () => unknown): string => {
        try {
          return `gave ${String(run())}`
        } catch (error) {
          return (error as Error).message
        }
      }
      return [
        told(() => paella.post('ELECTRON_BROWSER_CONTEXT_LOAD', {})),
        told(() => paella.listen('other', () => undefined)),
        told(() => paella.listen('wire', 'text')),
        told(() => paella.pathOf({})),
        told(() => paella.pathOf(new File(['a'], '/home/me/a.png'))),
      ]
    })
    expect(thrown).toEqual([
      'there is no such pipe',
      'there is no such pipe',
      'a listener is a function',
      'gave ',
      'gave /home/me/a.png',
    ])
  })

  test('answers the page: what it starts with, and that there is no such method', async () => {
    await openQuietPage()
    const begun = await call('wire', 'begin')
    expect(begun).toMatchObject({ type: 'result', value: { platform: expect.any(String), recent: [], lost: [] } })
    expect(await call('wire', 'constructor')).toMatchObject({ type: 'error', error: { code: 'bad-request' } })
    expect(await call('desktop', 'toString')).toMatchObject({ type: 'error', error: { code: 'bad-request' } })
  })

  test('carries 4 MB of pixels to the disk and back, byte for byte', async () => {
    const snapshot = toSnapshot(newDocument({ width: 1024, height: 1024 }).records)
    const { value } = await call('wire', 'newDocument', { name: 'Pixels', snapshot })
    const page = await speakingPage()
    const { milliseconds, faults } = await page.evaluate(
      async ({ key }) => {
        const { speaker } = window as unknown as {
          speaker: { call(pipe: string, method: string, argument: unknown, events: boolean): Promise<{ value: never }> }
        }
        const bytes = (tile: number): Uint8Array =>
          Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7 + tile * 31) % 251))
        const tiles = Array.from({ length: 16 }, (_, tile) => bytes(tile))
        const start = performance.now()
        const put: { value: { ids: string[] } } = await speaker.call('wire', 'putTiles', { key, tiles }, false)
        const got: { value: { tiles: Uint8Array[] } } = await speaker.call(
          'wire',
          'getTiles',
          { key, ids: put.value.ids },
          false,
        )
        const milliseconds = performance.now() - start
        const faults = tiles.filter((tile, i) => {
          const other = got.value.tiles[i]
          return (
            !(other instanceof Uint8Array) || other.length !== tile.length || tile.some((byte, k) => byte !== other[k])
          )
        })
        return { milliseconds, faults: faults.length }
      },
      { key: (value as { key: string }).key },
    )
    expect(faults).toBe(0)
    process.stdout.write(`4 MB to the disk and back through the stand-in: ${milliseconds.toFixed(0)} ms\n`)
  })
})
