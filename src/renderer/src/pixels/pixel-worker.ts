/** The thread of the pixels: the engine, served to the page that started it. */
import { serve } from '../../../shared/wire/serve.ts'
import { pipeEnd } from '../../../shared/wire/pipe.ts'
import { newPause } from './pause.ts'
import { PixelEngine } from './pixel-engine.ts'
import { type PixelsApi, pixelsMethods } from './pixels-api.ts'

/** What of the worker's global scope is needed; the page's types are not the worker's. */
interface WorkerScope {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void
  close(): void
}

const scope = globalThis as unknown as WorkerScope

const end = pipeEnd(
  (message) => scope.postMessage(message, patchBuffers(message)),
  () => scope.close(),
)
scope.addEventListener('message', ({ data }) => end.receive(data))

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Px of the display belong to nobody here, so they are handed over; tiles stay, and are copied. */
function patchBuffers(message: unknown): ArrayBuffer[] {
  const event = (message as { readonly event?: { readonly type?: unknown; readonly data?: unknown } }).event
  return event?.type === 'patch' && event.data instanceof Uint8ClampedArray ? [event.data.buffer as ArrayBuffer] : []
}

serve<PixelsApi>(new PixelEngine({ hash: sha256, pause: newPause() }), pixelsMethods, end.pipe)
