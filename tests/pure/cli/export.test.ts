/** `paella export`: documents into pictures, with an engine of the test's own where one is needed. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createStudio } from '../../../src/backstage/studio.ts'
import type { Cli } from '../../../src/cli/cli.ts'
import { runExport } from '../../../src/cli/export.ts'
import { oraMimetype } from '../../../src/files/ora-write.ts'
import { encodePng } from '../../../src/files/png-write.ts'
import { storedPart, zipChunks } from '../../../src/files/zip-write.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import { PngEngine, TestWindow } from '../../kit/backstage.ts'
import { decodePng } from '../../kit/png-reader.ts'
import { type Setup, runCli, temporaryFolder } from './test-cli.ts'

const png = new PngEngine()
const codecs: Setup = {
  engine: {
    decodePicture: (file) => png.decodePicture(file),
    encodePicture: (request) => png.encodePicture(request),
  },
}

/** A document of two layers, and what the studio exports of it. */
async function document(folder: string): Promise<{ path: string; exported: Uint8Array }> {
  const studio = createStudio({
    dataFolder: join(folder, 'data'),
    saveFolder: folder,
    version: '1',
    codecs: png,
    log: () => undefined,
  })
  const { api } = studio.connect()
  const window = await TestWindow.create(api, { width: 300, height: 260 })
  window.paint(1, ['0,0', '1,0', '0,1', '1,1'])
  window.paint(2, ['0,0'])
  await window.settled()
  const { key } = window
  const path = join(folder, 'drawing.ora')
  await api.save({ key, path })
  const { content } = await api.exportPicture({ key, format: { type: 'png' }, path: null, area: null, recipe: null })
  await api.closeDocument({ key })
  return { path, exported: content ?? new Uint8Array() }
}

const seen = async (path: string): Promise<Pixels> => decodePng(await readFile(path))

test('gives the very file that the studio exports, without an engine', async () => {
  const folder = await temporaryFolder()
  const { path, exported } = await document(folder)
  const out = join(folder, 'drawing.png')
  await writeFile(out, 'older')
  const { code, stdout, stderr, settings } = await runCli(['export', path, '--out', out])
  expect([code, stdout, stderr, settings.length]).toEqual([0, `${out}\n`, '', 0])
  expect(Buffer.compare(await readFile(out), exported)).toBe(0)
  expect(await readdir(folder)).toEqual(['data', 'drawing.ora', 'drawing.png'])
})

test('JPEG and WebP are encoded by the engine, which ends with the command', async () => {
  const folder = await temporaryFolder()
  const { path, exported } = await document(folder)
  for (const name of ['a.jpg', 'a.JPEG', 'a.webp']) {
    const out = join(folder, name)
    const { code, settings, closed } = await runCli(['export', path, '--out', out, '--quality', '70'], codecs)
    expect([code, settings.length, closed], name).toEqual([0, 1, 1])
    expect(await seen(out)).toEqual(decodePng(exported))
  }
})

test('JSON lines tell the beginning, progress, the file and the end', async () => {
  const folder = await temporaryFolder()
  const { path } = await document(folder)
  const out = join(folder, 'a.png')
  const { stdout } = await runCli(['export', path, '--out', out, '--json'])
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string })
  expect(lines.map(({ type }) => type)).toEqual(['start', 'progress', 'progress', 'exported', 'done'])
  expect(lines[0]).toEqual({ type: 'start', document: path, format: 'png' })
  expect(lines[3]).toEqual({
    type: 'exported',
    path: out,
    width: 300,
    height: 260,
    bytes: (await readFile(out)).length,
  })
})

test('a document of another program is flattened from the pictures of its layers', async () => {
  const folder = await temporaryFolder()
  const pixels: Pixels = { width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }
  const xml =
    '<image w="3" h="2"><stack><layer name="a" src="data/a.png" x="1" y="1" composite-op="x:y"/></stack></image>'
  const parts = [
    storedPart('mimetype', Buffer.from(oraMimetype)),
    storedPart('stack.xml', Buffer.from(xml)),
    storedPart('data/a.png', await encodePng(pixels)),
  ]
  const chunks: Uint8Array[] = []
  for await (const chunk of zipChunks(parts)) chunks.push(chunk)
  const path = join(folder, 'krita.ora')
  await writeFile(path, Buffer.concat(chunks))
  const out = join(folder, 'a.png')
  const { code, stderr } = await runCli(['export', path, '--out', out], codecs)
  expect([code, stderr]).toEqual([0, "paella: warning: 'a' blends with x:y, taken as normal.\n"])
  expect([...(await seen(out)).data]).toEqual([...Array<number>(16).fill(0), 1, 2, 3, 255, 4, 5, 6, 255])
})

test.each(['paella/tiles/', 'paella/document.json'])(
  'where %s is damaged, the pictures of the layers are taken',
  async (part) => {
    const folder = await temporaryFolder()
    const { path, exported } = await document(folder)
    const bytes = await readFile(path)
    const at = bytes.indexOf(part) + 200
    bytes[at] = (bytes[at] ?? 0) ^ 0x55
    await writeFile(path, bytes)
    const out = join(folder, 'a.png')
    const { code, stderr } = await runCli(['export', path, '--out', out], codecs)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^paella: warning: .* is damaged in part/)
    expect(await seen(out)).toEqual(decodePng(exported))
  },
)

test('what cannot be done ends with its code, before anything is written', async () => {
  const folder = await temporaryFolder()
  const { path } = await document(folder)
  await writeFile(join(folder, 'text.ora'), 'no document')
  const tried: [words: string[], code: number, told: RegExp][] = [
    [[path, '--out', join(folder, 'a.gif')], 2, /end the name in \.png, \.jpg or \.webp/],
    [[path, '--out', folder], 2, /end the name in/],
    [[path, '--out', join(folder, 'a.png'), '--quality', '9'], 2, /nothing is lost/],
    [[path, '--out', join(folder, 'a.jpg'), '--quality', '0'], 2, /--quality/],
    [[path, '--out', join(folder, 'none', 'a.png')], 4, /cannot be written.*--out/],
    [[join(folder, 'none.ora'), '--out', join(folder, 'a.png')], 2, /does not exist/],
    [[join(folder, 'text.ora'), '--out', join(folder, 'a.png')], 2, /cannot be opened/],
    [[path], 2, /--out/],
  ]
  for (const [words, code, told] of tried) {
    const outcome = await runCli(['export', ...words])
    expect([outcome.code, words.join(' ')]).toEqual([code, words.join(' ')])
    expect(outcome.stderr).toMatch(told)
    expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1)
  }
  expect(await readdir(folder)).toEqual(['data', 'drawing.ora', 'text.ora'])
})

test('Ctrl-C leaves the file that was there', async () => {
  const folder = await temporaryFolder()
  const { path } = await document(folder)
  const out = join(folder, 'a.png')
  await writeFile(out, 'older')
  const output = { write: () => undefined, isTerminal: false, columns: 80 }
  const cli: Cli = {
    stdout: output,
    stderr: output,
    home: '/nowhere',
    openEngine: () => Promise.reject(new Error('not asked for')),
    onInterrupt(listener) {
      listener()
      return () => undefined
    },
    randomSeed: () => 0,
    setExitCode: () => undefined,
  }
  await expect(runExport(cli, path, { out })).rejects.toMatchObject({ code: 'cancelled' })
  expect(await readFile(out, 'utf8')).toBe('older')
})
