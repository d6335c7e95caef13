/** What is measured of an open document, in the order in which a person would do it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { median, rounded, type Spread, spread } from './figures.ts'
import { type Memory, memoryOf } from './memory.ts'
import type { LongTask } from './meter.ts'
import { bands, type LoopDelay, Session, type Stroke } from './session.ts'

/** Diameter, in canvas px. */
const brush = 60

type Tell = (text: string) => void

/** @returns ms from the click until all of the view is drawn, in a studio that has just been started */
export async function measureOpening(folder: string, path: string): Promise<number> {
  const session = await Session.start(folder, [path])
  try {
    return await session.open(path)
  } finally {
    await session.end()
  }
}

interface PaintingOptions {
  readonly strokes: number
  /** What other runs of opening took. */
  readonly opened: readonly number[]
  readonly tell: Tell
}

export async function measurePainting(folder: string, path: string, { strokes, opened, tell }: PaintingOptions) {
  tell('opening it to paint')
  const session = await Session.start(folder, [path])
  try {
    const open = [...opened, await session.open(path)]
    await session.still()
    const memoryOpened = await memoryOf(session.studio)
    await session.chooseBrush(brush)
    const layers = await session.layers()
    const middle = layers[layers.length >> 1] ?? ''
    const painted: Record<string, object> = {}
    const undo: number[] = []
    const redo: number[] = []
    for (const [zoom, keys] of [
      ['100 %', 'Control+1'],
      ['fit', 'Control+0'],
    ] as const) {
      for (const [where, layer] of [
        ['the topmost layer', layers[0] ?? ''],
        ['a layer in the middle', middle],
      ] as const) {
        tell(`painting at ${zoom} on ${where}`)
        await session.zoom(keys)
        await session.choose(layer)
        const found: Stroke[] = []
        for (const points of bands(await session.clearBox(), strokes)) found.push(await session.stroke(points, brush))
        painted[`${zoom}, ${where}`] = strokesOf(found)
        for (let i = 0; i < strokes; i++) undo.push(await session.timed('Control+z'))
        for (let i = 0; i < strokes; i++) redo.push(await session.timed('Control+Shift+z'))
        for (let i = 0; i < strokes; i++) undo.push(await session.timed('Control+z'))
      }
    }
    tell('saving')
    const [first = []] = bands(await session.clearBox(), 1)
    await session.stroke(first, brush)
    const saveFirst = await session.save()
    const again: number[] = []
    for (let i = 0; i < Math.min(3, strokes); i++) {
      await session.stroke(bands(await session.clearBox(), strokes)[i] ?? [], brush)
      again.push(await session.save())
    }
    tell('painting while the model runs')
    const generating = await paintAndGenerate(session)
    return {
      open: { runs: open.map(Math.round), median: median(open) },
      brush,
      stroke: painted,
      undo: spread(undo),
      redo: spread(redo),
      save: { first: Math.round(saveFirst), afterAStroke: again.map(Math.round), median: median(again) },
      generating,
      memory: { opened: memoryOpened, afterAll: await memoryOf(session.studio) },
      complaints: session.studio.complaints,
    }
  } finally {
    await session.end()
  }
}

export async function measureLarge(folder: string, path: string, tell: Tell) {
  tell('opening the large one')
  const session = await Session.start(folder, [path])
  try {
    const open = await session.open(path)
    await session.still()
    const memory: Memory = await memoryOf(session.studio)
    tell('painting on the large one')
    await session.chooseBrush(brush)
    await session.zoom('Control+1')
    const found: Stroke[] = []
    for (const points of bands(await session.clearBox(), 4)) found.push(await session.stroke(points, brush))
    const undo = await session.timed('Control+z')
    const save = await session.save()
    return {
      open: Math.round(open),
      memory: { opened: memory, afterAll: await memoryOf(session.studio) },
      stroke: { '100 %, the topmost layer': strokesOf(found) },
      undo: Math.round(undo),
      save: Math.round(save),
      complaints: session.studio.complaints,
    }
  } finally {
    await session.end()
  }
}

/** From the pointer's event to the draw that shows it. */
function strokesOf(strokes: readonly Stroke[]) {
  const all = (part: (stroke: Stroke) => readonly number[]): Spread | null => spread(strokes.flatMap(part))
  const [first, ...others] = strokes
  return {
    toPainted: all(({ moves }) => moves),
    /** Without the stroke that came right after the zoom: tiles may have to be fetched for that one. */
    toPaintedButFirst: spread(others.flatMap(({ moves }) => moves)),
    of: {
      heardByPage: all(({ heard }) => heard),
      patchFromWorker: all(({ arrived }) => arrived),
      drawnByPage: all(({ drawn }) => drawn),
    },
    toFrame: all(({ framed }) => framed),
    pressToDab: { first: first?.press.map(rounded) ?? [], others: spread(others.flatMap(({ press }) => press)) },
    lost: strokes.reduce((sum, { lost }) => sum + lost, 0),
    unpaired: strokes.reduce((sum, { skipped }) => sum + skipped, 0),
  }
}

/** Strokes for as long as the model draws, with its previews. */
async function paintAndGenerate(session: Session) {
  const { page, driver } = session.studio
  await session.zoom('Control+1')
  await driver.prompt('a red apple, yellow background', { seed: 7, steps: 150 })
  // The frame holds a picture, which would be restyled.
  await driver.key('Alt+1')
  await session.loopDelays()
  const tasksBefore = await session.longTasks()
  const start = performance.now()
  await driver.run('Generate').click()
  await page.getByRole('progressbar', { name: 'Progress' }).waitFor()
  const found: Stroke[] = []
  const lines = bands(await session.clearBox(), 4)
  const runs = async (): Promise<boolean> => (await page.getByRole('progressbar', { name: 'Progress' }).count()) > 0
  // A stroke over what was painted before changes nothing; what is drawn is taken back.
  while ((await runs()) && performance.now() - start < 60_000) {
    const points = lines[found.length % lines.length] ?? []
    found.push(await session.stroke(points, brush, 2000))
    await driver.key('Control+z')
    await sleep(100)
  }
  const seconds = (performance.now() - start) / 1000
  const tasks = (await session.longTasks()).slice(tasksBefore.length)
  const delays = await session.loopDelays()
  await driver.discard()
  return {
    seconds: rounded(seconds),
    strokes: found.length,
    stroke: strokesOf(found),
    longTasksOfPage: tasksOf(tasks),
    loopDelay: Object.fromEntries(delays.map(({ thread, ...delay }: LoopDelay) => [thread, delay])),
  }
}

function tasksOf(tasks: readonly LongTask[]) {
  const durations = tasks.map(({ duration }) => duration)
  return { count: tasks.length, longest: rounded(Math.max(0, ...durations)), all: durations.map(Math.round) }
}
