/** The real history against a naive one that keeps a whole snapshot per step, under random operations. */
import { expect, test } from 'vitest'
import {
  type DocumentStore,
  fromSnapshot,
  History,
  type Mark,
  newDocument,
  reachableTiles,
  toSnapshot,
} from '../../../src/document/index.ts'
import { choices, randomOperation } from './random.ts'
import { settled, testSpill } from './spill.ts'

const snapshotOf = (store: DocumentStore): string => JSON.stringify(toSnapshot(store.records))

/** States by step: `states[position]` is now; marks remember all of it. */
interface Model {
  states: string[]
  position: number
}

/** Random operations with undo, redo, jumps and nested marks; every state is compared with the model's. */
async function compare(seed: number, steps: number, options: ConstructorParameters<typeof History>[1]): Promise<void> {
  const random = choices(seed)
  const store = newDocument({ width: 640, height: 480 })
  const history = new History(store, { limit: 10_000, ...options })
  let model: Model = { states: [snapshotOf(store)], position: 0 }
  let marks: { mark: Mark; model: Model }[] = []
  for (let i = 0; i < steps; i++) {
    const choice = random.int(20)
    if (choice < 12) {
      randomOperation(store, random)
      const now = snapshotOf(store)
      if (now !== model.states[model.position]) {
        model = { states: [...model.states.slice(0, model.position + 1), now], position: model.position + 1 }
      }
    } else if (choice < 17) {
      const to = choice === 12 ? random.int(model.states.length) : model.position + (choice < 15 ? -1 : 1)
      const possible = to >= 0 && to < model.states.length && to !== model.position
      const moved = await (choice === 12 ? history.jumpTo(to) : choice < 15 ? history.undo() : history.redo())
      expect(moved).toBe(possible)
      if (possible) {
        model = { ...model, position: to }
        marks = []
      }
    } else if (choice === 17) marks.push({ mark: history.mark(`Gesture ${i}`), model })
    else {
      const [open] = marks.splice(random.int(marks.length), Number.POSITIVE_INFINITY)
      if (open === undefined) continue
      const now = model.states[model.position] ?? ''
      const cameToNothing = now === open.model.states[open.model.position]
      if (choice === 18) history.rollbackTo(open.mark)
      else history.squashTo(open.mark)
      if (choice === 18 || cameToNothing) model = open.model
      else {
        const below = open.model.states.slice(0, open.model.position + 1)
        model = { states: [...below, now], position: below.length }
      }
    }
    expect(snapshotOf(store)).toBe(model.states[model.position])
    expect([history.position, history.labels().length]).toEqual([model.position, model.states.length - 1])
    if (i % 50 === 0) await settled()
  }
  const tiles = (text: string) => text.match(/[0-9a-f]{64}/g) ?? []
  expect(await reachableTiles(store, history)).toEqual(new Set(model.states.flatMap(tiles)))
}

test.each([11, 12, 13])('H1-H6 the history does what a list of snapshots does (seed %d)', async (seed) => {
  await compare(seed, 400, {})
})

test.each([21, 22])('H8 it does the same with nearly every step on disk (seed %d)', async (seed) => {
  await compare(seed, 400, { spill: testSpill(), budget: 1000 })
})

test('D4, D10 after 1,000 edits, undo to the start and redo to the end give equal snapshots, and each can be opened', async () => {
  const random = choices(31)
  const store = newDocument({ width: 640, height: 480 })
  const history = new History(store, { limit: 1000 })
  const start = snapshotOf(store)
  while (history.position < 1000) randomOperation(store, random)
  const end = snapshotOf(store)
  expect(snapshotOf(fromSnapshot(JSON.parse(end)))).toBe(end)
  expect(store.records.size).toBeGreaterThan(5)
  for (let i = 0; i < 1000; i++) expect(await history.undo()).toBe(true)
  expect(snapshotOf(store)).toBe(start)
  expect(history.canUndo).toBe(false)
  for (let i = 0; i < 1000; i++) await history.redo()
  expect(snapshotOf(store)).toBe(end)
  await history.jumpTo(0)
  expect(snapshotOf(store)).toBe(start)
})
