/**
 * Networks that only read are let go before the first step, those that only steer before the last picture's, and come back: with room
 * for nothing small, pictures are the same.
 */
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
    const during: Record<'first' | 'last' | 'after', Set<string>> = {
      first: new Set(),
      last: new Set(),
      after: new Set(),
    }
    const note = (when: keyof typeof during): void => {
      for (const name of open.inMemory()) during[when].add(name.split(' ')[0] ?? name)
    }
    for (const prompt of ['a red boat', 'a green hill', 'a red boat']) {
      const request = await resolveRequest(ask(prompt, { model, count: 2 }), manifest, open.sizeMultiple)
      const onEvent: NonNullable<Parameters<typeof makePictures>[3]['onEvent']> = (event) => {
        if (event.type === 'step') note(event.picture === 0 ? 'first' : 'last')
        if (event.type === 'picture') tokens.push(event.picture.recipe.tokensSha256)
      }
      await makePictures(open, request, {}, { onEvent }, 0)
      note('after')
    }
    await open.close()
    return { tokens, during }
  }
  const [kept, released] = [await made(Number.POSITIVE_INFINITY), await made(0)]
  expect(released.tokens).toEqual(kept.tokens)
  const stay = new Set(['denoiser.step', 'vq.decoder'])
  expect([released.during.last, released.during.after]).toEqual([stay, stay])
  // For the second picture.
  const steering = model === 'tiny-2022' ? ['denoiser.conditioner'] : ['denoiser.conditioner', 'prior.prior']
  expect(released.during.first).toEqual(new Set([...stay, ...steering]))
  expect(kept.during.after).toContain('clip.text')
})
