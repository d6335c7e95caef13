/** Models and parts in lines for people. */
import type { ComposedModel } from '../../engine/import/compose.ts'
import type { CatalogueEntry } from '../../engine/import/download.ts'
import type { StoreContents } from '../../engine/import/model-store.ts'
import type { PartRecord } from '../../engine/import/part-record.ts'

export const gigabytes = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`

const loss = ({ error, precision }: PartRecord): string =>
  precision === 'float32' && error.relative === 0 ? precision : `${precision}, error ${error.relative.toExponential(1)}`

export const importedLine = (part: PartRecord, isNew: boolean): string =>
  `${isNew ? 'imported' : 'already there:'} ${part.source.name} as ${part.id} (${gigabytes(part.bytes)}, ${loss(part)})`

export const verifiedLine = ({ id, source }: PartRecord, isSound: boolean): string =>
  isSound ? `ok   ${id}` : `FAIL ${id}: import ${source.name} again`

export function listLines(folder: string, { models, parts, broken }: StoreContents): string[] {
  if (parts.length === 0 && broken.length === 0) return [`Nothing is imported in ${folder}.`]
  const used = new Set(models.flatMap((model) => Object.values(model.parts)).map(({ id }) => id))
  const loose = parts.filter(({ id }) => !used.has(id))
  return [
    ...models.flatMap(modelLines),
    ...(loose.length > 0 ? ['parts of no model:', ...loose.map((part) => `  ${partLine(part)}`)] : []),
    ...broken.map((file) => `cannot be read: ${file}`),
  ]
}

function modelLines({ id, parts, missing, optional }: ComposedModel): string[] {
  return [
    `${id}: ${missing.length === 0 ? 'ready' : 'not whole yet'}`,
    ...Object.entries(parts).map(([role, part]) => `  ${role.padEnd(9)}${partLine(part)}`),
    ...missing.map(({ what, from }) => `  missing: ${what}. Its authors publish it as ${from}.`),
    ...optional.map(({ what, from }) => `  can be added: ${what}: ${from}.`),
  ]
}

const partLine = (part: PartRecord): string =>
  `${part.id}  ${gigabytes(part.bytes)}, ${loss(part)}, from ${part.source.name}`

export function partLines(part: PartRecord): string[] {
  const { error, source } = part
  const facts: readonly (readonly [string, string])[] = [
    ['network', part.network],
    ['sizes', JSON.stringify(part.sizes)],
    ['precision', loss(part)],
    ...(error.worst ? ([['lost most', `${error.worst.key}, ${error.worst.relative.toExponential(1)}`]] as const) : []),
    ['bytes', String(part.bytes)],
    ['sha256', part.sha256],
    ['from', `${source.name} (${source.format}, ${gigabytes(source.bytes)}, sha256 ${source.sha256})`],
    [
      'passed over',
      `${part.passedOver} tensors${part.ignored.length > 0 ? `; objects ${part.ignored.join(', ')}` : ''}`,
    ],
    ...part.warnings.map((warning) => ['warning', warning] as const),
  ]
  return [part.id, ...facts.map(([name, text]) => `  ${name.padEnd(12)}${text}`)]
}

export const fileLines = (files: readonly CatalogueEntry[]): string[] =>
  files.map(({ file, what, address, licence }) => `${file.padEnd(16)}${what}, ${licence}: ${address}`)
