/** Whole picture files for the page: read to see what they say of themselves, and animations that are written. */
import { describe, expect, test } from 'vitest'
import { encodePng } from '../../../src/files/png-write.ts'
import { testStudio } from '../../kit/backstage.ts'
import { MemoryDisk } from '../../kit/fault-storage.ts'

function setUp() {
  const disk = new MemoryDisk(['/home'])
  const { api } = testStudio({ dataFolder: '/home/data', storage: disk }).page()
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    const file = await disk.open(path, 'wx')
    await file.write(bytes)
    await file.close()
  }
  const read = async (path: string): Promise<string> => {
    const file = await disk.open(path, 'r')
    const bytes = new Uint8Array((await disk.info(path)).size)
    await file.read(bytes, 0)
    await file.close()
    return Buffer.from(bytes).toString('latin1')
  }
  return { api, write, read }
}

const gif = Buffer.from('GIF89a and frames', 'latin1')
const webp = Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8X', 'latin1')

describe('a picture file', () => {
  test('is handed over as it is, from the disk or from the page itself', async () => {
    const { api, write } = setUp()
    const png = new Uint8Array(await encodePng({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) }))
    await write('/home/a.png', png)
    expect(await api.readPictureFile({ source: { kind: 'path', path: '/home/a.png' } })).toEqual({
      name: 'a.png',
      bytes: png,
    })
    expect(await api.readPictureFile({ source: { kind: 'bytes', name: 'b.png', bytes: png } })).toEqual({
      name: 'b.png',
      bytes: png,
    })
  })

  test('is nothing else: neither other files nor what is not there', async () => {
    const { api, write } = setUp()
    await write('/home/secret', Buffer.from('-----BEGIN KEY-----'))
    const refused = (path: string) => api.readPictureFile({ source: { kind: 'path', path } })
    await expect(refused('/home/secret')).rejects.toMatchObject({ code: 'not-a-picture' })
    await expect(refused('/home/none.png')).rejects.toMatchObject({ code: 'file-not-found' })
  })
})

describe('an animation', () => {
  test('is written under its name', async () => {
    const { api, read } = setUp()
    expect(await api.writeAnimation({ path: '/home/pictures/a.gif', bytes: gif })).toEqual({
      path: '/home/pictures/a.gif',
      name: 'a.gif',
      bytes: gif.length,
    })
    expect(await read('/home/pictures/a.gif')).toBe('GIF89a and frames')
    await api.writeAnimation({ path: '/home/pictures/a.webp', bytes: webp })
  })

  test('is one: other bytes and other names are not written', async () => {
    const { api } = setUp()
    const refused = { code: 'bad-request' }
    await expect(api.writeAnimation({ path: '/home/a.sh', bytes: gif })).rejects.toMatchObject(refused)
    await expect(api.writeAnimation({ path: '/home/a.gif', bytes: webp })).rejects.toMatchObject(refused)
    await expect(api.writeAnimation({ path: 'a.gif', bytes: gif })).rejects.toMatchObject(refused)
  })
})
