/**
 * What a window asks for while the crash tests stop, starve or cut it: the studio itself on a disk of the test's choice, called
 * without a pipe between, so that a test sees the errors as they are.
 */
import { join } from 'node:path'
import { HistorySteps } from '../../src/backstage/history-steps.ts'
import { createStudio } from '../../src/backstage/studio.ts'
import { fromSnapshot, setVisible } from '../../src/document/index.ts'
import { OraFile } from '../../src/files/ora-read.ts'
import { readFailure } from '../../src/files/read-failure.ts'
import { readWhole, type Storage } from '../../src/files/storage.ts'
import type { StudioApi } from '../../src/shared/contract/studio-api.ts'
import { PngEngine, TestWindow, tileOf } from './backstage.ts'
import { decodePng } from './png-reader.ts'
import type { Scenario } from './scenario.ts'

const dataIn = (root: string): string => join(root, 'data')
const size = { width: 8, height: 8 }

/** A program that is killed rather than closed; journals are written when a test says so. */
function studioOn(storage: Storage, root: string): StudioApi {
  const studio = createStudio({
    storage,
    dataFolder: dataIn(root),
    saveFolder: root,
    version: '1',
    codecs: new PngEngine(),
    log: () => undefined,
    after: () => () => undefined,
  })
  return studio.connect().api
}

const layersOf = (snapshot: unknown): number => fromSnapshot(snapshot).records.size - 1

async function painted(api: StudioApi, layers: number): Promise<TestWindow> {
  const window = await TestWindow.create(api, size)
  for (let seed = 1; seed <= layers; seed++) window.paint(seed)
  await window.settled()
  return window
}

/** The version is the number of layers in the file. */
export const studioSave: Scenario = {
  name: 'studio save',
  isHeavy: true,
  newest: 2,
  async prepare(storage, root) {
    const api = studioOn(storage, root)
    const { key } = await painted(api, 1)
    await api.save({ key, path: join(root, 'picture.ora') })
    await api.closeDocument({ key })
  },
  async run(storage, root, promised) {
    const api = studioOn(storage, root)
    const path = join(root, 'picture.ora')
    const window = new TestWindow(api, await api.openFile({ source: { kind: 'path', path } }))
    if (window.store.records.size === 2) window.paint(2)
    await window.settled()
    await api.save({ key: window.key, path })
    promised(2)
  },
  async look(storage, root) {
    const file = await OraFile.open(storage, join(root, 'picture.ora'))
    const layers = layersOf(file.document)
    for (let seed = 1; seed <= layers; seed++) {
      const [, id = ''] = /"0,0":"([0-9a-f]{64})"/.exec(JSON.stringify(file.document)) ?? []
      await file.tile(id)
    }
    decodePng(await file.merged())
    await file.close()
    return layers
  },
}

/** The version is the number of layers that are recovered. */
export const studioAutosave: Scenario = {
  name: 'studio autosave',
  isHeavy: true,
  newest: 4,
  async prepare(storage, root) {
    const api = studioOn(storage, root)
    const { key } = await painted(api, 1)
    await api.flush({ key })
  },
  async run(storage, root, promised) {
    const window = await recovered(studioOn(storage, root), storage, root)
    for (let seed = window.store.records.size; seed <= 4; seed++) {
      window.paint(seed)
      await window.settled()
      await window.api.flush({ key: window.key })
      promised(seed)
    }
  },
  async look(storage, root) {
    const window = await recovered(studioOn(storage, root), storage, root)
    const layers = window.store.records.size - 1
    for (let seed = 1; seed <= layers; seed++) {
      const layer = [...window.store.records.values()].find(
        (record) => 'name' in record && record.name === `Layer of ${seed}`,
      )
      if (layer?.kind !== 'raster') throw new Error(`layer ${seed} of ${layers} is missing`)
      const { tiles } = await window.api.getTiles({ key: window.key, ids: Object.values(layer.surface.tiles) })
      if (Buffer.compare(tiles[0] ?? new Uint8Array(), tileOf(seed * 16)) !== 0)
        throw new Error(`tile of layer ${seed}`)
    }
    return layers
  },
}

/** The only document, whether the program that had it has closed it or not. */
async function recovered(api: StudioApi, storage: Storage, root: string): Promise<TestWindow> {
  await api.begin()
  const folder = join(dataIn(root), 'sessions')
  const [id = ''] = await storage.list(folder).catch((error: unknown) => {
    throw readFailure(folder, error)
  })
  return new TestWindow(api, await api.recover({ id }))
}

/** The version is the layer that the exported picture shows. */
export const studioExport: Scenario = {
  name: 'studio export',
  isHeavy: true,
  newest: 2,
  async prepare(storage, root) {
    const api = studioOn(storage, root)
    const { key } = await painted(api, 1)
    await api.save({ key, path: join(root, 'picture.ora') })
    await api.exportPicture({ key, ...png(root) })
    await api.closeDocument({ key })
  },
  async run(storage, root, promised) {
    const api = studioOn(storage, root)
    const source = { kind: 'path', path: join(root, 'picture.ora') } as const
    const window = new TestWindow(api, await api.openFile({ source }))
    for (const { id } of window.store.records.values()) if (id !== 'canvas') setVisible(window.store, id, false)
    window.paint(2)
    await window.settled()
    await api.exportPicture({ key: window.key, ...png(root) })
    promised(2)
  },
  async look(storage, root) {
    const { data } = decodePng(await readWhole(storage, join(root, 'picture.png')))
    const shown = (seed: number): Uint8Array => {
      const row = tileOf(seed * 16).slice(0, size.width * 4)
      return row.map((value, i) => (row[i | 3] === 0 ? 0 : value))
    }
    const found = [1, 2].find((seed) => Buffer.compare(shown(seed), data.subarray(0, size.width * 4)) === 0)
    if (found === undefined) throw new Error('neither picture')
    return found
  },
}

const png = (root: string) =>
  ({ format: { type: 'png' }, path: join(root, 'picture.png'), area: null, recipe: null }) as const

export const studioSettings: Scenario = {
  name: 'studio settings',
  newest: 2,
  prepare: async (storage, root) => await studioOn(storage, root).saveSettings({ settings: { version: 1 } }),
  async run(storage, root, promised) {
    await studioOn(storage, root).saveSettings({ settings: { version: 2 } })
    promised(2)
  },
  async look(storage, root) {
    const { settings } = await studioOn(storage, root).begin()
    return (settings as { readonly version: number }).version
  },
}

/** Steps of a session are not recovered, but a step is never half. */
export const historySteps: Scenario = {
  name: 'history steps',
  newest: 2,
  prepare: (storage, root) => new HistorySteps(storage, root).write('step-1', JSON.stringify({ version: 1 })),
  async run(storage, root, promised) {
    const steps = new HistorySteps(storage, root)
    await steps.write('step-2', '"another"')
    await steps.write('step-1', JSON.stringify({ version: 2 }))
    promised(2)
    await steps.drop('step-2')
  },
  async look(storage, root) {
    const step = JSON.parse(await new HistorySteps(storage, root).read('step-1')) as { readonly version: number }
    return step.version
  },
}

export const studioScenarios: readonly Scenario[] = [
  studioSave,
  studioAutosave,
  studioExport,
  studioSettings,
  historySteps,
]
