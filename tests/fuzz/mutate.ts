/** Files that were whole until something happened to them: seeded, so that what fails can be made again. */
import { uniforms } from '../../src/shared/base/philox.ts'
import {
  dictOp,
  floatsOf,
  legacyFile,
  type Op,
  pickleOf,
  tensorOp,
  torchZip,
  torchParts,
  zipOf,
} from '../kit/torch-bytes.ts'
import { wholeDict, wholeFile, wholeSafetensors } from '../kit/hostile/case.ts'

export interface Mutated {
  readonly name: string
  readonly bytes: Buffer
}

/** Numbers 0..1 of one mutation. */
type Draw = () => number

/** What a file is made of; a mutation of the pickle gets a sound zip around it, or its checksum would be all that is ever tested. */
const makers: readonly ((change: (bytes: Buffer) => Buffer) => Mutated)[] = [
  (change) => ({ name: 'a.pt', bytes: change(wholeFile()) }),
  (change) => {
    const { dict, storages } = wholeDict()
    return { name: 'a.pt', bytes: torchZip(change(pickleOf(dict)), storages) }
  },
  (change) => ({ name: 'a.pt', bytes: torchZip(change(pickleOf(training())), { 0: floatsOf(1, 2) }) }),
  (change) => ({ name: 'a.pt', bytes: change(legacy(pickleOf(dictOp({ a: tensor })))) }),
  (change) => ({ name: 'a.pt', bytes: legacy(change(pickleOf(dictOp({ a: tensor })))) }),
  (change) => ({ name: 'a.safetensors', bytes: change(wholeSafetensors()) }),
  (change) => {
    const whole = wholeSafetensors()
    const length = Number(whole.readBigUInt64LE())
    const header = change(whole.subarray(8, 8 + length))
    const lead = Buffer.alloc(8)
    lead.writeBigUInt64LE(BigInt(header.length))
    return { name: 'a.safetensors', bytes: Buffer.concat([lead, header, whole.subarray(8 + length)]) }
  },
  (change) => {
    const { dict, storages } = wholeDict()
    return { name: 'a.ckpt', bytes: change(zipOf(torchParts(pickleOf(dict), storages))) }
  },
]

const tensor = tensorOp({ length: 2, shape: [2] })
const training = (): Op =>
  dictOp({
    state_dict: dictOp({ 'module.a': tensor }),
    optimizer: dictOp({ state: tensor }),
    config: Buffer.from('cmy.trainer\nConfig\n)\x81}b', 'latin1'),
  })
const legacy = (object: Uint8Array): Buffer => legacyFile(object, { 0: { length: 2, data: floatsOf(1, 2) } })

/** The mutation with this number, out of endlessly many. */
export function mutation(seed: number, index: number): Mutated {
  const numbers = uniforms(seed, { purpose: 0, step: index }, 64)
  let at = 0
  const draw: Draw = () => numbers[at++ % numbers.length] ?? 0
  const make = makers[index % makers.length] ?? wholeOf
  return make((bytes) => {
    let changed: Buffer = Buffer.from(bytes)
    const times = 1 + Math.floor(draw() * 4)
    for (let i = 0; i < times; i++) changed = changeOnce(changed, draw)
    return changed
  })
}

const wholeOf = (change: (bytes: Buffer) => Buffer): Mutated => ({ name: 'a.pt', bytes: change(wholeFile()) })

/** Values at the edges of what fields can hold. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff]

function changeOnce(bytes: Buffer, draw: Draw): Buffer {
  const place = Math.floor(draw() * bytes.length)
  const length = Math.floor(draw() ** 3 * 64) + 1
  const changed = Buffer.from(bytes)
  switch (Math.floor(draw() * 8)) {
    case 0:
      changed[place] = (changed[place] ?? 0) ^ (1 << Math.floor(draw() * 8))
      return changed
    case 1:
      changed[place] = Math.floor(draw() * 256)
      return changed
    case 2:
      if (place + 4 > bytes.length) return bytes.subarray(0, place)
      changed.writeUInt32LE(edges[Math.floor(draw() * edges.length)] ?? 0, place)
      return changed
    case 3:
      return bytes.subarray(0, place)
    case 4:
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + length)])
    case 5:
      return Buffer.concat([
        bytes.subarray(0, place),
        Buffer.alloc(length, Math.floor(draw() * 256)),
        bytes.subarray(place),
      ])
    case 6: {
      const from = Math.floor(draw() * bytes.length)
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(from, from + length), bytes.subarray(place)])
    }
    default: {
      const from = Math.floor(draw() * bytes.length)
      bytes.copy(changed, place, from, Math.min(from + length, bytes.length))
      return changed
    }
  }
}
