/** The networks whose weights Paella takes, how each is known by its keys, and what published files hold beside it. */
import type { Shape, Sides } from './shape-table.ts'
import {
  paellaV1Sizes,
  paellaV1Table,
  paellaV3Sizes,
  paellaV3Table,
  priorSizes,
  priorTable,
} from './tables-denoisers.ts'
import { vqganSizes, vqganTable, vqModelSizes, vqModelTable } from './tables-pixels.ts'
import { byt5Sizes, byt5Table, clipSizes, clipTable } from './tables-words.ts'

export const networkIds = ['paella-v1', 'paella-v3', 'vqgan-f8', 'vqmodel-f4', 'clip', 'byt5', 'prior'] as const
export type NetworkId = (typeof networkIds)[number]

export interface Network {
  readonly id: NetworkId
  /** For people. */
  readonly title: string
  /** Keys that together no other network has. */
  readonly signs: readonly string[]
  /** Sizes as data (they are kept with the part), and all keys that follow from them. */
  read(sides: Sides): { readonly sizes: object; readonly table: ReadonlyMap<string, Shape> }
  /** Keys that published files hold and the network does not need. */
  readonly passedOver?: RegExp
  /** Other names of a key. */
  readonly renamed?: ReadonlyMap<string, string>
}

function network<Sizes extends object>(
  facts: Omit<Network, 'read'>,
  sizesOf: (sides: Sides) => Sizes,
  tableOf: (sizes: Sizes) => ReadonlyMap<string, Shape>,
): Network {
  return {
    ...facts,
    read(sides) {
      const sizes = sizesOf(sides)
      return { sizes, table: tableOf(sizes) }
    },
  }
}

export const networks: readonly Network[] = [
  network(
    {
      id: 'paella-v1',
      title: "Paella's denoiser of 2022",
      signs: ['embedding.weight', 'down_blocks.0.0.cond_mapper.weight', 'clf.weight'],
    },
    paellaV1Sizes,
    paellaV1Table,
  ),
  network(
    {
      id: 'paella-v3',
      title: "Paella's denoiser of 2023",
      signs: ['byt5_mapper.weight', 'in_mapper.0.weight', 'down_blocks.0.0.depthwise.weight'],
    },
    paellaV3Sizes,
    paellaV3Table,
  ),
  network(
    {
      id: 'vqgan-f8',
      title: 'the Gumbel VQGAN (f8)',
      signs: ['quantize.embed.weight', 'quantize.proj.weight', 'encoder.conv_in.weight'],
      // The discriminator and the perceptual loss of its training.
      passedOver: /^loss\./,
    },
    vqganSizes,
    vqganTable,
  ),
  network(
    {
      id: 'vqmodel-f4',
      title: 'VQModel (f4)',
      signs: ['vquantizer.codebook.weight', 'in_block.1.weight', 'down_blocks.0.gammas'],
      passedOver: /(?:^|\.)num_batches_tracked$|^vquantizer\.(?!codebook\.weight$)/,
    },
    vqModelSizes,
    vqModelTable,
  ),
  network(
    {
      id: 'clip',
      title: 'CLIP',
      signs: ['token_embedding.weight', 'text_projection', 'transformer.resblocks.0.ln_1.weight'],
      passedOver: /^(?:logit_scale|logit_bias|attn_mask)$/,
    },
    clipSizes,
    clipTable,
  ),
  network(
    {
      id: 'byt5',
      title: 'the encoder of ByT5',
      signs: ['encoder.block.0.layer.1.DenseReluDense.wi_0.weight', 'encoder.final_layer_norm.weight'],
      passedOver: /^(?:decoder|lm_head)\.|^encoder\.embed_tokens\.weight$/,
      renamed: new Map([['encoder.embed_tokens.weight', 'shared.weight']]),
    },
    byt5Sizes,
    byt5Table,
  ),
  network(
    { id: 'prior', title: 'the prior of 2023', signs: ['blocks.0.weight', 'blocks.1.0.weight', 'blocks.1.3.weight'] },
    priorSizes,
    priorTable,
  ),
]
