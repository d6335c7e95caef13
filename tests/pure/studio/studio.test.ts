/** The window's model as a whole, over stand-ins: what reaches the worker and the shell when a person does something. */
import { beforeEach, describe, expect, test } from 'vitest'
import { addMaskLayer, addRasterLayer, newDocument, toSnapshot } from '../../../src/document/index.ts'
import type { PixelsApi } from '../../../src/renderer/src/pixels/pixels-api.ts'
import { Studio } from '../../../src/renderer/src/studio/studio.ts'
import type { DesktopApi } from '../../../src/shared/contract/desktop-api.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import type { PageApi } from '../../../src/shared/contract/page-api.ts'
import { type Answers, type Calls, called, fake, nothingChanged, settled, surfaceOf } from './fakes.ts'

let calls: Calls
let api: Answers<PageApi>
let pixels: Answers<PixelsApi>
let studio: Studio

beforeEach(async () => {
  calls = []
  const store = newDocument({ width: 64, height: 64 })
  addRasterLayer(store, { name: 'Photo', surface: surfaceOf('photo') })
  addMaskLayer(store, { name: 'Sky', surface: surfaceOf('sky', 1) })
  const opened = { key: 'a', name: 'a.ora', path: '/a.ora', dirty: false, warnings: [] }
  api = {
    begin: () => ({ version: '1', platform: 'linux', folder: '/', recent: [], lost: [], settings: null }),
    describe: () => ({ version: '1', devices: ['cpu'], device: 'cpu', models: [], broken: [] }),
    openFile: () => ({ ...opened, snapshot: toSnapshot(store.records) }),
  }
  pixels = { bounds: () => null, operate: () => nothingChanged, endStroke: () => nothingChanged }
  const desktop: Answers<DesktopApi> = { describe: () => ({ nativeMenus: true, nativeDialogs: true }) }
  studio = new Studio({
    api: fake<PageApi>(api, calls),
    pixels: fake<PixelsApi>(pixels, calls),
    desktop: fake<DesktopApi>(desktop, calls),
    platform: 'other',
    schedule: (run) => run(),
  })
  await studio.begin()
  studio.setViewport({ width: 400, height: 300 })
  studio.open({ kind: 'path', path: '/a.ora' })
  await settled()
  await settled()
})

const layer = (name: string): string => {
  const found = [...(studio.state.document?.records.values() ?? [])].find(
    (record) => record.kind !== 'canvas' && record.name === name,
  )
  return found?.id ?? ''
}
const overlays = () => calls.filter(({ method }) => method === 'overlay').map(({ argument }) => argument)

describe('the overlay', () => {
  test('shows a mask layer as long as it is chosen, asked for or not', () => {
    studio.chooseLayer(layer('Photo'))
    studio.chooseLayer(layer('Sky'))
    studio.chooseLayer(layer('Photo'))
    const sky = { show: { layer: layer('Sky'), part: 'pixels' } }
    // The mask layer is on top, so it is the active one of a document that was just opened.
    expect(overlays()).toEqual([sky, { show: null }, sky, { show: null }])
  })

  test('shows the selection where it is asked for, and goes when it is asked for again', () => {
    studio.chooseLayer(layer('Photo'))
    studio.act('view.mask')
    expect([overlays().at(-1), studio.isOn('view.mask')]).toEqual([{ show: 'selection' }, true])
    studio.act('view.mask')
    expect([overlays().at(-1), studio.isOn('view.mask')]).toEqual([{ show: null }, false])
  })

  test('what a run would change is shown until nobody wants to see it', () => {
    expect(studio.isOn('view.zones')).toBe(true)
    studio.act('view.zones')
    expect([studio.isOn('view.zones'), studio.state.preferences.zonesHidden]).toEqual([false, true])
    studio.act('view.zones')
    expect(studio.isOn('view.zones')).toBe(true)
  })
})

describe('the window', () => {
  test('closes at once where nothing is unsaved, and forgets the document', async () => {
    await studio.requestClose()
    expect(called(calls, 'closeDocument', 'closeWindow')).toEqual(['closeDocument', 'closeWindow'])
  })

  test('asks about unsaved work before it closes, and stays where the person wants to go on', async () => {
    studio.renameLayer(layer('Photo'), 'Picture')
    const closing = studio.requestClose()
    await settled()
    expect(studio.state.dialog).toEqual({ type: 'unsaved', name: 'a.ora' })
    studio.answerUnsaved('cancel')
    await closing
    expect(called(calls, 'closeWindow')).toEqual([])
    expect(studio.state.document?.name).toBe('a.ora')
  })

  test('says for good when the program behind it is gone; the document stays', async () => {
    api.append = () => {
      throw new StudioError('engine-lost', 'The connection was lost.')
    }
    studio.renameLayer(layer('Photo'), 'Picture')
    await settled()
    expect(studio.state.disconnected).toMatch(/Start the studio again/)
    expect(studio.state.document?.dirty).toBe(true)
  })

  test('makes a dragged opacity one step', () => {
    const photo = layer('Photo')
    for (const value of [0.9, 0.5, 0.4]) studio.setOpacity(photo, value, 'change')
    studio.setOpacity(photo, 0.3, 'commit')
    expect(studio.state.document?.history.labels).toEqual(['Opacity'])
    studio.setOpacity(photo, 0.9, 'change')
    studio.setOpacity(photo, 0.9, 'cancel')
    expect(studio.state.document?.records.get(photo)).toMatchObject({ opacity: 0.3 })
    expect(studio.state.document?.history.labels).toEqual(['Opacity'])
  })
})
