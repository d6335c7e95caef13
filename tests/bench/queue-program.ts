/** The built studio with its real engine, and a window without a browser that uses its queue. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { type PageApi, pageMethods } from '../../src/shared/contract/page-api.ts'
import type { FollowEvent } from '../../src/shared/contract/queue-api.ts'
import { connect } from '../../src/shared/wire/connect.ts'
import { socketPipe } from '../../src/web/socket-pipe.ts'
import { paella } from '../kit/cli.ts'

/** From a cancel to what it does, in ms. */
export interface Distance {
  readonly acknowledged: number
  readonly stopped: number
  readonly stepsAfter: number
  readonly kept: boolean
}

const loopDelay = fileURLToPath(new URL('loop-delay.mjs', import.meta.url))

export interface QueueProgram {
  /** Runs a job with previews; returns the milliseconds of its steps. */
  run(sampling: { readonly steps: number; readonly count: number }): Promise<number[]>
  /** Cancels a long job after so many steps. */
  cancelAfter(steps: number): Promise<Distance>
  /** Writes what was measured of the loops' delays so far, and begins anew. */
  resetDelays(): Promise<void>
  close(): Promise<void>
}

/** @param delays file that the delays of its threads go to */
export async function openProgram(folder: string, delays: string): Promise<QueueProgram> {
  const program = join(paella, '..', 'studio-web.js')
  const child = spawn(process.execPath, ['--import', loopDelay, program, '--data', folder, '--folder', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PAELLA_LOOP_DELAY: delays },
  })
  const address = await addressOf(child.stdout)
  const { headers } = await fetch(address, { redirect: 'manual' })
  const cookie = (headers.get('set-cookie') ?? '').split(';', 1).join('')
  const socket = new WebSocket(`ws://${address.host}/wire`, { headers: { origin: address.origin, cookie } })
  await once(socket, 'open')
  const api = connect<PageApi>(pageMethods, socketPipe(socket))

  async function enqueue(steps: number, count: number): Promise<string> {
    const use = { use: 'text', prompt: 'a small harbour in the evening' } as const
    const request = { version: 1, use, seed: 1, count, sampling: { steps } } as const
    return (await api.enqueue({ request, title: use.prompt, where: 'last', options: { previews: true } })).id
  }

  return {
    async run({ steps, count }) {
      const times: number[] = []
      const onEvent = (event: FollowEvent): void => {
        if (event.type === 'step') times.push(event.milliseconds)
      }
      await api.follow({ id: await enqueue(steps, count) }, { onEvent })
      return times
    },
    async cancelAfter(steps) {
      const id = await enqueue(200, 1)
      let [taken, cancelledAt, acknowledged, stepsAfter] = [0, 0, 0, 0]
      let kept = false
      const onEvent = (event: FollowEvent): void => {
        if (event.type === 'kept') kept = true
        if (event.type !== 'step') return
        if (cancelledAt > 0) stepsAfter += 1
        taken += 1
        if (taken !== steps) return
        cancelledAt = performance.now()
        void api.cancelJob({ id, keep: true }).then(() => {
          acknowledged = performance.now() - cancelledAt
        })
      }
      await api.follow({ id }, { onEvent }).catch(() => undefined)
      return { acknowledged, stopped: performance.now() - cancelledAt, stepsAfter, kept }
    },
    async resetDelays() {
      child.kill('SIGUSR2')
      await sleep(200)
    },
    async close() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** What it prints when it is ready. */
async function addressOf(output: NodeJS.ReadableStream): Promise<URL> {
  for await (const line of createInterface({ input: output })) if (line.includes('http')) return new URL(line.trim())
  throw new Error('the studio did not start')
}
