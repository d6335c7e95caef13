/** Keys and shapes of the two text encoders: CLIP with its vision tower where it is there, and the encoder of ByT5. */
import { ShapeTable, type Shape, type Sides } from './shape-table.ts'

export interface TowerSizes {
  readonly width: number
  readonly hidden: number
  readonly layers: number
}

export interface ClipSizes {
  readonly embedDim: number
  readonly text: TowerSizes & { readonly vocabulary: number; readonly contextLength: number }
  readonly vision: (TowerSizes & { readonly patch: number; readonly cells: number }) | undefined
}

export function clipSizes(sides: Sides): ClipSizes {
  const tower = (prefix: string, width: number): TowerSizes => ({
    width,
    hidden: sides.of(`${prefix}transformer.resblocks.0.mlp.c_fc.weight`, 0),
    layers: sides.run((i) => `${prefix}transformer.resblocks.${i}.ln_1.weight`),
  })
  return {
    embedDim: sides.of('text_projection', 1),
    text: {
      ...tower('', sides.of('token_embedding.weight', 1)),
      vocabulary: sides.of('token_embedding.weight', 0),
      contextLength: sides.of('positional_embedding', 0),
    },
    vision: sides.has('visual.conv1.weight')
      ? {
          ...tower('visual.', sides.of('visual.conv1.weight', 0)),
          patch: sides.of('visual.conv1.weight', 2),
          cells: sides.of('visual.positional_embedding', 0),
        }
      : undefined,
  }
}

export function clipTable({ embedDim, text, vision }: ClipSizes): ReadonlyMap<string, Shape> {
  const table = new ShapeTable()
  const tower = (prefix: string, { width, hidden, layers }: TowerSizes): void => {
    for (let i = 0; i < layers; i++) {
      const key = `${prefix}transformer.resblocks.${i}`
      table.layer(`${key}.ln_1`, width)
      table.attention(`${key}.attn`, width)
      table.layer(`${key}.ln_2`, width)
      table.layer(`${key}.mlp.c_fc`, hidden, width)
      table.layer(`${key}.mlp.c_proj`, width, hidden)
    }
  }
  table.add('token_embedding.weight', text.vocabulary, text.width)
  table.add('positional_embedding', text.contextLength, text.width)
  tower('', text)
  table.layer('ln_final', text.width)
  table.add('text_projection', text.width, embedDim)
  if (!vision) return table.shapes
  table.add('visual.conv1.weight', vision.width, 3, vision.patch, vision.patch)
  table.add('visual.class_embedding', vision.width)
  table.add('visual.positional_embedding', vision.cells, vision.width)
  table.layer('visual.ln_pre', vision.width)
  tower('visual.', vision)
  table.layer('visual.ln_post', vision.width)
  table.add('visual.proj', vision.width, embedDim)
  return table.shapes
}

export interface ByT5Sizes {
  readonly vocabulary: number
  readonly width: number
  /** Heads times their width. */
  readonly inner: number
  readonly hidden: number
  readonly layers: number
  readonly heads: number
  readonly buckets: number
}

const firstAttention = 'encoder.block.0.layer.0.SelfAttention'

export function byt5Sizes(sides: Sides): ByT5Sizes {
  const table = sides.has('shared.weight') ? 'shared.weight' : 'encoder.embed_tokens.weight'
  return {
    vocabulary: sides.of(table, 0),
    width: sides.of(table, 1),
    inner: sides.of(`${firstAttention}.q.weight`, 0),
    hidden: sides.of('encoder.block.0.layer.1.DenseReluDense.wi_0.weight', 0),
    layers: sides.run((i) => `encoder.block.${i}.layer.0.layer_norm.weight`),
    heads: sides.of(`${firstAttention}.relative_attention_bias.weight`, 1),
    buckets: sides.of(`${firstAttention}.relative_attention_bias.weight`, 0),
  }
}

export function byt5Table(sizes: ByT5Sizes): ReadonlyMap<string, Shape> {
  const { vocabulary, width, inner, hidden, layers, heads, buckets } = sizes
  const table = new ShapeTable()
  table.add('shared.weight', vocabulary, width)
  for (let i = 0; i < layers; i++) {
    const key = `encoder.block.${i}.layer`
    for (const part of ['q', 'k', 'v']) table.add(`${key}.0.SelfAttention.${part}.weight`, inner, width)
    table.add(`${key}.0.SelfAttention.o.weight`, width, inner)
    table.add(`${key}.0.layer_norm.weight`, width)
    for (const part of ['wi_0', 'wi_1']) table.add(`${key}.1.DenseReluDense.${part}.weight`, hidden, width)
    table.add(`${key}.1.DenseReluDense.wo.weight`, width, hidden)
    table.add(`${key}.1.layer_norm.weight`, width)
  }
  table.add(`${firstAttention}.relative_attention_bias.weight`, buckets, heads)
  table.add('encoder.final_layer_norm.weight', width)
  return table.shapes
}
