/** Saving a file whole or not at all, on a real disk and on one in memory. */
import { chmod, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atomicSave, removeLeftovers } from '../../../src/files/atomic-save.ts'
import { nodeStorage } from '../../../src/files/storage.ts'
import { writeFailure } from '../../../src/files/write-failure.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { faultStorage, MemoryDisk, systemError } from '../../kit/fault-storage.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const bytes = (text: string): Uint8Array[] => [...text].map((character) => Buffer.from(character))

test('chunks become the file, its permissions stay, and nothing is left beside it', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.ora')
  expect(await atomicSave(nodeStorage, path, bytes('old'))).toEqual({ path, bytes: 3, previousKept: false })
  await chmod(path, 0o600)
  await atomicSave(nodeStorage, path, bytes('newer'))
  expect(await readFile(path, 'utf8')).toBe('newer')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['a.ora'])
})

test('a symbolic link stays one, and the file it points at is replaced', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'real'), 'old')
  await symlink('real', join(folder, 'link'))
  await atomicSave(nodeStorage, join(folder, 'link'), bytes('new'))
  expect(await readlink(join(folder, 'link'))).toBe('real')
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new')
})

test('the previous version stays as ~1, also where the disk knows no hard links', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a')
  for (const text of ['1', '2', '3']) await atomicSave(nodeStorage, path, bytes(text), { keepPrevious: true })
  expect(await readFile(`${path}~1`, 'utf8')).toBe('2')
  const noLinks = faultStorage(nodeStorage, ({ operation }) =>
    operation === 'link' ? { kind: 'fail', code: 'EPERM' } : undefined,
  )
  expect(await atomicSave(noLinks, path, bytes('4'), { keepPrevious: true })).toEqual({
    path,
    bytes: 1,
    previousKept: true,
  })
  expect(await readFile(`${path}~1`, 'utf8')).toBe('3')
  expect(await readdir(folder)).toEqual(['a', 'a~1'])
})

test('a save that cannot fit is refused before a byte is written', async () => {
  const disk = new MemoryDisk(['/home'])
  disk.capacity = 1000
  const storage = faultStorage(disk, () => undefined)
  await expect(atomicSave(storage, '/home/a', bytes('x'), { estimate: 900 })).rejects.toMatchObject({
    code: 'write-failed',
    message: expect.stringMatching(/needs about .* free some space or save a copy elsewhere/),
  })
  expect(storage.calls).not.toContain('open')
  await atomicSave(storage, '/home/a', bytes('x'), { estimate: 800 })
})

test('a file that is shorter than what was written is not renamed', async () => {
  const disk = new MemoryDisk(['/home'])
  const storage = faultStorage(disk, ({ operation }) => (operation === 'size' ? { kind: 'skip' } : undefined))
  await expect(atomicSave(storage, '/home/a', bytes('abc'))).rejects.toMatchObject({ code: 'write-failed' })
  expect(await disk.list('/home')).toEqual([])
})

test('what the chunks throw comes out as it is, and the old file stays', async () => {
  const disk = new MemoryDisk(['/home'])
  await atomicSave(disk, '/home/a', bytes('old'))
  async function* cancelled(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('new')
    throw new StudioError('cancelled', 'The save was cancelled.')
  }
  await expect(atomicSave(disk, '/home/a', cancelled())).rejects.toMatchObject({ code: 'cancelled' })
  expect(await disk.list('/home')).toEqual(['a'])
})

test('a rename that is refused for a while is tried again', async () => {
  const disk = new MemoryDisk(['/home'])
  let refusals = 2
  const storage = faultStorage(disk, ({ operation }) =>
    operation === 'rename' && refusals-- > 0 ? { kind: 'fail', code: 'EBUSY' } : undefined,
  )
  await atomicSave(storage, '/home/a', bytes('new'), { patience: [0, 0] })
  expect(storage.calls.filter((call) => call === 'rename')).toHaveLength(3)
})

test('what killed processes left is removed, what living ones write stays', async () => {
  const folder = await temporaryFolder()
  const names = ['.a.ora.111-0123456789ab.paella-part', '.a.ora.222-0123456789ab.paella-part', 'a.paella-part']
  for (const name of names) await writeFile(join(folder, name), '')
  const isAlive = (pid: number): boolean => pid === 222
  expect(await removeLeftovers(nodeStorage, folder, isAlive, 60_000)).toEqual([])
  expect(await removeLeftovers(nodeStorage, folder, isAlive)).toEqual(names.slice(0, 1))
  expect(await readdir(folder)).toEqual(names.slice(1))
})

test.each([
  ['ENOSPC', /full: free some space/],
  ['EROFS', /read-only: save a copy in another folder/],
  ['EACCES', /permission is missing/],
  ['ENOENT', /is gone or takes no files: reconnect the drive/],
  ['EIO', /disk reports an error/],
  ['EBUSY', /another program holds it/],
  ['EMFILE', /too many files/],
  ['EFBIG', /may not be that large/],
  ['EWHAT', /EWHAT/],
])('%s is told with its cause and the next step, in one line', (code, words) => {
  const error = writeFailure('/home/a.ora', systemError(code))
  expect(error).toMatchObject({ code: 'write-failed', detail: code, message: expect.stringMatching(words) })
  expect((error as Error).message).toMatch(/^\/home\/a\.ora .*: .*\.$/)
})
