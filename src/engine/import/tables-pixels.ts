/** Keys and shapes of the two networks that turn pictures into codes and back. */
import { ShapeTable, type Shape, type Sides } from './shape-table.ts'

export interface VQModelSizes {
  readonly codes: number
  readonly latent: number
  readonly widths: readonly number[]
  readonly bottleneckBlocks: number
}

export function vqModelSizes(sides: Sides): VQModelSizes {
  const levels = Math.max(
    1,
    sides.run((i) => `down_blocks.${2 * i}.gammas`),
  )
  const bottom = sides.run((i) => `up_blocks.${i + 1}.gammas`)
  return {
    codes: sides.of('vquantizer.codebook.weight', 0),
    latent: sides.of('vquantizer.codebook.weight', 1),
    widths: Array.from({ length: levels }, (_, i) => sides.of(`down_blocks.${2 * i}.depthwise.1.bias`, 0)),
    bottleneckBlocks: bottom,
  }
}

export function vqModelTable({ codes, latent, widths, bottleneckBlocks }: VQModelSizes): ReadonlyMap<string, Shape> {
  const table = new ShapeTable()
  const width = (level: number): number => widths[level] ?? 0
  const block = (key: string, c: number): void => {
    table.layer(`${key}.depthwise.1`, c, 1, 3, 3)
    table.layer(`${key}.channelwise.0`, 4 * c, c)
    table.layer(`${key}.channelwise.2`, c, 4 * c)
    table.add(`${key}.gammas`, 6)
  }
  const last = widths.length - 1
  table.layer('in_block.1', width(0), 12, 1, 1)
  widths.forEach((c, level) => {
    if (level > 0) table.layer(`down_blocks.${2 * level - 1}`, c, width(level - 1), 4, 4)
    block(`down_blocks.${2 * level}`, c)
  })
  const norm = `down_blocks.${2 * last + 1}`
  table.add(`${norm}.0.weight`, latent, width(last), 1, 1)
  table.layer(`${norm}.1`, latent)
  table.add(`${norm}.1.running_mean`, latent)
  table.add(`${norm}.1.running_var`, latent)
  table.add('vquantizer.codebook.weight', codes, latent)
  table.layer('up_blocks.0.0', width(last), latent, 1, 1)
  let at = 1
  for (let level = last; level >= 0; level--) {
    for (let j = 0; j < (level === last ? bottleneckBlocks : 1); j++) block(`up_blocks.${at++}`, width(level))
    if (level > 0) table.transposed(`up_blocks.${at++}`, width(level), width(level - 1), 4)
  }
  table.layer('out_block.0', 12, width(0), 1, 1)
  return table.shapes
}

export interface VqganSizes {
  readonly codes: number
  readonly embedDim: number
  readonly z: number
  /** Channels of each level, from the pixels down, and of the stem. */
  readonly stem: number
  readonly widths: readonly number[]
  readonly blocks: number
  /** Levels whose blocks attend, on the way down and up. */
  readonly attends: readonly boolean[]
}

export function vqganSizes(sides: Sides): VqganSizes {
  const levels = sides.run((i) => `encoder.down.${i}.block.0.conv1.weight`)
  const each = Array.from({ length: levels }, (_, level) => level)
  return {
    codes: sides.of('quantize.embed.weight', 0),
    embedDim: sides.of('quantize.embed.weight', 1),
    z: sides.of('encoder.conv_out.weight', 0),
    stem: sides.of('encoder.conv_in.weight', 0),
    widths: each.map((i) => sides.of(`encoder.down.${i}.block.0.conv1.weight`, 0)),
    blocks: sides.run((j) => `encoder.down.0.block.${j}.conv1.weight`),
    attends: each.map((i) => sides.has(`encoder.down.${i}.attn.0.q.weight`)),
  }
}

/** The names are those of taming-transformers. The decoder has one block more a level than the encoder. */
export function vqganTable({
  codes,
  embedDim,
  z,
  stem,
  widths,
  blocks,
  attends,
}: VqganSizes): ReadonlyMap<string, Shape> {
  const table = new ShapeTable()
  const last = widths.length - 1
  const width = (level: number): number => widths[level] ?? 0
  const block = (key: string, from: number, to: number): void => {
    table.layer(`${key}.norm1`, from)
    table.layer(`${key}.conv1`, to, from, 3, 3)
    table.layer(`${key}.norm2`, to)
    table.layer(`${key}.conv2`, to, to, 3, 3)
    if (from !== to) table.layer(`${key}.nin_shortcut`, to, from, 1, 1)
  }
  const attention = (key: string, c: number): void => {
    table.layer(`${key}.norm`, c)
    for (const part of ['q', 'k', 'v', 'proj_out']) table.layer(`${key}.${part}`, c, c, 1, 1)
  }
  const level = (key: string, i: number, from: number, count: number): void => {
    for (let j = 0; j < count; j++) {
      block(`${key}.block.${j}`, j === 0 ? from : width(i), width(i))
      if (attends[i]) attention(`${key}.attn.${j}`, width(i))
    }
  }
  const middle = (key: string): void => {
    block(`${key}.mid.block_1`, width(last), width(last))
    attention(`${key}.mid.attn_1`, width(last))
    block(`${key}.mid.block_2`, width(last), width(last))
  }
  table.layer('encoder.conv_in', stem, 3, 3, 3)
  widths.forEach((c, i) => {
    level(`encoder.down.${i}`, i, i === 0 ? stem : width(i - 1), blocks)
    if (i < last) table.layer(`encoder.down.${i}.downsample.conv`, c, c, 3, 3)
  })
  middle('encoder')
  table.layer('encoder.norm_out', width(last))
  table.layer('encoder.conv_out', z, width(last), 3, 3)
  table.layer('quant_conv', embedDim, z, 1, 1)
  table.layer('quantize.proj', codes, embedDim, 1, 1)
  table.add('quantize.embed.weight', codes, embedDim)
  table.layer('post_quant_conv', z, embedDim, 1, 1)
  table.layer('decoder.conv_in', width(last), z, 3, 3)
  middle('decoder')
  for (let i = last; i >= 0; i--) {
    level(`decoder.up.${i}`, i, width(Math.min(i + 1, last)), blocks + 1)
    if (i > 0) table.layer(`decoder.up.${i}.upsample.conv`, width(i), width(i), 3, 3)
  }
  table.layer('decoder.norm_out', width(0))
  table.layer('decoder.conv_out', 3, width(0), 3, 3)
  return table.shapes
}
