/** The queue of jobs: order, failures, cancelling while waiting, and how many are ahead. */
import { describe, expect, test } from 'vitest'
import { Fifo } from '../../../src/engine/jobs/fifo.ts'

/** A job that notes when it starts and ends, and that ends when told to. */
function heldJob(name: string, log: string[]) {
  let [end, fail] = [() => {}, () => {}]
  const gate = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = () => reject(new Error(`${name} failed`))
  })
  const job = async (): Promise<string> => {
    log.push(`${name} starts`)
    await gate
    log.push(`${name} ends`)
    return name
  }
  return { job, end, fail }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('jobs', () => {
  test('run one at a time, in the order they came, each with its own result', async () => {
    const [fifo, log] = [new Fifo(), [] as string[]]
    const [a, b, c] = ['a', 'b', 'c'].map((name) => heldJob(name, log))
    const results = Promise.all([a, b, c].map((held) => fifo.run(held?.job ?? (() => Promise.resolve('')))))
    c?.end()
    b?.end()
    await settled()
    expect(log).toEqual(['a starts'])
    a?.end()
    expect(await results).toEqual(['a', 'b', 'c'])
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
  })

  test('that fail, by rejecting or by throwing, hold up nobody', async () => {
    const [fifo, log] = [new Fifo(), [] as string[]]
    const a = heldJob('a', log)
    const failing = fifo.run(a.job)
    const throwing = fifo.run(() => {
      throw new Error('b failed')
    })
    const last = fifo.run(() => Promise.resolve('c'))
    a.fail()
    await expect(failing).rejects.toThrow('a failed')
    await expect(throwing).rejects.toThrow('b failed')
    expect(await last).toBe('c')
  })

  test('cancelled while they wait never start, and those behind them do', async () => {
    const [fifo, log] = [new Fifo(), [] as string[]]
    const [a, b] = [heldJob('a', log), heldJob('b', log)]
    const controller = new AbortController()
    const first = fifo.run(a.job)
    const second = fifo.run(b.job, controller.signal)
    const third = fifo.run(() => Promise.resolve('c'))
    controller.abort()
    // At once: the job ahead has not ended.
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(log).toEqual(['a starts'])
    a.end()
    expect([await first, await third]).toEqual(['a', 'c'])
    expect(log).toEqual(['a starts', 'a ends'])
  })
})

describe('the number of jobs ahead', () => {
  test('counts the one that runs and those that wait, and is told only to those that wait', async () => {
    const [fifo, log, told] = [new Fifo(), [] as string[], [] as string[]]
    const a = heldJob('a', log)
    const tell = (name: string) => (ahead: number) => told.push(`${name} ${ahead}`)
    const all = [
      fifo.run(a.job, undefined, tell('a')),
      fifo.run(() => Promise.resolve('b'), undefined, tell('b')),
      fifo.run(() => Promise.resolve('c'), undefined, tell('c')),
    ]
    expect(told).toEqual(['b 1', 'c 2'])
    a.end()
    await Promise.all(all)
    await fifo.run(() => Promise.resolve('d'), undefined, tell('d'))
    expect(told).toEqual(['b 1', 'c 2'])
  })

  test('no longer counts a job that failed', async () => {
    const [fifo, told] = [new Fifo(), [] as number[]]
    await expect(fifo.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await fifo.run(
      () => Promise.resolve(),
      undefined,
      (ahead) => told.push(ahead),
    )
    expect(told).toEqual([])
  })
})
