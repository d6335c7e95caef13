/** Networks that only read are let go before the first step, and come back: with room for nothing small, pictures are the same. */
import { expect, test } from 'vitest'
import { loadModel } from '../../../src/engine/load-model.ts'
import { makePictures } from '../../../src/engine/make-pictures.ts'
import { findModel } from '../../../src/engine/models/store.ts'
import { resolveRequest } from '../../../src/engine/resolve.ts'
import { fileURLToPath } from 'node:url'
import { ask } from '../../kit/engine.ts'
import { writeTinyStore } from '../../kit/published-models.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const resourcesDir = fileURLToPath(new URL('../../../resources', import.meta.url))

test.each(['tiny-2022', 'tiny-2023'])('of %s denoiser and decoder alone stay', async (model) => {
  const manifest = await findModel(writeTinyStore(await temporaryFolder()), model)
  const made = async (keepBelow: number) => {
    const open = await loadModel(manifest, { device: 'cpu', multiplyInt8: true, resourcesDir, keepBelow })
    const tokens: string[] = []
    const inMemory: (readonly string[])[] = []
    for (const prompt of ['a red boat', 'a green hill', 'a red boat']) {
      const request = await resolveRequest(ask(prompt, { model, count: 2 }), manifest, open.sizeMultiple)
      const onEvent: NonNullable<Parameters<typeof makePictures>[3]['onEvent']> = (event) => {
        if (event.type === 'step') inMemory.push(open.inMemory())
        if (event.type === 'picture') tokens.push(event.picture.recipe.tokensSha256)
      }
      await makePictures(open, request, {}, { onEvent }, 0)
    }
    await open.close()
    return { tokens, inMemory }
  }
  const [kept, released] = [await made(Number.POSITIVE_INFINITY), await made(0)]
  expect(released.tokens).toEqual(kept.tokens)
  const rooms = new Set(released.inMemory.flat().map((name) => name.split(' ')[0]))
  expect(rooms).toEqual(new Set(['denoiser.step', 'vq.decoder']))
  expect(kept.inMemory.flat()).toContain('clip.text')
})
