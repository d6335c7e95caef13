/** Documents and files: what is asked before something is lost, and what a failure leaves behind. */
import { describe, expect, test, vi } from 'vitest'
import { addRasterLayer, layerOf } from '../../../src/document/index.ts'
import { Files } from '../../../src/renderer/src/studio/files.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { called, fakeParts, settled, surfaceOf } from './fakes.ts'

function setUp() {
  const fakes = fakeParts((store) => addRasterLayer(store))
  const show = vi.fn(async () => undefined)
  const files = new Files(fakes.parts, show)
  const opened = {
    key: 'other',
    name: 'a.png',
    path: null,
    snapshot: null,
    dirty: false,
    warnings: ['A layer was left out.'],
  }
  fakes.api.openFile = () => opened
  fakes.api.save = ({ path }: { path: string }) => ({ path, name: path.slice(1), bytes: 1 })
  return { ...fakes, files, show, opened, state: () => fakes.parts.holder.state }
}
const file = { kind: 'path' as const, path: '/pictures/a.png' }

describe('opening', () => {
  test('shows the document and tells its warnings', async () => {
    const { files, show, opened, state } = setUp()
    await files.open(file)
    expect(show).toHaveBeenCalledWith(opened)
    expect(state().notices).toMatchObject([{ kind: 'warning', text: 'A layer was left out.' }])
  })

  test('leaves the document where it is when the file cannot be opened', async () => {
    const { files, show, api, state } = setUp()
    api.openFile = () => {
      throw new StudioError('not-a-picture', 'a.png cannot be read as a picture.')
    }
    await files.open(file)
    expect(show).not.toHaveBeenCalled()
    expect(state().notices).toMatchObject([{ kind: 'error', code: 'not-a-picture' }])
  })

  test('does nothing where the person chose no file', async () => {
    const { files, desktop, calls } = setUp()
    desktop.chooseOpen = () => null
    await files.open()
    expect(called(calls, 'openFile')).toEqual([])
  })

  test.each([
    ['cancel', [], 0],
    ['discard', ['openFile'], 1],
    ['save', ['chooseSave', 'save', 'openFile'], 1],
  ] as const)('over unsaved work asks first: %s', async (answer, expected, shown) => {
    const { files, document, desktop, calls, show, state } = setUp()
    desktop.chooseSave = () => ({ path: '/work.ora' })
    addRasterLayer(document.store)
    const opening = files.open(file)
    await settled()
    expect(state().dialog).toEqual({ type: 'unsaved', name: 'Untitled' })
    files.answerUnsaved(answer)
    await opening
    expect(called(calls, 'chooseSave', 'save', 'openFile')).toEqual(expected)
    expect(show).toHaveBeenCalledTimes(shown)
    expect(state().dialog).toBeNull()
  })

  test('over unsaved work goes no further where saving it fails', async () => {
    const { files, document, desktop, api, calls } = setUp()
    desktop.chooseSave = () => ({ path: '/work.ora' })
    api.save = () => {
      throw new StudioError('write-failed', '/work.ora was not written, the disk is full.')
    }
    addRasterLayer(document.store)
    const opening = files.open(file)
    await settled()
    files.answerUnsaved('save')
    await opening
    expect(called(calls, 'openFile')).toEqual([])
    expect(document.isDirty).toBe(true)
  })
})

describe('saving', () => {
  test('asks for a name once, then saves to it', async () => {
    const { files, document, desktop, calls } = setUp()
    desktop.chooseSave = () => ({ path: '/work.ora' })
    addRasterLayer(document.store)
    expect(await files.save()).toBe(true)
    expect(document.state).toMatchObject({ dirty: false, path: '/work.ora', name: 'work.ora' })
    addRasterLayer(document.store)
    expect(await files.save()).toBe(true)
    expect(called(calls, 'chooseSave', 'save')).toEqual(['chooseSave', 'save', 'save'])
  })

  test('counts a change made meanwhile as unsaved', async () => {
    const { files, document, desktop, api } = setUp()
    desktop.chooseSave = () => ({ path: '/work.ora' })
    api.save = () => {
      addRasterLayer(document.store)
      return { path: '/work.ora', name: 'work.ora', bytes: 1 }
    }
    await files.save()
    expect(document.isDirty).toBe(true)
  })

  test('that fails leaves the document unsaved, says why and offers another place', async () => {
    const { files, document, desktop, api, state } = setUp()
    desktop.chooseSave = () => ({ path: '/work.ora' })
    api.save = () => {
      throw new StudioError('write-failed', '/work.ora was not written, the disk is full.')
    }
    addRasterLayer(document.store)
    expect(await files.save()).toBe(false)
    expect(document.state).toMatchObject({ dirty: true, path: null })
    expect(state().notices).toMatchObject([{ code: 'write-failed', action: { action: 'file.saveAs' } }])
  })
})

describe('placing a picture', () => {
  test('puts it on a layer above the active one, in the middle, as one step', async () => {
    const { files, api, document, results, calls } = setUp()
    const surface = surfaceOf('cat')
    api.importPicture = () => ({ name: 'cat', width: 100, height: 50, surface, recipe: null })
    results.transform = { changes: [], picture: {}, surface: null }
    await files.place(file)
    expect(document.history.labels()).toEqual(['Place picture'])
    expect(document.active).toMatchObject({ name: 'cat', surface })
    const moved = calls.find(({ argument }) => (argument as { do?: string } | undefined)?.do === 'transform')
    expect(moved?.argument).toMatchObject({ matrix: { e: 206, f: 231 } })
    await document.history.undo()
    expect(layerOf(document.store.records, document.active?.id ?? '')?.name).toBe('Layer 1')
  })

  test('opens a document instead of laying it into the picture', async () => {
    const { files, calls } = setUp()
    await files.place({ kind: 'path', path: '/a.ora' })
    expect(called(calls, 'importPicture', 'openFile')).toEqual(['openFile'])
  })

  test('that cannot be read leaves no step', async () => {
    const { files, api, document, state } = setUp()
    api.importPicture = () => {
      throw new StudioError('not-a-picture', 'a.png cannot be read as a picture.')
    }
    await files.place(file)
    expect(document.history.labels()).toEqual([])
    expect(state().notices).toMatchObject([{ code: 'not-a-picture' }])
  })
})

describe('recovery', () => {
  test('opens what was lost, and no longer offers it', async () => {
    const { files, api, show, parts, state } = setUp()
    const lost = [{ id: 'a', name: 'A', path: null, modified: 0 }]
    parts.holder.set({
      start: { version: '1', platform: 'linux', folder: '/', recent: [], lost, settings: null },
      dialog: { type: 'recover' },
    })
    api.recover = () => ({ key: 'a', name: 'A', path: null, snapshot: null, dirty: true, warnings: [] })
    await files.recover('a')
    expect(show).toHaveBeenCalledTimes(1)
    expect(state().start?.lost).toEqual([])
    expect(state().dialog).toBeNull()
  })

  test('that fails still offers it', async () => {
    const { files, api, parts, state } = setUp()
    const lost = [{ id: 'a', name: 'A', path: null, modified: 0 }]
    parts.holder.set({ start: { version: '1', platform: 'linux', folder: '/', recent: [], lost, settings: null } })
    api.recover = () => {
      throw new StudioError('bad-request', 'This document is being recovered in another window.')
    }
    await files.recover('a')
    expect(state().start?.lost).toEqual(lost)
  })
})
