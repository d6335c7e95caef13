/** `generate --from`: the request of a file, unchanged, and the comparison of its tokens. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { embedRecipe } from '../../../src/raster/png-recipe.ts'
import type { GenerateRequest } from '../../../src/shared/contract/request.ts'
import { fakePicture, runCli, temporaryFolder } from './test-cli.ts'

/** 1 x 1 px. */
const barePng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
)

let folder: string
let file: string

beforeEach(async () => {
  folder = await temporaryFolder()
  file = join(folder, 'original.png')
})

async function saveOriginal(request: GenerateRequest, tokensSha256?: string): Promise<void> {
  const { recipe } = fakePicture(request, 0)
  await writeFile(
    file,
    embedRecipe(new Uint8Array(barePng), { ...recipe, ...(tokensSha256 ? { tokensSha256 } : {}) }, 'as text'),
  )
}

const request: GenerateRequest = { version: 1, use: { use: 'text', prompt: 'a red apple' }, seed: 7, count: 1 }
const repeat = (sent: GenerateRequest, ...words: string[]) =>
  runCli(['generate', '--from', file, '--out', join(folder, 'again.png'), ...words], {
    engine: { readRecipe: async () => sent },
  })

test('sends the request of the file and says that the tokens are the same', async () => {
  await saveOriginal(request)
  const { code, stdout, stderr, requests } = await repeat(request)
  expect(code).toBe(0)
  expect(requests).toEqual([request])
  expect(stdout).toBe(`${join(folder, 'again.png')}\n`)
  expect(stderr).toContain(`same tokens as ${file}\n`)
  expect(stderr).not.toContain('repeat with')
})

test('warns where the tokens differ, and says why that can be', async () => {
  await saveOriginal(request, 'other tokens')
  expect((await repeat(request)).stderr).toMatch(/warning: not the same as .*weights/)
  const json = await repeat(request, '--json')
  expect(json.stdout).toContain(JSON.stringify({ type: 'repeated', file, same: false }))
})

test('of one frame writes that frame alone, under the very name that was given', async () => {
  const frames: GenerateRequest = {
    ...request,
    use: { use: 'interpolate', prompt: 'a', to: 'b', frames: 4, path: 'lerp', frame: 2 },
  }
  await saveOriginal(frames)
  const { stdout, stderr } = await repeat(frames)
  expect(stdout).toBe(`${join(folder, 'again.png')}\n`)
  expect(stderr).toContain('same tokens')
})

test('takes no prompt and no option that would change the picture', async () => {
  await saveOriginal(request)
  for (const [word, ...rest] of [
    ['a prompt'],
    ['--seed', '7'],
    ['--count', '2'],
    ['--model', 'm'],
    ['--typical', 'off'],
  ]) {
    const { code, stderr, requests } = await repeat(request, word as string, ...rest)
    expect([code, requests.length], word).toEqual([2, 0])
    expect(stderr).toContain(`so ${word} cannot be given with it`)
  }
})

test('an error about the file names it', async () => {
  await saveOriginal(request)
  const readRecipe = () => Promise.reject(new StudioError('no-recipe', 'No recipe here: give another.'))
  const { code, stderr } = await runCli(['generate', '--from', file], { engine: { readRecipe } })
  expect([code, stderr]).toEqual([2, `paella: ${file}: No recipe here: give another.\n`])
})
