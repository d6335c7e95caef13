/** The trash of Linux desktops by its specification, and what stands in where there is none. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeStorage, type Storage } from '../../../src/files/storage.ts'
import { desktopTrash, desktopTrashFolder } from '../../../src/library/desktop-trash.ts'
import { firstOf, folderTrash, givingTrash } from '../../../src/library/trash.ts'
import { newFolder } from '../../kit/library.ts'

async function file(folder: string, name: string, text = name): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('the trash of the desktop', () => {
  test('has each file beside a note of where it was and when, as the specification says', async () => {
    const folder = await newFolder()
    const path = await file(folder, 'ein Häuschen 50%.png')
    await desktopTrash(nodeStorage, join(folder, 'Trash')).put(path)
    expect(await readdir(join(folder, 'Trash', 'files'))).toEqual(['ein Häuschen 50%.png'])
    const [name = ''] = await readdir(join(folder, 'Trash', 'info'))
    expect(name).toBe('ein Häuschen 50%.png.trashinfo')
    const lines = (await readFile(join(folder, 'Trash', 'info', name), 'utf8')).split('\n')
    expect(lines[0]).toBe('[Trash Info]')
    expect(lines[1]).toBe(`Path=${folder}/ein%20H%C3%A4uschen%2050%25.png`)
    expect(lines[2]).toMatch(/^DeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('gives each file a name of its own, whoever threw the other one away', async () => {
    const folder = await newFolder()
    const trash = desktopTrash(nodeStorage, join(folder, 'Trash'))
    const path = await file(folder, 'a.png', 'first')
    const first = await trash.put(path)
    await file(folder, 'a.png', 'second')
    await trash.put(path)
    await writeFile(join(folder, 'Trash', 'files', 'a.3.png'), 'somebody’s, without a note')
    await file(folder, 'a.png', 'third')
    await trash.put(path)
    expect((await readdir(join(folder, 'Trash', 'files'))).sort()).toEqual(['a.2.png', 'a.3.png', 'a.4.png', 'a.png'])
    expect(await readFile(join(folder, 'Trash', 'files', 'a.4.png'), 'utf8')).toBe('third')
    expect(await first.restore()).toBe(path)
    expect(await readFile(path, 'utf8')).toBe('first')
    expect((await readdir(join(folder, 'Trash', 'info'))).sort()).toEqual(['a.2.png.trashinfo', 'a.4.png.trashinfo'])
  })

  test('brings a file back though its folder is gone', async () => {
    const folder = await newFolder()
    await mkdir(join(folder, 'day'))
    const path = await file(join(folder, 'day'), 'a.png')
    const trashed = await desktopTrash(nodeStorage, join(folder, 'Trash')).put(path)
    await rm(join(folder, 'day'), { recursive: true })
    expect(await trashed.restore()).toBe(path)
    expect(await readFile(path, 'utf8')).toBe('a.png')
  })

  test('lies where the specification says', () => {
    expect(desktopTrashFolder('/home/ana', undefined)).toBe('/home/ana/.local/share/Trash')
    expect(desktopTrashFolder('/home/ana', '/data')).toBe('/data/Trash')
    expect(desktopTrashFolder('/home/ana', 'relative')).toBe('/home/ana/.local/share/Trash')
  })
})

describe('where the trash of the desktop cannot take a file', () => {
  test('of another disk, it goes to a folder of ours, without a note left behind, and somebody is told', async () => {
    const folder = await newFolder()
    const storage: Storage = {
      ...nodeStorage,
      rename: async () => {
        throw Object.assign(new Error('other disk'), { code: 'EXDEV' })
      },
    }
    const told: string[] = []
    const own = folderTrash(nodeStorage, join(folder, 'own'))
    const trash = firstOf(desktopTrash(storage, join(folder, 'Trash')), own, (path) => told.push(path))
    const path = await file(folder, 'a.png')
    const trashed = await trash.put(path)
    expect(told).toEqual([path])
    expect(await readdir(join(folder, 'own'))).toEqual(['a.png'])
    expect(await readdir(join(folder, 'Trash', 'info'))).toEqual([])
    await trashed.restore()
    expect(await readFile(path, 'utf8')).toBe('a.png')
    expect(await readdir(join(folder, 'own'))).toEqual([])
  })

  test('a file that is not there is an error of the system, and nobody’s second try', async () => {
    const folder = await newFolder()
    const own = folderTrash(nodeStorage, join(folder, 'own'))
    const trash = firstOf(desktopTrash(nodeStorage, join(folder, 'Trash')), own, () => expect.unreachable())
    await expect(trash.put(join(folder, 'none.png'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a trash that gives nothing back', () => {
  test('gets the file, and a second name of it brings it back', async () => {
    const folder = await newFolder()
    const trash = givingTrash(nodeStorage, join(folder, '.undo'), (path) => rm(path))
    const path = await file(folder, 'a.png')
    const trashed = await trash.put(path)
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await trashed.restore()).toBe(path)
    expect(await readFile(path, 'utf8')).toBe('a.png')
    expect(await readdir(join(folder, '.undo'))).toEqual([])
  })

  test('that refuses leaves everything as it was', async () => {
    const folder = await newFolder()
    const refuse = () => Promise.reject(new Error('no trash here'))
    const path = await file(folder, 'a.png')
    await expect(givingTrash(nodeStorage, join(folder, '.undo'), refuse).put(path)).rejects.toThrow('no trash here')
    expect(await readdir(join(folder, '.undo'))).toEqual([])
    expect(await readFile(path, 'utf8')).toBe('a.png')
  })
})
