/** The pipe in memory and the cancel source: the two small parts that the wire stands on. */
import { expect, test } from 'vitest'
import { CancelSource } from '../../../src/shared/wire/cancel-source.ts'
import { type Pipe, pipePair } from '../../../src/shared/wire/pipe.ts'

/** Everything that comes out of a pipe, as it comes. */
function record(pipe: Pipe): unknown[] {
  const seen: unknown[] = []
  pipe.onMessage((message) => seen.push(message))
  pipe.onClose((reason) => seen.push(`closed: ${reason}`))
  return seen
}

/** Lets every microtask run that is waiting now, and those that they start. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('a message arrives at the other end only, in order, and never during post', async () => {
  const [left, right] = pipePair()
  const [atLeft, atRight] = [record(left), record(right)]
  left.post('a')
  left.post('b')
  expect(atRight).toEqual([])
  await settle()
  expect(atRight).toEqual(['a', 'b'])
  expect(atLeft).toEqual([])
})

test('closing tells both ends once, after the messages on their way', async () => {
  const [left, right] = pipePair()
  const [atLeft, atRight] = [record(left), record(right)]
  left.post('last')
  left.close()
  left.close()
  right.post('too late for a closed end')
  await settle()
  right.close()
  await settle()
  expect(atRight).toEqual(['last', 'closed: the other side closed it'])
  expect(atLeft).toEqual(['closed: it was closed'])
})

test('one who asks after the close is told of it', async () => {
  const [left] = pipePair()
  left.close()
  const seen = record(left)
  expect(seen).toEqual([])
  await settle()
  expect(seen).toEqual(['closed: it was closed'])
})

test('a listener that was taken off hears nothing', async () => {
  const [left, right] = pipePair()
  const seen: unknown[] = []
  const stop = [right.onMessage((message) => seen.push(message)), right.onClose(() => seen.push('closed'))]
  for (const each of stop) each()
  left.post('a')
  left.close()
  await settle()
  expect(seen).toEqual([])
})

test('a signal is raised once, for those who listen then', () => {
  const source = new CancelSource()
  const calls: string[] = []
  const removed = () => calls.push('removed')
  source.signal.addEventListener('abort', () => calls.push('kept'))
  source.signal.addEventListener('abort', removed)
  source.signal.removeEventListener('abort', removed)
  expect(source.signal.aborted).toBe(false)
  source.cancel()
  source.cancel()
  source.signal.addEventListener('abort', () => calls.push('late'))
  expect(source.signal.aborted).toBe(true)
  expect(calls).toEqual(['kept'])
})
