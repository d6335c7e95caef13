/** What a pickle may turn into here: plain data, and things that stand for a Python object without being one. */

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleObject

export class PickleList {
  readonly items: PickleValue[] = []
}

export class PickleTuple {
  readonly items: readonly PickleValue[]

  constructor(items: readonly PickleValue[]) {
    this.items = items
  }
}

/** In order. Keys that are text, numbers or nothing are equal by value, all others by identity. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>()
  /** A key that was set twice, as an honest writer never does. */
  repeated: PickleValue | undefined

  set(key: PickleValue, value: PickleValue): void {
    if (this.entries.has(key)) this.repeated = key
    this.entries.set(key, value)
  }
}

/** What a rule made of a name or a call; the machine passes it on and does nothing with it. */
export abstract class PickleObject {
  /** For errors: `a tensor`, `torch.Size`. */
  abstract readonly what: string
  /** True where what is put into it, as items, state or arguments, may be dropped. */
  readonly isInert: boolean = false
}
