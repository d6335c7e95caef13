/**
 * Files as PyTorch writes them, byte for byte by the format's rules and not by our reader, with every lie a test may want. Nothing
 * here comes from anybody's collection of bad files.
 */
import { crc32, deflateRawSync } from 'node:zlib'

/** One part of a zip; what is not told is the truth. */
export interface ZipPart {
  readonly name: string
  readonly data: Uint8Array
  readonly method?: number
  readonly flags?: number
  /** What the local header says where it lies. */
  readonly localName?: string
  readonly localSize?: number
  readonly localMethod?: number
  readonly crc?: number
  /** What the directory says where it lies: unpacked, packed, place. */
  readonly size?: number
  readonly packedSize?: number
  readonly offset?: number
  readonly mode?: number
  /** Sizes go into a zip64 field with these values. */
  readonly far?: readonly [bigint, bigint]
}

const u16 = (value: number): Buffer => Buffer.from([value & 255, (value >> 8) & 255])
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value: bigint | number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

export interface ZipLies {
  readonly before?: Uint8Array
  readonly after?: Uint8Array
  readonly comment?: Uint8Array
  /** As PyTorch does: sizes behind the data, and a zip64 end. */
  readonly torch?: boolean
  readonly count?: number
}

export function zipOf(
  parts: readonly ZipPart[],
  { before, after, comment, torch = false, count }: ZipLies = {},
): Buffer {
  const out: Buffer[] = [Buffer.from(before ?? [])]
  const directory: Buffer[] = []
  let at = before?.length ?? 0
  const put = (...bytes: Uint8Array[]) => {
    for (const piece of bytes) {
      out.push(Buffer.from(piece))
      at += piece.length
    }
  }
  for (const part of parts) {
    const { method = 0, data } = part
    const flags = part.flags ?? (torch ? 0x808 : 0x800)
    const packed = method === 8 ? deflateRawSync(data) : data
    const crc = part.crc ?? crc32(data)
    const start = at
    const name = Buffer.from(part.localName ?? part.name)
    const known = (value: number) => u32(torch ? 0 : value)
    put(u32(0x04034b50), u16(20), u16(flags), u16(part.localMethod ?? method), u32(0), known(crc))
    put(known(part.localSize ?? packed.length), known(part.localSize ?? data.length), u16(name.length), u16(0), name)
    put(packed)
    if (torch) put(u32(0x08074b50), u32(crc), u32(packed.length), u32(data.length))
    const wide = part.far
    const extra = wide ? Buffer.concat([u16(1), u16(16), u64(wide[0]), u64(wide[1])]) : Buffer.alloc(0)
    const own = Buffer.from(part.name)
    directory.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(0x0314),
        u16(20),
        u16(flags),
        u16(method),
        u32(0),
        u32(crc),
        u32(wide ? 0xffffffff : (part.packedSize ?? packed.length)),
        u32(wide ? 0xffffffff : (part.size ?? data.length)),
        u16(own.length),
        u16(extra.length),
        Buffer.alloc(6),
        u32((part.mode ?? 0) * 65536),
        u32(part.offset ?? start),
        own,
        extra,
      ]),
    )
  }
  const list = Buffer.concat(directory)
  const listAt = at
  put(list)
  const many = count ?? parts.length
  if (torch || many > 0xfffe) {
    const end64 = at
    put(u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(many), u64(many), u64(list.length), u64(listAt))
    put(u32(0x07064b50), u32(0), u64(end64), u32(1))
  }
  const few = Math.min(many, 0xffff)
  put(u32(0x06054b50), u32(0), u16(few), u16(few), u32(list.length), u32(listAt), u16(comment?.length ?? 0))
  put(comment ?? new Uint8Array(), after ?? new Uint8Array())
  return Buffer.concat(out)
}

/** Pieces of a pickle; a string is its bytes. */
export type Op = string | Uint8Array

export const ops = {
  proto: '\x80\x02',
  stop: '.',
  mark: '(',
  none: 'N',
  true: '\x88',
  false: '\x89',
  emptyDict: '}',
  emptyList: ']',
  emptyTuple: ')',
  tuple: 't',
  setItem: 's',
  setItems: 'u',
  append: 'a',
  appends: 'e',
  reduce: 'R',
  build: 'b',
  newObject: '\x81',
  persistent: 'Q',
  put: (index: number): Buffer => Buffer.from([0x71, index]),
  get: (index: number): Buffer => Buffer.from([0x68, index]),
  text: (text: string): Buffer => Buffer.concat([Buffer.from('X'), u32(Buffer.byteLength(text)), Buffer.from(text)]),
  global: (module: string, name: string): string => `c${module}\n${name}\n`,
  /** LONG1, which takes any whole number. */
  int: (value: number | bigint): Buffer => {
    const bytes = Buffer.alloc(9)
    bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)))
    bytes[8] = BigInt(value) < 0n ? 255 : 0
    return Buffer.concat([Buffer.from([0x8a, 9]), bytes])
  },
} as const

export const pickleOf = (...parts: readonly Op[]): Buffer => Buffer.concat([...bytesOf(ops.proto, ...parts, ops.stop)])

export const bytesOf = (...parts: readonly Op[]): Buffer[] =>
  parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part)))

export interface TensorTold {
  readonly key?: string
  readonly type?: string
  /** Elements of the storage. */
  readonly length: number
  readonly shape: readonly (number | bigint)[]
  readonly strides?: readonly (number | bigint)[]
  readonly offset?: number | bigint
}

const tuple = (...items: readonly Op[]): Buffer => Buffer.concat(bytesOf(ops.mark, ...items, ops.tuple))

/** The opcodes that rebuild a tensor. */
export function tensorOp({ key = '0', type = 'FloatStorage', length, shape, strides, offset = 0 }: TensorTold): Buffer {
  const steps = strides ?? shape.map((_, axis) => shape.slice(axis + 1).reduce<number>((a, b) => a * Number(b), 1))
  const storage = tuple(ops.text('storage'), ops.global('torch', type), ops.text(key), ops.text('cpu'), ops.int(length))
  return Buffer.concat(
    bytesOf(
      ops.global('torch._utils', '_rebuild_tensor_v2'),
      tuple(
        storage,
        ops.persistent,
        ops.int(offset),
        tuple(...shape.map(ops.int)),
        tuple(...steps.map(ops.int)),
        ops.false,
        ops.global('collections', 'OrderedDict'),
        ops.emptyTuple,
        ops.reduce,
      ),
      ops.reduce,
    ),
  )
}

/** The opcodes of a dict of these, by name. */
export const dictOp = (entries: Readonly<Record<string, Op>>): Buffer =>
  Buffer.concat(
    bytesOf(
      ops.emptyDict,
      ops.mark,
      ...Object.entries(entries).flatMap(([key, value]) => [ops.text(key), value]),
      ops.setItems,
    ),
  )

export const floatsOf = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer)

/** A checkpoint with this pickle and these storages. */
export function torchZip(
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  more: readonly ZipPart[] = [],
) {
  return zipOf(torchParts(pickle, storages, more), { torch: true })
}

export function torchParts(
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {},
  more: readonly ZipPart[] = [],
): ZipPart[] {
  return [
    { name: 'model/data.pkl', data: pickle },
    { name: 'model/byteorder', data: Buffer.from('little') },
    ...Object.entries(storages).map(([key, data]) => ({ name: `model/data/${key}`, data })),
    { name: 'model/version', data: Buffer.from('3\n') },
    ...more,
  ]
}

const magic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex')

/** The same in the format before PyTorch 1.6. */
export function legacyFile(
  object: Uint8Array,
  storages: Readonly<Record<string, { length: number; data: Uint8Array }>>,
) {
  const keys = Object.keys(storages)
  const list = Buffer.concat(bytesOf(ops.emptyList, ops.mark, ...keys.map((key) => ops.text(key)), ops.appends))
  return Buffer.concat([
    magic,
    pickleOf(ops.int(1001)),
    pickleOf(dictOp({ protocol_version: ops.int(1001), little_endian: ops.true })),
    object,
    pickleOf(list),
    ...Object.values(storages).flatMap(({ length, data }) => [u64(length), Buffer.from(data)]),
  ])
}

/** A safetensors file with this header text. */
export function safetensorsOf(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(),
  claimed?: bigint,
): Buffer {
  const text = Buffer.from(header)
  return Buffer.concat([u64(claimed ?? text.length), text, Buffer.from(data)])
}
