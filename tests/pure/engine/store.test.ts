/** The models folder: what is a model, what is none, and what a person is told. */
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findModel, listModels } from '../../../src/engine/models/store.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const root = await temporaryFolder()
const file = (name: string) => ({ file: name, bytes: 1, sha256: '00' })
const manifest = (id: string) => ({
  format: 1,
  id,
  name: id.toUpperCase(),
  imageSize: 128,
  condition: { normalise: true, scale: 16 },
  sampling: { steps: 10, guidance: 4, temperature: [1, 0.4], typicalMass: null, renoise: 'start' },
  files: { denoiser: file('d.safetensors'), vq: file('v.safetensors'), clip: file('c.safetensors') },
})

/** A folder of models: by subfolder, what its model.json says; undefined = it has none. */
async function modelsDir(name: string, models: Readonly<Record<string, unknown>>): Promise<string> {
  const dir = join(root, name)
  for (const [folder, content] of Object.entries(models)) {
    await mkdir(join(dir, folder), { recursive: true })
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    if (content !== undefined) await writeFile(join(dir, folder, 'model.json'), text)
  }
  return dir
}

describe('the models folder', () => {
  test('lists its models by the names of their folders, with links, without other folders and files', async () => {
    const elsewhere = await modelsDir('elsewhere', { linked: manifest('linked') })
    const dir = await modelsDir('some', { b: manifest('first'), c: undefined, d: manifest('second') })
    await symlink(join(elsewhere, 'linked'), join(dir, 'a'))
    await writeFile(join(dir, 'notes.txt'), '')
    const { models } = await listModels(dir)
    expect(models.map(({ id, folder }) => [id, folder])).toEqual([
      ['linked', join(dir, 'a')],
      ['first', join(dir, 'b')],
      ['second', join(dir, 'd')],
    ])
    expect(models[1]).toEqual({ ...manifest('first'), folder: join(dir, 'b') })
  })

  test('may be missing: then there are no models', async () => {
    expect(await listModels(join(root, 'nowhere'))).toEqual({ models: [], broken: [] })
  })
})

describe('a manifest', () => {
  const good = manifest('m')
  test.each([
    ['no JSON', '{"format": 1,'],
    ['nothing', ''],
    ['a later format', { ...good, format: 2 }],
    ['no files', { ...good, files: undefined }],
    ['no steps', { ...good, sampling: { ...good.sampling, steps: 0 } }],
    ['pictures of 10 px', { ...good, imageSize: 10 }],
    ['a file outside of its folder', { ...good, files: { ...good.files, vq: file('../v.safetensors') } }],
    ['a file at an absolute path', { ...good, files: { ...good.files, vq: file('/etc/passwd') } }],
    ['a file in a subfolder', { ...good, files: { ...good.files, vq: file('a\\b') } }],
  ])('with %s is a coded error that names it', async (name, content) => {
    const dir = await modelsDir(`broken ${name}`, { m: content })
    await expect(findModel(dir, 'm')).rejects.toMatchObject({
      code: 'model-broken',
      message: expect.stringContaining(join(dir, 'm', 'model.json')) as string,
    })
  })

  test('that is broken hides no other model', async () => {
    const dir = await modelsDir('mixed', { a: '{', b: good })
    expect(await listModels(dir)).toMatchObject({
      models: [{ id: 'm' }],
      broken: [{ folder: join(dir, 'a'), error: { code: 'model-broken' } }],
    })
    expect(await findModel(dir, undefined)).toMatchObject({ id: 'm' })
  })

  test('may say what no shape of CLIP tells', async () => {
    const clip = { quickGelu: true, textHeads: 12 }
    const dir = await modelsDir('clip', { m: { ...good, clip } })
    expect((await findModel(dir, 'm')).clip).toEqual(clip)
  })
})

describe('looking for a model', () => {
  test('finds it by its id, or takes the first', async () => {
    const dir = await modelsDir('two', { a: manifest('second'), b: manifest('first') })
    expect((await findModel(dir, 'first')).folder).toBe(join(dir, 'b'))
    expect((await findModel(dir, undefined)).id).toBe('second')
  })

  test('in vain says which ids there are', async () => {
    const dir = await modelsDir('named', { a: manifest('ant'), b: manifest('bee') })
    await expect(findModel(dir, 'cat')).rejects.toMatchObject({
      code: 'model-missing',
      message: "There is no model 'cat'. Choose one of: ant, bee.",
    })
  })

  test('in an empty folder says where it looked', async () => {
    const dir = await modelsDir('empty', { a: undefined })
    for (const id of [undefined, 'ant'])
      await expect(findModel(dir, id)).rejects.toMatchObject({
        code: 'model-missing',
        message: expect.stringContaining(`There is no model in ${dir}.`) as string,
      })
  })
})
