/**
 * Where pictures go: `--out` understood once, before any work, and one name a picture. Names tell what the picture is and
 * carry its seed, so that a good one can be made again.
 */
import { stat } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { nodeStorage, systemCode } from '../files/storage.ts'
import { StudioError } from '../shared/contract/errors.ts'
import type { Use } from '../shared/contract/request.ts'
import { probeFolder } from './atomic-write.ts'
import { slug } from '../batch/slug.ts'
import { writeFailure } from './write-failure.ts'

/** `file` is the path that the user named, where it was a file. */
export interface OutputTarget {
  readonly folder: string
  readonly file: string | undefined
}

export interface OutputName {
  readonly path: string
  /** True where the user named exactly this file: only then may it replace one that exists. */
  readonly replace: boolean
}

export interface NamedPicture {
  readonly seed: number
  /** Frame of an interpolation. */
  readonly frame: number | undefined
  /** True where the job makes pictures of several seeds. */
  readonly severalSeeds: boolean
  /** True where no other picture of the job is written. */
  readonly isOnly: boolean
}

const otherPictureTypes = ['.jpg', '.jpeg', '.webp', '.gif', '.bmp', '.tif', '.tiff', '.avif', '.heic', '.jxl']

/**
 * Decides between file and folder, and makes the folder.
 *
 * @throws StudioError 'bad-request' for another file type, 'write-failed' where the folder cannot be made or written.
 */
export async function prepareOutput(out: string | undefined): Promise<OutputTarget> {
  const target = await chooseTarget(out)
  try {
    await nodeStorage.makeFolder(target.folder)
    await probeFolder(target.folder)
  } catch (error) {
    if (!['EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '')) throw writeFailure(out ?? 'The current folder', error)
    const message = `${target.folder} is not a folder: name another place with --out.`
    throw new StudioError('write-failed', message, { cause: error })
  }
  return target
}

async function chooseTarget(out: string | undefined): Promise<OutputTarget> {
  if (out === undefined) return { folder: '.', file: undefined }
  const extension = extname(out).toLowerCase()
  if (out.trim() === '') throw new StudioError('bad-request', '--out is empty: name a .png file or a folder.')
  const status = await stat(out).catch((error: unknown) => {
    // Every other obstacle shows when the folder is made.
    if (systemCode(error) === 'ENAMETOOLONG') throw writeFailure(out, error)
  })
  const isFolder = /[/\\]$/.test(out) || status?.isDirectory() === true
  if (isFolder) return { folder: out, file: undefined }
  if (extension === '.png') return { folder: dirname(out), file: out }
  if (otherPictureTypes.includes(extension)) {
    throw new StudioError(
      'bad-request',
      `--out ${out}: pictures are written as PNG; end the name in .png, or name a folder.`,
    )
  }
  return { folder: out, file: undefined }
}

/** The name of one picture; `stem` comes from `outputStem`. */
export function outputName(target: OutputTarget, stem: string, picture: NamedPicture): OutputName {
  const frame = picture.frame === undefined ? '' : `-frame-${String(picture.frame).padStart(3, '0')}`
  if (target.file === undefined) {
    return { path: join(target.folder, `${stem}-${picture.seed}${frame}.png`), replace: false }
  }
  if (picture.isOnly) return { path: target.file, replace: true }
  const suffix = `${picture.severalSeeds ? `-${picture.seed}` : ''}${frame}`
  const extension = extname(target.file)
  return { path: `${target.file.slice(0, -extension.length)}${suffix}${extension}`, replace: false }
}

/** What a job's pictures are called, from its prompts or, where there are none, from its picture. */
export function outputStem(use: Use): string {
  switch (use.use) {
    case 'interpolate':
    case 'gradient':
      return [slug(use.prompt, 28), slug(use.to, 28)].filter((part) => part !== '').join('-to-') || 'picture'
    case 'regions':
      return slug(use.prompt) || slug(use.regions.map((region) => region.prompt).join(' ')) || 'picture'
    case 'text':
    case 'mix':
      return slug(use.prompt) || 'picture'
    default:
      return slug(use.prompt) || `${imageStem(use.image)}-${pastWords[use.use]}`
  }
}

const pastWords = { inpaint: 'filled', outpaint: 'extended', restyle: 'restyled', vary: 'varied' } as const

function imageStem(image: Extract<Use, { image: unknown }>['image']): string {
  const name = image.kind === 'file' ? (image.name ?? '') : ''
  return slug(name.slice(0, name.length - extname(name).length)) || 'picture'
}
