/** When the pointer paints one result over another, and what it tells. */
import { describe, expect, test } from 'vitest'
import { newSession } from '../../../src/editor/index.ts'
import { isMixing, mixBrush } from '../../../src/renderer/src/canvas/mix-brush.ts'
import { MixStroke } from '../../../src/renderer/src/canvas/mix-stroke.ts'
import type { StagingState, StudioState } from '../../../src/renderer/src/studio/studio-state.ts'
import type { Point } from '../../../src/shared/geometry/point.ts'

const staged = (mixWith: number | null) => ({ mixWith }) as StagingState
const origin = { x: 100, y: 50 }

interface Options {
  readonly mixWith?: number | null
  readonly path?: string
}

function hostOf({ mixWith = 2, path = 'move.idle' }: Options = {}) {
  const painted: { points: readonly Point[]; diameter: number }[] = []
  const session = { ...newSession({ width: 800, height: 600 }), tool: 'move', camera: { x: 10, y: 20, zoom: 2 } }
  const state = { session, staging: staged(mixWith) } as unknown as StudioState
  return {
    painted,
    state,
    toolPath: () => path,
    paintMix: (points: readonly Point[], diameter: number) => painted.push({ points, diameter }),
  }
}

const event = (type: string, clientX: number, clientY: number, button = 0) =>
  ({
    type,
    clientX,
    clientY,
    button,
    buttons: type === 'pointerup' ? 0 : 1,
    getCoalescedEvents: () => [],
  }) as unknown as PointerEvent

describe('a stroke of mixing', () => {
  test('is told in canvas px, each part from where the last one ended', () => {
    const host = hostOf()
    const stroke = new MixStroke(host)
    expect(stroke.hears(event('pointerdown', 120, 80), origin)).toBe(true)
    expect(stroke.hears(event('pointermove', 130, 80, -1), origin)).toBe(true)
    expect(stroke.hears(event('pointerup', 130, 80), origin)).toBe(true)
    expect(stroke.hears(event('pointermove', 140, 80, -1), origin)).toBe(false)
    const { size } = host.state.session.brushes['select-brush']
    expect(host.painted).toEqual([
      { points: [{ x: 5, y: 5 }], diameter: size },
      {
        points: [
          { x: 5, y: 5 },
          { x: 10, y: 5 },
        ],
        diameter: size,
      },
    ])
  })

  test.each([
    ['nothing is mixed', { mixWith: null }, 0],
    ['the hand moves the view', { path: 'hand.idle' }, 0],
    ['another button is pressed', {}, 2],
  ] as const)('is none where %s', (_, options, button) => {
    const host = hostOf(options)
    expect(new MixStroke(host).hears(event('pointerdown', 120, 80, button), origin)).toBe(false)
    expect(host.painted).toEqual([])
  })

  test('has the brush of the tool in hand where it has one', () => {
    const session = newSession({ width: 1, height: 1 })
    expect(mixBrush({ ...session, tool: 'eraser' }).tool).toBe('eraser')
    expect(mixBrush({ ...session, tool: 'frame' })).toEqual({
      tool: 'select-brush',
      brush: session.brushes['select-brush'],
    })
  })

  test('needs something staged', () => {
    expect(isMixing(null, 'brush.idle')).toBe(false)
    expect(isMixing(staged(0), 'brush.idle')).toBe(true)
  })
})
