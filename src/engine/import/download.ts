/**
 * Published weights from their authors' address, only when somebody asks, and from where the last attempt ended. The catalogue holds
 * the addresses that the authors give (paella.md, 4) and no others: of the rest only their project is named.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { StudioError } from '../../shared/contract/errors.ts'

export interface CatalogueEntry {
  readonly file: string
  readonly what: string
  readonly address: string
  readonly licence: string
}

const release = 'https://huggingface.co/dome272/Paella/resolve/main'

export const catalogue: readonly CatalogueEntry[] = [
  {
    file: 'paella_v3.pt',
    what: "Paella's denoiser of 2023 (4 GB)",
    address: `${release}/paella_v3.pt`,
    licence: 'MIT',
  },
  { file: 'vqgan_f4.pt', what: 'VQModel (f4), its codes to pixels', address: `${release}/vqgan_f4.pt`, licence: 'MIT' },
  {
    file: 'prior_v1.pt',
    what: 'the prior, prompts to picture features',
    address: `${release}/prior_v1.pt`,
    licence: 'MIT',
  },
]

export interface DownloadOptions {
  readonly onProgress?: (done: number, total: number | undefined) => void
  readonly signal?: AbortSignal
}

/**
 * @param folder where the file goes; its unfinished part stays there for the next attempt
 * @returns the path of the whole file
 * @throws StudioError 'file-unreadable' where the address cannot be reached or sends something else, 'cancelled'
 */
export async function download(
  { file, address }: Pick<CatalogueEntry, 'file' | 'address'>,
  folder: string,
  { onProgress, signal }: DownloadOptions = {},
): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, file)
  const partial = `${path}.unfinished`
  const tagPath = `${partial}.tag`
  const tag = textOf(tagPath)
  const have = tag === undefined ? 0 : sizeOf(partial)
  const failed = (why: string, cause?: unknown): StudioError =>
    new StudioError('file-unreadable', `${address} cannot be fetched: ${why}. Try again: what is there stays.`, {
      cause,
    })
  const complete = (): string => {
    renameSync(partial, path)
    rmSync(tagPath, { force: true })
    return path
  }
  try {
    const response = await fetch(address, {
      signal: signal ?? null,
      headers: have > 0 && tag !== undefined ? { range: `bytes=${have}-`, 'if-range': tag } : {},
    })
    if (response.status === 416 && response.headers.get('content-range') === `bytes */${have}`) return complete()
    if (!response.ok || !response.body) throw failed(`it answers ${response.status}`)
    const isRest =
      response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true
    if (response.status === 206 && !isRest) throw failed('it sends another part than was asked for')
    // A weak tag does not promise the same bytes.
    const newTag = response.headers.get('etag')
    if (newTag !== null && !newTag.startsWith('W/')) writeFileSync(tagPath, newTag)
    else rmSync(tagPath, { force: true })
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    let done = isRest ? have : 0
    const total = Number.isFinite(length) ? done + length : undefined
    const fd = openSync(partial, isRest ? 'a' : 'w')
    try {
      for await (const chunk of response.body) {
        const bytes = chunk as Uint8Array
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at)
        done += bytes.length
        onProgress?.(done, total)
      }
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    if (total !== undefined && done !== total) throw failed(`it ended after ${done} of ${total} bytes`)
  } catch (error) {
    if (signal?.aborted)
      throw new StudioError('cancelled', 'The download was cancelled; it goes on from here next time.')
    if (error instanceof StudioError) throw error
    throw failed(error instanceof Error ? error.message : String(error), error)
  }
  return complete()
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}
