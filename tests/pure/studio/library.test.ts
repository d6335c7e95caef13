/** Queue, gallery and batch in the window's model: what is asked of the program, what is shown at once, what is told. */
import { describe, expect, test } from 'vitest'
import { progressOf } from '../../../src/renderer/src/app/follow-desktop.ts'
import { runCommand } from '../../../src/renderer/src/panels/page-actions.ts'
import { BatchDesk } from '../../../src/renderer/src/studio/batch-desk.ts'
import {
  batchDraftSchema,
  firstDraft,
  missingOf,
  remembered,
  specOf,
  withKind,
} from '../../../src/renderer/src/studio/batch-draft.ts'
import { Library, moved } from '../../../src/renderer/src/studio/library.ts'
import { defaultPreferences, readPreferences } from '../../../src/renderer/src/studio/preferences.ts'
import { batchSpecSchema } from '../../../src/shared/contract/batch.ts'
import type { QueuedJob, QueueState } from '../../../src/shared/contract/queue-api.ts'
import type { FileSource } from '../../../src/shared/contract/studio-api.ts'
import { FakeLibrary } from '../../kit/fake-library.ts'
import { FakeStudio } from '../../kit/fake-studio.ts'
import { fakeParts, settled } from './fakes.ts'

const job = (id: string, state: QueuedJob['state'] = 'waiting'): QueuedJob => ({
  id,
  state,
  title: id,
  use: 'text',
  pictures: 1,
  finished: 0,
  queuedAt: 0,
  endedAt: state === 'waiting' || state === 'running' ? null : 1,
  error: null,
})
const queueOf = (...jobs: readonly QueuedJob[]): QueueState => ({ paused: false, jobs, share: null, secondsLeft: null })
const ids = ({ jobs }: Pick<QueueState, 'jobs'>) => jobs.map(({ id }) => id).join('')

function start() {
  const fakes = fakeParts()
  // What the document asked for.
  ;(fakes.calls as unknown[]).length = 0
  const placed: FileSource[] = []
  const library = new Library(fakes.parts, async (source) => void placed.push(source))
  return { ...fakes, library, placed, state: () => fakes.parts.holder.state }
}

describe('the queue', () => {
  const jobs = [job('r', 'running'), job('a'), job('b'), job('c'), job('x', 'done')]

  test.each([
    ['c', 'a', 'rcabx'],
    ['a', 'c', 'rbacx'],
    ['a', null, 'rbcax'],
    ['b', 'b', 'rabcx'],
    ['nobody', 'a', 'rabcx'],
    ['a', 'nobody', 'rabcx'],
  ])('%s moved before %s makes %s', (id, before, order) => {
    expect(ids({ jobs: moved(jobs, id, before) })).toBe(order)
  })

  test('is shown as it will be before the program has answered, and as the program says afterwards', async () => {
    const { library, calls, state, parts } = start()
    parts.holder.set({ queue: queueOf(...jobs) })
    void library.moveJob('c', 'a')
    void library.pauseQueue(true)
    void library.removeJobs(['x'])
    expect(ids(state().queue)).toBe('rcab')
    expect(state().queue.paused).toBe(true)
    library.hear({ type: 'queue', queue: queueOf(job('a')) })
    expect(ids(state().queue)).toBe('a')
    await settled()
    expect(calls).toEqual([
      { method: 'moveJob', argument: { id: 'c', before: 'a' } },
      { method: 'pauseQueue', argument: { paused: true } },
      { method: 'removeJobs', argument: { ids: ['x'] } },
    ])
  })

  test('is known when the window begins', async () => {
    const { library, api, state } = start()
    api.queue = () => queueOf(job('a'))
    api.batch = () => ({ is: 'none' })
    await library.connect()
    expect(ids(state().queue)).toBe('a')
  })
})

describe('the gallery', () => {
  test('places a picture with its file as it lies on the disk, and shows the canvas', async () => {
    const { library, api, placed, parts, state } = start()
    const picture = new FakeLibrary().make(7, Date.now())
    api.readPicture = () => ({ png: Uint8Array.of(1, 2), picture })
    parts.holder.set({ view: 'gallery' })
    await library.place('p7')
    expect(placed).toEqual([{ kind: 'bytes', name: '7.png', bytes: Uint8Array.of(1, 2) }])
    expect(state().view).toBeNull()
  })

  test('offers to bring back what went to the trash, and does', async () => {
    const { library, state, calls } = start()
    await library.trash(['p1', 'p2'])
    const [notice] = state().notices
    expect(notice).toMatchObject({ text: 'Moved 2 pictures to the trash', action: { label: 'Undo' } })
    const studio = new FakeStudio()
    expect(runCommand(studio, notice?.action?.action ?? '')).toBe(true)
    expect(studio.calls).toContainEqual({ name: 'undoTrash', args: [['p1', 'p2']] })
    await library.undoTrash(['p1', 'p2'])
    expect(calls.map(({ method }) => method)).toEqual(['trashPictures', 'undoTrash'])
  })

  test('copies into the folder that is chosen, and nothing where none is', async () => {
    const { library, api, desktop, calls, state } = start()
    desktop.chooseFolder = () => null
    await library.copy(['p1'])
    expect(calls.map(({ method }) => method)).toEqual(['chooseFolder'])
    desktop.chooseFolder = () => ({ path: '/out' })
    api.copyPictures = () => ({ paths: ['/out/1.png'] })
    await library.copy(['p1'])
    expect(calls.at(-1)).toEqual({ method: 'copyPictures', argument: { ids: ['p1'], folder: '/out' } })
    expect(state().notices.at(-1)?.text).toBe('Copied 1 picture to /out')
  })

  test('is read anew when it changes while it is looked at, and counted when it is not', async () => {
    const { library, calls, parts, state } = start()
    library.hear({ type: 'gallery' })
    expect([state().galleryVersion, calls.length]).toEqual([1, 0])
    parts.holder.set({ view: 'gallery' })
    library.hear({ type: 'gallery' })
    await settled()
    expect(calls.map(({ method }) => method)).toEqual(['listPictures'])
  })
})

describe('a batch', () => {
  const rows = [{ prompt: 'a fox' }]
  const prompts = { ...firstDraft, text: 'a fox', out: '/out' }
  const pictures = {
    ...firstDraft,
    kind: 'pictures',
    folder: '/in',
    masks: '/masks',
    out: '/out',
    prompt: 'x',
  } as const

  test.each(['restyle', 'vary', 'inpaint', 'outpaint'] as const)(
    'of pictures to %s is one that every side takes',
    (use) => {
      const spec = specOf({ ...pictures, use }, [], 'mini')
      expect(batchSpecSchema.parse(spec)).toEqual(spec)
      expect(spec.source).toMatchObject({
        folder: '/in',
        masks: use === 'inpaint' ? '/masks' : null,
        operation: { use },
      })
    },
  )

  test.each([
    [{ type: 'png' }, { type: 'png' }],
    [
      { type: 'jpeg', quality: 80 },
      { type: 'jpeg', quality: 80 },
    ],
    [{ type: 'webp', lossless: true }, { type: 'webp' }],
    [
      { type: 'avif', quality: 50 },
      { type: 'avif', quality: 50 },
    ],
  ] as const)('of prompts as %j is written as %j', (changes, format) => {
    const spec = specOf({ ...prompts, ...changes, steps: 4 }, rows, 'mini')
    expect(batchSpecSchema.parse(spec)).toEqual(spec)
    expect(spec).toMatchObject({ format, sampling: { steps: 4 }, size: null, model: 'mini' })
    expect(spec.sampling).not.toHaveProperty('guidance')
  })

  test.each([
    [firstDraft, 0, 'prompts'],
    [firstDraft, 1, 'out'],
    [{ ...prompts, name: ' ' }, 1, 'name'],
    [{ ...pictures, folder: '' }, 0, 'folder'],
    [{ ...pictures, use: 'inpaint', masks: '' }, 0, 'masks'],
    [prompts, 1, null],
  ] as const)('says what is missing (%#)', (draft, count, what) => {
    expect(missingOf(draft, count)).toBe(what)
  })

  test('has the names that are usual for its source, until somebody chooses others', () => {
    const there = { ...firstDraft, ...withKind(firstDraft, 'pictures') }
    expect(there.name).toBe('{folder}/{name}-{seed}')
    expect(withKind(there, 'prompts').name).toBe(firstDraft.name)
    expect(withKind({ ...there, name: '{seed}' }, 'prompts').name).toBe('{seed}')
  })

  test('is remembered from one start to the next, without what is too long to be typed', () => {
    const draft = { ...prompts, seeds: 4 }
    const stored: unknown = JSON.parse(JSON.stringify({ ...defaultPreferences, batch: draft }))
    expect(readPreferences(stored).batch).toEqual(draft)
    expect(remembered({ ...draft, text: 'x'.repeat(20_001) }).text).toBe('')
    expect(batchDraftSchema.parse({ seeds: -1, out: '/out' })).toEqual({ ...firstDraft, out: '/out' })
  })

  test('takes its prompts from what is typed, or from a file as long as one is loaded', async () => {
    const desk = new BatchDesk(new FakeLibrary(), () => 'mini')
    const draft = { ...firstDraft, text: '# mine\na fox\nan owl' }
    expect((await desk.rowsOf(draft)).map(({ prompt }) => prompt)).toEqual(['a fox', 'an owl'])
    await desk.readFile({ kind: 'bytes', name: 'list.txt', bytes: new TextEncoder().encode('a boat') })
    expect((await desk.rowsOf(draft)).map(({ prompt }) => prompt)).toEqual(['a boat'])
    expect(desk.file?.name).toBe('list.txt')
    const bad: FileSource = { kind: 'bytes', name: 'worse.txt', bytes: new TextEncoder().encode('bad') }
    await expect(desk.readFile(bad)).rejects.toThrow('Line 1')
    expect(desk.file?.name).toBe('list.txt')
    expect(await desk.rowsOf({ ...draft, kind: 'pictures' })).toEqual([])
  })
})

describe('the progress that the shell shows', () => {
  const progress = { items: 200, done: 70, skipped: 4, failed: 1, picturesAnHour: null, finishesAt: null }
  const batch = { progress: { ...progress, last: null, lastError: null }, out: '', manifest: '' }
  const running = { ...queueOf(job('r', 'running')), share: 0.333 }

  test('is that of the batch, else of the job that runs, else none', () => {
    expect(progressOf({ batch: { is: 'paused', ...batch }, queue: running })).toEqual({ share: 0.38, paused: true })
    expect(progressOf({ batch: { is: 'ended', ...batch }, queue: running })).toEqual({ share: 0.33, paused: false })
    expect(progressOf({ batch: { is: 'none' }, queue: queueOf() })).toEqual({ share: null, paused: false })
  })
})
