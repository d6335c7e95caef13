/** What a message of a page may look like and weigh. Bad ones, and who sends them, are in tests/electron/senders.test.ts. */
import { describe, expect, test } from 'vitest'
import { shapeRefusal } from '../../../src/main/security/message-shape.ts'

const call = (argument: unknown) => ({ type: 'call', id: 1, method: 'putTiles', argument, events: false })

describe('a message passes', () => {
  test.each([
    ['a cancellation', { type: 'cancel', id: 0 }],
    ['a call without an argument', call(undefined)],
    ['records, lists, texts, numbers and truths', call({ a: [1, 'b', null, true, undefined, { c: -0.5 }] })],
    [
      'tiles',
      call({ key: 'k', tiles: [new Uint8Array(262_144), new Uint16Array(2), new Float32Array(1), new Int32Array(1)] }),
    ],
    ['a picture of 8192 x 8192 px with alpha', call({ data: new Uint8Array(8192 * 8192 * 4) })],
    [
      'a document of 100 layers with 1024 tiles each',
      call(Array.from({ length: 100 }, () => Array.from({ length: 1024 }, () => 'x'.repeat(64)))),
    ],
  ])('of %s', (_, message) => {
    expect(shapeRefusal(message)).toBeUndefined()
  })
})

describe('a message is refused, and it is said why', () => {
  test.each([
    ['no message', { type: 'call' }, 'it is no message of the wire'],
    ['a cancellation with more in it', { type: 'cancel', id: 1, method: 'x' }, 'it is no message of the wire'],
    ['long keys, which weigh as texts do', call({ ['k'.repeat(400 * 1024 * 1024)]: 1 }), 'it is too large'],
    ['functions', call({ run: new Map() }), 'it holds something other than plain data'],
    ['a nest', call(JSON.parse('['.repeat(200) + ']'.repeat(200))), 'it is nested too deeply'],
    ['a crowd', call(Array.from({ length: 2_000_000 }, () => 1)), 'it holds too many values'],
  ])('%s', (_, message, why) => {
    expect(shapeRefusal(message)).toBe(why)
  })
})

test('a picture of 256 MB is weighed in less than a frame, a large document in less than three', () => {
  const time = (message: unknown): number => {
    const start = performance.now()
    shapeRefusal(message)
    return performance.now() - start
  }
  const best = (message: unknown): number => Math.min(...Array.from({ length: 5 }, () => time(message)))
  expect(best(call({ data: new Uint8Array(256 * 1024 * 1024) }))).toBeLessThan(16)
  expect(best(call(Array.from({ length: 100_000 }, (_, i) => `${i}`)))).toBeLessThan(50)
})
