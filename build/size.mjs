/**
 * Prints how many lines each room has, and each chapter of the engine, and fails where a cap is passed: growth is a
 * decision, made here. Lines are all lines of .ts and .tsx files, comments too. Plain JavaScript for Node 20.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** No file is longer; 200 is the aim. */
const linesPerFile = 400
/** Of a room, all files together. */
const linesPerRoom = {
  shared: 2000,
  raster: 4000,
  document: 3000,
  editor: 4000,
  engine: 12_000,
  host: 800,
  files: 4000,
  batch: 3000,
  library: 2500,
  backstage: 2200,
  main: 1500,
  preload: 100,
  web: 600,
  cli: 3400,
  renderer: 24_500,
}
/** What must stay readable in one sitting. */
const together = [
  { what: 'the whole denoiser', files: ['src/engine/nn/layers.ts', 'src/engine/models/denoise-unet.ts'], lines: 420 },
]

/** Lines by path from the root, with / on every system. */
const lines = new Map(
  readdirSync(join(root, 'src'), { recursive: true })
    .filter((file) => /\.tsx?$/.test(file))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((file) => [`src/${file.replaceAll(sep, '/')}`, countLines(join(root, 'src', file))]),
)
const tooLong = []

for (const [room, inRoom] of grouped(roomOf)) {
  report(room, inRoom, linesPerRoom[room])
  if (room !== 'engine') continue
  for (const [name, inChapter] of grouped(chapter)) report(`  ${name}`, inChapter)
}
for (const { what, files, lines: most } of together) report(what, files, most)
for (const [file, length] of lines) {
  if (length > linesPerFile) tooLong.push(`${file} has ${length} lines, ${linesPerFile} at most`)
}

if (tooLong.length > 0) {
  process.stderr.write(`${tooLong.join('\n')}\nSplit it, or raise its cap at the top of build/size.mjs.\n`)
  process.exitCode = 1
}

/** One line of the table; `most` is the cap, where it has one. */
function report(name, members, most) {
  const total = members.reduce((sum, file) => sum + (lines.get(file) ?? 0), 0)
  const cap = most === undefined ? '' : ` of ${most}`
  const count = `${members.length} file${members.length === 1 ? '' : 's'}`
  process.stdout.write(`${name.padEnd(24)}${String(total).padStart(6)}${cap.padEnd(9)}  ${count}\n`)
  if (most !== undefined && total > most) tooLong.push(`${name.trim()} has ${total} lines, ${most} at most`)
}

function roomOf(file) {
  return file.split('/')[1]
}

/** The folder of a file of the engine. */
function chapter(file) {
  return file.startsWith('src/engine/') ? `${dirname(file).slice('src/'.length)}/` : undefined
}

/** The files by `key`, without those that have none. */
function grouped(key) {
  const groups = new Map()
  for (const file of lines.keys()) {
    const name = key(file)
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), file])
  }
  return groups
}

function countLines(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').length
}
