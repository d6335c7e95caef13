/** Moves that a browser brings twice are told once. */
import { describe, expect, test } from 'vitest'
import { type Move, ToldOnce } from '../../../src/renderer/src/canvas/told-once.ts'

const move = (timeStamp: number, clientX: number, clientY = 0): Move => ({ timeStamp, clientX, clientY })

describe('moves that come twice', () => {
  test('are told of the stream that brings them first, whichever it is', () => {
    const moves = new ToldOnce()
    expect(moves.isFirst('pointerrawupdate', move(1, 10))).toBe(true)
    expect(moves.isFirst('pointermove', move(1, 10))).toBe(false)
    expect(moves.isFirst('pointermove', move(2, 20))).toBe(true)
    expect(moves.isFirst('pointerrawupdate', move(2, 20))).toBe(false)
  })

  test('are each told where several came about in one tick of the clock', () => {
    const moves = new ToldOnce()
    const first = [move(1, 10), move(1, 11), move(1, 12)].map((one) => moves.isFirst('pointerrawupdate', one))
    const second = [move(1, 10), move(1, 11), move(1, 12), move(1, 13)].map((one) => moves.isFirst('pointermove', one))
    expect([first, second]).toEqual([
      [true, true, true],
      [false, false, false, true],
    ])
  })

  test('are told as often as they happened at one place in one tick', () => {
    const moves = new ToldOnce()
    const told = ['pointerrawupdate', 'pointerrawupdate', 'pointermove', 'pointermove', 'pointermove'] as const
    expect(told.map((stream) => moves.isFirst(stream, move(1, 10)))).toEqual([true, true, false, false, true])
  })

  test('count anew after another button', () => {
    const moves = new ToldOnce()
    moves.isFirst('pointerrawupdate', move(1, 10))
    moves.clear()
    expect(moves.isFirst('pointermove', move(1, 10))).toBe(true)
  })
})
