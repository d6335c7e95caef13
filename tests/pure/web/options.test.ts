/** The command line of the studio in a browser, its folders, and what joins a page to the program behind it. */
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { pipePair } from '../../../src/shared/wire/pipe.ts'
import { dataFolder, saveFolder } from '../../../src/web/folders.ts'
import { readOptions } from '../../../src/web/options.ts'
import { joinPage } from '../../../src/web/page.ts'

describe('options', () => {
  test('are none, or those that are given', () => {
    const none = { folder: undefined, data: undefined, port: 0, verbose: false, help: false }
    expect(readOptions([])).toEqual(none)
    const words = ['--folder', 'a', '--data=b', '--port', '8080', '--verbose']
    expect(readOptions(words)).toEqual({ ...none, folder: 'a', data: 'b', port: 8080, verbose: true })
  })

  test.each([
    [['--port', 'x'], "--port is a number from 0 to 65535, not 'x'."],
    [['--port', '65536'], "--port is a number from 0 to 65535, not '65536'."],
    [['--port', '-1'], /--port.*ambiguous.*--help names the options\.$/s],
    [['--open'], /Unknown option '--open'.*--help names the options\.$/s],
    [['picture.ora'], /picture\.ora.*--help names the options\.$/s],
    [['--folder'], /--folder.*--help names the options\.$/s],
  ])('%j are refused', (words, message) => {
    expect(() => readOptions(words)).toThrow(StudioError)
    expect(() => readOptions(words)).toThrow(message)
  })
})

describe('folders', () => {
  test('for what is remembered follow the habits of the system', () => {
    expect(dataFolder('linux', {}, '/home/me')).toBe(join('/home/me/.local/share/paella-studio'))
    expect(dataFolder('linux', { XDG_DATA_HOME: '/data' }, '/home/me')).toBe(join('/data/paella-studio'))
    expect(dataFolder('linux', { XDG_DATA_HOME: 'data' }, '/home/me')).toBe(join('/home/me/.local/share/paella-studio'))
    expect(dataFolder('darwin', {}, '/Users/me')).toBe(join('/Users/me/Library/Application Support/paella-studio'))
    expect(dataFolder('win32', { APPDATA: '/roaming' }, '/me')).toBe(join('/roaming/paella-studio'))
    expect(dataFolder('win32', {}, '/me')).toBe(join('/me/AppData/Roaming/paella-studio'))
  })

  test('for files lie beside the pictures, else where the person is', () => {
    expect(saveFolder('/home/me', '/here', () => true)).toBe(join('/home/me/Pictures/Paella Studio'))
    expect(saveFolder('/home/me', '/here', () => false)).toBe('/here')
  })
})

describe('a page and what is behind it', () => {
  test('hear each other, and the page takes its pipe with it', async () => {
    const [page, pageEnd] = pipePair()
    const [behind, behindEnd] = pipePair()
    const onLost = vi.fn()
    joinPage(page, behind, onLost)
    const [atPage, atBehind, gone] = [vi.fn(), vi.fn(), vi.fn()]
    pageEnd.onMessage(atPage)
    behindEnd.onMessage(atBehind)
    behindEnd.onClose(gone)
    pageEnd.post('to behind')
    behindEnd.post('to page')
    await vi.waitFor(() => expect([atPage.mock.calls, atBehind.mock.calls]).toEqual([[['to page']], [['to behind']]]))
    pageEnd.close()
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce())
    expect(onLost).not.toHaveBeenCalled()
  })

  test('tell a loss, which closes the page', async () => {
    const [page, pageEnd] = pipePair()
    const [behind, behindEnd] = pipePair()
    const [onLost, closed] = [vi.fn(), vi.fn()]
    joinPage(page, behind, onLost)
    pageEnd.onClose(closed)
    behindEnd.close()
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
    expect(onLost).toHaveBeenCalledExactlyOnceWith('the other side closed it')
  })

  test('end what waits where a message cannot be carried', async () => {
    const [page] = pipePair()
    const [behind, behindEnd] = pipePair()
    const post = vi.fn().mockImplementationOnce(() => {
      throw new Error('no BigInt64Array in messages')
    })
    joinPage({ ...page, post }, behind, () => undefined)
    behindEnd.post({ type: 'result', id: 1 })
    await vi.waitFor(() => expect(post).toHaveBeenCalledTimes(2))
    expect(post.mock.calls[1]).toMatchObject([{ type: 'fault', error: { code: 'internal' } }])
  })
})
