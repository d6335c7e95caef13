/**
 * One page served: studio, engine, queue, gallery and batches as the one interface that it calls, until its pipe closes. Used by the
 * thread, and by tests of windows with an engine of their own.
 */
import type { BatchApi } from '../shared/contract/batch-api.ts'
import type { EngineApi } from '../shared/contract/engine-api.ts'
import { type PageApi, pageMethods } from '../shared/contract/page-api.ts'
import type { StudioApi } from '../shared/contract/studio-api.ts'
import type { Pipe } from '../shared/wire/pipe.ts'
import { serve } from '../shared/wire/serve.ts'
import { batchCalls, type LibraryApi, libraryCalls } from './library-calls.ts'
import type { Studio } from './studio.ts'

/** What all pages share. */
export interface Services {
  readonly engine: EngineApi
  readonly library: LibraryApi
  readonly batch: BatchApi
}

export function servePage(studio: Studio, services: Services, pipe: Pipe): void {
  const { api, leave } = studio.connect()
  // Before the calls of the page are cancelled: a save goes on when its window goes.
  pipe.onClose(leave)
  serve<PageApi>(pageApi(services, api), pageMethods, pipe)
}

/** Method by method: those of a class are no properties of its objects. */
function pageApi({ engine, library, batch }: Services, studio: StudioApi): PageApi {
  return {
    ...studio,
    ...libraryCalls(library),
    ...batchCalls(batch),
    describe: () => engine.describe(),
    load: (request, hooks) => engine.load(request, hooks),
    generate: (call, hooks) => engine.generate(call, hooks),
    decodePicture: (file) => engine.decodePicture(file),
    encodePicture: (request) => engine.encodePicture(request),
    readRecipe: (request) => engine.readRecipe(request),
    encodeTokens: (request) => engine.encodeTokens(request),
    decodeTokens: (request) => engine.decodeTokens(request),
    encodeAnimation: (request) => engine.encodeAnimation(request),
  }
}
