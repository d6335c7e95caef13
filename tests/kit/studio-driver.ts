/**
 * A person at the window: clicks, drags and types by the names that stand there, and looks at what was exported. Works the same in
 * a browser and under the stand-in for Electron; only how files are chosen differs (`Hands`).
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'

/** What a person does outside of the page: dialogs of files, and menus, which are the system's own where there is one. */
export interface Hands {
  /** Chooses an entry of the program's menus. */
  menu(page: Page, menu: string, item: string): Promise<void>
  /** Folder that saved files come to lie in. */
  readonly folder: string
  /** Does `act`, and answers the dialog that it opens with a file. */
  open(path: string, act: () => Promise<void>): Promise<void>
  /** As `open`, for a name to save by. */
  save(name: string, act: () => Promise<void>): Promise<void>
}

export interface Decoded {
  readonly width: number
  readonly height: number
  /** RGBA */
  readonly data: Uint8Array
}

/** What the button of a run says. */
export type RunVerb =
  | 'Generate'
  | 'Restyle'
  | 'Fill selection'
  | 'Extend'
  | 'Vary'
  | 'Interpolate'
  | 'Draw regions'
  | 'Gradient'
  | 'Re-roll'

interface At {
  readonly x: number
  readonly y: number
}

export class StudioDriver {
  readonly page: Page
  readonly hands: Hands
  #exports = 0

  constructor(page: Page, hands: Hands) {
    this.page = page
    this.hands = hands
  }

  /** Waits until the window can be used. */
  async ready(): Promise<void> {
    await until(async () => (await this.status()).includes('Ready'), 30_000)
  }

  status(): Promise<string> {
    return this.page.getByRole('contentinfo').innerText()
  }

  /** Chooses an entry of the window's menu. */
  async menu(menu: string, item: string): Promise<void> {
    await this.hands.menu(this.page, menu, item)
  }

  async key(keys: string): Promise<void> {
    await this.canvas().focus()
    await this.page.keyboard.press(keys)
  }

  canvas() {
    return this.page.getByRole('application')
  }

  /** @param unsaved what is answered where work of before is not saved */
  async newCanvas(
    width: number,
    height: number,
    background: 'White' | 'Transparent' = 'White',
    unsaved?: 'Save' | 'Don’t save',
  ): Promise<void> {
    await this.page.keyboard.press('Control+n')
    const dialog = this.page.getByRole('dialog')
    await dialog.waitFor()
    await fillNumber(this.page, 'Width', width)
    await fillNumber(this.page, 'Height', height)
    await dialog
      .getByRole('radio', { name: background })
      .or(dialog.getByRole('button', { name: background }))
      .first()
      .click()
    await dialog.getByRole('button', { name: 'Create' }).click()
    if (unsaved !== undefined) {
      const answer = this.page.getByRole('button', { name: unsaved, exact: true })
      // Nobody is asked where nothing is unsaved.
      await answer.click({ timeout: 3_000 }).catch(() => undefined)
    }
    await this.settled()
    await until(async () => (await this.status()).includes(`${width} × ${height}`))
  }

  async openFile(path: string): Promise<void> {
    await this.hands.open(path, () => this.page.keyboard.press('Control+o'))
    await this.settled()
  }

  async saveAs(name: string): Promise<void> {
    await this.hands.save(name, () => this.page.keyboard.press('Control+Shift+s'))
    await this.told(/Saved /)
  }

  /** Exports the whole canvas as PNG and reads it back. */
  async exported(): Promise<Decoded> {
    this.#exports += 1
    const name = `export-${this.#exports}.png`
    await this.settled()
    await this.menu('File', 'Export…')
    const dialog = this.page.getByRole('dialog')
    await dialog.waitFor()
    await this.hands.save(name, () => dialog.getByRole('button', { name: 'Export' }).click())
    const said = await this.told(new RegExp(`Exported .*${name}`))
    const bytes = await readFile(join(this.hands.folder, name)).catch((error: Error) => {
      throw new Error(`${error.message}, though the window says: ${said}`)
    })
    return decode(bytes)
  }

  /** Path of the newest export. */
  get lastExport(): string {
    return join(this.hands.folder, `export-${this.#exports}.png`)
  }

  /** Waits for a notice, and dismisses it. */
  async told(text: RegExp): Promise<string> {
    const notice = this.page.getByRole('status').or(this.page.getByRole('alert')).filter({ hasText: text }).first()
    await notice.waitFor({ timeout: 60_000 })
    const said = await notice.innerText()
    await notice.getByRole('button', { name: 'Dismiss' }).click()
    return said
  }

  /** Waits until nothing is being worked on: no change of pixels, no file. */
  async settled(): Promise<void> {
    // A key or a click may be on its way to what it starts.
    await this.page.waitForTimeout(100)
    await until(async () => (await this.page.locator('main').getAttribute('aria-busy')) === 'false', 60_000)
  }

  /** Steps of the history as they are listed. */
  async steps(): Promise<string[]> {
    return (await this.page.getByRole('region', { name: 'History' }).getByRole('option').allInnerTexts()).map((text) =>
      text.trim(),
    )
  }

  /** Shows the whole canvas and returns how its px lie on the page. */
  async fit(width: number, height: number): Promise<(at: At) => At> {
    await this.key('Control+0')
    const box = await this.canvas().boundingBox()
    if (box === null) throw new Error('the canvas is not there')
    // The prompt lies over the foot of it, and what is staged above the prompt.
    const foot = await this.page.locator('.canvas-foot').boundingBox()
    const clear = foot === null ? box.height : foot.y - box.y
    const zoom = Math.min((box.width - 64) / width, (clear - 64) / height)
    const left = box.x + box.width / 2 - (width / 2) * zoom
    const top = box.y + clear / 2 - (height / 2) * zoom
    return ({ x, y }) => ({ x: left + x * zoom, y: top + y * zoom })
  }

  /** Presses at the first point and releases at the last; canvas px as `place` puts them on the page. */
  async drag(place: (at: At) => At, points: readonly At[], modifiers: readonly string[] = []): Promise<void> {
    for (const key of modifiers) await this.page.keyboard.down(key)
    const [first, ...rest] = points.map(place)
    if (first === undefined) return
    await this.page.mouse.move(first.x, first.y)
    await this.page.mouse.down()
    for (const { x, y } of rest) await this.page.mouse.move(x, y, { steps: 4 })
    await this.page.mouse.up()
    for (const key of modifiers) await this.page.keyboard.up(key)
    await this.settled()
  }

  async prompt(text: string, { seed, steps }: { readonly seed?: number; readonly steps?: number } = {}): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(text)
    if (seed !== undefined) {
      await fillNumber(this.page, 'Seed', seed)
      const lock = this.page.getByRole('button', { name: 'Keep this seed' })
      const isLocked = async (): Promise<boolean> => (await lock.getAttribute('aria-pressed')) === 'true'
      // A seed that is typed locks itself; the one that stood there already does not.
      await until(isLocked, 1_000).catch(() => lock.click())
      await until(isLocked)
    }
    if (steps !== undefined) {
      await this.page.getByRole('button', { name: 'More settings' }).click()
      await fillNumber(this.page, 'Steps', steps)
      await this.page.keyboard.press('Escape')
    }
  }

  /** Pictures of a run. */
  async count(pictures: number): Promise<void> {
    await typeInto(this.dock().getByLabel('Pictures', { exact: true }).first(), String(pictures))
    await this.page.keyboard.press('Tab')
  }

  /** As it stands in the prompt. */
  seed(): Promise<string> {
    return this.page.getByLabel('Seed', { exact: true }).first().inputValue()
  }

  /** The button that runs the model. */
  run(verb: RunVerb): Locator {
    return this.dock().getByRole('button', { name: verb, exact: true })
  }

  /** The prompt and all that stands with it. */
  dock(): Locator {
    return this.page.getByRole('region', { name: 'Model', exact: true })
  }

  /** Results that wait to be taken or left. */
  results(): Locator {
    return this.page.getByRole('region', { name: 'Results', exact: true })
  }

  /** How many results are staged. */
  async staged(): Promise<number> {
    return this.results()
      .getByRole('option', { name: /^Result / })
      .count()
  }

  /** Runs the model to its end; its pictures are staged. */
  async generate(verb: RunVerb = 'Generate', pictures = 1): Promise<void> {
    const before = await this.staged()
    await this.run(verb).click()
    await this.finished(before + pictures)
  }

  /** Waits until a run is over and so many results are staged. */
  async finished(pictures: number): Promise<void> {
    await until(async () => (await this.staged()) >= pictures, 180_000)
    await until(async () => (await this.page.getByRole('progressbar', { name: 'Progress' }).count()) === 0, 60_000)
    await this.settled()
  }

  /** Takes the result that is shown. */
  async accept(): Promise<void> {
    await this.results().getByRole('button', { name: 'Accept', exact: true }).click()
    await this.results().waitFor({ state: 'detached' })
    await this.settled()
  }

  async discard(): Promise<void> {
    await this.key('Escape')
    await this.results().waitFor({ state: 'detached' })
  }

  /** Names of the layers, topmost first. */
  async layers(): Promise<string[]> {
    const rows = this.page.getByRole('tree', { name: 'Layers' }).getByRole('treeitem')
    const names: string[] = []
    for (const row of await rows.all())
      names.push((await row.getAttribute('aria-label')) ?? (await row.innerText()).trim())
    return names
  }
}

/** Asks again and again until the answer is yes. */
export async function until(isSo: () => Promise<boolean>, milliseconds = 10_000): Promise<void> {
  const end = Date.now() + milliseconds
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it was not so within ${milliseconds} ms: ${isSo.toString()}`)
    await sleep(50)
  }
}

/** Fields choose a part of their text when they get the focus, which must be over before it is written anew. */
export async function typeInto(field: Locator, text: string): Promise<void> {
  await field.focus()
  await until(async () => {
    await field.fill(text)
    return (await field.inputValue()) === text
  })
}

async function fillNumber(page: Page, name: string, value: number): Promise<void> {
  const dialog = page.getByRole('dialog')
  const within = (await dialog.count()) > 0 ? dialog : page
  // Beside many a field stands a slider of the same name.
  const field = within
    .getByRole('textbox', { name, exact: true })
    .or(within.getByRole('spinbutton', { name, exact: true }))
    .first()
  await field.fill(String(value))
  // Enter would answer the dialog that it stands in.
  await field.press('Tab')
}

export async function decode(bytes: Uint8Array): Promise<Decoded> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

/** The px of a picture, RGBA. */
export const pixelAt = ({ width, data }: Decoded, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
]

/** How many px differ, inside of a rectangle and outside of it. */
export function differences(
  a: Decoded,
  b: Decoded,
  rect: { x: number; y: number; width: number; height: number },
): { inside: number; outside: number } {
  let [inside, outside] = [0, 0]
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      const at = (y * a.width + x) * 4
      if ([0, 1, 2, 3].every((c) => a.data[at + c] === b.data[at + c])) continue
      const isInside = x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height
      if (isInside) inside += 1
      else outside += 1
    }
  }
  return { inside, outside }
}
