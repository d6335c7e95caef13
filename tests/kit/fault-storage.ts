/**
 * A disk in memory that can be full or lose its power, and a layer over any Storage that fails, shortens or stops at a chosen
 * call. A power cut keeps what was synced; of the rest it keeps, drops or tears each write and each change of a name, by seed.
 */
import { dirname } from 'node:path'
import type { FileInfo, OpenMode, Storage, StoredFile } from '../../src/files/storage.ts'

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code })
}

/** What every call ends with after the process stopped. */
export class Stopped extends Error {}

interface Content {
  now: Uint8Array
  synced: Uint8Array
  readonly writes: { readonly at: number; readonly bytes: Uint8Array }[]
}

/** A change of names that a power cut may undo. */
type Change =
  | { readonly kind: 'set'; readonly path: string; readonly content: Content }
  | { readonly kind: 'move'; readonly from: string; readonly path: string; readonly content: Content }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string }

/** Numbers from 0 to 1 that depend on the seed alone. */
function numbers(seed: number): () => number {
  let state = seed * 2654435761 + 12345
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

export class MemoryDisk implements Storage {
  readonly files = new Map<string, Content>()
  readonly folders: Set<string>
  readonly #durable = new Map<string, Content>()
  readonly #durableFolders: Set<string>
  #changes: Change[] = []
  capacity = Number.POSITIVE_INFINITY

  /** @param folders those that are there, besides the root */
  constructor(folders: readonly string[]) {
    this.folders = new Set(['/', ...folders])
    this.#durableFolders = new Set(this.folders)
  }

  async open(path: string, how: OpenMode): Promise<StoredFile> {
    let content = this.files.get(path)
    if (how === 'wx' || (how === 'a' && content === undefined)) {
      if (content !== undefined) throw systemError('EEXIST')
      if (!this.folders.has(dirname(path))) throw systemError('ENOENT')
      content = { now: new Uint8Array(), synced: new Uint8Array(), writes: [] }
      this.files.set(path, content)
      this.#changes.push({ kind: 'set', path, content })
    }
    if (content === undefined) throw systemError('ENOENT')
    return new MemoryFile(this, content)
  }

  async rename(from: string, to: string): Promise<void> {
    const content = this.#content(from)
    if (this.files.get(to) === content) return
    this.files.delete(from)
    this.files.set(to, content)
    this.#changes.push({ kind: 'move', from, path: to, content })
  }

  async link(path: string, name: string): Promise<void> {
    const content = this.#content(path)
    if (this.files.has(name)) throw systemError('EEXIST')
    this.files.set(name, content)
    this.#changes.push({ kind: 'set', path: name, content })
  }

  async unlink(path: string): Promise<void> {
    this.#content(path)
    this.files.delete(path)
    this.#changes.push({ kind: 'remove', path })
  }

  async makeFolder(path: string): Promise<void> {
    if (this.folders.has(path)) return
    await this.makeFolder(dirname(path))
    this.folders.add(path)
    this.#changes.push({ kind: 'folder', path })
  }

  async removeFolder(path: string): Promise<void> {
    if ((await this.list(path)).length > 0) throw systemError('ENOTEMPTY')
    this.folders.delete(path)
  }

  async list(path: string): Promise<string[]> {
    if (!this.folders.has(path)) throw systemError('ENOENT')
    const inside = [...this.files.keys(), ...this.folders].filter((name) => dirname(name) === path && name !== path)
    return inside.map((name) => name.slice(path === '/' ? 1 : path.length + 1)).sort()
  }

  async info(path: string): Promise<FileInfo> {
    if (this.folders.has(path)) return { size: 0, modified: 0, isFolder: true, isFile: false, mode: 0o755 }
    return { size: this.#content(path).now.length, modified: 0, isFolder: false, isFile: true, mode: 0o644 }
  }

  async realPath(path: string): Promise<string> {
    if (!this.folders.has(path)) this.#content(path)
    return path
  }

  async freeBytes(): Promise<number> {
    return this.free()
  }

  async syncFolder(folder: string): Promise<void> {
    if (!this.folders.has(folder)) throw systemError('ENOENT')
    for (const change of this.#changes.filter(({ path }) => dirname(path) === folder)) this.#settle(change)
    this.#changes = this.#changes.filter(({ path }) => dirname(path) !== folder)
  }

  free(): number {
    const used = [...new Set(this.files.values())].reduce((sum, { now }) => sum + now.length, 0)
    return this.capacity - used
  }

  /** What is found after the power was cut now. Seed 0 loses all that was not synced, seed 1 loses nothing. */
  afterPowerCut(seed: number): MemoryDisk {
    const random = numbers(seed)
    const choose = (): number => (seed === 0 ? 0 : seed === 1 ? 1 : random())
    const names = new Map(this.#durable)
    const found = new MemoryDisk([...this.#durableFolders])
    for (const change of this.#changes) {
      if (choose() < 0.5) continue
      if (change.kind === 'folder') found.folders.add(change.path)
      if (change.kind === 'move') names.delete(change.from)
      if (change.kind === 'remove') names.delete(change.path)
      if (change.kind === 'set' || change.kind === 'move') names.set(change.path, change.content)
    }
    const contents = new Map<Content, Content>()
    for (const [path, content] of names) {
      if (!hasFolders(found.folders, path)) continue
      const left = contents.get(content) ?? settled(leftOver(content, choose))
      contents.set(content, left)
      found.files.set(path, left)
      found.#durable.set(path, left)
    }
    for (const folder of found.folders) found.#durableFolders.add(folder)
    return found
  }

  #content(path: string): Content {
    const content = this.files.get(path)
    if (content === undefined) throw systemError('ENOENT')
    return content
  }

  #settle(change: Change): void {
    if (change.kind === 'folder') this.#durableFolders.add(change.path)
    if (change.kind === 'move') this.#durable.delete(change.from)
    if (change.kind === 'remove') this.#durable.delete(change.path)
    if (change.kind === 'set' || change.kind === 'move') this.#durable.set(change.path, change.content)
  }
}

class MemoryFile implements StoredFile {
  readonly #disk: MemoryDisk
  readonly #content: Content

  constructor(disk: MemoryDisk, content: Content) {
    this.#disk = disk
    this.#content = content
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    const part = this.#content.now.subarray(position, position + buffer.length)
    buffer.set(part)
    return part.length
  }

  /** As a kernel does it: what fits is taken without an error, and only then nothing. */
  async write(bytes: Uint8Array): Promise<number> {
    const taken = Math.min(bytes.length, this.#disk.free())
    if (taken <= 0 && bytes.length > 0) throw systemError('ENOSPC')
    // Not slice(), which gives a view of a Buffer: what is garbled later must be a copy.
    const part = Uint8Array.from(bytes.subarray(0, taken))
    this.#content.writes.push({ at: this.#content.now.length, bytes: part })
    this.#content.now = Buffer.concat([this.#content.now, part])
    return taken
  }

  async size(): Promise<number> {
    return this.#content.now.length
  }

  async sync(): Promise<void> {
    this.#content.synced = this.#content.now
    this.#content.writes.length = 0
  }

  async syncData(): Promise<void> {
    await this.sync()
  }

  async close(): Promise<void> {}
}

const settled = (bytes: Uint8Array): Content => ({ now: bytes, synced: bytes, writes: [] })

function leftOver({ synced, writes }: Content, choose: () => number): Uint8Array {
  let bytes = Uint8Array.from(synced)
  for (const write of writes) {
    const choice = choose()
    if (choice < 0.25) continue
    // Cut in the middle, or of the right length with garbage in it.
    const length = choice < 0.5 ? Math.floor(write.bytes.length * choose()) : write.bytes.length
    const kept = Uint8Array.from(write.bytes.subarray(0, length))
    if (choice >= 0.5 && choice < 0.75) kept.fill(0xa5, Math.floor(kept.length * choose()))
    const longer = new Uint8Array(Math.max(bytes.length, write.at + kept.length))
    longer.set(bytes)
    longer.set(kept, write.at)
    bytes = longer
  }
  return bytes
}

function hasFolders(folders: ReadonlySet<string>, path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!folders.has(folder)) return false
    if (folder === '/') return true
  }
}

/** What happens at a call: an error of the system, fewer bytes taken than given (writes only), the end of the
 * process, or nothing at all, as if a sync had done its work (calls without a result only). */
export type Fault =
  | { readonly kind: 'fail'; readonly code: string }
  | { readonly kind: 'short'; readonly most: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'skip' }

/** `index` counts all calls from 0 on. */
export type FaultPlan = (call: { readonly index: number; readonly operation: string }) => Fault | undefined

const fileCalls = ['read', 'write', 'size', 'sync', 'syncData', 'close'] as const
const storageCalls = [
  'rename',
  'link',
  'unlink',
  'makeFolder',
  'removeFolder',
  'list',
  'info',
  'realPath',
  'freeBytes',
  'syncFolder',
] as const

/** Stands between `inner` and who saves, asks `plan` before every call, and counts them. */
export function faultStorage(inner: Storage, plan: FaultPlan): Storage & { readonly calls: string[] } {
  const calls: string[] = []
  let stopped = false
  function meet(operation: string): Fault | undefined {
    if (stopped) throw new Stopped('the process has stopped')
    const fault = plan({ index: calls.length, operation })
    calls.push(operation)
    if (fault?.kind === 'stop') {
      stopped = true
      throw new Stopped('the process stops here')
    }
    if (fault?.kind === 'fail') throw systemError(fault.code)
    return fault
  }
  const wrap =
    <Arguments extends unknown[], Result>(operation: string, call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      const fault = meet(operation)
      return fault?.kind === 'skip' ? (undefined as Result) : await call(...given)
    }
  function wrapFile(file: StoredFile): StoredFile {
    const calls = Object.fromEntries(fileCalls.map((name) => [name, wrap(name, method(file, name))]))
    const write = async (bytes: Uint8Array): Promise<number> => {
      const fault = meet('write')
      return await file.write(fault?.kind === 'short' ? bytes.subarray(0, fault.most) : bytes)
    }
    return { ...calls, write } as unknown as StoredFile
  }
  const others = Object.fromEntries(storageCalls.map((name) => [name, wrap(name, method(inner, name))]))
  const open: Storage['open'] = async (...given) => {
    meet('open')
    return wrapFile(await inner.open(...given))
  }
  return { ...others, open, calls } as unknown as Storage & { readonly calls: string[] }
}

function method<T extends object>(target: T, name: keyof T): (...given: unknown[]) => Promise<unknown> {
  return (...given) => (target[name] as (...given: unknown[]) => Promise<unknown>).apply(target, given)
}
