/**
 * `npm run bench:studio`: how the studio feels, as one JSON object: the built studio in Debian's Chromium through the loopback door,
 * with real mouse moves, on documents that are hard for it. Progress goes to stderr. `--quick` takes smaller documents and fewer
 * runs; `--documents DIR` keeps the documents there for the next time.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { noBrowser } from '../kit/studio-page.ts'
import { type MadeDocument, makeFull, makeSparse } from './documents.ts'
import { measureLarge, measureOpening, measurePainting } from './measure.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, documents: { type: 'string' } } })
const quick = values.quick === true
const plan = quick
  ? { full: { side: 2048, layers: 10 }, sparse: null, runs: 1, strokes: 3 }
  : { full: { side: 4096, layers: 20 }, sparse: { side: 8192, layers: 50 }, runs: 3, strokes: 5 }

if (noBrowser !== undefined) {
  process.stderr.write(`${noBrowser}\n`)
  process.exit(1)
}

const began = performance.now()
const tell = (text: string): void => {
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}\n`)
}
const home = mkdtempSync(join(tmpdir(), 'paella-bench-'))
try {
  process.stdout.write(`${JSON.stringify(await measureAll(), null, 2)}\n`)
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function measureAll() {
  const loadBefore = loadavg()[0]
  const full = await document('full', (path) => makeFull(path, plan.full))
  const { sparse: size } = plan
  const sparse = size === null ? null : await document('sparse', (path) => makeSparse(path, size))
  const studio = join(home, 'studio')
  const opening = []
  for (let run = 1; run < plan.runs; run++) {
    tell(`opening it, ${run} of ${plan.runs}`)
    opening.push(await measureOpening(studio, full.path))
  }
  const painting = await measurePainting(studio, full.path, { strokes: plan.strokes, opened: opening, tell })
  const large = sparse === null ? null : await measureLarge(studio, sparse.path, tell)
  return {
    units: 'ms, and MB of RSS',
    machine: {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      // More than 0.5 a core from others, and none of the times can be trusted.
      loadBefore,
      loadAfter: loadavg()[0],
      browser: 'Chromium without a graphics card, 1440 x 900, 60 frames a second',
    },
    aims: { strokeP95: 16, longestTaskOfPage: 50, mainLoopP99: 20 },
    full: { document: full.made, ...painting },
    ...(sparse === null ? {} : { sparse: { document: sparse.made, ...large } }),
    seconds: Math.round((performance.now() - began) / 1000),
  }
}

/** Made, or found where an earlier run has left it. */
async function document(name: string, make: (path: string) => Promise<MadeDocument>) {
  const folder = values.documents ?? home
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${quick ? 'quick-' : ''}${name}.ora`)
  const facts = `${path}.json`
  if (!existsSync(path) || !existsSync(facts)) {
    tell(`making the ${name} document`)
    writeFileSync(facts, JSON.stringify(await make(path)))
  }
  // It is saved while it is measured.
  const copy = join(home, `${name}.ora`)
  if (copy !== path) copyFileSync(path, copy)
  return { path: copy, made: JSON.parse(readFileSync(facts, 'utf8')) as MadeDocument }
}
