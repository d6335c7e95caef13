/** Importing into the store: what lies there afterwards, in which precision and with which error, and which models it makes. */
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTensor } from '../../../src/engine/checkpoint/read-tensor.ts'
import { readSafetensors } from '../../../src/engine/checkpoint/safetensors.ts'
import { weightOfScale } from '../../../src/engine/checkpoint/stored-tensor.ts'
import { fromHalf, halfBits } from '../../../src/engine/import/half.ts'
import { importFile } from '../../../src/engine/import/import-file.ts'
import { findInStore, ModelStore } from '../../../src/engine/import/model-store.ts'
import type { NetworkId } from '../../../src/engine/import/networks.ts'
import type { Precision } from '../../../src/engine/import/precision.ts'
import type { Shape } from '../../../src/engine/import/shape-table.ts'
import { relocateStore, verifyParts } from '../../../src/engine/import/store-care.ts'
import { storeFolder } from '../../../src/engine/import/store-location.ts'
import { paellaV1Table, paellaV3Table, priorTable } from '../../../src/engine/import/tables-denoisers.ts'
import { vqganTable, vqModelTable } from '../../../src/engine/import/tables-pixels.ts'
import { byt5Table, clipTable } from '../../../src/engine/import/tables-words.ts'
import { listModels } from '../../../src/engine/models/store.ts'
import { elementCount } from '../../../src/engine/tensor/dtype.ts'
import { writeRandomTorchFile } from '../../kit/random-torch-file.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { dictOp, pickleOf, tensorOp, torchZip } from '../../kit/torch-bytes.ts'

const folder = await temporaryFolder()
const here = (): Promise<string> => mkdtemp(join(folder, 'case-'))

/** Small networks whose sizes fit together. */
const tower = { width: 16, hidden: 64, layers: 1 }
const condition = { channels: 16, byt5: 24, clip: 16, tokens: 2 }
const tables: Readonly<Record<NetworkId, ReadonlyMap<string, Shape>>> = {
  'paella-v1': paellaV1Table({ labels: 96, widths: [64, 128], down: [1, 1], up: [1, 1], condition: 16 + 64 }),
  'paella-v3': paellaV3Table({
    labels: 96,
    cIn: 16,
    cOut: 16,
    cR: 16,
    patch: 2,
    kernel: 3,
    widths: [16, 32],
    attends: [false, true],
    blocks: [1, 1],
    condition,
  }),
  'vqgan-f8': vqganTable({
    codes: 96,
    embedDim: 32,
    z: 32,
    stem: 32,
    widths: [32, 64],
    blocks: 1,
    attends: [false, true],
  }),
  'vqmodel-f4': vqModelTable({ codes: 96, latent: 4, widths: [16, 32], bottleneckBlocks: 2 }),
  clip: clipTable({ embedDim: 16, text: { ...tower, vocabulary: 600, contextLength: 77 }, vision: undefined }),
  byt5: byt5Table({ vocabulary: 384, width: 24, inner: 16, hidden: 48, layers: 1, heads: 2, buckets: 8 }),
  prior: priorTable({ clip: 16, hidden: 32, cR: 16, blocks: 2 }),
}

/** Imports a network from a file of its name. */
async function bring(dir: string, network: NetworkId, precision: Precision = 'float32', name?: string) {
  const path = join(dir, `${network}.pt`)
  writeRandomTorchFile(path, tables[network])
  return importFile({ path, store: join(dir, 'store'), precision, name })
}

describe('an import', () => {
  test('of float32 holds the numbers of the source, and where they came from', async () => {
    const dir = await here()
    const { part, isNew } = await bring(dir, 'prior')
    expect(isNew).toBe(true)
    const path = new ModelStore(join(dir, 'store')).weights(part)
    const tensors = await readSafetensors(path)
    expect([...tensors.keys()]).toEqual([...tables.prior.keys()])
    const stored = tensors.get('blocks.1.0.weight')
    if (!stored) throw new Error('the weight is missing')
    const { data } = await readTensor(join(dir, 'store', 'parts'), stored)
    const bytes = readFileSync(join(dir, 'prior.pt'))
    expect(bytes.includes(Buffer.from(data.buffer))).toBe(true)
    expect(part).toMatchObject({
      network: 'prior',
      precision: 'float32',
      error: { relative: 0 },
      bytes: readFileSync(path).length,
      source: { name: 'prior.pt', bytes: bytes.length, format: 'torch' },
      passedOver: 0,
      warnings: [],
    })
  })

  test.each([
    ['float16', 'float16', 0.55, 3e-4],
    ['int8', 'int8', 0.35, 6e-3],
  ] as const)(
    'of %s is smaller by what it costs, and its error is the one that is found again',
    async (precision, dtype, share, most) => {
      const dir = await here()
      const { part: whole } = await bring(dir, 'paella-v1')
      const { part } = await bring(dir, 'paella-v1', precision)
      expect(part.bytes / whole.bytes).toBeLessThan(share)
      expect(part.error.relative).toBeGreaterThan(0)
      expect(part.error.relative).toBeLessThan(most)
      const parts = join(dir, 'store', 'parts')
      const store = new ModelStore(join(dir, 'store'))
      const [exact, small] = [await readSafetensors(store.weights(whole)), await readSafetensors(store.weights(part))]
      let errors = 0
      let squares = 0
      for (const [key, tensor] of small) {
        if (weightOfScale(key) !== undefined) continue
        const source = exact.get(key)
        const scale = small.get(`${key}:scale`)
        if (!source) throw new Error(`${key} is new`)
        const wanted = (await readTensor(parts, source)).data as Float32Array
        const found = (await readTensor(parts, tensor)).data
        const scales = scale ? ((await readTensor(parts, scale)).data as Float32Array) : undefined
        const row = wanted.length / (tensor.shape[0] ?? 1)
        for (let i = 0; i < wanted.length; i++) {
          const value = Number(found[i]) * (scales?.[Math.floor(i / row)] ?? 1)
          errors += ((wanted[i] ?? 0) - value) ** 2
          squares += (wanted[i] ?? 0) ** 2
        }
      }
      expect([...small.values()].some((tensor) => tensor.dtype === dtype)).toBe(true)
      expect(Math.sqrt(errors / squares)).toBeCloseTo(part.error.relative, 6)
    },
  )

  test('of the same file again is no import', async () => {
    const dir = await here()
    const first = await bring(dir, 'prior')
    const again = await bring(dir, 'prior')
    expect(again).toEqual({ part: first.part, isNew: false })
    // Towers are what only CLIP has.
    const request = { path: join(dir, 'prior.pt'), store: join(dir, 'store'), precision: 'float32' } as const
    expect(importFile({ ...request, textOnly: true })).toEqual({ part: first.part, isNew: false })
  })

  test.each([
    ['damaged', (path: string) => truncateSync(path, 5000)],
    ['gone', (path: string) => rmSync(path)],
  ])('brings back what is %s, under the name that the model had', async (_, spoil) => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    for (const network of ['vqgan-f8', 'clip'] as const) await bring(dir, network)
    const { part } = await bring(dir, 'paella-v1', 'float32', 'mine')
    spoil(store.weights(part))
    expect(await bring(dir, 'paella-v1')).toMatchObject({ isNew: true, part: { id: part.id, model: 'mine' } })
    expect(verifyParts(store, store.read().parts, () => undefined)).toEqual([])
    expect((await listModels(store.folder)).models.map(({ id }) => id)).toEqual(['mine'])
  })

  test('of the same file again makes a model whose folder is gone whole', async () => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    for (const network of ['paella-v1', 'vqgan-f8', 'clip'] as const) await bring(dir, network)
    rmSync(join(store.folder, 'paella-v1'), { recursive: true })
    expect(await bring(dir, 'paella-v1')).toMatchObject({ isNew: false })
    expect((await listModels(store.folder)).models.map(({ id }) => id)).toEqual(['paella-v1'])
  })

  test('of numbers that float32 cannot hold is told, and can be read again', async () => {
    const dir = await here()
    const path = join(dir, 'prior.pt')
    const length = Math.max(...[...tables.prior.values()].map((shape) => elementCount(shape)))
    const entries = [...tables.prior].map(([key, shape]): [string, Uint8Array] => [
      key,
      tensorOp({ length, shape, type: 'DoubleStorage' }),
    ])
    const huge = Buffer.from(new Float64Array(length).fill(1).fill(1e300, 0, 1).buffer)
    writeFileSync(path, torchZip(pickleOf(dictOp(Object.fromEntries(entries))), { 0: huge }))
    const { part } = importFile({ path, store: join(dir, 'store'), precision: 'float32' })
    expect(part.warnings).toEqual([expect.stringMatching(/no finite numbers/)])
    expect(new ModelStore(join(dir, 'store')).read()).toMatchObject({ parts: [{ id: part.id }], broken: [] })
  })

  test.runIf(process.platform !== 'win32')('of a pipe is refused at once', async () => {
    const dir = await here()
    const path = join(dir, 'pipe.pt')
    expect(spawnSync('mkfifo', [path]).status).toBe(0)
    const attempt = () => importFile({ path, store: join(dir, 'store'), precision: 'float32' })
    expect(attempt).toThrow(/it is no file/)
  })

  test.each([
    ['grows', (path: string) => appendFileSync(path, 'x')],
    ['is cut', (path: string) => truncateSync(path, 2000)],
  ])('of a file that %s meanwhile comes to nothing', async (_, change) => {
    const dir = await here()
    const path = join(dir, 'a.pt')
    writeRandomTorchFile(path, tables.prior)
    let told = 0
    const attempt = () =>
      importFile({ path, store: join(dir, 'store'), precision: 'float32' }, () => {
        if (told++ === 0) change(path)
      })
    expect(attempt).toThrow(expect.objectContaining({ code: 'file-unreadable' }) as Error)
    expect(existsSync(join(dir, 'store'))).toBe(false)
  })

  test('into what is no folder is refused in words', async () => {
    const dir = await here()
    const path = join(dir, 'a.pt')
    writeRandomTorchFile(path, tables.prior)
    writeFileSync(join(dir, 'store'), 'a file, not a folder')
    const attempt = () => importFile({ path, store: join(dir, 'store'), precision: 'float32' })
    expect(attempt).toThrow(expect.objectContaining({ code: 'write-failed' }) as Error)
    expect(readFileSync(join(dir, 'store'), 'utf8')).toBe('a file, not a folder')
  })
})

describe('a model', () => {
  test('of 2022 is whole with its denoiser, the VQGAN and CLIP; what is missing is said with where it is published', async () => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    await bring(dir, 'paella-v1')
    expect(store.read().models).toMatchObject([
      {
        id: 'paella-v1',
        missing: [
          { role: 'vq', from: 'vqgan.gumbelf8-sber.model.ckpt of sberbank-ai/rudalle-utils' },
          { role: 'clip', from: expect.stringContaining('laion/CLIP-ViT-H-14-laion2B-s32B-b79K') as string },
        ],
      },
    ])
    expect((await listModels(store.folder)).models).toEqual([])
    await bring(dir, 'vqgan-f8')
    await bring(dir, 'clip')
    expect(store.read().models).toMatchObject([{ missing: [] }])
    const { models, broken } = await listModels(store.folder)
    expect(broken).toEqual([])
    expect(models).toMatchObject([
      { id: 'paella-v1', folder: join(store.folder, 'parts'), files: { vq: { network: 'vqgan-f8' } } },
    ])
    for (const part of store.read().parts) expect(existsSync(store.weights(part))).toBe(true)
  })

  test('of 2023 needs VQModel, ByT5 and CLIP, and can do without the prior', async () => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    for (const network of ['byt5', 'vqmodel-f4', 'paella-v3'] as const) await bring(dir, network)
    expect(store.read().models).toMatchObject([{ missing: [{ role: 'clip' }], optional: [{ role: 'prior' }] }])
    await bring(dir, 'clip')
    await bring(dir, 'prior')
    expect(store.read().models).toMatchObject([{ missing: [], optional: [] }])
    expect((await listModels(store.folder)).models[0]?.files).toMatchObject({ byt5: {}, prior: {}, clip: {}, vq: {} })
  })

  test('is not made of parts whose sizes do not fit', async () => {
    const dir = await here()
    await bring(dir, 'paella-v1')
    const path = join(dir, 'other.pt')
    writeRandomTorchFile(path, vqModelTable({ codes: 95, latent: 4, widths: [16, 32], bottleneckBlocks: 2 }))
    importFile({ path, store: join(dir, 'store'), precision: 'float32' })
    expect(new ModelStore(join(dir, 'store')).read().models[0]?.missing.map(({ role }) => role)).toEqual(['vq', 'clip'])
  })

  test('goes by its name, which nobody else may have', async () => {
    const dir = await here()
    const { part } = await bring(dir, 'paella-v1', 'float32', 'mine')
    expect(part.model).toBe('mine')
    await expect(bring(dir, 'paella-v1', 'int8', 'mine')).rejects.toMatchObject({ code: 'bad-request' })
    expect((await bring(dir, 'paella-v1', 'int8')).part.model).toBe('paella-v1')
    expect((await bring(dir, 'paella-v1', 'float16')).part.model).toBe('paella-v1-2')
  })

  test.each(['parts', 'downloads', 'location.json'])('is not called %s, as the store has that itself', async (name) => {
    const dir = await here()
    await expect(bring(dir, 'paella-v1', 'float32', name)).rejects.toMatchObject({ code: 'bad-request' })
    expect(existsSync(join(dir, 'store'))).toBe(false)
  })

  test('is listed no more once a part of it is removed', async () => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    for (const network of ['paella-v1', 'vqgan-f8', 'clip'] as const) await bring(dir, network)
    const { part } = findInStore(store.read(), store.read().parts.find((one) => one.network === 'clip')?.id ?? '')
    store.remove(part ? [part] : [])
    expect((await listModels(store.folder)).models).toEqual([])
    expect(store.read().models).toMatchObject([{ missing: [{ role: 'clip' }] }])
    expect(() => findInStore(store.read(), 'clip')).toThrow(/Choose one of: paella-v1, /)
  })
})

describe('the store', () => {
  test('knows a part of which a byte has changed', async () => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    await bring(dir, 'prior')
    const { part } = await bring(dir, 'byt5')
    expect(verifyParts(store, store.read().parts, () => undefined)).toEqual([])
    const bytes = readFileSync(store.weights(part))
    bytes[bytes.length - 1] = 255 - (bytes.at(-1) ?? 0)
    writeFileSync(store.weights(part), bytes)
    expect(verifyParts(store, store.read().parts, () => undefined).map(({ id }) => id)).toEqual([part.id])
  })

  test('removes what an import left that was killed, and nothing of one that runs', async () => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    const { part } = await bring(dir, 'prior')
    // No process has this number.
    mkdirSync(join(store.folder, '.staging', '4194304999'), { recursive: true })
    writeFileSync(join(store.folder, 'parts', 'orphan.safetensors'), 'x')
    store.clean()
    expect(existsSync(join(store.folder, '.staging'))).toBe(false)
    expect(readdirSync(join(store.folder, 'parts'))).toEqual([`${part.id}.json`, `${part.id}.safetensors`])
    mkdirSync(join(store.folder, '.staging', String(process.ppid)), { recursive: true })
    writeFileSync(join(store.folder, 'parts', 'running.safetensors'), 'x')
    store.clean()
    expect(existsSync(join(store.folder, 'parts', 'running.safetensors'))).toBe(true)
    const nothingElse = new ModelStore(join(dir, 'new'))
    mkdirSync(join(nothingElse.folder, '.staging', '4194304999'), { recursive: true })
    nothingElse.clean()
    expect(existsSync(nothingElse.folder)).toBe(false)
  })

  test('moves to another folder and back, whole', async () => {
    const dir = await here()
    const [home, other] = [join(dir, 'store'), join(dir, 'other')]
    for (const network of ['paella-v1', 'vqgan-f8', 'clip'] as const) await bring(dir, network)
    const before = new ModelStore(home).read().parts
    relocateStore(home, other, () => undefined)
    expect(storeFolder(home)).toBe(other)
    expect(new ModelStore(other).read().parts).toEqual(before)
    expect((await listModels(other)).models).toHaveLength(1)
    expect(readdirSync(home)).toEqual(['location.json'])
    expect(() => relocateStore(home, other, () => undefined)).toThrow(/already/)
    relocateStore(home, home, () => undefined)
    expect(storeFolder(home)).toBe(home)
    expect(existsSync(other)).toBe(false)
    expect(verifyParts(new ModelStore(home), before, () => undefined)).toEqual([])
  })

  test('says in words where a part cannot be removed', async () => {
    const dir = await here()
    const store = new ModelStore(join(dir, 'store'))
    const { part } = await bring(dir, 'prior')
    rmSync(store.weights(part))
    mkdirSync(store.weights(part))
    expect(() => store.remove([part])).toThrow(expect.objectContaining({ code: 'write-failed' }) as Error)
  })

  test('leaves nothing where it cannot move, and says of a damaged part that it is damaged', async () => {
    const dir = await here()
    const [home, other, file] = [join(dir, 'store'), join(dir, 'other'), join(dir, 'file')]
    const { part } = await bring(dir, 'prior')
    writeFileSync(file, '')
    for (const target of [file, join(file, 'under it')])
      expect(() => relocateStore(home, target, () => undefined)).toThrow(
        expect.objectContaining({ code: 'write-failed' }) as Error,
      )
    truncateSync(new ModelStore(home).weights(part), 5000)
    expect(() => relocateStore(home, other, () => undefined)).toThrow(/is damaged: import prior\.pt again/)
    expect(existsSync(other)).toBe(false)
    expect(storeFolder(home)).toBe(home)
  })

  test('does not move into a folder with something in it', async () => {
    const dir = await here()
    await bring(dir, 'prior')
    expect(() => relocateStore(join(dir, 'store'), dir, () => undefined)).toThrow(/is not empty/)
    expect(storeFolder(join(dir, 'store'))).toBe(join(dir, 'store'))
  })
})

describe('float16', () => {
  test('of every half is that half again', () => {
    const all = Uint16Array.from({ length: 65_536 }, (_, i) => i)
    const back = halfBits(fromHalf(all))
    const isNaN16 = (half: number): boolean => (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0
    expect([...all].filter((half) => !isNaN16(half) && back[half] !== half)).toEqual([])
    expect([...all].filter((half) => isNaN16(half) && !isNaN16(back[half] ?? 0))).toEqual([])
  })

  test('is the nearest, of two equally near the even one, and infinite beyond 65,504', () => {
    const near = (value: number): number => fromHalf(halfBits(Float32Array.of(value)))[0] ?? Number.NaN
    expect([1 + 2 ** -11, 1 + 3 * 2 ** -11, -(1 + 2 ** -11 + 2 ** -20)].map(near)).toEqual([
      1,
      1 + 2 ** -9,
      -(1 + 2 ** -10),
    ])
    expect([2 ** -25, 3 * 2 ** -25, 2 ** -24].map(near)).toEqual([0, 2 ** -23, 2 ** -24])
    expect([65_504, 65_519, 65_520, 1e9].map(near)).toEqual([65_504, 65_504, Infinity, Infinity])
  })
})
