/** The shape an interface must have to cross the wire, and the table that names its methods at run time. */
import type { CallHooks } from '../contract/call-hooks.ts'

/** Every method is (argument, hooks?) => Promise, (argument) => Promise or () => Promise, of plain data. */
export type WireApi<Api> = { readonly [Name in keyof Api]: (argument: never, hooks?: never) => Promise<unknown> }

/** Only what stands here can be called from the other side. */
export type MethodTable<Api> = Readonly<Record<keyof Api, true>>

/** A method as the wire sees it. */
export type WireMethod = (argument: unknown, hooks?: CallHooks) => Promise<unknown>
