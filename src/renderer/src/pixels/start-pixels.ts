/** The page's side of the pixel worker: starts it, and gives back its interface. */
import { connect } from '../../../shared/wire/connect.ts'
import { pipeEnd } from '../../../shared/wire/pipe.ts'
import { type PixelsApi, pixelsMethods } from './pixels-api.ts'

/** Where the worker cannot be started or breaks, all calls reject with 'engine-lost'. */
export function startPixels(): { readonly pixels: PixelsApi; readonly close: () => void } {
  const worker = new Worker(new URL('./pixel-worker.ts', import.meta.url), { type: 'module' })
  const end = pipeEnd(
    (message) => worker.postMessage(message),
    () => worker.terminate(),
  )
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => end.receive(data))
  worker.addEventListener('error', ({ message }) => end.end(message || 'the pixel worker could not be started'))
  worker.addEventListener('messageerror', () => end.end('the pixel worker sent what cannot be read'))
  return { pixels: connect<PixelsApi>(pixelsMethods, end.pipe), close: () => end.pipe.close() }
}
