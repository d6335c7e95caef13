/**
 * A reader of pickles that can only read: 36 opcodes that build plain data, and never a call. What a name or a call means is left
 * to rules (torch-objects.ts), which make values and run nothing. PyTorch writes protocol 2; whatever it never writes is
 * refused by name. Every count is limited, so that no small file grows in memory.
 */
import { type PickleValue, PickleDict, PickleList, PickleObject, PickleTuple } from './pickle-values.ts'

export interface PickleRules {
  /** What the global `module.name` stands for. @throws PickleFault */
  global(module: string, name: string): PickleObject
  /** What calling a global with these arguments would give. @throws PickleFault */
  call(callee: PickleObject, args: PickleTuple): PickleValue
  /** What a reference to something outside of the pickle stands for. @throws PickleFault */
  persistent(id: PickleValue): PickleValue
}

/** What is wrong, completing "its pickle ...", and what to do where fetching it again would not help. */
export class PickleFault extends Error {
  readonly next: string | undefined

  constructor(why: string, next?: string) {
    super(why)
    this.next = next
  }
}

/** A checkpoint of 1,000 weights and its optimizer make 30,000 objects. */
const most = { marks: 10_000, stack: 300_000, memo: 300_000, objects: 300_000, pushes: 2_000_000 } as const
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const resave = 'save its state_dict again with torch.save, as it is by default'

/** @returns the value, and where the pickle ends in `bytes`. @throws PickleFault */
export function unpickle(
  bytes: Buffer,
  start: number,
  rules: PickleRules,
): { readonly value: PickleValue; readonly end: number } {
  return new Machine(bytes, start, rules).run()
}

class Machine {
  readonly #bytes: Buffer
  readonly #rules: PickleRules
  readonly #stack: PickleValue[] = []
  readonly #marks: number[] = []
  readonly #memo = new Map<number, PickleValue>()
  readonly #view: DataView
  #at: number
  #objects = 0
  #pushes = 0

  constructor(bytes: Buffer, start: number, rules: PickleRules) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#at = start
    this.#rules = rules
  }

  run() {
    if (this.#byte() !== 0x80) throw new PickleFault('is of protocol 0 or 1, which PyTorch never wrote', resave)
    const protocol = this.#byte()
    if (protocol !== 2 && protocol !== 3) throw new PickleFault(`is of protocol ${protocol}, not 2`, resave)
    for (;;) {
      const code = this.#byte()
      if (code === 0x2e) break
      this.#step(code)
    }
    const value = this.#pop()
    if (this.#stack.length > 0) throw new PickleFault('leaves something over')
    return { value, end: this.#at }
  }

  #step(code: number): void {
    switch (code) {
      case 0x28: // MARK
        if (this.#marks.length >= most.marks) throw new PickleFault('is nested too deep')
        return void this.#marks.push(this.#stack.length)
      case 0x4e: // NONE
        return this.#push(null)
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        return this.#push(code === 0x88)
      case 0x4b: // BININT1
        return this.#push(this.#byte())
      case 0x4d: // BININT2
        return this.#push(this.#view.getUint16(this.#take(2), true))
      case 0x4a: // BININT
        return this.#push(this.#view.getInt32(this.#take(4), true))
      case 0x47: // BINFLOAT
        return this.#push(this.#view.getFloat64(this.#take(8), false))
      case 0x8a: // LONG1
        return this.#push(this.#long(this.#byte()))
      case 0x58: // BINUNICODE
        return this.#make(this.#text(this.#view.getUint32(this.#take(4), true)))
      case 0x55: // SHORT_BINSTRING
        return this.#make(this.#text(this.#byte()))
      case 0x5d: // EMPTY_LIST
        return this.#make(new PickleList())
      case 0x7d: // EMPTY_DICT
        return this.#make(new PickleDict())
      case 0x29: // EMPTY_TUPLE
        return this.#make(new PickleTuple([]))
      case 0x74: // TUPLE
        return this.#make(new PickleTuple(this.#popMark()))
      case 0x85: // TUPLE1, TUPLE2, TUPLE3
      case 0x86:
      case 0x87:
        return this.#make(new PickleTuple(this.#popMany(code - 0x84)))
      case 0x63: // GLOBAL
        return this.#make(this.#rules.global(this.#line(), this.#line()))
      case 0x71: // BINPUT
        return this.#remember(this.#byte())
      case 0x72: // LONG_BINPUT
        return this.#remember(this.#view.getUint32(this.#take(4), true))
      case 0x68: // BINGET
        return this.#recall(this.#byte())
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#view.getUint32(this.#take(4), true))
      case 0x51: // BINPERSID
        return this.#make(this.#rules.persistent(this.#pop()))
      case 0x81: // NEWOBJ
      case 0x52: // REDUCE
        return this.#call()
      case 0x62: // BUILD
        return this.#build()
      case 0x61: // APPEND
        return this.#append(this.#popMany(1))
      case 0x65: // APPENDS
        return this.#append(this.#popMark())
      case 0x73: // SETITEM
        return this.#setItems(this.#popMany(2))
      case 0x75: // SETITEMS
        return this.#setItems(this.#popMark())
      default:
        throw new PickleFault(
          `holds the instruction 0x${code.toString(16).padStart(2, '0')}, which no checkpoint needs`,
        )
    }
  }

  #call(): void {
    const [callee = null, args = null] = this.#popMany(2)
    if (!(callee instanceof PickleObject) || !(args instanceof PickleTuple))
      throw new PickleFault('calls what is no name')
    this.#make(this.#rules.call(callee, args))
  }

  /** State beside the items of an ordered dict (`_metadata`) is no weight, nor is that of what stands for nothing. */
  #build(): void {
    const [target = null] = this.#popMany(2)
    const ignores = target instanceof PickleDict || (target instanceof PickleObject && target.isInert)
    if (!ignores) throw new PickleFault(`gives state to ${kindOf(target)}`)
    this.#stack.push(target)
  }

  #append(items: readonly PickleValue[]): void {
    const target = this.#top()
    if (target instanceof PickleList) for (const item of items) target.items.push(item)
    else if (!(target instanceof PickleObject && target.isInert)) throw new PickleFault(`appends to ${kindOf(target)}`)
  }

  #setItems(items: readonly PickleValue[]): void {
    const target = this.#top()
    if (items.length % 2 !== 0) throw new PickleFault('sets a key without a value')
    if (target instanceof PickleObject && target.isInert) return
    if (!(target instanceof PickleDict)) throw new PickleFault(`sets items of ${kindOf(target)}`)
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i] ?? null
      if (key instanceof PickleList || key instanceof PickleDict) throw new PickleFault(`has ${kindOf(key)} as a key`)
      target.set(key, items[i + 1] ?? null)
    }
  }

  #remember(index: number): void {
    if (this.#memo.size >= most.memo) throw new PickleFault('remembers too much')
    this.#memo.set(index, this.#top())
  }

  #recall(index: number): void {
    const value = this.#memo.get(index)
    if (value === undefined) throw new PickleFault('recalls what it never remembered')
    this.#push(value)
  }

  #make(value: PickleValue): void {
    if (++this.#objects > most.objects) throw new PickleFault('makes too many objects')
    this.#push(value)
  }

  #push(value: PickleValue): void {
    if (++this.#pushes > most.pushes || this.#stack.length >= most.stack) throw new PickleFault('makes too many values')
    this.#stack.push(value)
  }

  #pop(): PickleValue {
    return this.#popMany(1)[0] ?? null
  }

  /** Nothing from below the last mark. */
  #popMany(count: number): PickleValue[] {
    const start = this.#stack.length - count
    if (start < (this.#marks.at(-1) ?? 0)) throw new PickleFault('takes more than it made')
    const values: PickleValue[] = []
    for (let i = 0; i < count; i++) values.unshift(this.#stack.pop() ?? null)
    return values
  }

  #popMark(): PickleValue[] {
    const mark = this.#marks.pop()
    if (mark === undefined) throw new PickleFault('ends what it never began')
    const values = this.#stack.slice(mark)
    this.#stack.length = mark
    return values
  }

  #top(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw new PickleFault('takes more than it made')
    return this.#stack.at(-1) ?? null
  }

  #byte(): number {
    return this.#bytes[this.#take(1)] ?? 0
  }

  /** @returns where the next `count` bytes begin */
  #take(count: number): number {
    const at = this.#at
    if (count > this.#bytes.length - at) throw new PickleFault('ends too early')
    this.#at += count
    return at
  }

  #text(length: number): string {
    const at = this.#take(length)
    try {
      return utf8.decode(this.#bytes.subarray(at, at + length))
    } catch {
      throw new PickleFault('holds text that is none')
    }
  }

  /** A name ends with a line break; no module's is longer than this. */
  #line(): string {
    const end = this.#bytes.subarray(this.#at, this.#at + 256).indexOf(0x0a)
    if (end < 0) throw new PickleFault('holds a name without an end')
    const text = this.#text(end)
    this.#take(1)
    if (!/^[\w.]+$/.test(text)) throw new PickleFault('holds a name that is none')
    return text
  }

  /** Little-endian two's complement of that many bytes. */
  #long(length: number): number | bigint {
    const at = this.#take(length)
    const digits = Buffer.from(this.#bytes.subarray(at, at + length))
      .reverse()
      .toString('hex')
    const value = length === 0 ? 0n : BigInt.asIntN(8 * length, BigInt(`0x${digits}`))
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
}

function kindOf(value: PickleValue): string {
  if (value instanceof PickleObject) return value.what
  if (value instanceof PickleList) return 'a list'
  if (value instanceof PickleDict) return 'a dict'
  if (value instanceof PickleTuple) return 'a tuple'
  return typeof value === 'string' ? 'text' : 'a plain value'
}
