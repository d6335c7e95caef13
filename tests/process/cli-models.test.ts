/** `paella models` as its users run it: from files that PyTorch would have written to a picture, and what is said on the way. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { paellaV1Table } from '../../src/engine/import/tables-denoisers.ts'
import { vqModelTable } from '../../src/engine/import/tables-pixels.ts'
import { clipTable } from '../../src/engine/import/tables-words.ts'
import { buildProgram, openPicture, run } from '../kit/cli.ts'
import { around } from '../kit/hostile/case.ts'
import { writeRandomTorchFile } from '../kit/random-torch-file.ts'
import { temporaryFolder } from '../kit/temp-folder.ts'

let cwd: string
const store = () => join(cwd, '.local', 'share', 'paella-studio', 'models')

beforeAll(async () => {
  await buildProgram()
  cwd = await temporaryFolder()
  const text = { width: 64, hidden: 256, layers: 1, vocabulary: 600, contextLength: 77 }
  const files = {
    'paella_tiny.pt': paellaV1Table({ labels: 96, widths: [64, 128], down: [1, 1], up: [1, 1], condition: 128 }),
    'pixels.ckpt': vqModelTable({ codes: 96, latent: 4, widths: [16, 32], bottleneckBlocks: 2 }),
    'words.bin': clipTable({ embedDim: 64, text, vision: undefined }),
  }
  for (const [name, table] of Object.entries(files)) writeRandomTorchFile(join(cwd, name), table)
})

describe('models that were imported', () => {
  test('begin with nothing', async () => {
    expect(await run(cwd, ['models', 'list'])).toEqual({
      code: 0,
      stdout: `Nothing is imported in ${store()}.\n`,
      stderr: '',
    })
  })

  test('say what is missing, make pictures once they are whole, and are found beside the shipped one', async () => {
    const first = await run(cwd, ['models', 'import', 'paella_tiny.pt'])
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^imported paella_tiny\.pt as paella-v1-\w{12}-float32 \(.* MB, float32\)$/m)
    expect(first.stdout).toMatch(/^paella-tiny: not whole yet$/m)
    expect(first.stdout).toMatch(/missing: CLIP ViT-H-14.*laion\/CLIP-ViT-H-14-laion2B-s32B-b79K\.$/m)
    const rest = await run(cwd, ['models', 'import', 'words.bin', 'pixels.ckpt', '--precision', 'int8'])
    expect(rest.stdout).toMatch(/^paella-tiny: ready$/m)
    const words = ['generate', 'a red apple', '--model', 'paella-tiny', '--size', '64', '--steps', '2', '--seed', '1']
    const made = await run(cwd, [...words, '--out', 'apple.png'])
    expect(made).toMatchObject({ code: 0, stdout: 'apple.png\n' })
    expect(await openPicture(join(cwd, 'apple.png'))).toMatchObject({ width: 64, height: 64 })
    const shipped = await run(cwd, ['generate', 'a red apple', '--steps', '2', '--seed', '1', '--out', 'shipped.png'])
    expect(shipped.code).toBe(0)
    expect((await openPicture(join(cwd, 'shipped.png'))).recipe.request.model).toBe('paella-mini')
  })

  test('are shown with all that is known of them, for people and for programs', async () => {
    const shown = await run(cwd, ['models', 'show', 'paella-tiny'])
    expect(shown.stdout).toMatch(/from +paella_tiny\.pt \(torch, .*sha256 \w{64}\)/)
    expect(shown.stdout).toMatch(/precision +int8, error \d\.\de-3/)
    const { models, parts } = JSON.parse((await run(cwd, ['models', 'list', '--json'])).stdout)
    expect(models).toMatchObject([{ id: 'paella-tiny', missing: [] }])
    expect(parts).toHaveLength(3)
    const nothing = await run(cwd, ['models', 'show', 'nothing'])
    expect(nothing).toMatchObject({ code: 2, stdout: '' })
    expect(nothing.stderr).toMatch(/Nothing imported is called 'nothing'\. Choose one of: paella-tiny, /)
  })

  test('are verified byte by byte', async () => {
    expect(await run(cwd, ['models', 'verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^(?:ok {3}\S+\n){3}$/) as string,
    })
    const [name = ''] = readdirSync(join(store(), 'parts')).filter(
      (file) => file.startsWith('clip') && file.endsWith('safetensors'),
    )
    const path = join(store(), 'parts', name)
    const good = readFileSync(path)
    const bad = Buffer.from(good)
    bad[bad.length - 1] = 255 - (bad.at(-1) ?? 0)
    writeFileSync(path, bad)
    const { code, stdout } = await run(cwd, ['models', 'verify'])
    writeFileSync(path, good)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^FAIL clip-\S+: import words\.bin again$/m)
  })

  test('move to another folder and are used from there', async () => {
    const moved = await run(cwd, ['models', 'relocate', 'elsewhere'])
    expect(moved).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(join(cwd, 'elsewhere', 'paella-tiny', 'model.json'))).toBe(true)
    const words = ['generate', 'a pear', '--model', 'paella-tiny', '--size', '64', '--steps', '1', '--out', 'pear.png']
    expect(await run(cwd, words)).toMatchObject({ code: 0 })
  })

  test('are removed with their parts, and listed no more', async () => {
    const { stdout } = await run(cwd, ['models', 'remove', 'paella-tiny'])
    expect(stdout.match(/^removed /gm)).toHaveLength(3)
    expect((await run(cwd, ['models', 'list'])).stdout).toMatch(/^Nothing is imported/)
    expect((await run(cwd, ['generate', 'a pear', '--model', 'paella-tiny'])).stderr).toMatch(
      /There is no model 'paella-tiny'/,
    )
  })
})

describe('what cannot be imported', () => {
  test('ends with 2 and one line, and leaves nothing', async () => {
    writeFileSync(join(cwd, 'evil.pt'), around('cos\nsystem\n'))
    const { code, stdout, stderr } = await run(cwd, ['models', 'import', 'evil.pt', '--models', 'empty'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^paella: evil\.pt cannot be imported: its pickle refers to os\.system, .*\n$/)
    expect(existsSync(join(cwd, 'empty'))).toBe(false)
  })

  test('is told to programs as JSON', async () => {
    const { code, stdout } = await run(cwd, ['models', 'import', 'nowhere.pt', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ type: 'error', code: 'file-not-found' })
  })
})

test('the catalogue names what its authors publish, and nothing is fetched without a name', async () => {
  const { code, stdout } = await run(cwd, ['models', 'download'])
  expect(code).toBe(0)
  expect(stdout.match(/^\w+\.pt +.*https:\/\/huggingface\.co\/dome272\/Paella\//gm)).toHaveLength(3)
  expect((await run(cwd, ['models', 'download', 'f8_600000.pt'])).code).toBe(2)
})
