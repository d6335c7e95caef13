/** Strokes and transforms while they are made: what the worker is told, in which order, and what becomes of it. */
import { describe, expect, test } from 'vitest'
import { addRasterLayer } from '../../../src/document/index.ts'
import type { Command, Preview, StrokePoint } from '../../../src/editor/index.ts'
import { defaultBrush } from '../../../src/editor/index.ts'
import { LiveStroke } from '../../../src/renderer/src/studio/live-stroke.ts'
import { LiveTransform } from '../../../src/renderer/src/studio/live-transform.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { called, fakeParts, settled, surfaceOf } from './fakes.ts'

const point = (x: number): StrokePoint => ({ x, y: 0, pressure: 1 })
const stroke = (...xs: number[]): Preview[] => [
  { type: 'stroke', tool: 'brush', points: xs.map(point), brush: defaultBrush },
]

function setUp() {
  const fakes = fakeParts((store) => addRasterLayer(store))
  const live = new LiveStroke(fakes.parts)
  const layer = fakes.document.active?.id ?? ''
  const command = (...xs: number[]): Extract<Command, { type: 'stroke' }> => ({
    type: 'stroke',
    target: { layer, part: 'pixels' },
    paint: 'colour',
    points: xs.map(point),
    brush: defaultBrush,
    colour: [0, 0, 0],
  })
  return { ...fakes, live, layer, command }
}

describe('a live stroke', () => {
  test('hands over each point once, and is committed as one step', async () => {
    const { live, calls, pixels, document, layer, command } = setUp()
    pixels.endStroke = () => ({ changes: [{ id: layer, surface: surfaceOf('painted') }], picture: {}, surface: null })
    live.follow(stroke(1))
    await settled()
    live.follow(stroke(1, 2, 3))
    live.follow(stroke(1, 2, 3))
    expect(live.finish(command(1, 2, 3, 4))).toBe(true)
    await settled()
    const sent = calls.filter(({ method }) => method === 'extendStroke')
    expect(sent.flatMap(({ argument }) => (argument as { points: StrokePoint[] }).points.map(({ x }) => x))).toEqual([
      1, 2, 3, 4,
    ])
    expect(called(calls, 'beginStroke', 'endStroke')).toEqual(['beginStroke', 'endStroke'])
    expect(document.history.labels()).toEqual(['Brush stroke'])
  })

  test('hands over its first points without waiting for the worker to be ready', async () => {
    const { live, calls, pixels } = setUp()
    pixels.beginStroke = () => new Promise(() => undefined)
    live.follow(stroke(1))
    await settled()
    live.follow(stroke(1, 2))
    await settled()
    expect(called(calls, 'beginStroke', 'extendStroke')).toEqual(['beginStroke', 'extendStroke', 'extendStroke'])
  })

  test('that the worker refuses is told, and leaves no step and no work', async () => {
    const { live, pixels, parts, document, command } = setUp()
    pixels.beginStroke = () => Promise.reject(new StudioError('bad-request', 'This layer is gone.'))
    live.follow(stroke(1))
    await settled()
    live.finish(command(1, 2))
    await settled()
    expect(parts.holder.state.notices.map(({ text }) => text)).toEqual(['This layer is gone.'])
    expect(document.history.labels()).toEqual([])
    await parts.queue.settled()
  })

  test('that is dropped leaves no step', async () => {
    const { live, calls, document } = setUp()
    live.follow(stroke(1, 2))
    await settled()
    live.follow([])
    await settled()
    expect(calls.find(({ method }) => method === 'endStroke')?.argument).toEqual({ keep: false })
    expect(document.history.labels()).toEqual([])
  })

  test('waits for the one before it to be committed, and keeps its points meanwhile', async () => {
    const { live, calls, pixels, command } = setUp()
    let end: (value: unknown) => void = () => undefined
    pixels.endStroke = () =>
      new Promise((resolve) => {
        end = resolve
      })
    live.follow(stroke(1))
    await settled()
    live.finish(command(1, 2))
    live.follow([])
    live.follow(stroke(5))
    live.follow(stroke(5, 6))
    await settled()
    expect(called(calls, 'beginStroke', 'endStroke')).toEqual(['beginStroke', 'endStroke'])
    end({ changes: [], picture: {}, surface: null })
    await settled()
    expect(called(calls, 'beginStroke', 'endStroke')).toEqual(['beginStroke', 'endStroke', 'beginStroke'])
    expect(calls.at(-1)).toMatchObject({ method: 'extendStroke', argument: { points: [point(5), point(6)] } })
  })

  test('ended before it could begin is drawn all the same', async () => {
    const { live, calls, command } = setUp()
    live.follow(stroke(1))
    live.finish(command(1))
    await settled()
    expect(called(calls, 'beginStroke', 'extendStroke', 'endStroke')).toEqual([
      'beginStroke',
      'extendStroke',
      'endStroke',
    ])
  })

  test('is none where nobody followed it: the command is then drawn as a whole', () => {
    const { live, command } = setUp()
    expect(live.finish(command(1))).toBe(false)
  })
})

describe('a live transform', () => {
  const moved = (dx: number): Preview[] => [{ type: 'translate', target: { layer: 'a', part: 'pixels' }, dx, dy: 0 }]

  test('tells the worker each new map once, and its end', async () => {
    const { parts, calls } = fakeParts()
    const live = new LiveTransform(parts)
    live.follow([])
    live.follow(moved(0))
    live.follow(moved(3))
    live.follow(moved(3))
    live.follow([])
    await settled()
    expect(calls.filter(({ method }) => method === 'previewTransform').map(({ argument }) => argument)).toEqual([
      { target: { layer: 'a', part: 'pixels' }, matrix: { a: 1, b: 0, c: 0, d: 1, e: 3, f: 0 } },
      null,
    ])
  })

  test('stays on screen until the change is part of the document', async () => {
    const { parts, calls } = fakeParts()
    const live = new LiveTransform(parts)
    live.follow(moved(3))
    let over: () => void = () => undefined
    const holding = live.hold(
      new Promise<void>((resolve) => {
        over = resolve
      }),
    )
    live.follow([])
    await settled()
    expect(called(calls, 'previewTransform')).toHaveLength(1)
    over()
    await holding
    expect(calls.at(-1)).toMatchObject({ method: 'previewTransform', argument: null })
  })
})
