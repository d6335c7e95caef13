/**
 * An engine killed at random moments of its start, its loading and its sampling: each kill must end the call in 'engine-lost' (or come
 * too late), and the next call must give the very picture. `node tests/kit/engine-kills.ts [KILLS]` does it as often as is wanted.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { EngineClient } from '../../src/host/engine-client.ts'
import { uniforms } from '../../src/shared/base/philox.ts'
import { StudioError } from '../../src/shared/contract/errors.ts'
import type { GenerateRequest } from '../../src/shared/contract/request.ts'
import { kill } from './processes.ts'
import { writeTinyStore } from './published-models.ts'

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

export interface Kills {
  /** Of calls that were cut off: in which code they ended. */
  readonly codes: readonly string[]
  /** Calls that had ended before their kill came. */
  readonly late: number
  /** Where calls were when they were cut off: before their first event, after `loading`, after a step. */
  readonly during: Readonly<Record<string, number>>
  /** Pictures of the calls after each kill, told apart by their tokens, for each model. */
  readonly afterwards: Readonly<Record<string, readonly string[]>>
}

/** @param folder for a store of tiny models of both releases, which are killed in turn */
export async function killEngines(folder: string, kills: number): Promise<Kills> {
  const engines: { readonly pid: number; readonly ended: Promise<void> }[] = []
  const endLast = async (): Promise<void> => {
    const last = engines.at(-1)
    if (last) kill(last.pid)
    await last?.ended
  }
  const client = new EngineClient({
    entry: path('src/host/engine-process.ts'),
    environment: {
      modelsDir: writeTinyStore(folder),
      resourcesDir: path('resources'),
      cacheDir: folder,
      device: 'cpu',
    },
    onStart: (pid, ended) => engines.push({ pid, ended }),
  })
  const make = async (model: string, steps: number, onEvent: (type: string) => void): Promise<string> => {
    let tokens = ''
    const request: GenerateRequest = {
      version: 1,
      model,
      use: { use: 'text', prompt: 'a red boat' },
      size: { width: 64, height: 64 },
      seed: 1,
      sampling: { steps },
    }
    await client.generate(
      { request },
      {
        onEvent(event) {
          onEvent(event.type)
          if (event.type === 'picture') tokens = event.picture.recipe.tokensSha256
        },
      },
    )
    return tokens
  }
  const codes: string[] = []
  const during: Record<string, number> = {}
  const afterwards: Record<string, string[]> = {}
  let late = 0
  try {
    const started = performance.now()
    await make('tiny-2023', 20, () => undefined)
    const whole = performance.now() - started
    for (const [index, moment] of uniforms(9, { purpose: 0, step: 0 }, kills).entries()) {
      const model = index % 2 === 0 ? 'tiny-2022' : 'tiny-2023'
      // Every third dies while it makes pictures, the others from their start on.
      if (index % 3 > 0) await endLast()
      let at = 'start'
      const running = make(model, 20, (type) => {
        at = type
      }).then(
        () => 'made',
        (error: unknown) => (error instanceof StudioError ? error.code : `no StudioError: ${String(error)}`),
      )
      await Promise.race([running, sleep(moment * whole)])
      const where = at
      await endLast()
      const outcome = await running
      if (outcome === 'made') late += 1
      else {
        codes.push(outcome)
        during[where] = (during[where] ?? 0) + 1
      }
      const again = await make(model, 2, () => undefined)
      afterwards[model] = [...new Set([...(afterwards[model] ?? []), again])]
    }
  } finally {
    await client.close()
  }
  return { codes, late, during, afterwards }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const folder = mkdtempSync(join(tmpdir(), 'paella-kills-'))
  try {
    const { codes, ...rest } = await killEngines(folder, Number(process.argv[2] ?? 100))
    const report = { ...rest, cutOff: codes.length, codes: [...new Set(codes)] }
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
