/** Each command, from its words to the request that reaches the engine (which the fake validates against the contract). */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { GenerateRequest } from '../../../src/shared/contract/request.ts'
import { runCli, temporaryFolder } from './test-cli.ts'

let folder: string
let image: string
let mask: string

beforeEach(async () => {
  folder = await temporaryFolder()
  image = join(folder, 'photo.jpg')
  mask = join(folder, 'mask.png')
  await writeFile(image, 'image bytes')
  await writeFile(mask, 'mask bytes')
})

const imageInput = { kind: 'file', bytes: new Uint8Array(Buffer.from('image bytes')), name: 'photo.jpg' }
const maskInput = { kind: 'file', bytes: new Uint8Array(Buffer.from('mask bytes')), name: 'mask.png' }

async function requestOf(...words: string[]): Promise<GenerateRequest> {
  const outcome = await runCli([...words, '--out', folder])
  expect(outcome.stderr).not.toMatch(/paella: (?!warning)/)
  expect(outcome.requests).toHaveLength(1)
  expect(outcome.closed).toBe(1)
  return outcome.requests[0] as GenerateRequest
}

test('what nobody named is not in the request, so that the defaults of the model hold', async () => {
  expect(await requestOf('generate', 'a red apple')).toStrictEqual({
    version: 1,
    use: { use: 'text', prompt: 'a red apple' },
    seed: 4242,
  })
})

test('every shared option lands in its field', async () => {
  const words =
    'generate apple --negative pear --count 2 --seed 7 --steps 9 --guidance -1 --size 64x32 --model m'.split(' ')
  expect(await requestOf(...words, '--temperature', '1,0.5', '--typical', 'off')).toStrictEqual({
    version: 1,
    use: { use: 'text', prompt: 'apple' },
    negative: 'pear',
    count: 2,
    seed: 7,
    size: { width: 64, height: 32 },
    model: 'm',
    sampling: { steps: 9, guidance: -1, temperature: [1, 0.5], typicalMass: null },
  })
})

test('inpaint sends picture, mask, feather and context', async () => {
  const { use } = await requestOf('inpaint', image, 'a bench', '--mask', mask, '--feather', '3', '--context', '20')
  expect(use).toEqual({
    use: 'inpaint',
    prompt: 'a bench',
    image: imageInput,
    mask: maskInput,
    feather: 3,
    context: 20,
  })
})

test('outpaint sends the sides that were named, the others as 0', async () => {
  const { use } = await requestOf('outpaint', image, 'a beach', '--right', '64', '--top', '8')
  const sides = { left: 0, right: 64, top: 8, bottom: 0 }
  expect(use).toMatchObject({ use: 'outpaint', prompt: 'a beach', image: imageInput, ...sides })
})

test('restyle sends the strength', async () => {
  const { use } = await requestOf('restyle', image, 'a wolf', '--strength', '0.8')
  expect(use).toEqual({ use: 'restyle', prompt: 'a wolf', image: imageInput, strength: 0.8 })
})

test('vary takes the picture alone, or a prompt for a half, or for what was said', async () => {
  expect((await requestOf('vary', image)).use).toEqual({ use: 'vary', prompt: '', image: imageInput, promptWeight: 0 })
  expect((await requestOf('vary', image, 'blue')).use).toMatchObject({ prompt: 'blue', promptWeight: 0.5 })
  expect((await requestOf('vary', image, 'blue', '--prompt-weight', '0.1')).use).toMatchObject({ promptWeight: 0.1 })
})

test('interpolate sends both prompts, frames and path', async () => {
  const { use } = await requestOf('interpolate', 'a cat', 'a dog', '--frames', '3', '--path', 'lerp')
  expect(use).toEqual({ use: 'interpolate', prompt: 'a cat', to: 'a dog', frames: 3, path: 'lerp' })
})

test('gradient sends both prompts and the direction', async () => {
  const { use } = await requestOf('gradient', 'a desert', 'a sea', '--direction', 'vertical')
  expect(use).toEqual({ use: 'gradient', prompt: 'a desert', to: 'a sea', direction: 'vertical' })
})

test('regions sends its regions in order, and the prompt of the rest', async () => {
  const regions = ['--region', '0,0,8,8=sky', '--region', '0,8,8,8=sea']
  expect((await requestOf('regions', 'sand', ...regions)).use).toEqual({
    use: 'regions',
    prompt: 'sand',
    regions: [
      { x: 0, y: 0, width: 8, height: 8, prompt: 'sky' },
      { x: 0, y: 8, width: 8, height: 8, prompt: 'sea' },
    ],
  })
  expect((await requestOf('regions', ...regions)).use).toMatchObject({ prompt: '' })
})

test('the engine gets the device and the folder of models', async () => {
  const words = ['generate', 'a', '--out', folder, '--device', 'cpu', '--models', '/some/models']
  const { settings } = await runCli(words)
  expect(settings).toEqual([{ models: '/some/models', device: 'cpu', onLog: undefined }])
})

test('wrong usage ends in one line that names the way out', async () => {
  const lineOf = async (...words: string[]) => {
    const { code, stderr, stdout, requests } = await runCli([...words, '--out', folder])
    expect({ code, stdout, requests }).toEqual({ code: 2, stdout: '', requests: [] })
    expect(stderr).toMatch(/^paella: .*\n$/)
    return stderr
  }
  expect(await lineOf('generate')).toContain('No prompt')
  expect(await lineOf('generate', 'a', 'red', 'apple')).toContain('put a prompt of several words in quotes')
  expect(await lineOf('generate', 'a', '--sise', '8')).toContain('Did you mean --size?')
  expect(await lineOf('generate', 'a', '--size', 'big')).toContain('--size "big" cannot be used')
  expect(await lineOf('inpaint', image, 'a bench')).toContain("'--mask <FILE>' not specified")
  expect(await lineOf('outpaint', image, 'a beach')).toContain('--left, --right, --top, --bottom')
  expect(await lineOf('regions', 'a')).toContain('No region')
  expect(await lineOf('vary', image, '--prompt-weight', '1')).toContain('no prompt to weigh')
  expect(await lineOf('vary', join(folder, 'none.png'))).toContain('There is no file')
  expect(await lineOf('vary', folder)).toContain('is a folder')
  await writeFile(join(folder, 'empty.png'), '')
  expect(await lineOf('vary', join(folder, 'empty.png'))).toContain('empty.png is empty')
  expect(await lineOf('generate', '')).toContain('write what to paint')
  expect(await lineOf('gradient', 'a', 'b', '--direction', 'up')).toContain('horizontal, vertical')
  expect(await lineOf('paint', 'a')).toContain('paella --help lists the commands')
})
