/** Which dropped files are offered as settings: pictures that tell how they were made, whichever program wrote that down. */
import { expect, test } from 'vitest'
import { textChunk } from '../../../src/raster/png-text.ts'
import { insertChunks } from '../../../src/raster/png-chunks.ts'
import { remembers } from '../../../src/renderer/src/canvas/drop.ts'
import { tinyPng } from '../raster/tiny-png.ts'

const fileOf = (name: string, bytes: Uint8Array) => ({ name, arrayBuffer: async () => new Uint8Array(bytes).buffer })
const told = insertChunks(tinyPng(), [textChunk('parameters', 'a fox\nSteps: 20, Seed: 7')])

test.each([
  ['a PNG with parameters', fileOf('a.PNG', told), true],
  ['a PNG without', fileOf('a.png', tinyPng()), false],
  ['a text of another name', fileOf('a.png', insertChunks(tinyPng(), [textChunk('Title', 'x')])), false],
  ['what only calls itself a PNG', fileOf('a.png', Uint8Array.of(1, 2, 3)), false],
  ['another kind of picture', fileOf('a.jpg', told), false],
  ['a folder', { name: 'a.png', arrayBuffer: () => Promise.reject(new Error('not a file')) }, false],
])('%s', async (_, file, does) => {
  expect(await remembers(file)).toBe(does)
})
