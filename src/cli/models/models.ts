/** What `paella models` does: each command as a function. Importing runs in a process of its own, everything else here. */
import { join, resolve } from 'node:path'
import { catalogue, download } from '../../engine/import/download.ts'
import { findInStore, ModelStore } from '../../engine/import/model-store.ts'
import { partIdPattern, type PartRecord } from '../../engine/import/part-record.ts'
import { relocateStore, verifyParts } from '../../engine/import/store-care.ts'
import { importedModels, modelsHome } from '../../host/engine-environment.ts'
import { importInProcess } from '../../host/import-client.ts'
import { StudioError } from '../../shared/contract/errors.ts'
import type { Cli } from '../cli.ts'
import { exitCodes } from '../exit-codes.ts'
import { terminalLine } from '../terminal-line.ts'
import type { ModelsOptions } from './options.ts'
import { fileLines, gigabytes, importedLine, listLines, partLines, verifiedLine } from './words.ts'

const storeOf = ({ models }: ModelsOptions): ModelStore =>
  new ModelStore(models === undefined ? importedModels() : resolve(models))

/** Lines for people, or a value for programs. */
function say(cli: Cli, { json }: ModelsOptions, value: object, lines: readonly string[]): void {
  cli.stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''))
}

/** One file after the other; what was imported before one fails stays. */
export async function importModels(cli: Cli, files: readonly string[], options: ModelsOptions): Promise<void> {
  const { name, precision = 'float32', textOnly } = options
  if (name !== undefined && !partIdPattern.test(name))
    throw new StudioError('bad-request', '--name must be of small letters, digits, dots and dashes: choose another.')
  const store = storeOf(options)
  const line = terminalLine(cli.stderr, options.json ?? false)
  const cancel = new AbortController()
  const stopListening = cli.onInterrupt(() => cancel.abort())
  try {
    for (const file of files) {
      const request = { path: resolve(file), store: store.folder, precision, name, textOnly }
      const { part, isNew } = await importInProcess(request, {
        entry: join(cli.home, 'import-process.js'),
        signal: cancel.signal,
        onProgress: ({ what, share }) => line.show(`${what} ${file} ${Math.floor(share * 100)} %`),
      })
      line.clear()
      say(cli, options, { type: 'imported', isNew, part }, [importedLine(part, isNew)])
      for (const warning of part.warnings) cli.stderr.write(`paella: warning: ${warning}\n`)
      if (part.ignored.length > 0)
        cli.stderr.write(`paella: passed over in ${file}: ${part.ignored.slice(0, 5).join(', ')}\n`)
    }
  } finally {
    stopListening()
    line.clear()
  }
  if (!options.json) listImported(cli, options)
}

export function listImported(cli: Cli, options: ModelsOptions): void {
  const store = storeOf(options)
  const contents = store.read()
  if (options.json) say(cli, options, { type: 'models', folder: store.folder, ...contents }, [])
  else say(cli, options, {}, listLines(store.folder, contents))
}

export function showImported(cli: Cli, id: string, options: ModelsOptions): void {
  const { model, part } = findInStore(storeOf(options).read(), id)
  const parts = model ? Object.values(model.parts) : part ? [part] : []
  say(
    cli,
    options,
    model ?? { ...part },
    parts.flatMap((one) => partLines(one)),
  )
}

export function verifyImported(cli: Cli, id: string | undefined, options: ModelsOptions): void {
  const store = storeOf(options)
  const contents = store.read()
  const broken = verifyParts(store, id === undefined ? contents.parts : partsOf(store, id), (part, isSound) =>
    say(cli, options, { type: 'verified', id: part.id, isSound }, [verifiedLine(part, isSound)]),
  )
  const unreadable = id === undefined ? contents.broken : []
  for (const file of unreadable)
    say(cli, options, { type: 'broken', file }, [
      `FAIL ${file} cannot be read: import the file that it was made of again`,
    ])
  if (broken.length + unreadable.length > 0) cli.setExitCode(exitCodes.failure)
}

export function removeImported(cli: Cli, id: string, options: ModelsOptions): void {
  const store = storeOf(options)
  const { models } = store.read()
  const { model } = findInStore(store.read(), id)
  const others = new Set(
    models
      .filter((other) => other !== model && other.id !== id)
      .flatMap(({ parts }) => Object.values(parts))
      .map((part) => part.id),
  )
  const gone = partsOf(store, id).filter((part) => model === undefined || !others.has(part.id))
  store.remove(gone)
  for (const part of gone)
    say(cli, options, { type: 'removed', id: part.id }, [`removed ${part.id} (${gigabytes(part.bytes)})`])
}

function partsOf(store: ModelStore, id: string): readonly PartRecord[] {
  const { model, part } = findInStore(store.read(), id)
  return model ? Object.values(model.parts) : part ? [part] : []
}

export function relocateImported(cli: Cli, folder: string, options: ModelsOptions): void {
  if (options.models !== undefined)
    throw new StudioError('bad-request', 'relocate moves the store of your data folder: leave --models away.')
  relocateStore(modelsHome(), folder, (part) =>
    say(cli, options, { type: 'moving', id: part.id }, [`moving ${part.id}`]),
  )
  say(cli, options, { type: 'moved', folder: resolve(folder) }, [`The models are in ${resolve(folder)} now.`])
}

export async function downloadModel(cli: Cli, file: string | undefined, options: ModelsOptions): Promise<void> {
  if (file === undefined) return say(cli, options, { type: 'catalogue', files: catalogue }, fileLines(catalogue))
  const entry = catalogue.find((one) => one.file === file)
  if (!entry)
    throw new StudioError(
      'bad-request',
      `${file} cannot be fetched from here. Choose one of: ${catalogue.map((one) => one.file).join(', ')}.`,
    )
  const line = terminalLine(cli.stderr, options.json ?? false)
  const cancel = new AbortController()
  const stopListening = cli.onInterrupt(() => cancel.abort())
  try {
    const folder = join(storeOf(options).folder, 'downloads')
    const path = await download({ file, address: options.from ?? entry.address }, folder, {
      signal: cancel.signal,
      onProgress: (done, total) =>
        line.show(`${file} ${gigabytes(done)}${total === undefined ? '' : ` of ${gigabytes(total)}`}`),
    })
    line.clear()
    say(cli, options, { type: 'downloaded', path, licence: entry.licence }, [path])
  } finally {
    stopListening()
    line.clear()
  }
}
