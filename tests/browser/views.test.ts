/** Gallery, queue and batch as a person meets them, with keys and pointer, under the studio's own content policy, over a fake model. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { QueuedJob } from '../../src/shared/contract/queue-api.ts'
import type { Call } from '../kit/fake-studio.ts'
import { openPanelsSite, type PanelsSite } from '../kit/panels-page.ts'
import { noBrowser } from '../kit/studio-page.ts'

let site: PanelsSite
let page: Page
let complaints: readonly string[] = []

beforeAll(async () => {
  if (!noBrowser) site = await openPanelsSite()
})
afterAll(() => site?.close())

async function open(
  view: 'gallery' | 'queue' | 'batch',
  pictures = 0,
  theme: 'dark' | 'light' = 'dark',
): Promise<void> {
  await page?.context().close()
  ;({ page, complaints } = await site.open({ reducedMotion: 'reduce' }))
  await page.evaluate(
    ([view, pictures, theme]) => {
      const { studio } = window
      studio.library.fill(pictures)
      studio.setPreferences({ theme })
      studio.set({ desktop: { nativeMenus: false, nativeDialogs: true } })
      studio.setView(view)
    },
    [view, pictures, theme] as const,
  )
  await page.locator('.view').waitFor()
}

const calls = (name: string): Promise<Call['args'][]> =>
  page.evaluate((name) => window.studio.calls.filter((call) => call.name === name).map(({ args }) => [...args]), name)
const view = () => page.evaluate(() => window.studio.state.view)
const until = async (condition: () => Promise<boolean>): Promise<void> => {
  await expect.poll(condition, { timeout: 5000 }).toBe(true)
}

/** What axe finds, but for the small and the doubtful. */
async function faults(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.work').analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
    )
}

const job = (id: string, state: QueuedJob['state'], more: Partial<QueuedJob> = {}): QueuedJob => ({
  id,
  state,
  title: `job ${id}`,
  use: 'text',
  pictures: 4,
  finished: 1,
  queuedAt: Date.now() - 600_000,
  endedAt: state === 'waiting' || state === 'running' ? null : Date.now() - 240_000,
  error: null,
  ...more,
})

const fullQueue: readonly QueuedJob[] = [
  job('r', 'running'),
  job('a', 'waiting'),
  job('b', 'waiting'),
  job('c', 'waiting', { use: 'inpaint' }),
  job('d', 'done', { finished: 4 }),
  job('f', 'failed', { error: { code: 'write-failed', message: 'The disk is full.' } }),
  job('h', 'held'),
  job('s', 'stopped'),
]

async function showQueue(jobs: readonly QueuedJob[], paused = false): Promise<void> {
  await page.evaluate(
    ([jobs, paused]) => window.studio.set({ queue: { paused, jobs, share: 0.42, secondsLeft: 102 } }),
    [jobs, paused] as const,
  )
}

const batchOf = (is: 'running' | 'paused' | 'ended', done: number, lastError: string | null = null) => ({
  is,
  out: '/home/ana/out',
  manifest: '/home/ana/out/manifest.json',
  progress: {
    items: 200,
    done,
    skipped: 0,
    failed: lastError === null ? 0 : 1,
    picturesAnHour: 412.4,
    finishesAt: Date.now() + 3_600_000,
    last: '/home/ana/out/a-fox-1.png',
    lastError,
  },
})

describe.skipIf(noBrowser)(`the views${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  describe.each(['dark', 'light'] as const)('in the %s theme have no serious fault of access:', (theme) => {
    test('the gallery with one and with two pictures chosen, side by side, and empty', async () => {
      await open('gallery', 30, theme)
      await page.locator('.tile-picture').first().waitFor()
      expect(await faults()).toEqual([])
      await page.keyboard.press('ArrowRight')
      await page.locator('.details-facts').waitFor()
      expect(await faults()).toEqual([])
      await page.keyboard.press('Shift+ArrowRight')
      await page.getByRole('button', { name: 'Compare' }).click()
      await page.locator('.compare-side img').nth(1).waitFor()
      expect(await faults()).toEqual([])
      await open('gallery', 0, theme)
      await page.getByText('Nothing here yet').waitFor()
      expect(await faults()).toEqual([])
    })

    test('the queue, full, paused and empty', async () => {
      await open('queue', 20, theme)
      expect(await faults()).toEqual([])
      await showQueue(fullQueue, true)
      await page.getByText('The disk is full.').waitFor()
      expect(await faults()).toEqual([])
    })

    test('the batch of prompts and of pictures, and while it runs', async () => {
      await open('batch', 0, theme)
      await page.getByLabel('One prompt a line').fill('a fox')
      await page.getByText('a-fox-0.png').waitFor()
      expect(await faults()).toEqual([])
      await page.getByRole('radio', { name: 'A folder of pictures' }).check()
      await page.getByRole('radio', { name: 'Fill masks' }).check()
      await page.evaluate((batch) => window.studio.set({ batch }), batchOf('running', 71, 'No picture.'))
      expect(await faults()).toEqual([])
    })
  })

  describe('the gallery', () => {
    beforeEach(async () => {
      await open('gallery', 10_000)
      await page.locator('.tile-picture').first().waitFor()
    })

    const names = () => page.locator('.tile[aria-selected="true"]').evaluateAll((all) => all.map((one) => one.id))
    const active = () => page.getByRole('listbox', { name: 'Gallery' }).getAttribute('aria-activedescendant')

    test('goes with the key that opened it, or Esc, and the canvas was there all along', async () => {
      const canvas = await page.locator('[role=application] canvas').first().elementHandle()
      expect(await page.locator('.work').getAttribute('inert')).not.toBeNull()
      await page.keyboard.press('Shift+G')
      expect(await view()).toBeNull()
      expect(await page.locator('.view').count()).toBe(0)
      expect(
        await page
          .locator('[role=application] canvas')
          .first()
          .evaluate((now, before) => now === before, canvas),
      ).toBe(true)
      expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('application')
      await page.keyboard.press('Shift+G')
      await page.locator('.tile-picture').first().waitFor()
      expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox')
      await page.keyboard.press('Escape')
      expect(await view()).toBeNull()
    })

    test('of 10,000 pictures has a few dozen in the page, wherever it is scrolled to', async () => {
      const grid = page.getByRole('listbox', { name: 'Gallery' })
      expect(await page.getByRole('group', { name: 'Today' }).count()).toBe(1)
      for (const share of [0.3, 0.7, 1]) {
        await grid.evaluate((element, share) => element.scrollTo(0, element.scrollHeight * share), share)
        await until(async () => (await page.locator('.tile.is-coming').count()) === 0)
        await until(async () => (await page.locator('.tile-picture').count()) > 10)
        expect(await page.locator('.tile').count()).toBeLessThan(130)
      }
      // The page draws what is scrolled to in its next frame.
      await until(async () => (await page.getByRole('option', { name: /no 1$|no 1,/ }).count()) === 1)
      const asked = await page.evaluate(
        () => window.studio.library.asked.filter(({ name }) => name === 'listPictures').length,
      )
      expect(asked).toBeLessThan(15)
    })

    test('is gone through with keys, the picture in view and its facts beside it', async () => {
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowDown')
      expect(await active()).toMatch(/^picture-p99\d\d$/)
      await page.keyboard.press('End')
      await until(async () => (await active()) === 'picture-p1')
      await page.locator('#picture-p1').waitFor()
      const details = page.getByRole('complementary', { name: 'Details' })
      await details.getByText('1001', { exact: true }).waitFor()
      expect(await details.getByText('paella-mini').count()).toBe(1)
      await page.keyboard.press('i')
      expect(await details.count()).toBe(0)
      await page.keyboard.press(' ')
      expect(await details.count()).toBe(1)
    })

    test('chooses one, one more, a range, and all', async () => {
      await page.locator('#picture-p10000').click()
      await page.locator('#picture-p9998').click({ modifiers: ['Control'] })
      expect(await names()).toEqual(['picture-p10000', 'picture-p9998'])
      await page.locator('#picture-p9996').click({ modifiers: ['Shift'] })
      expect(await names()).toEqual(['picture-p9998', 'picture-p9997', 'picture-p9996'])
      await page.keyboard.press('Shift+ArrowLeft')
      await until(async () => (await names()).length === 2)
      await page.keyboard.press('Control+a')
      await page.getByText('10,000 selected').waitFor()
      await page.keyboard.press('Escape')
      expect(await names()).toEqual([])
      expect(await view()).toBe('gallery')
    })

    test('places, stars and throws away by key, and goes on with the next', async () => {
      await page.locator('#picture-p9999').click()
      await page.keyboard.press('Enter')
      expect(await calls('placeGalleryPicture')).toEqual([['p9999']])
      await page.keyboard.press('s')
      await page.keyboard.press('Delete')
      expect(await calls('starPictures')).toEqual([[['p9999'], expect.any(Boolean)]])
      expect(await calls('trashPictures')).toEqual([[['p9999']]])
      await until(async () => (await page.locator('#picture-p9999').count()) === 0)
      expect(await names()).toEqual(['picture-p9998'])
      await page.keyboard.press('Delete')
      expect((await calls('trashPictures'))[1]).toEqual([['p9998']])
    })

    test('stars a picture by its corner without choosing it, and places it by a double click', async () => {
      await page.locator('#picture-p9997').hover()
      await page.locator('#picture-p9997 .tile-star').click()
      expect(await calls('starPictures')).toEqual([[['p9997'], true]])
      await page.locator('#picture-p9997 .tile-star.is-on').waitFor()
      expect(await names()).toEqual([])
      await page.locator('#picture-p9997').dblclick()
      expect(await calls('placeGalleryPicture')).toEqual([['p9997']])
    })

    test('compares two side by side, and goes on in the grid afterwards', async () => {
      await page.locator('#picture-p10000').click()
      await page.keyboard.press('Shift+ArrowRight')
      await page.getByText('2 selected').waitFor()
      await page.keyboard.press('c')
      await page.locator('.compare-side img').nth(1).waitFor()
      await page.keyboard.press('Escape')
      await page.locator('#picture-p10000').waitFor()
      expect(await view()).toBe('gallery')
      await page.keyboard.press('ArrowRight')
      await until(async () => (await active()) === 'picture-p9998')
    })

    test('takes over, makes again, shows and copies what is chosen', async () => {
      await page.locator('#picture-p9998').click()
      for (const name of [
        'All settings',
        'Prompt',
        'Seed',
        'Make again exactly',
        'Show in folder',
        'Copy to folder…',
      ]) {
        await page.getByRole('button', { name, exact: true }).click()
      }
      expect(await calls('recall')).toEqual([
        ['p9998', 'all'],
        ['p9998', 'prompt'],
        ['p9998', 'seed'],
      ])
      expect(await calls('replay')).toEqual([['p9998']])
      expect(await calls('reveal')).toEqual([[expect.stringMatching(/9998\.png$/)]])
      expect(await calls('copyPictures')).toEqual([[['p9998']]])
    })

    test('is searched and filtered, says what it found, and how to see all again', async () => {
      const search = page.getByRole('searchbox')
      await search.fill('fox 9992')
      await page.getByText('1 found').waitFor()
      await search.fill('nobody drew this')
      await page.getByText('No picture fits').waitFor()
      await page.getByRole('button', { name: 'Show all pictures' }).click()
      await page.getByText('10,000 pictures').waitFor()
      expect(await search.inputValue()).toBe('')
      await page.getByRole('button', { name: 'Starred only' }).click()
      await page.getByText('909 found').waitFor()
      await page.getByRole('combobox', { name: 'Made how' }).click()
      await page.getByRole('option', { name: 'Fill', exact: true }).click()
      await page.getByText(/^1\d\d found$/).waitFor()
    })

    test('shows new pictures by itself, and keeps what is looked at further down where it is', async () => {
      const add = (number: number) =>
        page.evaluate((number) => {
          const { library, gallery } = window.studio
          library.pictures = [library.make(number, Date.now()), ...library.pictures]
          gallery.refresh()
        }, number)
      await add(10_001)
      await page.locator('#picture-p10001').waitFor()
      await page.getByText('10,001 pictures').waitFor()
      const grid = page.getByRole('listbox', { name: 'Gallery' })
      await grid.evaluate((element) => element.scrollTo(0, 3000))
      const seen = page.locator('.tile[id]').nth(30)
      await seen.waitFor()
      const id = await seen.getAttribute('id')
      const before = await page.locator(`#${id}`).boundingBox()
      for (let i = 2; i < 9; i++) await add(10_000 + i)
      await page.getByText('10,008 pictures').waitFor()
      const moved = async () => Math.abs(((await page.locator(`#${id}`).boundingBox())?.y ?? 0) - (before?.y ?? 0))
      await expect.poll(moved).toBeLessThan(2)
      // It was the place that moved: without that it would lie a row lower.
      expect(await grid.evaluate((element) => element.scrollTop)).toBeGreaterThan(3100)
    })

    test('says that a file is gone, and why the gallery cannot be read', async () => {
      await page.keyboard.press('End')
      await page.getByText('File is gone').waitFor()
      await page.evaluate(() => {
        window.studio.library.problem = 'The disk is not there.'
        window.studio.gallery.refresh()
      })
      await page.getByText('The disk is not there.').waitFor()
      await page.evaluate(() => {
        window.studio.library.problem = null
      })
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.locator('.tile-picture').first().waitFor()
    })
  })

  describe('the queue', () => {
    beforeEach(async () => {
      await open('queue', 20)
      await showQueue(fullQueue)
    })

    const list = (name: string) => page.getByRole('region', { name }).getByRole('listitem')

    test('has what runs, what waits in its order and what ended, with the reasons', async () => {
      expect(await list('Waiting').locator('.job-title').allTextContents()).toEqual(['job a', 'job b', 'job c'])
      expect(await page.getByRole('progressbar', { name: 'Progress of job r' }).getAttribute('aria-valuenow')).toBe(
        '42',
      )
      expect(await list('Ended').filter({ hasText: 'The disk is full.' }).count()).toBe(1)
      expect(await list('Ended').filter({ hasText: 'It ended the engine twice' }).count()).toBe(1)
      expect(await page.getByText('4 jobs · done in 1 min 42 s').count()).toBe(1)
    })

    test('is put in another order by key', async () => {
      const handle = page.getByRole('button', { name: 'Move job b' })
      await handle.press('ArrowUp')
      await handle.press('ArrowDown')
      await handle.press('End')
      await page.getByRole('button', { name: 'Move job a' }).press('ArrowUp')
      await page.getByRole('button', { name: 'Run next' }).nth(2).click()
      expect(await calls('moveJob')).toEqual([
        ['b', 'a'],
        ['b', null],
        ['b', null],
        ['c', 'a'],
      ])
    })

    test('is put in another order by dragging', async () => {
      await list('Waiting')
        .nth(2)
        .dragTo(list('Waiting').nth(0), { targetPosition: { x: 200, y: 5 } })
      expect(await calls('moveJob')).toEqual([['c', 'a']])
      await list('Waiting')
        .nth(0)
        .dragTo(list('Waiting').nth(2), { targetPosition: { x: 200, y: 55 } })
      expect((await calls('moveJob'))[1]).toEqual(['a', null])
    })

    test('stops, takes out, tries again, clears, pauses', async () => {
      await page.getByRole('button', { name: 'Stop' }).click()
      await list('Waiting').nth(1).getByRole('button', { name: 'Remove' }).click()
      await page.getByRole('button', { name: 'Try again' }).first().click()
      await page.getByRole('button', { name: 'Run it all the same' }).click()
      await page.getByRole('button', { name: 'Clear ended' }).click()
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      expect(await calls('cancelJob')).toEqual([['r', true]])
      expect(await calls('retryJob')).toEqual([['f'], ['h']])
      expect(await calls('removeJobs')).toEqual([[['b']], [['d', 'f', 'h', 's']]])
      await page.getByText('What runs is finished first').waitFor()
      await page.getByRole('button', { name: 'Go on', exact: true }).click()
      expect(await calls('pauseQueue')).toEqual([[true], [false]])
    })

    test('is counted in the status line, which leads to it and pauses it', async () => {
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Queue 4 · 1:42' }).click()
      expect(await view()).toBe('queue')
      await page.getByRole('button', { name: 'Pause the queue' }).click()
      await page.getByRole('button', { name: 'Queue 4 · paused' }).waitFor()
      await showQueue([])
      await expect.poll(() => page.getByRole('button', { name: /^Queue \d/ }).count()).toBe(0)
    })
  })

  describe('the batch', () => {
    beforeEach(() => open('batch'))

    const start = () => page.getByRole('button', { name: 'Start' })
    const names = () => page.getByRole('list', { name: 'The first files' }).locator('.batch-name')
    const startSpec = async () => (await calls('startBatch'))[0]?.[0]

    test('says what is missing, then what will come of it, as it is typed', async () => {
      await page.getByText('Type a prompt, or load a list.').waitFor()
      expect(await start().getAttribute('aria-disabled')).toBe('true')
      await page.getByLabel('One prompt a line').fill('a fox\nan owl')
      await page.getByLabel('How many each').fill('3')
      await page.keyboard.press('Enter')
      await page.getByText('6 pictures').waitFor()
      expect(await names().allTextContents()).toEqual(
        [0, 1, 2].flatMap((i) => [`a-fox-${i}.png`]).concat([0, 1, 2].map((i) => `an-owl-${i}.png`)),
      )
      await page.getByLabel('File names').fill('{nonsense}')
      await page.getByText('which stands for nothing').waitFor()
      expect(await start().getAttribute('aria-disabled')).toBe('true')
    })

    test('takes the parts of names where the caret is, and starts what was planned', async () => {
      await page.getByLabel('One prompt a line').fill('a fox')
      const field = page.getByLabel('File names')
      await field.fill('x-y')
      await field.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 2))
      await page.getByRole('button', { name: '{index:5}' }).click()
      expect(await field.inputValue()).toBe('x-{index:5}y')
      await page.getByRole('radio', { name: 'JPEG' }).check()
      await page.getByText('x-00000y.jpg').waitFor()
      await start().click()
      expect(await startSpec()).toMatchObject({
        source: { kind: 'prompts', rows: [{ prompt: 'a fox' }] },
        name: 'x-{index:5}y',
        format: { type: 'jpeg', quality: 90 },
        out: '/home/ana/Pictures/Paella Studio/Batch',
        existing: 'skip',
      })
    })

    test('does one operation on a folder of pictures', async () => {
      await page.getByRole('radio', { name: 'A folder of pictures' }).check()
      await page.getByText('Choose the folder with the pictures.').waitFor()
      await page.getByRole('button', { name: 'Choose: Folder' }).first().click()
      await page.getByRole('radio', { name: 'Extend' }).check()
      await page.getByLabel('Left').fill('128')
      await page.keyboard.press('Enter')
      await page.getByText('2 pictures').waitFor()
      await start().click()
      expect(await startSpec()).toMatchObject({
        source: {
          kind: 'pictures',
          folder: '/home/ana/Pictures/chosen',
          recursive: true,
          masks: null,
          operation: { use: 'outpaint', left: 128, right: 64 },
        },
        name: '{folder}/{name}-{seed}',
      })
    })

    test('loads lists of prompts, with their columns as parts of names, and says which line it cannot read', async () => {
      const load = (text: string) =>
        page.evaluate((text) => {
          window.studio.prompts = { kind: 'bytes', name: 'list.csv', bytes: new TextEncoder().encode(text) }
        }, text)
      await load('a boat\na bad line')
      await page.getByRole('button', { name: 'Load a list…' }).click()
      await page.getByText('Line 2 of the list cannot be read.').waitFor()
      await load('a boat\nan owl')
      await page.getByRole('button', { name: 'Load a list…' }).click()
      await page.getByText('2 prompts from list.csv').waitFor()
      await page.getByRole('button', { name: '{artist}' }).waitFor()
      await page.getByText('a-boat-0.png').waitFor()
      await page.getByRole('button', { name: 'Type them instead' }).click()
      await page.getByLabel('One prompt a line').waitFor()
    })

    test('is remembered when the view is left at once, and from then on', async () => {
      await page.getByLabel('One prompt a line').fill('a fox')
      await page.keyboard.press('Escape')
      expect(await view()).toBeNull()
      expect(await page.evaluate(() => window.studio.state.preferences.batch?.text)).toBe('a fox')
      await page.evaluate(() => window.studio.setView('batch'))
      expect(await page.getByLabel('One prompt a line').inputValue()).toBe('a fox')
    })

    test('that was cut off goes on, and says so before', async () => {
      await page.evaluate(() => {
        window.studio.library.plans = { finished: 2, warnings: ['Another program writes there.'] }
      })
      await page.getByLabel('One prompt a line').fill('a\nb\nc')
      await page.getByText('2 are there already, from an earlier run.').waitFor()
      await page.getByText('Another program writes there.').waitFor()
      await page.getByRole('button', { name: 'Go on with the rest' }).click()
      expect(await calls('startBatch')).toHaveLength(1)
    })

    test('shows how far it is, pauses, stops, and makes room for the next when it has ended', async () => {
      await page.evaluate((batch) => window.studio.set({ batch }), batchOf('running', 73, 'morning.jpg is no picture.'))
      await page.getByText('74 of 200').waitFor()
      expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('37')
      for (const text of ['412', 'morning.jpg is no picture.', '/home/ana/out/a-fox-1.png']) {
        expect(await page.locator('.batch-card').getByText(text).count()).toBe(1)
      }
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      await page.getByRole('button', { name: 'Open folder' }).click()
      await page.getByRole('button', { name: 'Show manifest' }).click()
      await page.getByRole('button', { name: 'Stop' }).click()
      expect(await calls('pauseBatch')).toEqual([[true]])
      expect(await calls('stopBatch')).toEqual([[]])
      expect(await calls('reveal')).toEqual([['/home/ana/out'], ['/home/ana/out/manifest.json']])
      expect(await page.getByRole('button', { name: 'Batch 37 %' }).count()).toBe(1)
      await page.evaluate((batch) => window.studio.set({ batch }), batchOf('ended', 200))
      await page.getByRole('button', { name: 'New batch' }).click()
      await page.getByText('What will come of it').waitFor()
    })
  })

  describe('a dropped picture', () => {
    beforeEach(async () => {
      await open('gallery')
      await page.keyboard.press('Escape')
    })

    const drop = (selector: string) =>
      page.evaluate((selector) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File([Uint8Array.of(1, 2, 3)], 'fox.png'))
        document
          .querySelector(selector)
          ?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
      }, selector)

    test('on the prompt gives back its settings', async () => {
      await drop('.prompt-text')
      await expect.poll(() => calls('recall')).toHaveLength(1)
      expect((await calls('recall'))[0]).toMatchObject([{ kind: 'bytes', name: 'fox.png' }, 'all'])
    })

    test('that remembers how it was made is offered as what it is, or as its settings', async () => {
      const offer = () =>
        page.evaluate(() => {
          const source = { kind: 'bytes', name: 'fox.png', bytes: Uint8Array.of(1) } as const
          window.studio.showDialog({ type: 'dropped', name: 'fox.png', source })
        })
      await offer()
      await page.getByRole('alertdialog').waitFor()
      expect(await faults()).toEqual([])
      await page.keyboard.press('Enter')
      expect((await calls('recall'))[0]).toMatchObject([{ name: 'fox.png' }, 'all'])
      await offer()
      await page.getByRole('button', { name: 'As layer' }).click()
      expect((await calls('place'))[0]).toMatchObject([{ name: 'fox.png' }])
      expect(await page.getByRole('alertdialog').count()).toBe(0)
    })
  })

  test('keep within the content policy, and complain of nothing', async () => {
    await open('gallery', 300)
    await page.locator('.tile-picture').first().waitFor()
    await page.keyboard.press('ArrowRight')
    await page.locator('.details-picture img:not(.is-coming)').waitFor()
    for (const name of ['Queue', 'Batch', 'Gallery']) await page.getByRole('button', { name, exact: true }).click()
    expect(await page.evaluate(() => [...window.violations])).toEqual([])
    expect(complaints).toEqual([])
  })
})
