/** For programs: one JSON object a line on stdout for everything that happens, without pixels. */
import type { GeneratedPicture } from '../shared/contract/engine-api.ts'
import type { Cli } from './cli.ts'
import type { Reporter, RunningEvent } from './reporter.ts'

export function jsonReporter({ stdout, stderr }: Pick<Cli, 'stdout' | 'stderr'>): Reporter {
  const say = (value: object) => stdout.write(`${JSON.stringify(value)}\n`)
  return {
    started: ({ use, seed, count, model }) => say({ type: 'start', use: use.use, seed, count: count ?? 1, model }),
    event: (event) => say(withoutPixels(event)),
    saved: (picture, path) =>
      say({
        type: 'picture',
        path,
        index: picture.index,
        seed: picture.seed,
        ...frameOf(picture),
        width: picture.pixels.width,
        height: picture.pixels.height,
        model: picture.recipe.request.model,
        tokensSha256: picture.recipe.tokensSha256,
      }),
    repeated: (file, { differing, of }) => say({ type: 'repeated', file, same: differing === 0, differing, of }),
    replayed: (file, { differing, of }) => say({ type: 'replayed', file, same: differing === 0, differing, of }),
    done: ({ pictures, milliseconds }) => say({ type: 'done', pictures, milliseconds: rounded(milliseconds) }),
    stopping: () => undefined,
    log: (line) => stderr.write(`engine: ${line}\n`),
    close: () => undefined,
  }
}

/** Which frame of an interpolation a picture is; nothing for other uses. */
function frameOf({ recipe: { request } }: GeneratedPicture): { readonly frame?: number | undefined } {
  return request.use.use === 'interpolate' ? { frame: request.use.frame } : {}
}

/** Field by field and not by leaving `preview` out: a field that is added to the event later must not slip through. */
function withoutPixels(event: RunningEvent): object {
  switch (event.type) {
    case 'queued':
      return { type: event.type, ahead: event.ahead }
    case 'loading':
      return { type: event.type, part: event.part }
    case 'warning':
      return { type: event.type, text: event.text }
    case 'step': {
      const { type, picture, pictures, step, steps, milliseconds } = event
      return { type, picture, pictures, step, steps, milliseconds: rounded(milliseconds) }
    }
  }
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 10) / 10
