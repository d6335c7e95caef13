/** DesktopApi of the built program: dialogs, menus, frame, links, and how a window closes. */
import { writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { call, events, home, openQuietPage, startProgram, theWindow, until, watch } from '../kit/electron-program.ts'
import { noChromium } from '../kit/electron-stand-in/chromium.ts'
import { app, standIn } from '../kit/electron-stand-in/index.ts'

const badRequest = { type: 'error', error: { code: 'bad-request' } }
const lastDialog = () => standIn.dialogs.at(-1)

describe.skipIf(noChromium)(`the desktop${noChromium ? ` (skipped: ${noChromium})` : ''}`, () => {
  beforeAll(async () => {
    await startProgram()
    await openQuietPage()
  })
  beforeEach(() => void standIn.dialogs.splice(0))

  test('has menus and dialogs of the system', async () => {
    expect(await call('desktop', 'describe')).toMatchObject({ value: { nativeMenus: true, nativeDialogs: true } })
  })

  test('shows no menu of its own before the page sets one', () => {
    if (process.platform !== 'darwin') expect(standIn.menus[0]).toBeNull()
  })

  describe('opening', () => {
    test('gives the path that was chosen, and starts there the next time', async () => {
      standIn.answer('showOpenDialog', { canceled: false, filePaths: ['/pictures/of/apple.ora'] })
      const { value } = await call('desktop', 'chooseOpen', { kind: 'document' })
      expect(value).toEqual({ kind: 'path', path: '/pictures/of/apple.ora' })
      expect(lastDialog()?.options).toMatchObject({ properties: ['openFile'] })
      standIn.answer('showOpenDialog', { canceled: true, filePaths: [] })
      expect((await call('desktop', 'chooseOpen', { kind: 'picture' })).value).toBeNull()
      expect(lastDialog()?.options).toMatchObject({ defaultPath: '/pictures/of' })
    })

    test('offers lists of prompts by their endings', async () => {
      standIn.answer('showOpenDialog', { canceled: false, filePaths: ['/pictures/of/prompts.csv'] })
      await call('desktop', 'chooseOpen', { kind: 'prompts' })
      expect(lastDialog()?.options).toMatchObject({ filters: [{ extensions: ['txt', 'csv', 'jsonl'] }, {}] })
    })

    test.each([[null], [{}], [{ kind: 'folder' }], ['document'], [{ kind: ['document'] }]])(
      'refuses %j',
      async (bad) => {
        expect(await call('desktop', 'chooseOpen', bad)).toMatchObject(badRequest)
        expect(standIn.dialogs).toEqual([])
      },
    )
  })

  describe('saving', () => {
    test('suggests the name and gives the path that was chosen', async () => {
      standIn.answer('showSaveDialog', { canceled: false, filePath: '/pictures/apple.ora' })
      const { value } = await call('desktop', 'chooseSave', { suggested: '../../etc/apple.ora', kind: 'document' })
      expect(value).toEqual({ path: '/pictures/apple.ora' })
      expect(lastDialog()?.options).toMatchObject({
        defaultPath: expect.stringMatching(/^\/pictures\/of\/apple\.ora$/),
        filters: [{ name: 'OpenRaster', extensions: ['ora'] }],
      })
    })

    test('puts the ending there, and asks before that replaces a file', async () => {
      await writeFile(join(home, 'apple.png'), 'old')
      const typed = join(home, 'apple')
      standIn.answer('showSaveDialog', { canceled: false, filePath: typed })
      standIn.answer('showMessageBox', { response: 0 })
      standIn.answer('showSaveDialog', { canceled: false, filePath: typed })
      standIn.answer('showMessageBox', { response: 1 })
      const { value } = await call('desktop', 'chooseSave', { suggested: 'apple', kind: 'png' })
      expect(value).toEqual({ path: `${typed}.png` })
      expect(standIn.dialogs.map(({ name }) => name)).toEqual([
        'showSaveDialog',
        'showMessageBox',
        'showSaveDialog',
        'showMessageBox',
      ])
    })

    test('gives null where the person thought better of it', async () => {
      standIn.answer('showSaveDialog', { canceled: true, filePath: '' })
      expect((await call('desktop', 'chooseSave', { suggested: 'a.jpg', kind: 'jpeg' })).value).toBeNull()
    })
  })

  describe('choosing a folder', () => {
    test('gives its path, new ones among them, and starts where it was told to', async () => {
      standIn.answer('showOpenDialog', { canceled: false, filePaths: ['/pictures/out'] })
      expect((await call('desktop', 'chooseFolder', { suggested: '/pictures/of' })).value).toEqual({
        path: '/pictures/out',
      })
      expect(lastDialog()?.options).toMatchObject({
        defaultPath: '/pictures/of',
        properties: ['openDirectory', 'createDirectory'],
      })
    })

    test('starts in the folder of the last dialog where all that is suggested is a name, and may end without one', async () => {
      standIn.answer('showOpenDialog', { canceled: true, filePaths: [] })
      expect((await call('desktop', 'chooseFolder', { suggested: 'Copies' })).value).toBeNull()
      expect(isAbsolute(String(lastDialog()?.options['defaultPath']))).toBe(true)
    })

    test.each([[null], [{}], [{ suggested: 'x'.repeat(4097) }]])('refuses %j', async (bad) => {
      expect(await call('desktop', 'chooseFolder', bad)).toMatchObject(badRequest)
    })
  })

  describe('menus', () => {
    const item = { type: 'item', label: 'Undo', action: 'edit.undo', keys: 'Ctrl+Z', enabled: true } as const

    test('are those of the page, and what is chosen goes back to it', async () => {
      await watch('desktop')
      await call('desktop', 'setMenus', { menus: [{ label: 'Edit', items: [item] }] })
      expect(standIn.menuItem('Edit', 'Undo')).toMatchObject({
        accelerator: 'CommandOrControl+Z',
        registerAccelerator: false,
        enabled: true,
      })
      standIn.click('Edit', 'Undo')
      await until(async () =>
        (await events()).some((event) => JSON.stringify(event) === '{"type":"menu","action":"edit.undo"}'),
      )
    })

    test.each([
      ['no list', { menus: item }],
      ['an item without its action', { menus: [{ label: 'Edit', items: [{ ...item, action: undefined }] }] }],
      ['a role that is not ours', { menus: [{ label: 'Edit', items: [{ ...item, role: 'reload' }] }] }],
      ['a label of a page', { menus: [{ label: 'x'.repeat(201), items: [] }] }],
      ['21 menus', { menus: Array.from({ length: 21 }, () => ({ label: 'Edit', items: [] })) }],
    ])('refuses %s', async (_, bad) => {
      expect(await call('desktop', 'setMenus', bad)).toMatchObject(badRequest)
      expect(standIn.menuItem('Edit', 'Undo').accelerator).toBe('CommandOrControl+Z')
    })
  })

  describe('the frame', () => {
    test('has the title, the mark and the file that the page tells, and remembers the file once', async () => {
      const told = { title: 'Apple – Paella Studio', edited: true, path: '/pictures/apple.ora' }
      await call('desktop', 'setWindow', told)
      await call('desktop', 'setWindow', { ...told, edited: false })
      expect([theWindow().title, theWindow().edited, theWindow().represented]).toEqual([told.title, false, told.path])
      expect(standIn.recent).toEqual([told.path])
    })

    test('takes no path that is not absolute', async () => {
      expect(await call('desktop', 'setWindow', { title: 'A', edited: false, path: 'a.ora' })).toMatchObject(badRequest)
    })

    test('shows how far long work is, and takes that away again', async () => {
      await call('desktop', 'setProgress', { share: 0.25, paused: true })
      expect(theWindow().progress).toEqual({ progress: 0.25, mode: 'paused' })
      await call('desktop', 'setProgress', { share: null, paused: false })
      expect(theWindow().progress).toEqual({ progress: -1, mode: 'normal' })
      expect(await call('desktop', 'setProgress', { share: 2, paused: false })).toMatchObject(badRequest)
    })

    test('goes to the full screen and back', async () => {
      await call('desktop', 'toggleFullscreen')
      expect(theWindow().isFullScreen()).toBe(true)
      await call('desktop', 'toggleFullscreen')
      expect(theWindow().isFullScreen()).toBe(false)
    })
  })

  test('shows files in the file manager, by their absolute path alone', async () => {
    await call('desktop', 'reveal', { path: '/pictures/apple.ora' })
    expect(await call('desktop', 'reveal', { path: 'smb://server/share' })).toMatchObject(badRequest)
    expect(standIn.revealed).toEqual(['/pictures/apple.ora'])
  })

  test('opens links that the app knows, and no others', async () => {
    await call('desktop', 'openLink', { address: 'https://arxiv.org/abs/2211.07292' })
    for (const address of [
      'file:///etc/passwd',
      'https://evil.example/',
      'javascript:alert(1)',
      'smb://server/share',
    ]) {
      expect(await call('desktop', 'openLink', { address })).toMatchObject(badRequest)
    }
    expect(standIn.opened).toEqual(['https://arxiv.org/abs/2211.07292'])
  })

  describe('files that are handed over', () => {
    test('by a second start open in this window', async () => {
      const path = join(home, 'handed.ora')
      await writeFile(path, '')
      app.emit('second-instance', {}, [], '/', { files: [path, join(home, 'missing.ora'), '--switch'] })
      await until(async () => (await events()).some((event) => JSON.stringify(event).includes(path)))
      app.emit('second-instance', {}, ['/usr/bin/paella', '/etc/passwd'], '/', 'no record')
      expect(await events()).toEqual([])
    })

    test('by macOS open in this window, and those that come before a page listens wait for it', async () => {
      await openQuietPage()
      const preventDefault = vi.fn()
      app.emit('open-file', { preventDefault }, '/pictures/early.ora')
      expect(preventDefault).toHaveBeenCalledOnce()
      await watch('desktop')
      const source = { kind: 'path', path: '/pictures/early.ora' }
      await until(async () => JSON.stringify(await events()) === JSON.stringify([{ type: 'open', source }]))
    })
  })

  describe('closing', () => {
    test('is the page to decide, whoever asks', async () => {
      theWindow().close()
      app.quit()
      await until(async () => (await events()).length === 2)
      expect(theWindow().isDestroyed()).toBe(false)
      expect(standIn.ended).toEqual([])
    })

    test('is asked of the person where the page hangs', async () => {
      theWindow().emit('unresponsive')
      standIn.answer('showMessageBox', { response: 0 })
      theWindow().close()
      await until(() => standIn.dialogs.length === 1)
      expect(lastDialog()?.options).toMatchObject({ message: 'The window does not answer.' })
      expect(theWindow().isDestroyed()).toBe(false)
      theWindow().emit('responsive')
    })

    test('ends the program once the page agrees, with its place on the screen written down', async () => {
      theWindow().setBounds({ x: 40, y: 50, width: 1000, height: 700 })
      theWindow().maximize()
      void call('desktop', 'closeWindow').catch(() => undefined)
      await until(() => standIn.ended.length > 0)
      expect(standIn.ended).toEqual([0])
      const { readFile } = await import('node:fs/promises')
      const state = JSON.parse(await readFile(join(home, 'userData', 'window.json'), 'utf8'))
      expect(state).toEqual({ x: 40, y: 50, width: 1000, height: 700, maximized: true })
    })
  })
})
