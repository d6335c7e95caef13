/** Imports that are killed at any moment: nothing half is ever listed, and the next import finds a clean store. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { download } from '../../src/engine/import/download.ts'
import { ModelStore } from '../../src/engine/import/model-store.ts'
import { verifyParts } from '../../src/engine/import/store-care.ts'
import { paellaV1Table } from '../../src/engine/import/tables-denoisers.ts'
import { listModels } from '../../src/engine/models/store.ts'
import { importInProcess } from '../../src/host/import-client.ts'
import { uniforms } from '../../src/shared/base/philox.ts'
import { around, wholeFile } from '../kit/hostile/case.ts'
import { writeRandomTorchFile } from '../kit/random-torch-file.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

const folder = await temporaryFolder()
const entry = fileURLToPath(new URL('../../src/host/import-process.ts', import.meta.url))
/** 30 MB, so that there is something to interrupt. */
const large = join(folder, 'large.pt')
writeRandomTorchFile(
  large,
  paellaV1Table({ labels: 8192, widths: [128, 256], down: [2, 2], up: [2, 2], condition: 128 }),
)

describe('a killed import', () => {
  test('leaves nothing that is listed, at 40 moments from its start to its end', async () => {
    const moments = uniforms(5, { purpose: 0, step: 0 }, 40)
    const started = performance.now()
    await importInProcess({ path: large, store: join(folder, 'first'), precision: 'float32' }, { entry })
    const whole = performance.now() - started
    const store = new ModelStore(join(folder, 'killed'))
    let killed = 0
    for (const moment of moments) {
      const request = { path: large, store: store.folder, precision: 'float32' }
      const child = fork(entry, [JSON.stringify(request)], { stdio: 'ignore', serialization: 'advanced' })
      const ended = once(child, 'exit') as Promise<[number | null, string | null]>
      await Promise.race([ended, sleep(moment * whole * 1.2)])
      child.kill('SIGKILL')
      const [, signal] = await ended
      if (signal !== null) killed++
      const { parts, broken } = store.read()
      expect(broken).toEqual([])
      expect(verifyParts(store, parts, () => undefined)).toEqual([])
      expect((await listModels(store.folder)).broken).toEqual([])
      if (signal !== null && parts.length > 0) store.remove(parts)
    }
    expect(killed).toBeGreaterThan(5)
    store.remove(store.read().parts)
    const { isNew } = await importInProcess({ path: large, store: store.folder, precision: 'float32' }, { entry })
    expect(isNew).toBe(true)
    expect(readdirSync(store.folder)).toEqual(['parts'])
    expect(readdirSync(join(store.folder, 'parts'))).toHaveLength(2)
  })

  test('that is cancelled ends at once and leaves no trace', async () => {
    const cancel = new AbortController()
    const store = join(folder, 'cancelled')
    const running = importInProcess(
      { path: large, store, precision: 'float32' },
      { entry, signal: cancel.signal, onProgress: () => cancel.abort() },
    )
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(new ModelStore(store).read().parts).toEqual([])
    expect(existsSync(join(store, '.staging'))).toBe(false)
  })
})

describe('the import process', () => {
  test('hands over the result, and the error of a file as it was told', async () => {
    const path = join(folder, 'whole.pt')
    writeFileSync(path, wholeFile())
    const store = join(folder, 'whole')
    await expect(importInProcess({ path, store, precision: 'int8' }, { entry })).resolves.toMatchObject({
      isNew: true,
      part: { network: 'prior', precision: 'int8' },
    })
    writeFileSync(path, around('\x93'))
    await expect(importInProcess({ path, store, precision: 'int8' }, { entry })).rejects.toMatchObject({
      code: 'model-broken',
      message: expect.stringContaining('whole.pt cannot be imported: its pickle holds the instruction 0x93') as string,
    })
  })

  test('is ended where it stands still, or when it ends by itself', async () => {
    const stuck = join(folder, 'stuck.mjs')
    writeFileSync(stuck, 'setInterval(() => undefined, 1000)')
    const request = { path: large, store: join(folder, 'stuck'), precision: 'float32' } as const
    const still = importInProcess(request, { entry: stuck, patience: 300 })
    await expect(still).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('stood still') as string,
    })
    writeFileSync(stuck, 'process.exit(7)')
    await expect(importInProcess(request, { entry: stuck })).rejects.toMatchObject({
      code: 'engine-lost',
      message: expect.stringContaining('ended with exit code 7') as string,
    })
  })
})

describe('a download', () => {
  const content = Buffer.from(uniforms(3, { purpose: 0, step: 0 }, 50_000).buffer)

  /** Sends the file, and breaks off after so many bytes; `ranges` is what it was asked for. */
  async function serve(breakAfter: () => number | undefined) {
    const ranges: (string | undefined)[] = []
    const server = createServer((request, response) => {
      ranges.push(request.headers.range)
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
      const isRest = from > 0 && request.headers['if-range'] === '"one"'
      const body = isRest ? content.subarray(from) : content
      response.writeHead(isRest ? 206 : 200, {
        'content-length': body.length,
        etag: '"one"',
        ...(isRest ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
      })
      const most = breakAfter()
      if (most === undefined) return void response.end(body)
      response.write(body.subarray(0, most), () => setTimeout(() => response.destroy(), 50))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.pt`, ranges }
  }

  test('goes on where it broke off, and is the whole file then', async () => {
    const breaks = [60_000, 80_000]
    const { address, ranges } = await serve(() => breaks.shift())
    const to = join(folder, 'downloads')
    const attempt = () => download({ file: 'a.pt', address }, to)
    await expect(attempt()).rejects.toMatchObject({ code: 'file-unreadable' })
    await expect(attempt()).rejects.toMatchObject({ code: 'file-unreadable' })
    expect(existsSync(join(to, 'a.pt'))).toBe(false)
    const path = await attempt()
    expect(readFileSync(path).equals(content)).toBe(true)
    expect(ranges).toEqual([undefined, 'bytes=60000-', 'bytes=140000-'])
    expect(readdirSync(to)).toEqual(['a.pt'])
  })

  test('of what is not there, or from nowhere, says so', async () => {
    const server = createServer((_, response) => response.writeHead(404).end())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const attempt = () => download({ file: 'b.pt', address: `http://127.0.0.1:${port}/b.pt` }, join(folder, 'none'))
    await expect(attempt()).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('404') as string,
    })
    server.close()
    await once(server, 'close')
    await expect(attempt()).rejects.toMatchObject({ code: 'file-unreadable' })
  })
})
