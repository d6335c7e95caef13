/** Stand-ins for what the window's model talks to: they record what they are asked, and answer as a test tells them to. */
import { type DocumentRecord, newDocument, type Surface, toSnapshot } from '../../../src/document/index.ts'
import { Editor, newKeymap } from '../../../src/editor/index.ts'
import type { OperationResult, PixelOperation, PixelsApi } from '../../../src/renderer/src/pixels/pixels-api.ts'
import { firstState } from '../../../src/renderer/src/studio/first-state.ts'
import { Notices } from '../../../src/renderer/src/studio/notices.ts'
import { OpenDocument } from '../../../src/renderer/src/studio/open-document.ts'
import type { Parts } from '../../../src/renderer/src/studio/parts.ts'
import { noScene } from '../../../src/renderer/src/studio/scene.ts'
import { StateHolder } from '../../../src/renderer/src/studio/state-holder.ts'
import { WorkQueue } from '../../../src/renderer/src/studio/work-queue.ts'
import type { DesktopApi } from '../../../src/shared/contract/desktop-api.ts'
import type { PageApi } from '../../../src/shared/contract/page-api.ts'

/** Answers by method name; what a test does not answer resolves to undefined. */
export type Answers<Api> = { -readonly [Name in keyof Api]?: (argument: never, hooks: never) => unknown }

/** Every call in order, as 'method' and its argument. */
export type Calls = { readonly method: string; readonly argument: unknown }[]

export function fake<Api extends object>(answers: Answers<Api>, calls: Calls): Api {
  return new Proxy({} as Api, {
    get: (_, method: string) => async (argument: unknown, hooks: unknown) => {
      calls.push({ method, argument })
      const answer = answers[method as keyof Api] as ((argument: unknown, hooks: unknown) => unknown) | undefined
      return answer?.(argument, hooks)
    },
  })
}

export const nothingChanged: OperationResult = { changes: [], picture: {}, surface: null }

/** A surface of one tile, another for each name. */
export function surfaceOf(name: string, channels: 1 | 4 = 4): Surface {
  const id = Array.from(name.padEnd(32, ' ').slice(0, 32), (sign) =>
    sign.charCodeAt(0).toString(16).padStart(2, '0'),
  ).join('')
  return { channels, tiles: { '0,0': id } }
}

export interface FakeParts {
  readonly parts: Parts
  readonly api: Answers<PageApi>
  readonly pixels: Answers<PixelsApi>
  readonly desktop: Answers<DesktopApi>
  readonly calls: Calls
  readonly document: OpenDocument
  /** What operations answer, by their `do`. */
  readonly results: Partial<Record<PixelOperation['do'], OperationResult>>
}

/** The parts of a model with an empty document of 512 x 512 px, prepared by `make`. */
export function fakeParts(make: (store: OpenDocument['store']) => void = () => undefined, dirty = false): FakeParts {
  const calls: Calls = []
  const results: FakeParts['results'] = {}
  const api: Answers<PageApi> = {}
  const desktop: Answers<DesktopApi> = {}
  const pixels: Answers<PixelsApi> = {
    operate: (operation: PixelOperation) => results[operation.do] ?? nothingChanged,
    endStroke: () => nothingChanged,
  }
  const holder = new StateHolder(firstState, (run) => run())
  const notices = new Notices(holder)
  const queue = new WorkQueue(
    (busy) => holder.set({ busy }),
    (error) => notices.fail(error),
  )
  const parts: Parts = {
    holder,
    notices,
    queue,
    api: fake<PageApi>(api, calls),
    desktop: fake<DesktopApi>(desktop, calls),
    pixels: fake<PixelsApi>(pixels, calls),
    editor: new Editor({ scene: noScene, keymap: newKeymap('other') }),
    document: () => document,
  }
  const document: OpenDocument = new OpenDocument(
    {
      key: 'key',
      name: 'Untitled',
      path: null,
      snapshot: toSnapshot(newDocument({ width: 512, height: 512 }).records),
      dirty,
      warnings: [],
    },
    {
      api: parts.api,
      pixels: parts.pixels,
      queue,
      onChange: () => undefined,
      onLost: (error) => notices.fail(error),
    },
    make,
  )
  return { parts, api, pixels, desktop, calls, document, results }
}

/** Lets promises that are ready run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

export function called(calls: Calls, ...methods: readonly string[]): string[] {
  return calls.map(({ method }) => method).filter((method) => methods.length === 0 || methods.includes(method))
}

export const namesOf = (records: Iterable<DocumentRecord>): string[] =>
  [...records].flatMap((record) => (record.kind === 'canvas' ? [] : [record.name]))
