/** Where pictures are written: names, numbers, and that nothing of the user's is lost. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeWhole } from '../../../src/cli/atomic-write.ts'
import { outputStem, prepareOutput } from '../../../src/cli/output-names.ts'
import { slug } from '../../../src/batch/slug.ts'
import { StudioError } from '../../../src/shared/contract/errors.ts'
import type { Use } from '../../../src/shared/contract/request.ts'
import { runCli, temporaryFolder } from './test-cli.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('slugs', () => {
  test('are lower case words with hyphens', () => {
    expect(slug('A red apple, on a table!')).toBe('a-red-apple-on-a-table')
    expect(slug('../../etc/passwd')).toBe('etc-passwd')
  })

  test('lose the accents of Latin letters and keep other scripts whole', () => {
    expect(slug('Café à la crème')).toBe('cafe-a-la-creme')
    expect(slug('Мой рыжий кот')).toBe('мой-рыжий-кот')
    expect(slug('赤いりんご')).toBe('赤いりんご')
    expect(slug('लाल सेब')).toBe('लाल-सेब')
    expect(slug('빨간 사과')).toBe('빨간-사과')
  })

  test('are cut between words, and single words between letters', () => {
    expect(slug('one two three', 9)).toBe('one-two')
    expect([...slug('字'.repeat(500))].length).toBe(50)
    expect(Buffer.byteLength(slug('😀字'.repeat(500)))).toBeLessThanOrEqual(150)
  })

  test('are empty where nothing is readable, and a picture still has a name', () => {
    expect(slug(' 🍎 !!! ')).toBe('')
    expect(outputStem({ use: 'text', prompt: '🍎' })).toBe('picture')
  })
})

test('a picture without a prompt is named after its source', () => {
  const image = { kind: 'file', bytes: new Uint8Array(1), name: 'My Photo.JPG' } as const
  expect(outputStem({ use: 'vary', prompt: '', image, promptWeight: 0 })).toBe('my-photo-varied')
  const region = { x: 0, y: 0, width: 1, height: 1, prompt: 'Sky' }
  expect(outputStem({ use: 'regions', prompt: '', regions: [region] })).toBe('sky')
  const between: Use = { use: 'gradient', prompt: 'a cat', to: 'a dog', direction: 'vertical' }
  expect(outputStem(between)).toBe('a-cat-to-a-dog')
})

describe('names of a job', () => {
  test('in a folder: prompt and seed; the folder is made', async () => {
    const folder = join(await temporaryFolder(), 'new', 'folder')
    const paths = await written(folder, 'generate', 'A red apple', '--count', '2')
    expect(paths).toEqual([join(folder, 'a-red-apple-7.png'), join(folder, 'a-red-apple-8.png')])
    expect(await readFile(join(folder, 'a-red-apple-8.png'), 'utf8')).toBe('png 8 0')
  })

  test('a file that exists in the folder stays, the new one gets a number', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'apple-7.png'), 'old')
    expect(await written(folder, 'generate', 'apple')).toEqual([join(folder, 'apple-7-2.png')])
    expect(await written(folder, 'generate', 'apple')).toEqual([join(folder, 'apple-7-3.png')])
    expect(await readFile(join(folder, 'apple-7.png'), 'utf8')).toBe('old')
  })

  test('a file that was named is replaced', async () => {
    const file = join(await temporaryFolder(), 'x.png')
    await writeFile(file, 'old')
    expect(await written(file, 'generate', 'apple')).toEqual([file])
    expect(await readFile(file, 'utf8')).toBe('png 7 0')
  })

  test('several pictures under one file name get their seeds, and replace nothing', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'x-8.png'), 'old')
    const paths = await written(join(folder, 'x.png'), 'generate', 'apple', '--count', '2')
    expect(paths).toEqual([join(folder, 'x-7.png'), join(folder, 'x-8-2.png')])
    expect(await readFile(join(folder, 'x-8.png'), 'utf8')).toBe('old')
  })

  test('frames are numbered so that they sort', async () => {
    const folder = await temporaryFolder()
    const frames = await written(folder, 'interpolate', 'a', 'b', '--frames', '2')
    expect(frames).toEqual([join(folder, 'a-to-b-7-frame-000.png'), join(folder, 'a-to-b-7-frame-001.png')])
    const named = await written(join(folder, 'f.png'), 'interpolate', 'a', 'b', '--frames', '2', '--count', '2')
    expect(named.slice(1, 3)).toEqual([join(folder, 'f-7-frame-001.png'), join(folder, 'f-8-frame-000.png')])
  })
})

describe('--out', () => {
  test('a folder may be called x.png', async () => {
    const folder = join(await temporaryFolder(), 'x.png')
    await mkdir(folder)
    expect(await prepareOutput(folder)).toEqual({ folder, file: undefined })
  })

  test('another picture type is refused before anything is made', async () => {
    const folder = await temporaryFolder()
    const { code, stderr, requests } = await runCli(['generate', 'a', '--out', join(folder, 'x.jpg')])
    expect([code, requests.length]).toEqual([2, 0])
    expect(stderr).toContain('pictures are written as PNG')
  })

  test('a file where the folder should be ends with the code for writing, before anything is made', async () => {
    const file = join(await temporaryFolder(), 'file')
    await writeFile(file, '')
    for (const out of [file, join(file, 'inside'), join(file, 'inside.png')]) {
      const { code, stderr, requests } = await runCli(['generate', 'a', '--out', out])
      expect([code, requests.length], out).toEqual([4, 0])
      expect(stderr).toMatch(/is not a folder: name another place with --out\.\n$/)
    }
  })
})

test.runIf(process.platform === 'linux')('a folder that the system refuses to make ends at once', async () => {
  const { code, stderr } = await runCli(['generate', 'a', '--out', '/proc/self/new/folder'])
  expect(code).toBe(4)
  expect(stderr).toContain('name another place with --out')
})

test.runIf(process.platform === 'linux')('a folder that takes no files is found out before the work', async () => {
  const { code, stderr, requests } = await runCli(['generate', 'a', '--out', '/proc/x.png'])
  expect([code, requests.length]).toEqual([4, 0])
  expect(stderr).toMatch(/^paella: \/proc\/x\.png cannot be written, .*--out\.\n$/)
})

test('an empty name and one that is too long are refused before the work', async () => {
  expect(await runCli(['generate', 'a', '--out', ''])).toMatchObject({ code: 2, requests: [] })
  expect(await runCli(['generate', 'a', '--out', `${'x'.repeat(300)}.png`])).toMatchObject({ code: 4, requests: [] })
})

describe('writing', () => {
  test('leaves nothing but the file', async () => {
    const folder = await temporaryFolder()
    await writeWhole(join(folder, 'a.png'), bytes('a'), { replace: false })
    await writeWhole(join(folder, 'a.png'), bytes('b'), { replace: true })
    expect(await readdir(folder)).toEqual(['a.png'])
    expect(await readFile(join(folder, 'a.png'), 'utf8')).toBe('b')
  })

  test('two at once to the same name both survive', async () => {
    const path = join(await temporaryFolder(), 'a.png')
    const texts = ['one', 'two', 'three', 'four']
    const paths = await Promise.all(texts.map((text) => writeWhole(path, bytes(text), { replace: false })))
    expect(new Set(paths).size).toBe(4)
    expect(await Promise.all(paths.map((written) => readFile(written, 'utf8')))).toEqual(texts)
  })

  test('replaces what a symbolic link points at, not the link', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'real.png'), 'old')
    await symlink('real.png', join(folder, 'link.png'))
    await writeWhole(join(folder, 'link.png'), bytes('new'), { replace: true })
    expect(await readFile(join(folder, 'real.png'), 'utf8')).toBe('new')
  })

  test('that fails names the file and the next step, and leaves no part of it', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'taken.png'))
    const attempts: [path: string, replace: boolean][] = [
      [join(folder, 'gone', 'a.png'), false],
      [join(folder, 'taken.png'), true],
      [join(folder, `${'x'.repeat(300)}.png`), false],
    ]
    for (const [path, replace] of attempts) {
      const failure = await writeWhole(path, bytes('a'), { replace }).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(StudioError)
      expect(failure).toMatchObject({ code: 'write-failed', message: expect.stringContaining('--out') })
    }
    expect(await readdir(folder)).toEqual(['taken.png'])
  })
})

async function written(out: string, ...words: string[]): Promise<readonly string[]> {
  const outcome = await runCli([...words, '--seed', '7', '--out', out])
  expect(outcome.code).toBe(0)
  return outcome.stdout.trimEnd().split('\n')
}
