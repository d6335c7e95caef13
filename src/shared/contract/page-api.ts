/** All that a window can call over its wire: the studio's documents and files, and the engine. */
import { type EngineApi, engineMethods } from './engine-api.ts'
import { type StudioApi, studioMethods } from './studio-api.ts'

export type PageApi = EngineApi & StudioApi

export const pageMethods = { ...engineMethods, ...studioMethods } as const satisfies Record<keyof PageApi, true>
