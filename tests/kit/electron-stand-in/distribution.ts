/**
 * A folder that electron-builder takes for an unpacked Electron: the names it looks for, and a program that has nothing of
 * Electron's but the wire of fuses, as a new Electron brings it.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** Version of the wire, and the fuses as Electron 45 ships: see FuseV1Options of @electron/fuses for their order. */
const wire = Buffer.from([1, 9])
const shipped = '101100011'

export function writeDistribution(folder: string, version: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  writeFileSync(join(folder, 'version'), version)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak', 'locales/de.pak']) {
    writeFileSync(join(folder, name), '')
  }
  const program = join(folder, 'electron')
  const script = Buffer.from('#!/bin/sh\nexit 0\n')
  writeFileSync(program, Buffer.concat([script, Buffer.from(sentinel), wire, Buffer.from(shipped)]))
  chmodSync(program, 0o755)
}
