/** The gallery's pages: only what is looked at is asked for and kept, and late answers change nothing. */
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { everything, GalleryShelf } from '../../../src/renderer/src/studio/library-shelf.ts'
import { FakeLibrary } from '../../kit/fake-library.ts'

let library: FakeLibrary
let shelf: GalleryShelf
const asked = (name: string) => library.asked.filter((question) => question.name === name)
/** All that runs has ended. */
const quiet = async (): Promise<void> => {
  for (let i = 0; i < 300; i++) await Promise.resolve()
}

beforeEach(async () => {
  library = new FakeLibrary()
  library.fill(10_000)
  shelf = new GalleryShelf(library)
  shelf.show(everything)
  await quiet()
})

describe('the shelf', () => {
  test('knows the whole layout after one page', () => {
    expect(shelf.state.total).toBe(10_000)
    expect(shelf.state.days.reduce((sum, { count }) => sum + count, 0)).toBe(10_000)
    expect(asked('listPictures')).toEqual([{ name: 'listPictures', count: 100 }])
    expect(shelf.at(99)?.id).toBe('p9901')
    expect(shelf.at(100)).toBeUndefined()
  })

  test('asks for the pages and thumbnails that are looked at, each once', async () => {
    shelf.want(4980, 5030)
    shelf.want(4985, 5035)
    await quiet()
    expect(asked('listPictures')).toHaveLength(3)
    expect([shelf.at(4980)?.id, shelf.at(5035)?.id]).toEqual(['p5020', 'p4965'])
    expect(typeof shelf.thumbnail('p5015')).toBe('string')
    expect(shelf.thumbnail('p7000')).toBeUndefined()
    const before = asked('thumbnails').length
    shelf.want(4985, 5035)
    await quiet()
    expect(asked('thumbnails')).toHaveLength(before)
    expect(asked('thumbnails').every(({ count }) => count <= 24)).toBe(true)
  })

  test('scrolled through from end to end keeps 20 pages and 600 thumbnails, and gives the others back', async () => {
    const made = vi.spyOn(URL, 'createObjectURL')
    const given = vi.spyOn(URL, 'revokeObjectURL')
    for (let at = 0; at < 10_000; at += 50) {
      shelf.want(at, at + 49)
      await quiet()
    }
    expect(made.mock.calls.length).toBeGreaterThan(9000)
    expect(made.mock.calls.length - given.mock.calls.length).toBeLessThanOrEqual(600)
    const kept = Array.from({ length: 10_000 }, (_, i) => shelf.at(i)).filter((picture) => picture !== undefined)
    expect(kept).toHaveLength(2000)
    expect(shelf.at(9_999)?.id).toBe('p1')
    expect(shelf.at(0)).toBeUndefined()
    made.mockRestore()
    given.mockRestore()
  })

  test('says of a file that is gone that it is', async () => {
    shelf.want(9980, 9999)
    await quiet()
    expect(shelf.thumbnail('p13')).toBeNull()
  })

  test('shows what it has until what is new is there', async () => {
    library.pictures = [library.make(10_001, Date.now()), ...library.pictures]
    shelf.refresh()
    expect(shelf.at(0)?.id).toBe('p10000')
    await quiet()
    expect(shelf.at(0)?.id).toBe('p10001')
    expect(shelf.state.total).toBe(10_001)
    expect(shelf.indexOf('p10000')).toBe(1)
  })

  test('drops answers to an earlier filter', async () => {
    const answers: (() => void)[] = []
    const slow = new GalleryShelf({
      listPictures: async (question) => {
        await new Promise<void>((resolve) => answers.push(resolve))
        return library.listPictures(question)
      },
      thumbnails: (question) => library.thumbnails(question),
      readPicture: (question) => library.readPicture(question),
    })
    slow.show(everything)
    slow.show({ ...everything, search: 'fox' })
    answers[1]?.()
    await quiet()
    answers[0]?.()
    await quiet()
    expect(slow.state.total).toBe(2500)
    expect(slow.at(0)?.prompt).toMatch(/fox/)
  })

  test('gives the ids of a range, whether its pages are there or not', async () => {
    const ids = await shelf.ids(95, 105)
    expect(ids).toEqual(Array.from({ length: 11 }, (_, i) => `p${9905 - i}`))
    expect(new Set(await shelf.ids()).size).toBe(10_000)
  })

  test('says why the gallery cannot be read, and reads it once it can be', async () => {
    library.problem = 'The disk is gone.'
    shelf.refresh()
    await quiet()
    expect(shelf.state.problem).toBe('The disk is gone.')
    library.problem = null
    shelf.show(shelf.state.filter)
    await quiet()
    expect(shelf.state).toMatchObject({ problem: null, total: 10_000 })
  })
})
