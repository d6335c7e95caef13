/** Work that runs a little ahead of who takes its results, in order: compression has several threads, the disk answers late. */

/**
 * Works on at most `count` items at a time and hands out the results in the order of the items. Whoever stops early, or meets an
 * error, gets control back when the work that runs has ended.
 */
export async function* ahead<Item, Result>(
  items: Iterable<Item>,
  count: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const waiting = items[Symbol.iterator]()
  const running: Promise<Result>[] = []
  const fill = (): void => {
    while (running.length < count) {
      const next = waiting.next()
      if (next.done === true) return
      const task = work(next.value)
      // Its turn to be awaited may come late, or never.
      task.catch(() => undefined)
      running.push(task)
    }
  }
  try {
    for (fill(); ; fill()) {
      const first = running.shift()
      if (first === undefined) return
      yield await first
    }
  } finally {
    await Promise.allSettled(running)
  }
}

/** The same for work that gives nothing back. */
export async function severalAtOnce<Item>(
  items: Iterable<Item>,
  count: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for await (const _ of ahead(items, count, work));
}
