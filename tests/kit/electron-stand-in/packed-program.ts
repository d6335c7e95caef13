/**
 * Starts a packaged program's main process with the stand-in and prints what its page got, as JSON: `STAND_IN_RESOURCES=...
 * node --import .../register.mjs packed-program.ts INDEX`.
 */
import { pathToFileURL } from 'node:url'
import { app, standIn } from './index.ts'

interface Bridge {
  post(pipe: string, message: unknown): void
  listen(pipe: string, listener: (message: unknown) => void): void
}

const [index = ''] = process.argv.slice(2)
// electron-builder's program gets only what follows it.
process.argv.splice(1)
await import(pathToFileURL(index).href)
await app.whenReady()
while (standIn.windows.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
const page = await standIn.page()
await page.waitForFunction(() => document.readyState === 'complete' && 'paella' in window)
const answer = await page.evaluate(async () => {
  const { paella } = window as unknown as { paella: Bridge }
  const ask = (method: string, id: number): Promise<unknown> =>
    new Promise((resolve) => {
      paella.listen('wire', (message) => {
        if ((message as { id?: number }).id === id) resolve(message)
      })
      paella.post('wire', { type: 'call', id, method, argument: null, events: false })
    })
  return { url: location.href, begin: await ask('begin', 1_000_001), describe: await ask('describe', 1_000_002) }
})
process.stdout.write(`${JSON.stringify(answer)}\n`)
app.quit()
