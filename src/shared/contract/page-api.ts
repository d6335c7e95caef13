/** What a page finds at the other end of its pipe: documents and the engine, as one interface. */
import { type EngineApi, engineMethods } from './engine-api.ts'
import { type StudioApi, studioMethods } from './studio-api.ts'

export type PageApi = StudioApi & EngineApi

export const pageMethods = { ...studioMethods, ...engineMethods } as const satisfies Record<keyof PageApi, true>
