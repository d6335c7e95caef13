/**
 * The entry of the engine process, started by EngineClient: `node engine-process.js '{"modelsDir": ..., ...}'`. Log
 * lines go to stderr, calls come over the IPC channel.
 */
import { createEngine, type EngineEnv } from '../engine/engine.ts'
import { assert } from '../shared/base/assert.ts'
import { serveEngine, writeLine } from './serve-engine.ts'

serveEngine(createEngine(readEnvironment(process.argv[2])))

/** The parent is ours, so a value that is missing is our bug. */
function readEnvironment(json: string | undefined): EngineEnv {
  assert(json !== undefined, 'the engine process needs its environment as JSON in the first argument')
  const values = JSON.parse(json) as Readonly<Record<string, unknown>>
  const text = (name: string): string => {
    const value = values[name]
    assert(typeof value === 'string', `the engine process needs '${name}' in its environment`)
    return value
  }
  return {
    modelsDir: text('modelsDir'),
    resourcesDir: text('resourcesDir'),
    cacheDir: text('cacheDir'),
    device: text('device'),
    log: writeLine,
  }
}
