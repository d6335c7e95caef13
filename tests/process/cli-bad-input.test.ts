/** What users get wrong: one line that says what to do, an exit code that scripts can rely on, and nothing left behind. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { buildProgram, filesIn, run } from '../kit/cli.ts'
import { mask, noise, pngThatClaims, toSharp } from '../kit/pictures.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

let cwd: string
let filesBefore: string[]

beforeAll(async () => {
  await buildProgram()
  cwd = await temporaryFolder()
  const size = { width: 40, height: 30 }
  const png = await toSharp(noise(size)).png().toBuffer()
  await writeFile(join(cwd, 'photo.png'), png)
  await writeFile(join(cwd, 'half.png'), png.subarray(0, png.length / 2))
  await writeFile(join(cwd, 'text.png'), 'This is no picture.\n'.repeat(20))
  await writeFile(join(cwd, 'empty.png'), '')
  await writeFile(join(cwd, 'huge.png'), await pngThatClaims({ width: 30_000, height: 30_000 }))
  await toSharp(mask(size, { x: 9, y: 9, width: 0, height: 0 })).toFile(join(cwd, 'black.png'))
  await toSharp(mask({ width: 30, height: 30 }, { x: 0, y: 0, width: 9, height: 9 })).toFile(join(cwd, 'small.png'))
  await mkdir(join(cwd, 'folder'))
  filesBefore = await filesIn(cwd)
})

const badUsage = 2
const noEngine = 3
const notWritten = 4

const cases: [words: string[], code: number, says: string][] = [
  // Of the command line.
  [['paint', 'a'], badUsage, 'paella --help lists the commands'],
  [['generate'], badUsage, 'No prompt'],
  [['generate', ''], badUsage, 'write what to paint'],
  [['generate', 'a'.repeat(10_001)], badUsage, 'too long'],
  [['generate', 'a', '--sise', '64'], badUsage, 'Did you mean --size?'],
  [['generate', 'a', '--size', 'big'], badUsage, '--size "big"'],
  [['generate', 'a', '--steps', '0'], badUsage, '--steps "0"'],
  [['generate', 'a', '--seed', '-1'], badUsage, '--seed "-1"'],
  [['generate', 'a', '--guidance', 'much'], badUsage, '--guidance "much"'],
  [['generate', 'a', '--out', 'a.jpg'], badUsage, 'end the name in .png'],
  [['regions', '--region', '0,0,8=a'], badUsage, 'x,y,width,height=PROMPT'],
  [['outpaint', 'photo.png', 'a'], badUsage, '--left, --right, --top, --bottom'],
  // Of files.
  [['vary', 'none.png'], badUsage, 'There is no file none.png'],
  [['vary', 'folder'], badUsage, 'folder is a folder'],
  [['vary', 'empty.png'], badUsage, 'empty.png is empty'],
  [['vary', 'text.png'], badUsage, 'text.png cannot be read as a picture'],
  [['vary', 'half.png'], badUsage, 'half.png cannot be read as a picture'],
  [['vary', 'huge.png'], badUsage, 'huge.png is 30000 x 30000 px'],
  [['inpaint', 'photo.png', 'a', '--mask', 'none.png'], badUsage, 'There is no file none.png'],
  [['inpaint', 'photo.png', 'a', '--mask', 'small.png'], badUsage, 'The mask is 30 x 30 px, the picture 40 x 30 px'],
  [['inpaint', 'photo.png', 'a', '--mask', 'black.png'], badUsage, 'Paint white'],
  [['generate', '--from', 'photo.png'], badUsage, 'photo.png: This file carries no recipe'],
  [['parity', 'folder'], badUsage, 'holds no golden.json'],
  // Of models, devices and places to write.
  [['generate', 'a', '--model', 'none'], badUsage, 'Choose one of: paella-mini'],
  [['generate', 'a', '--models', 'folder'], badUsage, '--models'],
  [['generate', 'a', '--device', 'nope'], noEngine, "There is no device 'nope'"],
  [['generate', 'a', '--out', 'photo.png/new'], notWritten, 'photo.png/new is not a folder'],
]

test.each(cases)('%j', async (words, code, says) => {
  const outcome = await run(cwd, words)
  expect(outcome).toEqual({ code, stdout: '', stderr: expect.stringMatching(/^paella: [^\n]+\n$/) as string })
  expect(outcome.stderr).toContain(says)
  expect(await filesIn(cwd)).toEqual(filesBefore)
})

test.runIf(process.platform === 'linux')('a folder in which nobody may write, not even root', async () => {
  for (const out of ['/proc/new/', '/proc/new.png']) {
    const { code, stdout, stderr } = await run(cwd, ['generate', 'a', '--out', out])
    expect({ code, stdout }, out).toEqual({ code: notWritten, stdout: '' })
    expect(stderr).toMatch(/^paella: \/proc\/new\S* cannot be written, [^\n]*--out\.\n$/)
  }
})

test('with --json the line is an object on stdout, with a code that names the kind of mistake', async () => {
  const { code, stdout, stderr } = await run(cwd, ['vary', 'huge.png', '--seed', '7', '--json'])
  expect({ code, stderr }).toEqual({ code: badUsage, stderr: '' })
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines[0]).toMatchObject({ type: 'start', seed: 7 })
  expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'picture-too-large' })
})

test('a prompt of emoji, and one of the longest length, are no mistakes', async () => {
  for (const [prompt, name] of [
    ['🍎🍏', 'picture-7.png'],
    ['pear '.repeat(2000), 'pear-pear-pear-pear-pear-pear-pear-pear-pear-pear-pear-pear-7.png'],
  ] as const) {
    const out = await temporaryFolder()
    const words = ['generate', prompt, '--size', '64', '--steps', '1', '--seed', '7', '--out', out]
    const { code, stdout } = await run(cwd, words)
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(out, name)}\n` })
  }
})
