/** Reading the header of a weights file, from friends and from strangers: every lie in it is a coded error. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readTensor } from '../../../src/engine/checkpoint/read-tensor.ts'
import { readSafetensors, safetensorsHeader } from '../../../src/engine/checkpoint/safetensors.ts'
import type { StoredTensor } from '../../../src/engine/checkpoint/stored-tensor.ts'
import type { DType } from '../../../src/engine/tensor/dtype.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const folder = await temporaryFolder()
let files = 0

async function write(...parts: readonly Uint8Array[]): Promise<string> {
  const path = join(folder, `${files++}.safetensors`)
  await writeFile(path, Buffer.concat(parts))
  return path
}

/** A file with this text as its header, `dataBytes` zeros behind it, and a claimed header length if it is to differ. */
function withHeader(text: string, dataBytes = 0, claimed?: bigint): Promise<string> {
  const lead = Buffer.alloc(8)
  lead.writeBigUInt64LE(claimed ?? BigInt(Buffer.byteLength(text)))
  return write(lead, Buffer.from(text), Buffer.alloc(dataBytes))
}

const entry = (from: number, to: number, shape: readonly number[] = [(to - from) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
})
const withEntries = (entries: Readonly<Record<string, unknown>>, dataBytes: number): Promise<string> =>
  withHeader(JSON.stringify(entries), dataBytes)

const broken = async (path: Promise<string>, why: RegExp): Promise<void> => {
  await expect(readSafetensors(await path)).rejects.toMatchObject({
    code: 'model-broken',
    message: expect.stringMatching(why) as string,
  })
}

describe('a weights file', () => {
  test('says where each tensor lies, without reading any', async () => {
    const text = JSON.stringify({ __metadata__: { format: 'pt' }, b: entry(8, 12, [1, 1]), a: entry(0, 8) })
    const path = await withHeader(text, 12)
    const start = 8 + text.length
    expect([...(await readSafetensors(path))]).toEqual([
      ['b', { dtype: 'float32', shape: [1, 1], place: { file: '0.safetensors', offset: start + 8, bytes: 4 } }],
      ['a', { dtype: 'float32', shape: [2], place: { file: '0.safetensors', offset: start, bytes: 8 } }],
    ])
  })

  test('may hold nothing, scalars, empty tensors, and a key of any name', async () => {
    expect((await readSafetensors(await withHeader('{}'))).size).toBe(0)
    const text = `{"scalar":${JSON.stringify(entry(0, 4, []))},"none":${JSON.stringify(entry(4, 4, [0, 5]))},
      "__proto__":${JSON.stringify(entry(4, 8))},"constructor":${JSON.stringify(entry(8, 12))}}`
    const tensors = await readSafetensors(await withHeader(text, 12))
    expect([...tensors.keys()]).toEqual(['scalar', 'none', '__proto__', 'constructor'])
    expect(tensors.get('__proto__')?.shape).toEqual([1])
  })

  test('written by us is read back: every type, tensors behind each other from a multiple of 64', async () => {
    const types = ['float32', 'float16', 'bfloat16', 'int64', 'int32', 'int8', 'uint8', 'bool'] as const
    const bytes = [4, 2, 2, 8, 4, 1, 1, 1]
    for (let count = 0; count <= types.length; count++) {
      const tensors = new Map(types.slice(0, count).map((dtype, i) => [`tensor ${i}`, { dtype, shape: [3, i] }]))
      const header = safetensorsHeader(tensors)
      expect(header.length % 64).toBe(0)
      let offset = header.length
      const expected = [...tensors].map(([key, { dtype, shape }], i) => {
        const place = { offset, bytes: 3 * i * (bytes[i] ?? 0) }
        offset += place.bytes
        return [key, { dtype, shape, place }]
      })
      const path = await write(header, Buffer.alloc(offset - header.length))
      expect([...(await readSafetensors(path))]).toMatchObject(expected)
    }
  })
})

describe('a broken weights file', () => {
  test('is refused where it is empty or shorter than its own length says', async () => {
    await broken(write(), /header does not fit/)
    await broken(write(Buffer.alloc(7)), /header does not fit/)
    await broken(withHeader('{}', 0, 3n), /header does not fit/)
    await broken(withHeader('{}', 100, 2n ** 64n - 1n), /header does not fit/)
    await broken(withHeader('{}', 100, 2n ** 53n + 1n), /header does not fit/)
  })

  test.each(['', 'null', '[]', '7', '"text"', '{"a":', '{}{}', '\u0000'])('is refused with the header %j', (text) =>
    broken(withHeader(text), /not (?:a )?JSON/),
  )

  test.each([
    ['no fields', {}],
    ['null', null],
    ['a list', []],
    ['a negative side', entry(0, 4, [-1])],
    ['half a side', entry(0, 4, [0.5, 2])],
    ['a side that is text', { ...entry(0, 4), shape: ['1'] }],
    ['nine sides', entry(0, 4, Array<number>(9).fill(1))],
    ['one offset', { ...entry(0, 4), data_offsets: [0] }],
    ['negative offsets', entry(-4, 0, [1])],
    ['offsets beyond whole numbers', entry(2 ** 60, 2 ** 60 + 4, [1])],
  ])('is refused where an entry has %s', (_, value) =>
    broken(withEntries({ a: value }, 64), /entry a is malformed|which is no size|not JSON|type undefined/),
  )

  test('is refused where the entry of the key __proto__ is malformed', () =>
    broken(withHeader('{"__proto__":{"dtype":"F32"}}'), /entry __proto__ is malformed/))

  test.each(['F64', 'C64', 'f32', 'F4', '', '__proto__', 'toString'])('is refused for the type %j', (dtype) =>
    broken(withEntries({ a: entry(0, 8, [1], dtype) }, 8), /which is not supported/),
  )

  test.each([
    ['more bytes than its shape', entry(0, 8, [1])],
    ['fewer bytes than its shape', entry(0, 4, [2])],
    ['its end before its start', entry(8, 4, [1])],
    ['its end beyond the file', entry(12, 20, [2])],
    ['all its bytes beyond the file', entry(400, 404, [1])],
    ['a product of sides that overflows', entry(0, 16, Array<number>(8).fill(2 ** 52))],
    ['sides of 2^32, whose product is 0 in 64 bits', entry(0, 0, [2 ** 32, 2 ** 32])],
  ])('is refused where a tensor has %s', (_, value) =>
    broken(withEntries({ a: value }, 16), /bytes of a do not match its shape or lie outside/),
  )

  test('is refused where tensors overlap, whatever their order', async () => {
    await broken(withEntries({ a: entry(0, 8), b: entry(4, 12) }, 12), /bytes of a and b overlap/)
    await broken(withEntries({ a: entry(4, 12), b: entry(0, 8) }, 12), /bytes of b and a overlap/)
    await broken(withEntries({ a: entry(0, 12), b: entry(4, 8) }, 12), /overlap/)
    await broken(withEntries({ a: entry(0, 4), b: entry(0, 4) }, 12), /overlap/)
  })

  test('is named in the message, with what to do', () =>
    broken(write(), /^\/.*\.safetensors is not a usable .*\. Fetch or copy the file again\.$/))

  test('that is a folder, or is not there, is said so', async () => {
    const path = join(folder, 'folder.safetensors')
    await mkdir(path)
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'model-broken' })
    await expect(readSafetensors(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'file-not-found' })
  })
})

describe('a matrix in 8 bits', () => {
  test('lies reversed where its scale goes along the last axis; its shape is that of the network', async () => {
    const laid: Readonly<Record<string, readonly [matrix: readonly number[], scale: readonly number[]]>> = {
      rows: [
        [2, 3],
        [2, 1],
      ],
      square: [
        [2, 2],
        [1, 2],
      ],
      columns: [
        [1, 1, 3, 2],
        [1, 1, 1, 2],
      ],
      other: [
        [3, 2],
        [1, 3],
      ],
    }
    const tensors = new Map<string, { dtype: DType; shape: readonly number[] }>()
    for (const [key, [matrix, scale]] of Object.entries(laid))
      tensors.set(key, { dtype: 'int8', shape: matrix }).set(`${key}:scale`, { dtype: 'float32', shape: scale })
    const source = await readSafetensors(await write(safetensorsHeader(tensors), Buffer.alloc(58)))
    const seen = Object.keys(laid).map((key) => {
      const { shape, reversed } = source.get(key) ?? {}
      return [key, shape, source.get(`${key}:scale`)?.shape, reversed ?? false]
    })
    expect(seen).toEqual([
      ['rows', [2, 3], [2, 1], false],
      ['square', [2, 2], [2, 1], true],
      ['columns', [2, 3, 1, 1], [2, 1, 1, 1], true],
      // Such a scale means nothing: binding says so.
      ['other', [3, 2], [1, 3], false],
    ])
  })
})

describe('the numbers of a tensor', () => {
  const placed = (bytes: ArrayLike<number>, dtype: StoredTensor['dtype'], shape: readonly number[]): StoredTensor => ({
    dtype,
    shape,
    place: { data: Uint8Array.from(bytes) },
  })

  test('are read from an odd place of a file', async () => {
    const file = 'odd.bin'
    await writeFile(join(folder, file), Uint8Array.of(9, 9, 9, 0, 0, 128, 63, 0, 0, 0, 192, 9))
    const tensor = await readTensor(folder, { dtype: 'float32', shape: [2], place: { file, offset: 3, bytes: 8 } })
    expect(tensor).toEqual({ dtype: 'float32', shape: [2], data: Float32Array.of(1, -2) })
  })

  test('are floats, int32, or bytes, by their type', async () => {
    const read = async (...args: Parameters<typeof placed>) => {
      const { dtype, data } = await readTensor('.', placed(...args))
      return [dtype, ...data]
    }
    expect(await read([0, 0x3c], 'float16', [1])).toEqual(['float32', 1])
    expect(await read([0x80, 0x3f], 'bfloat16', [1])).toEqual(['float32', 1])
    expect(await read([255, 127], 'int8', [2])).toEqual(['int32', -1, 127])
    expect(await read([254, 255, 255, 255, 255, 255, 255, 255], 'int64', [])).toEqual(['int32', -2])
    expect(await read([1, 2], 'uint8', [2])).toEqual(['uint8', 1, 2])
    expect(await read([1, 0], 'bool', [2])).toEqual(['bool', 1, 0])
  })

  test('come in the order of the shape where they lie reversed', async () => {
    const tensor = { ...placed([1, 2, 3, 4, 5, 6], 'int8', [2, 3]), reversed: true } as const
    expect((await readTensor('.', tensor)).data).toEqual(Int32Array.of(1, 3, 5, 2, 4, 6))
  })

  test('are refused where an integer does not fit into 32 bits', async () => {
    const tensor = placed([0, 0, 0, 128, 0, 0, 0, 0], 'int64', [1])
    await expect(readTensor('.', tensor)).rejects.toMatchObject({ code: 'model-broken' })
  })

  test('are missed with a coded error where the file was cut or taken away', async () => {
    const file = 'cut.bin'
    await writeFile(join(folder, file), new Uint8Array(10))
    const read = (name: string) =>
      readTensor(folder, { dtype: 'float32', shape: [2], place: { file: name, offset: 4, bytes: 8 } })
    await expect(read(file)).rejects.toMatchObject({ code: 'file-unreadable' })
    await expect(read('away.bin')).rejects.toMatchObject({ code: 'file-not-found' })
  })
})
