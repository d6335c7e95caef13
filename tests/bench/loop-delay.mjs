/**
 * How late timers of a Node program come, thread by thread: `node --import ./loop-delay.mjs PROGRAM`. On SIGUSR2 every thread appends
 * a line of JSON to the file in PAELLA_LOOP_DELAY, and begins anew. The program itself knows nothing of it.
 */
import { appendFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const file = process.env['PAELLA_LOOP_DELAY']
const program = process.argv[1] ?? ''
// The engine's process inherits the option; its loop stands still while it computes, and nobody waits for it.
if (file !== undefined && /(?:studio-web|backstage-thread)\.js$/.test(program)) {
  const resolution = 2
  const delays = monitorEventLoopDelay({ resolution })
  delays.enable()
  const report = () => {
    // The histogram counts the whole time between two ticks.
    const late = (nanoseconds) => Math.max(0, Math.round(nanoseconds / 1e4) / 100 - resolution)
    const line = {
      thread: isMainThread ? 'main' : 'backstage',
      median: late(delays.percentile(50)),
      p99: late(delays.percentile(99)),
      max: late(delays.max),
    }
    appendFileSync(file, `${JSON.stringify(line)}\n`)
    delays.reset()
  }
  const channel = new BroadcastChannel('paella-loop-delay')
  channel.addEventListener('message', report)
  // Listening would keep the thread alive.
  channel.unref()
  if (isMainThread) {
    process.on('SIGUSR2', () => {
      report()
      channel.postMessage(null)
    })
  }
}
