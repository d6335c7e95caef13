/**
 * Writes a checkpoint of PyTorch with random weights, whatever its size: `node tests/kit/random-torch-file.ts NETWORK FILE.pt` makes
 * one of a published network. A storage at a time; zip64 where the file passes 4 GB, as PyTorch writes it.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { networkIds } from '../../src/engine/import/networks.ts'
import type { Shape } from '../../src/engine/import/shape-table.ts'
import { uniforms } from '../../src/shared/base/philox.ts'
import { publishedTables } from './published-sizes.ts'
import { dictOp, pickleOf, tensorOp } from './torch-bytes.ts'

interface Placed {
  readonly name: Buffer
  readonly crc: number
  readonly size: number
  readonly offset: number
}

const count = (shape: Shape): number => shape.reduce((product, side) => product * side, 1)

/** Numbers are drawn once and repeated: only their size matters. */
const drawn = 1 << 20

export function writeRandomTorchFile(path: string, table: ReadonlyMap<string, Shape>): void {
  const most = Math.min(drawn, Math.max(1, ...[...table.values()].map(count)))
  const random = uniforms(0, { purpose: 0, step: 0 }, most).map((u) => 2 * u - 1)
  const fd = openSync(path, 'w')
  const placed: Placed[] = []
  let at = 0
  const put = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done)
    at += bytes.length
  }
  const part = (name: string, pieces: Iterable<Uint8Array>): void => {
    const offset = at
    const own = Buffer.from(`random/${name}`)
    // Numbers begin at a multiple of 64, behind an extra field of that length.
    const padding = (64 - ((at + 30 + own.length + 4) % 64)) % 64
    const extra = Buffer.concat([Buffer.from('FB'), u16(padding), Buffer.alloc(padding, 'Z')])
    put(
      Buffer.concat([
        u32(0x04034b50),
        u16(0),
        u16(0x808),
        Buffer.alloc(18),
        u16(own.length),
        u16(extra.length),
        own,
        extra,
      ]),
    )
    let crc = 0
    const start = at
    for (const piece of pieces) {
      crc = crc32(piece, crc)
      put(piece)
    }
    const size = at - start
    put(Buffer.concat([u32(0x08074b50), u32(crc), u32(size), u32(size)]))
    placed.push({ name: own, crc, size, offset })
  }
  try {
    const entries = [...table].map(([key, shape], i): [string, Uint8Array] => [
      key,
      tensorOp({ key: String(i), length: count(shape), shape }),
    ])
    part('data.pkl', [pickleOf(dictOp(Object.fromEntries(entries)))])
    part('byteorder', [Buffer.from('little')])
    for (const [index, shape] of [...table.values()].entries()) part(`data/${index}`, floats(shape, random, index))
    part('version', [Buffer.from('3\n')])
    putDirectory(placed, at, put)
  } finally {
    closeSync(fd)
  }
}

/**
 * Spread by the square root of the inputs, so that activations neither grow nor fade through the network; each begins elsewhere, as of
 * equal weights onnxruntime keeps one.
 */
function* floats(shape: Shape, random: Float32Array, index: number): Generator<Uint8Array> {
  const spread = shape.length < 2 ? 1 : Math.sqrt(3 / count(shape.slice(1)))
  const length = Math.min(random.length, count(shape))
  const block = Float32Array.from({ length }, (_, i) => (random[(i + 977 * index) % random.length] ?? 0) * spread)
  for (let left = count(shape); left > 0; left -= block.length)
    yield new Uint8Array(block.buffer, 0, 4 * Math.min(left, block.length))
}

function putDirectory(placed: readonly Placed[], start: number, put: (bytes: Uint8Array) => void): void {
  const lines = placed.map(({ name, crc, size, offset }) => {
    const isFar = offset > 0xfffffffe
    const extra = isFar ? Buffer.concat([u16(1), u16(8), u64(offset)]) : Buffer.alloc(0)
    const sizes = [u32(crc), u32(size), u32(size), u16(name.length), u16(extra.length), Buffer.alloc(10)]
    const head = [u32(0x02014b50), u16(0), u16(0), u16(0x808), u16(0), u32(0), ...sizes]
    return Buffer.concat([...head, u32(isFar ? 0xffffffff : offset), name, extra])
  })
  const list = Buffer.concat(lines)
  put(list)
  const end64 = start + list.length
  const few = Math.min(placed.length, 0xffff)
  put(Buffer.concat([u32(0x06064b50), u64(44), u16(0x031e), u16(45), u32(0), u32(0), u64(placed.length)]))
  put(Buffer.concat([u64(placed.length), u64(list.length), u64(start), u32(0x07064b50), u32(0), u64(end64), u32(1)]))
  const near = u32(start > 0xfffffffe ? 0xffffffff : start)
  put(Buffer.concat([u32(0x06054b50), u32(0), u16(few), u16(few), u32(list.length), near, u16(0)]))
}

const u16 = (value: number): Buffer => Buffer.from(Uint16Array.of(value).buffer)
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [, , wanted, path] = process.argv
  const network = networkIds.find((id) => id === wanted)
  if (!network || !path) {
    process.stderr.write(`usage: node tests/kit/random-torch-file.ts ${networkIds.join('|')} FILE.pt\n`)
    process.exit(2)
  }
  writeRandomTorchFile(path, publishedTables[network]())
}
