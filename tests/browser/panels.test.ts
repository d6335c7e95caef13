/** The panels as a person meets them, with keys and pointer, under the studio's own content policy; the model behind them is a fake. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DialogState } from '../../src/renderer/src/studio/studio-state.ts'
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

async function open(options?: Parameters<PanelsSite['open']>[0]): Promise<void> {
  await page?.context().close()
  ;({ page, complaints } = await site.open(options))
}

const calls = (name: string): Promise<Call['args'][]> =>
  page.evaluate((name) => window.studio.calls.filter((call) => call.name === name).map(({ args }) => [...args]), name)
const lastCall = async (name: string): Promise<Call['args'] | undefined> => (await calls(name)).at(-1)
const idOf = (name: string): Promise<string> =>
  page.evaluate(
    (name) =>
      [...(window.studio.state.document?.records.values() ?? [])].find(
        (record) => 'name' in record && record.name === name,
      )?.id ?? '',
    name,
  )
const row = (name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name}`) })
const focusName = () =>
  page.evaluate(() => {
    const { activeElement: element } = document
    return element?.getAttribute('aria-label') ?? element?.textContent ?? ''
  })
const focusRegion = () =>
  page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region') ?? null)

/** What axe finds in a part of the page, but for the small and the doubtful. */
async function faults(part = 'body'): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
    )
}

const dialogs: readonly DialogState[] = [
  { type: 'new' },
  { type: 'unsaved', name: 'Evening village' },
  { type: 'recover' },
  { type: 'export' },
  { type: 'shortcuts' },
  { type: 'preferences' },
  { type: 'about' },
  { type: 'canvas-size' },
  { type: 'save-name', suggested: 'Evening village.ora', folder: '/home/ana/Pictures' },
  { type: 'number', what: 'feather', value: 8 },
]

describe.skipIf(noBrowser)(`the panels${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, () => {
  describe.each(['dark', 'light'] as const)('in the %s theme', (theme) => {
    beforeAll(async () => {
      await open({ reducedMotion: 'reduce' })
      await page.evaluate((theme) => {
        window.studio.setPreferences({ theme })
        window.studio.addSteps(5)
      }, theme)
    })

    test('have no serious fault of access, with everything that can be shown at once', async () => {
      await page.evaluate(() => {
        const { studio } = window
        const { generation } = studio.state
        const notice = { code: null, detail: null, action: null }
        studio.set({
          busy: { text: 'Saving', share: 0.4 },
          generation: { ...generation, running: { text: 'Step 3 of 10', share: 0.3, secondsLeft: 9, stopping: false } },
          notices: [
            { ...notice, id: 1, kind: 'warning', text: 'A font was replaced.' },
            {
              ...notice,
              id: 2,
              kind: 'error',
              text: 'The disk is full.',
              action: { label: 'Save as…', action: 'file.saveAs' },
            },
          ],
        })
      })
      expect(await faults()).toEqual([])
      await page.evaluate(() => {
        const { generation } = window.studio.state
        const blocked = 'Say what you want to see.'
        window.studio.set({ busy: null, notices: [], generation: { ...generation, running: null, blocked } })
      })
      expect(await faults()).toEqual([])
    })

    test.each(['select-rectangle', 'select-brush', 'fill', 'transform', 'crop', 'frame', 'zoom', 'move'] as const)(
      'nor with the options of %s',
      async (tool) => {
        await page.evaluate((tool) => {
          const transform = { x: 10, y: 20, scaleX: 1, scaleY: 1, rotation: 0 }
          window.studio.set({
            waiting: tool === 'crop' ? 'crop' : null,
            transform: tool === 'transform' ? transform : null,
          })
          window.studio.setTool(tool)
        }, tool)
        expect(await faults('.options-bar')).toEqual([])
      },
    )

    test('the selection brush has the strength that a re-roll takes as its chance', async () => {
      await page.evaluate(() => window.studio.setTool('select-brush'))
      const strength = page.locator('.options-bar').getByRole('spinbutton', { name: 'Strength' })
      await strength.fill('20')
      await strength.press('Tab')
      await expect
        .poll(() => page.evaluate(() => window.studio.state.session.brushes['select-brush'].opacity))
        .toBe(0.2)
    })

    test.each(dialogs)('nor in the dialog $type', async (dialog) => {
      await page.evaluate((dialog) => window.studio.showDialog(dialog), dialog)
      await page.locator('.dialog').waitFor()
      expect(await faults('.dialog')).toEqual([])
      await page.evaluate(() => window.studio.closeDialog())
      await page.locator('.dialog').waitFor({ state: 'detached' })
    })

    test('nor in an open menu, list or picker', async () => {
      await page.getByRole('menuitem', { name: 'Layer', exact: true }).click()
      expect(await faults()).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('combobox', { name: 'Blend mode' }).click()
      expect(await faults()).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /^Foreground colour/ }).click()
      expect(await faults()).toEqual([])
      await page.keyboard.press('Escape')
    })

    test('nor without a document', async () => {
      await page.evaluate(() => window.studio.set({ document: null }))
      expect(await faults()).toEqual([])
    })

    test('and nothing was against the policy of the page', async () => {
      expect(await page.evaluate(() => window.violations)).toEqual([])
      expect(complaints).toEqual([])
    })
  })

  describe('with keys alone', () => {
    beforeEach(() => open())

    test('F6 reaches every part of the window in turn, and comes back to where it was', async () => {
      const regions: (string | null)[] = []
      for (let i = 0; i < 9; i++) {
        await page.keyboard.press('F6')
        regions.push(await focusRegion())
      }
      const once = ['title', 'tools', 'options', 'canvas', 'prompt', 'layers', 'properties', 'history']
      expect(regions).toEqual([...once, 'title'])
      await page.keyboard.press('F6')
      await page.keyboard.press('ArrowDown')
      const tool = await focusName()
      for (let i = 0; i < 8; i++) await page.keyboard.press('F6')
      expect(await focusRegion()).toBe('tools')
      expect(await focusName()).toBe(tool)
    })

    test('Tab leaves every part again, and the long lists are one stop each', async () => {
      const stops: (string | null)[] = []
      for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab')
        const region = await focusRegion()
        if (region !== stops.at(-1)) stops.push(region)
        if (region === 'history' && (await page.evaluate(() => document.activeElement?.role)) === 'listbox') break
      }
      expect(stops).toEqual(['title', 'tools', 'options', 'canvas', 'prompt', 'layers', 'properties', 'history'])
    })

    test('a layer is gone to, renamed, and keeps the focus', async () => {
      await row('Boat').focus()
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown')
      expect(await lastCall('chooseLayer')).toEqual([await idOf('Shade'), 'only'])
      await page.keyboard.press('F2')
      await page.getByRole('textbox', { name: 'Layer name' }).waitFor()
      await page.keyboard.type('Dusk')
      await page.keyboard.press('Enter')
      expect((await lastCall('renameLayer'))?.[1]).toBe('Dusk')
      await expect.poll(focusName).toMatch(/^Dusk/)
      await page.keyboard.press('Enter')
      await page.keyboard.type('Night')
      await page.keyboard.press('Escape')
      await expect.poll(focusName).toMatch(/^Dusk/)
      expect(await calls('renameLayer')).toHaveLength(1)
    })

    test('groups open and close, and several layers are chosen', async () => {
      await row('Village').focus()
      await page.keyboard.press('ArrowLeft')
      expect(await row('Village').getAttribute('aria-expanded')).toBe('false')
      expect(await row('Houses').count()).toBe(0)
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      await expect.poll(focusName).toMatch(/^Trees/)
      await page.keyboard.press('Shift+ArrowDown')
      await page.keyboard.press('Control+ArrowDown')
      await page.keyboard.press('Control+ArrowDown')
      await page.keyboard.press('Control+Space')
      const selected = page.locator('[role=treeitem][aria-selected=true]')
      await expect.poll(() => selected.count()).toBe(3)
      expect(await selected.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')))).toEqual([
        'Trees, mask off',
        'Lights, Group',
        'Glow, Screen · 60 %',
      ])
    })

    test("the buttons of the layer in focus are reached with Tab, other rows' are not", async () => {
      await row('Sky').focus()
      const names: string[] = []
      for (let i = 0; i < 5; i++) {
        await page.keyboard.press('Tab')
        names.push(await focusName())
      }
      expect(names).toEqual(['Hide Sky', 'Paint on Sky', 'Paint on the mask of Sky', 'Lock Sky', 'New layer'])
      await page.getByRole('button', { name: 'Paint on the mask of Sky' }).focus()
      await page.keyboard.press('Space')
      expect(await lastCall('choosePart')).toEqual([await idOf('Sky'), 'mask'])
    })

    test('opacity changes with arrow keys, one step of the history each', async () => {
      await page.getByRole('slider', { name: 'Opacity' }).last().focus()
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('Shift+ArrowLeft')
      const boat = await idOf('Boat')
      expect((await calls('setOpacity')).filter(([, , phase]) => phase === 'commit')).toEqual([
        [boat, 0.99, 'commit'],
        [boat, 0.98, 'commit'],
        [boat, 0.88, 'commit'],
      ])
      const { labels } = await page.evaluate(() => window.studio.state.document?.history ?? { labels: [] })
      expect(labels).toEqual(['Opacity', 'Opacity', 'Opacity'])
    })

    test('a number is typed, stepped and taken back', async () => {
      const field = page.getByRole('spinbutton', { name: 'Opacity' }).last()
      await field.focus()
      await page.keyboard.type('40')
      await page.keyboard.press('Escape')
      expect(await field.inputValue()).toBe('100')
      await page.keyboard.press('Control+a')
      await page.keyboard.type('250')
      await page.keyboard.press('Enter')
      expect(await calls('setOpacity')).toEqual([])
      await page.keyboard.press('Control+a')
      await page.keyboard.type('37,4')
      await page.keyboard.press('Tab')
      expect((await lastCall('setOpacity'))?.slice(1)).toEqual([0.37, 'commit'])
      await field.focus()
      await page.keyboard.press('Shift+ArrowUp')
      expect((await lastCall('setOpacity'))?.slice(1)).toEqual([0.47, 'commit'])
    })

    test('a menu is opened, gone through, and does what it says', async () => {
      await page.keyboard.press('F6')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowDown')
      await page.getByRole('menuitem', { name: /^New layer/ }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await expect.poll(() => lastCall('act')).toEqual(['layer.addGroup'])
      expect(await page.getByRole('menu').count()).toBe(0)
      await row('Group 1').waitFor()
    })

    test('renaming from the menu ends in the field of the name', async () => {
      await page.getByRole('menuitem', { name: 'Layer', exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('menuitem', { name: /^Rename layer/ }).press('Enter')
      await expect.poll(focusName).toBe('Layer name')
      await page.waitForTimeout(200)
      expect(await focusName()).toBe('Layer name')
    })

    test('tools are one stop: arrow keys go through them, Enter takes one', async () => {
      await page.keyboard.press('F6')
      await page.keyboard.press('F6')
      const first = await focusName()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      expect(await lastCall('setTool')).toEqual(['transform'])
      expect([first, await focusName()]).toEqual(['Move', 'Free transform'])
    })

    test('the history is gone through with arrow keys', async () => {
      await page.evaluate(() => window.studio.addSteps(4))
      await page.getByRole('listbox', { name: 'History' }).focus()
      await page.keyboard.press('ArrowUp')
      await expect.poll(() => lastCall('jumpTo')).toEqual([3])
      await page.keyboard.press('Home')
      await expect.poll(() => lastCall('jumpTo')).toEqual([0])
      expect(await page.getByRole('option', { selected: true }).textContent()).toContain('Start')
    })

    test('the height of a section is changed, and comes back with the layout', async () => {
      const splitter = page.getByRole('separator', { name: 'Height of History' })
      const before = Number(await splitter.getAttribute('aria-valuenow'))
      await splitter.focus()
      await page.keyboard.press('ArrowUp')
      expect(Number(await splitter.getAttribute('aria-valuenow'))).toBe(before + 16)
      await page.evaluate(() => window.studio.act('view.resetLayout'))
      await expect.poll(async () => Number(await splitter.getAttribute('aria-valuenow'))).toBe(before)
    })

    test('the prompt keeps every letter of quick hands, and the caret where it is, between two frames', async () => {
      await page.evaluate(() => {
        window.studio.tellsOncePerFrame = true
      })
      const field = page.getByRole('textbox', { name: 'Prompt' })
      await field.fill('')
      await page.keyboard.type('a yellow lemon')
      for (let i = 0; i < 'yellow lemon'.length; i++) await page.keyboard.press('ArrowLeft')
      await page.keyboard.type('big ')
      expect(await field.inputValue()).toBe('a big yellow lemon')
      await expect.poll(async () => await lastCall('setGeneration')).toEqual([{ prompt: 'a big yellow lemon' }])
      // What comes from elsewhere is shown.
      await page.evaluate(() => window.studio.setGeneration({ prompt: 'a plum' }))
      await expect.poll(() => field.inputValue()).toBe('a plum')
    })

    test('the prompt: Enter makes a line, Shift+Enter runs, and does not where it is blocked', async () => {
      await page.keyboard.press('Alt+a')
      expect(await focusName()).toBe('Prompt')
      await page.keyboard.press('Control+End')
      await page.keyboard.press('Enter')
      await page.keyboard.type('boats')
      expect(await page.getByRole('textbox', { name: 'Prompt' }).inputValue()).toMatch(/\nboats$/)
      await page.keyboard.press('Shift+Enter')
      expect(await calls('generate')).toHaveLength(1)
      await page.evaluate(() => {
        const { generation } = window.studio.state
        window.studio.set({ generation: { ...generation, blocked: 'The engine is not ready yet.' } })
      })
      await page.keyboard.press('Shift+Enter')
      const button = page.getByRole('button', { name: 'Generate', exact: true })
      await button.focus()
      await page.keyboard.press('Enter')
      expect(await calls('generate')).toHaveLength(1)
      const reason = await button.getAttribute('aria-describedby')
      expect(await page.locator(`[id="${reason}"]`).textContent()).toBe('The engine is not ready yet.')
    })

    test('a notice that is in focus is dismissed with Esc', async () => {
      await page.evaluate(() =>
        window.studio.set({
          notices: [
            { id: 7, kind: 'error', text: 'The disk is full.', code: 'write-failed', detail: 'ENOSPC', action: null },
          ],
        }),
      )
      await page.getByRole('alert').getByRole('button', { name: 'Copy details' }).focus()
      await page.keyboard.press('Escape')
      expect(await lastCall('dismissNotice')).toEqual([7])
      expect(await focusRegion()).toBe('canvas')
    })
  })

  describe('with the pointer', () => {
    beforeEach(() => open())

    /** Drags from the middle of a row to a place in another one, in shares of its height. */
    async function drag(from: string, to: string, share: number, x = 200): Promise<void> {
      const start = await row(from).boundingBox()
      const end = await row(to).boundingBox()
      if (start === null || end === null) throw new Error('the rows are not there')
      await page.mouse.move(start.x + 200, start.y + start.height / 2)
      await page.mouse.down()
      await page.mouse.move(start.x + 200, start.y + start.height / 2 + 10)
      await page.mouse.move(end.x + x, end.y + end.height * share, { steps: 4 })
    }

    test('a layer is dragged between two others', async () => {
      await drag('Boat', 'Shade', 0.9, 60)
      expect(await page.locator('.drop-line').count()).toBe(1)
      await page.mouse.up()
      const [boat, village] = [await idOf('Boat'), await idOf('Village')]
      expect(await calls('moveLayers')).toEqual([[[boat], { above: village }]])
    })

    test('a layer is dragged into a group', async () => {
      await drag('Boat', 'Village', 0.5)
      expect(await row('Village').evaluate((element) => element.classList.contains('is-drop-target'))).toBe(true)
      await page.mouse.up()
      expect(await calls('moveLayers')).toEqual([[[await idOf('Boat')], { parent: await idOf('Village'), at: 'top' }]])
    })

    test('all that are chosen are dragged by one of them', async () => {
      await row('Boat').click()
      await row('Shade').click({ modifiers: ['Control'] })
      await drag('Boat', 'Village', 0.5)
      await page.mouse.up()
      expect((await lastCall('moveLayers'))?.[0]).toEqual([await idOf('Boat'), await idOf('Shade')])
    })

    test('a group cannot be dragged into itself', async () => {
      await drag('Village', 'Trees', 0.5)
      await page.mouse.up()
      expect(await calls('moveLayers')).toEqual([])
    })

    test('Esc ends a drag without a trace', async () => {
      await drag('Boat', 'Village', 0.5)
      await page.keyboard.press('Escape')
      await page.mouse.up()
      expect(await calls('moveLayers')).toEqual([])
      expect(await page.locator('.is-dragged').count()).toBe(0)
    })

    test('a range and single layers are chosen with Shift and Ctrl', async () => {
      await row('Boat').click()
      await row('Shade').click({ modifiers: ['Shift'] })
      expect(await lastCall('chooseLayer')).toEqual([await idOf('Shade'), 'range'])
      await row('Lake').click({ modifiers: ['Control'] })
      expect(await lastCall('chooseLayer')).toEqual([await idOf('Lake'), 'toggle'])
    })

    test('an opacity that is dragged is one step, and Esc takes it back', async () => {
      const thumb = page.locator('.layer-blending .slider-thumb')
      const box = await thumb.boundingBox()
      if (box === null) throw new Error('there is no slider')
      const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
      await page.mouse.move(at.x, at.y)
      await page.mouse.down()
      for (let i = 1; i <= 5; i++) await page.mouse.move(at.x - i * 8, at.y)
      await page.mouse.up()
      const phases = (await calls('setOpacity')).map(([, , phase]) => phase)
      expect(phases.slice(0, -1).every((phase) => phase === 'change')).toBe(true)
      expect(phases.at(-1)).toBe('commit')
      const labels = () => page.evaluate(() => window.studio.state.document?.history.labels ?? [])
      expect(await labels()).toEqual(['Opacity'])
      await page.mouse.down()
      await page.mouse.move(at.x - 60, at.y)
      await page.keyboard.press('Escape')
      await page.mouse.move(at.x - 70, at.y)
      await page.mouse.up()
      expect((await calls('setOpacity')).at(-1)?.[2]).toBe('cancel')
      expect(await labels()).toEqual(['Opacity'])
    })

    test('thumbnails are drawn, and asked for once for each surface', async () => {
      const drawn = page.locator('.layer-row .thumbnail canvas:not([hidden])')
      await expect.poll(() => drawn.count()).toBeGreaterThan(6)
      const colours = await drawn.first().evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
        return new Set(data).size
      })
      expect(colours).toBeGreaterThan(2)
      const asked = async () => (await calls('thumbnail')).length
      const before = await asked()
      await row('Village').press('ArrowLeft')
      await row('Village').press('ArrowRight')
      await row('Houses').waitFor()
      expect(await asked()).toBe(before)
      await page.evaluate(() => window.studio.addSteps(1))
      await expect.poll(asked).toBe(before + 1)
      expect(await lastCall('thumbnail')).toEqual([await idOf('Boat'), 'pixels'])
    })

    test('of hundreds of steps only those in sight are in the page', async () => {
      await page.evaluate(() => window.studio.addSteps(190))
      await expect.poll(() => page.getByRole('option').last().textContent()).toContain('Eraser')
      expect(await page.getByRole('option').count()).toBeLessThan(40)
      await page.getByRole('listbox', { name: 'History' }).evaluate((list) => list.scrollTo(0, 0))
      await page.getByRole('option', { name: 'Start' }).click()
      await expect.poll(() => lastCall('jumpTo')).toEqual([0])
    })

    test('a right click on the canvas and on a layer opens the menu of each', async () => {
      await page.getByRole('application').click({ button: 'right', position: { x: 200, y: 200 } })
      await page.getByRole('menuitem', { name: /^Select all/ }).click()
      await expect.poll(() => lastCall('act')).toEqual(['select.all'])
      await row('Shade').click({ button: 'right' })
      // While a menu is open the rest of the page is not there for readers.
      await page.locator(`#layer-${await idOf('Shade')}[aria-selected=true]`).waitFor()
      await page.getByRole('menuitem', { name: /^Duplicate layer/ }).click()
      await row('Shade copy').waitFor()
    })

    test('a tool that is taken with the mouse leaves the focus on the canvas', async () => {
      await page.getByRole('button', { name: 'Eraser', exact: true }).click()
      expect(await lastCall('setTool')).toEqual(['eraser'])
      expect(await focusRegion()).toBe('canvas')
    })

    test('what goes well is told for five seconds, what fails until it is dismissed', async () => {
      await page.clock.install()
      await page.evaluate(() => {
        const notice = { code: null, detail: null, action: null }
        window.studio.set({
          notices: [
            { ...notice, id: 1, kind: 'info', text: 'Saved.' },
            { ...notice, id: 2, kind: 'error', text: 'The disk is full.' },
          ],
        })
      })
      await page.getByText('Saved.').waitFor()
      await page.clock.runFor(4500)
      expect(await page.getByText('Saved.').count()).toBe(1)
      await page.clock.runFor(60_000)
      expect(await page.getByText('Saved.').count()).toBe(0)
      expect(await page.getByText('The disk is full.').count()).toBe(1)
    })

    test('a colour is chosen by its digits, and kept among the recent ones', async () => {
      await page.getByRole('button', { name: /^Foreground colour/ }).click()
      await page.getByRole('textbox', { name: 'Hex' }).fill('2b7')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Escape')
      const { foreground } = await page.evaluate(() => window.studio.state.session.colours)
      expect(foreground).toEqual([34, 187, 119])
      await page.getByRole('button', { name: /^Background colour/ }).click()
      await page.getByRole('button', { name: 'Take #22bb77' }).click()
      const { background } = await page.evaluate(() => window.studio.state.session.colours)
      expect(background).toEqual([34, 187, 119])
    })
  })

  describe('in dialogs', () => {
    beforeEach(() => open())
    const show = (dialog: DialogState) => page.evaluate((dialog) => window.studio.showDialog(dialog), dialog)
    const dialog = () => page.evaluate(() => window.studio.state.dialog)

    test('a canvas of typed numbers is made with Enter', async () => {
      await show({ type: 'new' })
      await expect.poll(focusName).toBe('Width')
      await page.keyboard.type('640')
      await page.keyboard.press('Enter')
      expect(await lastCall('newDocument')).toEqual([{ width: 640, height: 1024 }, 'white'])
      expect(await dialog()).toBeNull()
    })

    test('Esc means cancel, and the question of unsaved changes is answered', async () => {
      await show({ type: 'export' })
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(dialog).toBeNull()
      await show({ type: 'unsaved', name: 'Evening village' })
      await expect.poll(focusName).toBe('Save')
      await page.keyboard.press('Escape')
      await expect.poll(() => lastCall('answerUnsaved')).toEqual(['cancel'])
      await show({ type: 'unsaved', name: 'Evening village' })
      await page.getByRole('button', { name: 'Don’t save' }).click()
      expect(await lastCall('answerUnsaved')).toEqual(['discard'])
      await show({ type: 'unsaved', name: 'Evening village' })
      await expect.poll(focusName).toBe('Save')
      await page.keyboard.press('Enter')
      expect(await lastCall('answerUnsaved')).toEqual(['save'])
    })

    test('a picture is exported as it is asked for, with a recipe in PNG only', async () => {
      await show({ type: 'export' })
      await page.getByRole('radio', { name: 'Frame' }).check()
      await page.getByRole('button', { name: 'Export…' }).click()
      const frame = { x: 0, y: 0, width: 1024, height: 768 }
      expect(await lastCall('exportPicture')).toEqual([{ format: { type: 'png' }, area: frame, withRecipe: true }])
      await show({ type: 'export' })
      await page.getByRole('radio', { name: 'WebP' }).check()
      await page.getByRole('slider', { name: 'Quality' }).press('ArrowLeft')
      await page.getByRole('button', { name: 'Export…' }).click()
      const format = { type: 'webp', quality: 89 }
      expect(await lastCall('exportPicture')).toEqual([{ format, area: null, withRecipe: false }])
    })

    test('a lost document is restored, or discarded at the second press only', async () => {
      await show({ type: 'recover' })
      const discard = page.getByRole('button', { name: 'Discard Untitled' })
      await discard.click()
      expect(await calls('discardLost')).toEqual([])
      await discard.click()
      expect(await calls('discardLost')).toEqual([['lost-2']])
      await page.getByRole('button', { name: 'Restore Evening village' }).click()
      expect(await calls('recover')).toEqual([['lost-1']])
      expect(await dialog()).toBeNull()
    })

    test('the canvas grows from the corner that is chosen', async () => {
      await show({ type: 'canvas-size' })
      await page.getByRole('spinbutton', { name: 'Width' }).fill('2000')
      await page.getByRole('radio', { name: 'Top left' }).check()
      await page.getByRole('button', { name: 'Change size' }).click()
      expect(await lastCall('resizeCanvas')).toEqual([
        { width: 2000, height: 768 },
        { x: 0, y: 0 },
      ])
    })

    test('a name that no system takes cannot be saved under', async () => {
      await show({ type: 'save-name', suggested: 'Evening village.ora', folder: '/home/ana/Pictures' })
      const field = page.getByRole('textbox', { name: 'Name', exact: true })
      await field.fill('a/b')
      await page.keyboard.press('Enter')
      expect(await calls('answerSaveName')).toEqual([])
      await field.fill('harbour.ora')
      await page.keyboard.press('Enter')
      expect(await calls('answerSaveName')).toEqual([['harbour.ora']])
    })

    test('keys are given to an action, and taken from another only when one says so', async () => {
      const keys = () => page.evaluate(() => window.studio.state.preferences.keys)
      const change = page.getByRole('button', { name: /^Change the keys of Export/ })
      await show({ type: 'shortcuts' })
      await page.getByRole('searchbox', { name: 'Search' }).fill('export')
      await expect.poll(() => page.locator('.shortcut').count()).toBe(1)
      await change.click()
      await page.keyboard.press('Control+b')
      expect(await keys()).toEqual({ 'file.export': ['Ctrl+B'] })
      await change.click()
      await page.keyboard.press('Control+z')
      const conflict = page.getByRole('alert')
      expect(await conflict.textContent()).toContain('Ctrl+Z belongs to “Undo”.')
      await conflict.getByRole('button', { name: 'Leave it' }).click()
      expect(await keys()).toEqual({ 'file.export': ['Ctrl+B'] })
      await change.click()
      await page.keyboard.press('Control+z')
      await conflict.getByRole('button', { name: 'Take it away from there' }).click()
      expect(await keys()).toEqual({ 'file.export': ['Ctrl+Z'], 'edit.undo': [] })
      await page.getByRole('button', { name: 'Reset Export' }).click()
      expect(await keys()).toEqual({ 'edit.undo': [] })
      await page.getByRole('button', { name: 'Reset all' }).click()
      expect(await keys()).toEqual({})
    })

    test('while keys are being pressed Esc leaves that, and not the dialog', async () => {
      await show({ type: 'shortcuts' })
      await page.getByRole('button', { name: /^Change the keys of Save as/ }).click()
      await page.keyboard.press('Escape')
      expect(await dialog()).toEqual({ type: 'shortcuts' })
      expect(await page.evaluate(() => window.studio.state.preferences.keys)).toEqual({})
      await page.keyboard.press('Escape')
      await expect.poll(dialog).toBeNull()
    })
  })

  test('are hidden as a whole, and the canvas takes their place', async () => {
    await open()
    const canvas = page.locator('.canvas-area')
    const before = await canvas.evaluate((element) => element.clientWidth)
    await page.evaluate(() => window.studio.act('view.panels'))
    await page.getByRole('tree').waitFor({ state: 'detached' })
    expect(await canvas.evaluate((element) => element.clientWidth)).toBe(1440)
    expect(await page.getByRole('textbox', { name: 'Prompt' }).isVisible()).toBe(true)
    await page.evaluate(() => window.studio.act('view.panels'))
    await expect.poll(() => canvas.evaluate((element) => element.clientWidth)).toBe(before)
  })

  test('fit into the smallest window: nothing is cut off at its edges', async () => {
    await open({ viewport: { width: 1024, height: 680 } })
    const outside = await page.evaluate(() =>
      [
        '.title-bar',
        '.tool-rail',
        '.options-bar',
        '.prompt-dock',
        '.right-column',
        '.status-line',
        '.colours',
        '.run',
      ].filter((part) => {
        const box = document.querySelector(part)?.getBoundingClientRect()
        return !box || box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight
      }),
    )
    expect(outside).toEqual([])
    for (const section of ['layers', 'properties', 'history']) {
      const height = await page.locator(`[data-region=${section}]`).evaluate((element) => element.clientHeight)
      expect(height, section).toBeGreaterThanOrEqual(104)
    }
  })
})
