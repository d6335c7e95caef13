/**
 * The studio in a browser: `node out/main/studio-web.js`. Starts the engine's process and the door, and prints the address to
 * open. Every page gets an engine interface of its own; the engine behind it is one.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EngineClient } from '../host/engine-client.ts'
import { engineEnvironment } from '../host/engine-environment.ts'
import { type EngineApi, engineMethods } from '../shared/contract/engine-api.ts'
import { serve } from '../shared/wire/serve.ts'
import { openDoor } from './door.ts'

const home = fileURLToPath(new URL('.', import.meta.url))

const engine = new EngineClient({
  entry: join(home, 'engine-process.js'),
  environment: engineEnvironment(home, { device: 'auto' }),
})
await engine.start()
const door = await openDoor({
  root: join(home, '..', 'renderer'),
  onPage: (pipe) => void serve<EngineApi>(engine, engineMethods, pipe),
})
process.stdout.write(`Paella Studio is open at\n  ${door.address}\nCtrl-C ends it.\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.all([door.close(), engine.close()]).then(() => process.exit(0))
  })
}
