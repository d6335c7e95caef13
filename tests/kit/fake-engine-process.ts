/** A child process of EngineClient that serves a FakeEngine (run by node, which strips the types). */
import { serveEngine } from '../../src/host/serve-engine.ts'
import { FakeEngine } from './fake-engine.ts'

// Like the threads of a real engine, it keeps the process alive until that is told to end.
setInterval(() => undefined, 60_000)
serveEngine(new FakeEngine())
