import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type DisplayChange, displayOf } from '../../../src/renderer/src/canvas/display.ts'
import type { DisplayEvent } from '../../../src/renderer/src/pixels/pixels-api.ts'

class FakeCanvas {
  getContext() {
    return { canvas: this, putImageData: () => undefined }
  }
}

beforeAll(() => {
  vi.stubGlobal('OffscreenCanvas', FakeCanvas)
  vi.stubGlobal('ImageData', FakeCanvas)
})
afterAll(() => vi.unstubAllGlobals())

function newHost() {
  const listeners: ((event: DisplayEvent) => void)[] = []
  return {
    emit: (event: DisplayEvent) => listeners.forEach((listener) => listener(event)),
    listeners,
    onDisplay(listener: (event: DisplayEvent) => void) {
      listeners.push(listener)
      return () => undefined
    },
  }
}

const patch = (column: number): DisplayEvent => {
  const data = new Uint8ClampedArray(4 * 4 * 4)
  return { type: 'patch', level: 1, column, row: 0, x: 2, y: 4, width: 4, height: 4, data }
}

describe('the display of a host', () => {
  test('is one, and hears everything once', () => {
    const host = newHost()
    expect(displayOf(host)).toBe(displayOf(host))
    expect(displayOf(newHost())).not.toBe(displayOf(host))
    expect(host.listeners).toHaveLength(1)
  })

  test('tells what looks different, and keeps it for who comes later', () => {
    const host = newHost()
    const display = displayOf(host)
    const changes: DisplayChange[] = []
    const end = display.listen((change) => changes.push(change))
    host.emit({ type: 'reset', canvas: { width: 600, height: 300 } })
    host.emit(patch(0))
    host.emit({ type: 'outline', runs: Float32Array.of(1, 2, 3, 2) })
    host.emit({ type: 'shown', changes: 1 })
    expect(changes).toEqual([
      { is: 'all' },
      { is: 'part', area: { x: 4, y: 8, width: 8, height: 8 } },
      { is: 'outline' },
    ])
    end()
    host.emit(patch(0))
    expect(changes).toHaveLength(3)
    expect(display.board.size).toBe(1)
    expect([...display.runs]).toEqual([1, 2, 3, 2])
  })

  test('says nothing of a patch beside the picture', () => {
    const host = newHost()
    const display = displayOf(host)
    host.emit({ type: 'reset', canvas: { width: 600, height: 300 } })
    const changes: DisplayChange[] = []
    display.listen((change) => changes.push(change))
    host.emit(patch(2))
    expect(changes).toEqual([])
  })

  test('is empty after another document, and without one', () => {
    const host = newHost()
    const display = displayOf(host)
    host.emit({ type: 'reset', canvas: { width: 600, height: 300 } })
    host.emit(patch(0))
    host.emit({ type: 'outline', runs: Float32Array.of(1, 2, 3, 2) })
    display.clear()
    expect([display.board.canvas, display.board.size, display.runs.length]).toEqual([null, 0, 0])
  })
})
