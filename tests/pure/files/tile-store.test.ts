/** Tiles in a folder: written once, found torn or wrong, kept in memory until they are on the disk for good. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeStorage } from '../../../src/files/storage.ts'
import { packTile } from '../../../src/files/tile-file.ts'
import { TileStore, tileIdOf } from '../../../src/files/tile-store.ts'
import { faultStorage, MemoryDisk } from '../../kit/fault-storage.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { tileBytes } from '../../kit/crash-scenarios.ts'

const broken = { code: 'document-broken', message: expect.stringMatching(/^Tile [0-9a-f]{12} is missing or damaged/) }

test('a tile lies in a folder of its first two digits, packed, and a second store reads it', async () => {
  const folder = await temporaryFolder()
  const store = new TileStore({ storage: nodeStorage, folder })
  const tile = new Uint8Array(256 * 256 * 4).fill(7)
  const id = store.put(tile)
  expect(id).toBe(tileIdOf(tile))
  await store.sync()
  expect(await readdir(join(folder, id.slice(0, 2)))).toEqual([id])
  expect((await readFile(join(folder, id.slice(0, 2), id))).length).toBeLessThan(5000)
  expect(await new TileStore({ storage: nodeStorage, folder }).get(id)).toEqual(tile)
})

test('the same tile is written once', async () => {
  const storage = faultStorage(new MemoryDisk([]), () => undefined)
  const store = new TileStore({ storage, folder: '/tiles' })
  store.put(tileBytes(1))
  await store.sync()
  const { length } = storage.calls
  store.put(tileBytes(1))
  await store.sync()
  expect(storage.calls.length).toBe(length)
})

test('memory holds no more than its budget, and the disk has the rest', async () => {
  const storage = faultStorage(new MemoryDisk([]), () => undefined)
  const store = new TileStore({ storage, folder: '/tiles', budget: 7000 })
  const ids = [1, 2, 3].map((seed) => store.put(tileBytes(seed)))
  await store.sync()
  const reads = () => storage.calls.filter((call) => call === 'read').length
  const before = reads()
  await store.get(ids[2] ?? '')
  await store.get(ids[1] ?? '')
  expect(reads()).toBe(before)
  expect(await store.get(ids[0] ?? '')).toEqual(tileBytes(1))
  expect(reads()).toBeGreaterThan(before)
})

test('every cut and every flipped byte of a tile is found and named', async () => {
  const folder = await temporaryFolder()
  const id = await storeOne(folder)
  const path = join(folder, id.slice(0, 2), id)
  const whole = await readFile(path)
  for (let i = 0; i < whole.length; i += 7) {
    const flipped = Buffer.from(whole)
    flipped[i] = (flipped[i] ?? 0) ^ 0x20
    // The checksum of the packed bytes is for who does not unpack them.
    const isTold = i >= 12 && i < 16
    for (const bad of isTold ? [whole.subarray(0, i)] : [flipped, whole.subarray(0, i)]) {
      await writeFile(path, bad)
      await expect(new TileStore({ storage: nodeStorage, folder }).get(id)).rejects.toMatchObject(broken)
    }
    if (i < 12) continue
    await writeFile(path, flipped)
    await expect(new TileStore({ storage: nodeStorage, folder }).packed(id)).rejects.toMatchObject(broken)
  }
})

async function storeOne(folder: string): Promise<string> {
  const store = new TileStore({ storage: nodeStorage, folder })
  const id = store.put(tileBytes(1))
  await store.sync()
  return id
}

test('a good tile under a wrong name is found', async () => {
  const folder = await temporaryFolder()
  const id = await storeOne(folder)
  const other = `${id.slice(0, 63)}${id.endsWith('0') ? '1' : '0'}`
  await writeFile(join(folder, id.slice(0, 2), other), await readFile(join(folder, id.slice(0, 2), id)))
  const store = new TileStore({ storage: nodeStorage, folder })
  await expect(store.get(other)).rejects.toMatchObject(broken)
  await expect(store.take(other, await packTile(tileBytes(1)))).rejects.toMatchObject(broken)
  await expect(store.get('../../etc/passwd')).rejects.toMatchObject({ code: 'document-broken' })
})

test('what a power cut left torn is written anew', async () => {
  const folder = await temporaryFolder()
  const id = await storeOne(folder)
  await writeFile(join(folder, id.slice(0, 2), id), 'torn')
  await storeOne(folder)
  expect(await new TileStore({ storage: nodeStorage, folder }).get(id)).toEqual(tileBytes(1))
})

test('on a full disk tiles stay in memory, and are written when there is room', async () => {
  const disk = new MemoryDisk([])
  disk.capacity = 100
  const store = new TileStore({ storage: disk, folder: '/tiles', budget: 0 })
  const id = store.put(tileBytes(1))
  await expect(store.sync()).rejects.toMatchObject({ code: 'write-failed', detail: 'ENOSPC' })
  expect(await store.get(id)).toEqual(tileBytes(1))
  disk.capacity = 1e6
  await store.sync()
  expect(await new TileStore({ storage: disk, folder: '/tiles' }).get(id)).toEqual(tileBytes(1))
})

test('sweeping removes what nobody names, and not what is put meanwhile', async () => {
  const disk = new MemoryDisk([])
  const store = new TileStore({ storage: disk, folder: '/tiles' })
  const [kept = '', swept = '', again = ''] = [1, 2, 3].map((seed) => store.put(tileBytes(seed)))
  await store.sync()
  const sweeping = store.sweep(new Set([kept]))
  store.put(tileBytes(3))
  expect((await sweeping).files).toBeGreaterThanOrEqual(1)
  await store.sync()
  const fresh = new TileStore({ storage: disk, folder: '/tiles' })
  expect(await fresh.get(kept)).toEqual(tileBytes(1))
  expect(await fresh.get(again)).toEqual(tileBytes(3))
  await expect(fresh.get(swept)).rejects.toMatchObject(broken)
})

test('tiles that are put one after the other are each written once', async () => {
  const storage = faultStorage(new MemoryDisk([]), () => undefined)
  const store = new TileStore({ storage, folder: '/tiles', isNew: true })
  for (let seed = 0; seed < 100; seed++) {
    store.put(tileBytes(seed))
    if (seed % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await store.sync()
  const { length } = storage.calls.filter((call) => call === 'rename')
  expect(length).toBe(new Set(Array.from({ length: 100 }, (_, seed) => tileIdOf(tileBytes(seed)))).size)
})
