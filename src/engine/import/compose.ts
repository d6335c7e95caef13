/**
 * Models out of parts. A model is a denoiser, the network that turns its codes into pixels, and what makes conditions of words;
 * parts belong together when their sizes say so, and one part may serve several models. What is missing is said by name, with
 * where its authors publish it (paella.md, 4).
 */
import type { NetworkId, PartRecord } from './part-record.ts'

/** What a part is to a model, as manifests name it. */
export type Role = 'denoiser' | 'vq' | 'clip' | 'byt5' | 'prior'

export interface Missing {
  readonly role: Role
  /** For people: what it is, and where it can be had. */
  readonly what: string
  readonly from: string
}

export interface ComposedModel {
  readonly id: string
  readonly network: NetworkId
  readonly parts: Readonly<Partial<Record<Role, PartRecord>>>
  readonly missing: readonly Missing[]
  /** What would add to it, and can be done without. */
  readonly optional: readonly Missing[]
}

const sources: Readonly<Record<string, Missing>> = {
  'vqgan-f8': {
    role: 'vq',
    what: 'the Gumbel VQGAN (f8), which turns codes into pixels',
    from: 'vqgan.gumbelf8-sber.model.ckpt of sberbank-ai/rudalle-utils',
  },
  'vqmodel-f4': {
    role: 'vq',
    what: 'VQModel (f4), which turns codes into pixels',
    from: 'vqgan_f4.pt at huggingface.co/dome272/Paella',
  },
  clip: {
    role: 'clip',
    what: 'CLIP ViT-H-14, which reads prompts',
    from: 'open_clip_pytorch_model.bin (or its .safetensors) of laion/CLIP-ViT-H-14-laion2B-s32B-b79K',
  },
  byt5: { role: 'byt5', what: 'the encoder of ByT5-XL, which reads prompts', from: 'google/byt5-xl' },
  prior: {
    role: 'prior',
    what: 'the prior, which imagines the picture features of a prompt',
    from: 'prior_v1.pt at huggingface.co/dome272/Paella',
  },
}

/** @param parts newest last; of several that fit the newest is taken */
export function compose(parts: readonly PartRecord[]): readonly ComposedModel[] {
  return parts.filter(({ model }) => model !== undefined).map((denoiser) => modelOf(denoiser, parts))
}

function modelOf(denoiser: PartRecord, parts: readonly PartRecord[]): ComposedModel {
  const newest = (network: NetworkId, fits: (sizes: PartRecord['sizes']) => boolean): PartRecord | undefined =>
    parts.filter((part) => part.network === network && fits(part.sizes)).at(-1)
  const { labels, condition } = denoiser.sizes
  const sameCodes = (sizes: PartRecord['sizes']): boolean => sizes['codes'] === labels
  const head = { id: denoiser.model ?? denoiser.id, network: denoiser.network }
  if (denoiser.network === 'paella-v1') {
    const width = Number(condition)
    const clip =
      newest('clip', ({ embedDim }) => width - Number(embedDim) === publishedTimeWidth) ??
      newest('clip', ({ embedDim }) => Number(embedDim) < width)
    const found = { denoiser, vq: newest('vqgan-f8', sameCodes) ?? newest('vqmodel-f4', sameCodes), clip }
    return { ...head, parts: present(found), missing: missing(found, ['vqgan-f8', 'clip']), optional: [] }
  }
  const { byt5: byt5Width, clip: clipWidth } = condition as { readonly byt5: number; readonly clip: number }
  const found = {
    denoiser,
    vq: newest('vqmodel-f4', sameCodes),
    byt5: newest('byt5', ({ width }) => width === byt5Width),
    clip: newest('clip', ({ embedDim }) => embedDim === clipWidth),
    prior: newest('prior', ({ clip }) => clip === clipWidth),
  }
  return {
    ...head,
    parts: present(found),
    missing: missing(found, ['vqmodel-f4', 'byt5', 'clip']),
    optional: missing(found, ['prior']),
  }
}

/** c_r, as published; the checkpoint holds the sum of it and of the condition's width. */
const publishedTimeWidth = 64

type Found = Partial<Record<Role, PartRecord | undefined>>

const present = (found: Found): ComposedModel['parts'] =>
  Object.fromEntries(Object.entries(found).filter(([, part]) => part !== undefined))

function missing(found: Found, wanted: readonly NetworkId[]): Missing[] {
  return wanted.flatMap((network) => {
    const source = sources[network]
    return source && !found[source.role] ? [source] : []
  })
}
