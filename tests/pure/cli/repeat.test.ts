/** `generate --from`: the request of a file, unchanged, and the comparison of its tokens. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import { embedRecipe } from '../../../src/raster/png-recipe.ts'
import type { EngineApi } from '../../../src/shared/contract/engine-api.ts'
import type { Pixels } from '../../../src/shared/contract/picture.ts'
import type { Recipe } from '../../../src/shared/contract/recipe.ts'
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

async function saveOriginal(request: GenerateRequest, changes: Partial<Recipe> = {}): Promise<void> {
  const { recipe } = fakePicture(request, 0)
  await writeFile(file, embedRecipe(new Uint8Array(barePng), { ...recipe, ...changes }, 'as text'))
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
  expect(stderr).toContain(`same tokens as ${file}: 0 of 1 differ\n`)
  expect(stderr).not.toContain('repeat with')
})

test('warns where tokens differ, of how many, and says why that can be', async () => {
  const tokens = { width: 1, height: 1, codes: Uint8Array.of(1, 0) }
  await saveOriginal(request, { tokensSha256: 'other tokens', tokens })
  expect((await repeat(request)).stderr).toMatch(/warning: not the same as .*1 of 1 tokens differ: .*weights/)
  const json = await repeat(request, '--json')
  expect(json.stdout).toContain(JSON.stringify({ type: 'repeated', file, same: false, differing: 1, of: 1 }))
})

test('of a file that keeps no tokens warns without a number', async () => {
  await saveOriginal(request, { tokensSha256: 'other tokens' })
  expect((await repeat(request)).stderr).toMatch(/not the same as .*, the tokens differ: .*weights/)
  expect((await repeat(request, '--json')).stdout).toContain(
    JSON.stringify({ type: 'repeated', file, same: false, of: 1 }),
  )
})

describe('--replay', () => {
  const px = (...data: number[]): Pixels => ({ width: 2, height: 1, channels: 3, data: Uint8Array.from(data) })
  async function replay(inFile: Pixels, ...words: string[]) {
    const asked: unknown[] = []
    const readRecipe: EngineApi['readRecipe'] = ({ replay }) => {
      asked.push(replay)
      return Promise.resolve(request)
    }
    const outcome = await runCli(['generate', '--from', file, '--replay', '--out', join(folder, 'b.png'), ...words], {
      engine: { readRecipe, decodePicture: () => Promise.resolve(inFile) },
    })
    return { ...outcome, asked }
  }

  test('asks for the tokens of the file, and compares px by px', async () => {
    await saveOriginal(request)
    const same = await replay(px(0, 0, 0, 0, 0, 0))
    expect(same.asked).toEqual([true])
    expect(same.stderr).toContain(`same px as ${file}: 0 of 2 differ\n`)
    const other = px(0, 0, 0, 0, 7, 7)
    expect((await replay(other)).stderr).toMatch(/warning: not the same as .*, 1 of 2 px differ: /)
    expect((await replay(other, '--json')).stdout).toContain(
      JSON.stringify({ type: 'replayed', file, same: false, differing: 1, of: 2 }),
    )
    expect((await replay({ ...other, height: 2 })).stderr).toContain('2 of 2 px differ')
  })

  test('needs --from', async () => {
    const { code, stderr } = await runCli(['generate', 'an apple', '--replay'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('--from FILE.png --replay')])
  })
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
