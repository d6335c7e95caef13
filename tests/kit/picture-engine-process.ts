/** A child process of EngineClient that serves a PictureEngine (run by node, which strips the types). */
import { serveEngine } from '../../src/host/serve-engine.ts'
import { PictureEngine } from './picture-engine.ts'

serveEngine(new PictureEngine())
