/**
 * The package, as `npm run pack` lays it out around a stand-in for Electron's binary: what is in it, that the node in it runs the
 * engine in it, and that its main process opens a window. Installers, signatures and other systems are not tried here.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { beforeAll, describe, expect, test } from 'vitest'
import { EngineClient } from '../../src/host/engine-client.ts'
import { engineEnvironment } from '../../src/host/engine-environment.ts'
import type { JobEvent } from '../../src/shared/contract/engine-api.ts'
import type { GenerateRequest } from '../../src/shared/contract/request.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { writeDistribution } from '../kit/electron-stand-in/distribution.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const standIn = join(root, 'tests', 'kit', 'electron-stand-in')
/** electron-builder packs for the system that it runs on. */
const notHere = process.platform === 'linux' && process.arch === 'x64' ? undefined : 'packed on linux-x64 alone'

let folder: string
let packed: string
let resources: string
let studio: string
/** Paths in the package, with / on every system. */
let files: readonly string[]
/** Paths in app.asar. */
let sealed: readonly string[]

const megabytes = (paths: readonly string[]): string =>
  (paths.reduce((sum, path) => sum + statSync(join(packed, path)).size, 0) / 1e6).toFixed(1)
const within = (start: string): readonly string[] => files.filter((path) => path.startsWith(start))

beforeAll(async () => {
  if (notHere) return
  folder = await temporaryFolder()
  const electron = join(folder, 'electron')
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'))
  writeDistribution(electron, version)
  const words = ['--linux', 'dir', `-c.electronDist=${electron}`, `-c.directories.output=${join(folder, 'packed')}`]
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'build', 'pack.mjs'), ...words], {
    encoding: 'utf8',
    // Whatever wanted to fetch something would fail here.
    env: { ...process.env, ELECTRON_MIRROR: closed, ELECTRON_BUILDER_BINARIES_MIRROR: closed, HTTPS_PROXY: closed },
  })
  expect(status, `${stdout}${stderr}`).toBe(0)
  packed = join(folder, 'packed', 'linux-unpacked')
  resources = join(packed, 'resources')
  studio = join(resources, 'studio')
  files = globSync('**/*', { cwd: packed, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(packed.length + 1)
        .replaceAll(sep, '/'),
    )
  sealed = listPackage(join(resources, 'app.asar'), { isPack: false }).map((path) => path.replaceAll(sep, '/'))
}, 120_000)

const closed = 'http://127.0.0.1:9/'

describe.skipIf(notHere)(`the package${notHere ? ` (skipped: ${notHere})` : ''}`, () => {
  test('seals what Electron loads, and nothing else, in app.asar', () => {
    for (const path of ['/package.json', '/out/main/index.js', '/out/preload/index.cjs', '/out/renderer/index.html']) {
      expect(sealed).toContain(path)
    }
    const strangers = sealed.filter((path) => !/^\/(?:package\.json|out(?:\/(?:main|preload|renderer).*)?)$/.test(path))
    expect(strangers).toEqual([])
    expect(sealed.filter((path) => path.includes('engine-process'))).toEqual([])
  })

  test('has the parts that the standalone node reads as plain files', () => {
    const parts = [
      'bin/node',
      'package.json',
      'out/main/engine-process.js',
      'out/main/backstage-thread.js',
      'out/main/paella.js',
      'models/paella-mini/model.json',
      'resources/clip-merges.txt',
      'node_modules/onnxruntime-node/package.json',
      'node_modules/onnxruntime-common/package.json',
      'node_modules/sharp/package.json',
      'node_modules/detect-libc/package.json',
      'node_modules/semver/package.json',
      'node_modules/@img/colour/package.json',
    ]
    expect(parts.filter((path) => !files.includes(`resources/studio/${path}`))).toEqual([])
    expect(statSync(join(studio, 'bin', 'node')).mode & 0o111).toBe(0o111)
  })

  test('has native files of this system alone', () => {
    const native = files.filter((path) => /\.(?:node|dylib|dll|so)(?:\.|$)/.test(path))
    expect(native.length).toBeGreaterThan(2)
    expect(native.filter((path) => /darwin|win32|arm64/.test(path))).toEqual([])
  })

  test('has no tests, sources, maps, types, or packages of the developer', () => {
    const stray = [...files, ...sealed].filter((path) => /\.(?:ts|tsx|map)$|\.test\.|\/src\/|\/tests?\//.test(path))
    expect(stray).toEqual([])
    const packages = new Set(within('resources/studio/node_modules/').map((path) => path.split('/')[3]))
    const wanted = ['@img', 'detect-libc', 'onnxruntime-common', 'onnxruntime-node', 'semver', 'sharp']
    expect(packages).toEqual(new Set(wanted))
  })

  test('has all nine fuses of Electron set as decided', async () => {
    const state = await getCurrentFuseWire(join(packed, 'paella-studio'))
    const on = (fuse: FuseV1Options): boolean => Number(state[fuse]) === '1'.charCodeAt(0)
    const names = Object.values(FuseV1Options).filter((value) => typeof value === 'string')
    expect(
      Object.fromEntries(names.map((name) => [name, on(FuseV1Options[name as keyof typeof FuseV1Options])])),
    ).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      WasmTrapHandlers: true,
    })
  })

  test('is as large as its parts', () => {
    const parts = {
      all: files,
      node: within('resources/studio/bin/'),
      'native packages': within('resources/studio/node_modules/'),
      models: within('resources/studio/models/'),
      bundles: [...within('resources/app.asar'), ...within('resources/studio/out/')],
    }
    const sizes = Object.entries(parts).map(([name, paths]) => `${name} ${megabytes(paths)} MB`)
    process.stdout.write(`The package without Electron: ${sizes.join(', ')}\n`)
    expect(Number(megabytes(files))).toBeLessThan(260)
  })

  test('makes a picture with its own node, engine, packages and weights', async () => {
    const home = join(studio, 'out', 'main')
    const engine = new EngineClient({
      entry: join(home, 'engine-process.js'),
      environment: { ...engineEnvironment(home, { device: 'cpu' }), cacheDir: join(folder, 'cache') },
      execPath: join(studio, 'bin', 'node'),
    })
    try {
      const { models, broken } = await engine.describe()
      expect([models.map(({ id }) => id), broken]).toEqual([['paella-mini'], []])
      const events: JobEvent[] = []
      const request: GenerateRequest = {
        version: 1,
        use: { use: 'text', prompt: 'a red apple' },
        seed: 1,
        count: 1,
        size: { width: 64, height: 64 },
        sampling: { steps: 1 },
      }
      await engine.generate({ request, options: { png: true } }, { onEvent: (event) => void events.push(event) })
      const pictures = events.flatMap((event) => (event.type === 'picture' ? [event.picture] : []))
      expect(pictures.map(({ pixels: { width, height } }) => [width, height])).toEqual([[64, 64]])
      // Encoded by its own sharp.
      expect(Buffer.from(pictures[0]?.png?.subarray(1, 4) ?? []).toString()).toBe('PNG')
    } finally {
      await engine.close()
    }
  })

  test('runs its own command line', () => {
    const node = join(studio, 'bin', 'node')
    const { status, stdout } = spawnSync(node, [join(studio, 'out', 'main', 'paella.js'), '--version'], {
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
  })

  test.skipIf(noChromium)('opens its window, which reaches its documents and its engine', () => {
    // Node reads no archives; Electron would load the same files out of it.
    const app = join(folder, 'app')
    extractAll(join(resources, 'app.asar'), app)
    expect(existsSync(join(app, 'node_modules'))).toBe(false)
    const words = ['--import', join(standIn, 'register.mjs'), join(standIn, 'packed-program.ts')]
    const { status, stdout, stderr } = spawnSync(process.execPath, [...words, join(app, 'out', 'main', 'index.js')], {
      encoding: 'utf8',
      env: {
        ...process.env,
        STAND_IN_RESOURCES: resources,
        STAND_IN_FOLDER: join(folder, 'home'),
        STAND_IN_EXITS: '1',
      },
      timeout: 60_000,
    })
    expect([status, stderr]).toEqual([0, ''])
    const { url, begin, describe: engine } = JSON.parse(stdout)
    expect(url).toMatch(/^http:\/\/studio\.app\.localhost\//)
    expect(begin).toMatchObject({ type: 'result', value: { lost: [], platform: 'linux' } })
    expect(engine).toMatchObject({ type: 'result', value: { models: [{ id: 'paella-mini' }] } })
  })
})
