/** Family Z: what is wrong with the zip, or is none. */
import { deflateRawSync, gzipSync } from 'node:zlib'
import { bytesOf, dictOp, floatsOf, pickleOf, torchParts, torchZip, type ZipPart, zipOf } from '../torch-bytes.ts'
import { type HostileCase, oneTensor, wholeDict, wholeFile } from './case.ts'

const pickle = pickleOf(dictOp({ a: oneTensor }))
const storages = { 0: floatsOf(1, 2) }
const parts = torchParts(pickle, storages)
/** The parts with one of them changed. */
const changed = (name: string, change: Partial<ZipPart>): ZipPart[] =>
  parts.map((part) => (part.name === name ? { ...part, ...change } : part))
const withPart = (name: string, more: Partial<ZipPart> = {}) =>
  zipOf([...parts, { name, data: Buffer.from('x'), ...more }])
const file = (id: string, what: string, bytes: () => Uint8Array, says: RegExp, name = 'model.pt'): HostileCase => ({
  id,
  what,
  name,
  bytes,
  says,
})

const names = ['model/../a', '/etc/a', 'C:/a', 'model\\a', 'model/a\u0000b', 'model/CON', 'model/a.']

export const containers: readonly HostileCase[] = [
  file('Z01', 'nothing', () => new Uint8Array(), /is empty/),
  file('Z02', 'one byte', () => Uint8Array.of(0x50), /no file of weights/),
  file('Z03', 'a zip without its end', () => torchZip(pickle, storages).subarray(0, -22), /cut off/),
  file('Z04', 'a zip whose end is cut', () => torchZip(pickle, storages).subarray(0, -9), /behind the end|cut off/),
  file(
    'Z05',
    'two ends, one in the comment of the other',
    () => zipOf(parts, { comment: zipOf([]) }),
    /comment|directory that is not|do not agree|before the first|cut/,
  ),
  ...[0x1, 0x20, 0x40].map((flag, i) =>
    file(
      `Z0${6 + i}`,
      `flag 0x${flag.toString(16)}`,
      () => zipOf(changed('model/data.pkl', { flags: 0x800 | flag })),
      /encrypted/,
    ),
  ),
  file(
    'Z09',
    'another name where it lies',
    () => zipOf(changed('model/data.pkl', { localName: 'model/data.pkk' })),
    /agree/,
  ),
  file('Z10', 'another size where it lies', () => zipOf(changed('model/data.pkl', { localSize: 5 })), /agree/),
  file('Z11', 'a wrong checksum of the pickle', () => zipOf(changed('model/data.pkl', { crc: 1 })), /damaged/),
  file('Z11', 'a wrong checksum of numbers', () => wholeWithBadCrc(), /damaged/),
  file('Z12', 'two parts of one name', () => zipOf([...parts, ...parts.slice(0, 1)]), /two parts/),
  file('Z13', 'names that differ in case', () => withPart('model/DATA.pkl'), /two parts/),
  ...names.map((name) =>
    file(
      'Z14',
      `the name ${JSON.stringify(name)}`,
      () => withPart(name),
      /forbidden character|absolute|elsewhere|reserved/,
    ),
  ),
  file('Z15', 'a symbolic link', () => withPart('model/link', { mode: 0o120777 }), /link/),
  file('Z16', 'parts that overlap', () => overlapping(), /overlap|agree/),
  file(
    'Z17',
    'a pickle that unpacks a thousandfold',
    () => zipOf(changed('model/data.pkl', { data: new Uint8Array(3e7), method: 8 })),
    /far more/,
  ),
  file('Z18', 'a lie about the unpacked size', () => lyingSize(), /damaged|agree/),
  {
    ...file('Z19', '70,000 parts', () => zipOf([...parts, ...manyParts(70_000)]), /no network/),
    code: 'checkpoint-mismatch',
  },
  file('Z19', '210,000 parts', () => zipOf(parts, { count: 210_000, torch: true }), /claims 210000/),
  file(
    'Z20',
    'sizes of 2^63',
    () => zipOf(changed('model/version', { far: [2n ** 63n, 2n ** 63n] })),
    /impossible size/,
  ),
  { id: 'Z20', what: 'sizes in a zip64 field that are true', name: 'model.pt', bytes: () => farSizes() },
  file(
    'Z21',
    'a zip in a zip',
    () => zipOf([{ name: 'model.pt', data: torchZip(pickle, storages) }]),
    /no checkpoint of PyTorch/,
  ),
  file(
    'Z22',
    'a picture before the zip',
    () => zipOf(parts, { before: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') }),
    /a picture/,
  ),
  file('Z22', 'bytes before the zip', () => zipOf(parts, { before: Buffer.from('abc') }), /stands before/),
  file('Z22', 'a zip before the zip', () => zipOf(parts, { before: torchZip(pickle, storages) }), /stands before/),
  file('Z23', 'bytes behind the zip', () => zipOf(parts, { after: Buffer.from('abc') }), /behind the end/),
  ...[9, 12, 14, 93, 99].map((method) =>
    file(
      'Z24',
      `method ${method}`,
      () => zipOf(changed('model/data.pkl', { method, localMethod: method })),
      /unknown way/,
    ),
  ),
  file('Z25', 'a 7z archive', () => Buffer.from('377abcaf271c0004000000', 'hex'), /7z/),
  file('Z25', 'a gzip archive', () => gzipSync(torchZip(pickle, storages)), /gzip/),
  file('Z25', 'a tar archive', () => tar(), /tar archive/),
  file(
    'Z26',
    'the pointer of Git LFS',
    () => Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n'),
    /Git LFS/,
  ),
  file('Z26', 'a web page', () => Buffer.from('<!DOCTYPE html><html>Log in</html>'), /web page/),
  file('Z26', 'half a download', () => wholeFile().subarray(0, 900), /cut off/, 'paella.pt.crdownload'),
  file('Z26', 'half a download of safetensors', () => half(), /does not fit|lie outside/, 'model.safetensors'),
  file('named', 'PyTorch named safetensors', () => wholeFile(), /named \.safetensors and holds torch/, 'a.safetensors'),
  file('named', 'PyTorch named zip', () => wholeFile(), /named \.zip/, 'a.zip'),
  { id: 'named', what: 'PyTorch without an ending', name: '1f0cbd', bytes: () => wholeFile() },
  { id: 'named', what: 'PyTorch named .ckpt', name: 'a.CKPT', bytes: () => wholeFile() },
  file('packed', 'numbers that are packed', () => zipOf(changed('model/data/0', { method: 8 })), /are packed/),
]

function farSizes(): Buffer {
  const { dict, storages: numbers } = wholeDict()
  const all = torchParts(pickleOf(dict), numbers)
  return zipOf(all.map((part) => ({ ...part, far: [BigInt(part.data.length), BigInt(part.data.length)] as const })))
}

function wholeWithBadCrc(): Buffer {
  const bytes = wholeFile()
  // The last number of the first storage; its checksum stands behind it and in the directory.
  const at = bytes.indexOf(Buffer.from('model/data/0')) + 'model/data/0'.length
  bytes[at] = 255 - (bytes[at] ?? 0)
  return bytes
}

function overlapping(): Buffer {
  return zipOf(parts.map((part) => (part.name === 'model/version' ? { ...part, offset: 0 } : part)))
}

function lyingSize(): Buffer {
  const packed = deflateRawSync(pickle)
  return zipOf(changed('model/data.pkl', { method: 8, size: packed.length + 5, localSize: packed.length }))
}

const manyParts = (count: number): ZipPart[] =>
  Array.from({ length: count }, (_, i) => ({ name: `model/${i}`, data: new Uint8Array() }))

function tar(): Buffer {
  const block = Buffer.alloc(1024)
  block.write('model.pt')
  block.write('ustar', 257)
  return block
}

function half(): Buffer {
  const [header] = bytesOf('{"a":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}')
  const lead = Buffer.alloc(8)
  lead.writeBigUInt64LE(BigInt(header?.length ?? 0))
  return Buffer.concat([lead, header ?? Buffer.alloc(0), Buffer.alloc(100)])
}
