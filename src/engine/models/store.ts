/**
 * The models folder: every subfolder with a model.json is a model. A manifest names the weight files and how the model wants to
 * be used; all sizes come from the weights' own shapes.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StudioError } from '../../shared/contract/errors.ts'
import { samplingSchema } from '../../shared/contract/request.ts'
import { foldersOf } from './model-folders.ts'

const fileSchema = z.object({
  file: z.string().regex(/^[\w.-]+$/),
  bytes: z.int().min(0),
  sha256: z.string(),
  /** Which of the networks that can play this part (import/networks.ts); the shipped ones are known by their keys. */
  network: z.string().optional(),
})

const manifestSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  name: z.string(),
  /** Side in px of the pictures it was trained on. */
  imageSize: z.int().min(16).max(1024),
  /** What is done to CLIP's features before they enter the denoiser. */
  condition: z.object({ normalise: z.boolean(), scale: z.number() }),
  /** What no shape tells, where it differs from published towers. */
  clip: z
    .object({ quickGelu: z.boolean().optional(), textHeads: z.int().optional(), visionHeadWidth: z.int().optional() })
    .optional(),
  sampling: samplingSchema.pick({ steps: true, guidance: true, temperature: true, typicalMass: true, renoise: true }),
  /** Where the files lie when not beside the manifest: imported models share their parts. */
  weights: z.literal('../parts').optional(),
  /** The last two are those of the 2023 release. */
  files: z.object({
    denoiser: fileSchema,
    vq: fileSchema,
    clip: fileSchema,
    byt5: fileSchema.optional(),
    prior: fileSchema.optional(),
  }),
})

/** `folder` is where its files lie. */
export type Manifest = z.infer<typeof manifestSchema> & { readonly folder: string }

export interface ModelList {
  readonly models: readonly Manifest[]
  /** Folders with a manifest that cannot be used, and why: they must not hide the others. */
  readonly broken: readonly { readonly folder: string; readonly error: StudioError }[]
}

/** @param modelsDir one folder, or several (model-folders.ts); in each the models by name of their folder */
export async function listModels(modelsDir: string): Promise<ModelList> {
  const folders = (await Promise.all(foldersOf(modelsDir).map(subfolders))).flat()
  const models: Manifest[] = []
  const broken: { folder: string; error: StudioError }[] = []
  for (const folder of folders) {
    const found = await readManifest(folder)
    if (found instanceof StudioError) broken.push({ folder, error: found })
    else if (found) models.push(found)
  }
  return { models, broken }
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .sort()
}

/** @throws StudioError 'model-missing' with the ids there are, 'model-broken' where a broken one may be what was meant */
export async function findModel(modelsDir: string, id: string | undefined): Promise<Manifest> {
  const { models, broken } = await listModels(modelsDir)
  const found = id === undefined ? models[0] : models.find((model) => model.id === id)
  if (found) return found
  const [suspect] = broken
  if (suspect) throw suspect.error
  const there = models.map((model) => model.id).join(', ')
  if (there) throw new StudioError('model-missing', `There is no model '${id}'. Choose one of: ${there}.`)
  throw new StudioError(
    'model-missing',
    `There is no model in ${foldersOf(modelsDir).join(' or ')}. Give the folder that holds them with --models.`,
  )
}

async function readManifest(folder: string): Promise<Manifest | StudioError | undefined> {
  const path = join(folder, 'model.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const manifest = manifestSchema.parse(JSON.parse(text))
    return { ...manifest, folder: manifest.weights === undefined ? folder : join(folder, manifest.weights) }
  } catch (cause) {
    const message = `${path} is not a manifest this version can read. Install the model again.`
    return new StudioError('model-broken', message, { cause })
  }
}
