/** Every command that makes pictures, from its words to the files, on the model that ships. */
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { embedRecipe, extractRecipe } from '../../src/raster/png-recipe.ts'
import type { Pixels } from '../../src/shared/contract/picture.ts'
import { buildProgram, decode, filesIn, make, openPicture, paella, run } from '../kit/cli.ts'
import { changedShare, hash, hashOutside, mask, noise, toSharp } from '../kit/pictures.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

let cwd: string
const quick = ['--size', '64', '--steps', '2', '--seed', '7']

beforeAll(async () => {
  await buildProgram()
  cwd = await temporaryFolder()
})

const photoSize = { width: 90, height: 70 }

async function photo(name: string): Promise<Pixels> {
  const pixels = noise(photoSize)
  await toSharp(pixels).toFile(join(cwd, name))
  return pixels
}

describe('generate', () => {
  test('prints the paths and nothing else, and writes PNGs that tell how they were made', async () => {
    // Through a link, as `npm install` makes one for a command.
    await symlink(paella, join(cwd, 'paella'))
    const words = ['generate', 'A red apple', '--count', '2', '--out', 'made', ...quick]
    expect(await run(cwd, words, { program: join(cwd, 'paella') })).toEqual({
      code: 0,
      stdout: 'made/a-red-apple-7.png\nmade/a-red-apple-8.png\n',
      stderr: '',
    })
    // Its home and cache are here too: the runtime below must not leave an identifier or a queue of events.
    expect(await filesIn(cwd)).toEqual(['made', 'made/a-red-apple-7.png', 'made/a-red-apple-8.png', 'paella'])
    for (const seed of [7, 8]) {
      const path = join(cwd, 'made', `a-red-apple-${seed}.png`)
      const { format, width, height, comments } = await sharp(path).metadata()
      expect({ format, width, height }).toEqual({ format: 'png', width: 64, height: 64 })
      const text = comments?.find(({ keyword }) => keyword === 'parameters')?.text
      expect(text).toMatch(new RegExp(`^A red apple\\nSteps: 2, .*Seed: ${seed}, Size: 64x64`))
      const { request } = (await openPicture(path)).recipe
      expect(request).toMatchObject({ seed, count: 1, use: { use: 'text', prompt: 'A red apple' } })
    }
  })

  test('makes the same file again, from the same words', async () => {
    const words = ['generate', 'A red apple', '--out', 'again.png', ...quick]
    await make(cwd, ...words)
    expect(hash(await decode(join(cwd, 'again.png')))).toBe(hash(await decode(join(cwd, 'made/a-red-apple-7.png'))))
  })

  test('makes the same tokens and pixels again, from the file, and another seed makes others', async () => {
    const original = await openPicture(join(cwd, 'made/a-red-apple-8.png'))
    const { code, stdout, stderr } = await run(cwd, ['generate', '--from', 'made/a-red-apple-8.png', '--out', 'b.png'])
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'b.png\n',
      stderr: 'same tokens as made/a-red-apple-8.png: 0 of 256 differ\n',
    })
    const repeated = await openPicture(join(cwd, 'b.png'))
    expect(repeated.recipe).toEqual(original.recipe)
    expect(hash(repeated)).toBe(hash(original))
    const other = await openPicture(join(cwd, 'made/a-red-apple-7.png'))
    expect(other.recipe.tokensSha256).not.toBe(original.recipe.tokensSha256)
  })

  test('decodes the tokens of a file again, samples nothing, and finds every px the same', async () => {
    const words = ['generate', '--from', 'made/a-red-apple-8.png', '--replay']
    const { code, stdout, stderr } = await run(cwd, [...words, '--out', 'replayed.png'])
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'replayed.png\n',
      stderr: 'same px as made/a-red-apple-8.png: 0 of 4096 differ\n',
    })
    const json = await run(cwd, [...words, '--out', 'replayed.png', '--json'])
    const lines = json.stdout.split('\n')
    expect(lines).toContain(
      JSON.stringify({ type: 'replayed', file: 'made/a-red-apple-8.png', same: true, differing: 0, of: 4096 }),
    )
    expect(json.stdout).not.toContain('"step"')
    expect(hash(await decode(join(cwd, 'replayed.png')))).toBe(hash(await decode(join(cwd, 'made/a-red-apple-8.png'))))
  })

  test('says how many tokens differ from those of a file that another machine made', async () => {
    const png = new Uint8Array(await readFile(join(cwd, 'made/a-red-apple-8.png')))
    const recipe = extractRecipe(png)
    if (!recipe?.tokens) throw new Error('no tokens')
    const codes = recipe.tokens.codes.map((byte, i) => (i < 6 && i % 2 === 0 ? byte ^ 1 : byte))
    const bare = await toSharp(await decode(join(cwd, 'made/a-red-apple-8.png')))
      .png()
      .toBuffer()
    const elsewhere = { ...recipe, tokens: { ...recipe.tokens, codes }, tokensSha256: 'of the other machine' }
    await writeFile(join(cwd, 'elsewhere.png'), embedRecipe(new Uint8Array(bare), elsewhere, ''))
    const { code, stderr } = await run(cwd, ['generate', '--from', 'elsewhere.png', '--out', 'b.png'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^paella: warning: not the same as elsewhere.png, 3 of 256 tokens differ: /)
  })

  test('on a device that is not there says which are', async () => {
    const words = ['generate', '--from', 'made/a-red-apple-8.png', '--device', 'warp-drive']
    const { code, stderr } = await run(cwd, words)
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/no device 'warp-drive' on this machine. Choose one of: auto, cpu/)
  })

  test('--json prints one object a line, from start to done, with the path and hash of each picture', async () => {
    const words = ['generate', 'pears', '--json', '--count', '2', '--out', 'json', ...quick]
    const { code, stdout, stderr } = await run(cwd, words)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toEqual({ type: 'start', use: 'text', seed: 7, count: 2 })
    expect(lines.at(-1)).toEqual({ type: 'done', pictures: 2, milliseconds: expect.any(Number) })
    const pictures = lines.filter(({ type }) => type === 'picture')
    expect(pictures.map(({ path, seed }) => [path, seed])).toEqual([
      ['json/pears-7.png', 7],
      ['json/pears-8.png', 8],
    ])
    for (const { path, tokensSha256 } of pictures) {
      expect((await openPicture(join(cwd, String(path)))).recipe.tokensSha256).toBe(tokensSha256)
    }
    expect(lines.filter(({ type }) => type === 'step')).toHaveLength(4)
  })
})

test('npm run paella paints into the folder where it was typed', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const typedIn = await temporaryFolder()
  // npm runs a script in the package's folder, and leaves this.
  const env = { INIT_CWD: typedIn, HOME: typedIn, XDG_CACHE_HOME: typedIn }
  const { code, stdout } = await run(root, ['paella', 'generate', 'a pear', ...quick], {
    program: join(root, 'build', 'run.mjs'),
    env,
  })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'a-pear-7.png\n' })
  expect(await filesIn(typedIn)).toEqual(['a-pear-7.png'])
})

describe('edits of a picture of any size', () => {
  test('inpaint changes what is light in the mask and no other pixel, and can be repeated from its file', async () => {
    const before = await photo('photo.png')
    const painted = mask(photoSize, { x: 30, y: 20, width: 25, height: 30 })
    await toSharp(painted).toFile(join(cwd, 'mask.png'))
    const words = ['inpaint', 'photo.png', 'a pear', '--mask', 'mask.png', '--steps', '2', '--seed', '7']
    await make(cwd, ...words, '--out', 'filled.png')
    const filled = await openPicture(join(cwd, 'filled.png'))
    expect(filled).toMatchObject(photoSize)
    expect(hashOutside(filled, painted)).toBe(hashOutside(before, painted))
    expect(changedShare(before, filled, painted)).toBeGreaterThan(0.9)
    const again = await run(cwd, ['generate', '--from', 'filled.png', '--out', 'refilled.png'])
    expect(again.stderr).toBe('same tokens as filled.png: 0 of 1024 differ\n')
    expect(hash(await decode(join(cwd, 'refilled.png')))).toBe(hash(filled))
  })

  test('outpaint adds what was asked for on each side and keeps the picture in the middle', async () => {
    const before = await photo('photo.png')
    const sides = ['--left', '20', '--top', '11', '--bottom', '3', '--feather', '0']
    await make(cwd, 'outpaint', 'photo.png', 'pears', ...sides, '--steps', '2', '--out', 'wide.png', '--seed', '7')
    const wide = await openPicture(join(cwd, 'wide.png'))
    expect([wide.width, wide.height]).toEqual([20 + 90, 11 + 70 + 3])
    const middle = await sharp(join(cwd, 'wide.png'))
      .extract({ left: 20, top: 11, ...photoSize })
      .raw()
      .toBuffer()
    expect(middle.equals(Buffer.from(before.data))).toBe(true)
  })

  test.each([
    ['restyle', 'photo.webp', ['a pear', '--strength', '0.5'], 'a-pear-7.png', { strength: 0.5 }],
    ['vary', 'photo.jpg', [], 'photo-varied-7.png', { promptWeight: 0 }],
    ['vary', 'photo.jpg', ['plums', '--prompt-weight', '0.3'], 'plums-7.png', { promptWeight: 0.3 }],
  ])('%s takes %s', async (command, file, words, name, use) => {
    await photo(file)
    expect(await make(cwd, command, file, ...words, ...quick)).toEqual([name])
    const { width, height, recipe } = await openPicture(join(cwd, name))
    expect([width, height]).toEqual([64, 64])
    expect(recipe.request.use).toMatchObject({ use: command, ...use })
  })
})

describe('several prompts', () => {
  test('interpolate writes its frames in order, the ends of which differ', async () => {
    const frames = await make(cwd, 'interpolate', 'a cat', 'the sea', '--frames', '3', ...quick)
    expect(frames).toEqual([0, 1, 2].map((frame) => `a-cat-to-the-sea-7-frame-00${frame}.png`))
    const tokens = new Set<string>()
    for (const frame of frames) tokens.add((await openPicture(join(cwd, frame))).recipe.tokensSha256)
    expect(tokens.size).toBe(3)
  })

  test('regions and gradient paint one picture from their prompts', async () => {
    const regions = ['--region', '0,0,32,64=a red wall', '--region', '32,0,32,64=the sea']
    expect(await make(cwd, 'regions', ...regions, ...quick)).toEqual(['a-red-wall-the-sea-7.png'])
    expect(await make(cwd, 'gradient', 'a red wall', 'the sea', ...quick)).toEqual(['a-red-wall-to-the-sea-7.png'])
    const [two, mixed] = await Promise.all(
      ['a-red-wall-the-sea-7.png', 'a-red-wall-to-the-sea-7.png'].map((name) => openPicture(join(cwd, name))),
    )
    expect(two?.recipe.request.use).toMatchObject({ use: 'regions', regions: [{ width: 32 }, { x: 32 }] })
    expect(mixed?.recipe.request.use).toMatchObject({ use: 'gradient', direction: 'horizontal' })
    expect(two?.recipe.tokensSha256).not.toBe(mixed?.recipe.tokensSha256)
  })
})
