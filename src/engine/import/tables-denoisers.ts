/** Keys and shapes of the two denoisers and of the prior (paella.md, 2 and 3). */
import { ShapeTable, type Shape, type Sides } from './shape-table.ts'

export interface PaellaV1Sizes {
  readonly labels: number
  /** From the top down. */
  readonly widths: readonly number[]
  readonly down: readonly number[]
  /** From the deepest level up. */
  readonly up: readonly number[]
  /** c_clip + c_r. */
  readonly condition: number
}

export function paellaV1Sizes(sides: Sides): PaellaV1Sizes {
  const levels = 1 + sides.run((i) => `down_blocks.${i + 1}.0.weight`)
  const each = Array.from({ length: levels }, (_, level) => level)
  return {
    labels: sides.of('embedding.weight', 0),
    widths: each.map((i) => (i === 0 ? sides.of('embedding.weight', 1) : sides.of(`down_blocks.${i}.0.weight`, 0))),
    down: each.map((i) => sides.run((j) => `down_blocks.${i}.${i === 0 ? j : j + 1}.cond_mapper.bias`)),
    up: each.map((i) => sides.run((j) => `up_blocks.${i}.${j}.cond_mapper.bias`)),
    condition: sides.of('down_blocks.0.0.cond_mapper.weight', 1),
  }
}

export function paellaV1Table({ labels, widths, down, up, condition }: PaellaV1Sizes): ReadonlyMap<string, Shape> {
  const table = new ShapeTable()
  const width = (level: number): number => widths[level] ?? 0
  const block = (key: string, c: number, skip: number): void => {
    table.layer(`${key}.depthwise.1`, c, 1, 3, 3)
    table.layer(`${key}.cond_mapper`, c, condition)
    table.add(`${key}.ln.gamma`, 1, 1, 1)
    table.add(`${key}.ln.beta`, 1, 1, 1)
    table.layer(`${key}.ln.ln`, c)
    table.layer(`${key}.channelwise.0`, 4 * c, c + skip)
    table.layer(`${key}.channelwise.2`, c, 4 * c)
    table.add(`${key}.gamma`, c)
  }
  table.add('embedding.weight', labels, width(0))
  down.forEach((blocks, i) => {
    if (i > 0) table.layer(`down_blocks.${i}.0`, width(i), width(i - 1), 4, 4)
    for (let j = 0; j < blocks; j++) block(`down_blocks.${i}.${i === 0 ? j : j + 1}`, width(i), 0)
  })
  up.forEach((blocks, i) => {
    const level = widths.length - 1 - i
    for (let j = 0; j < blocks; j++) block(`up_blocks.${i}.${j}`, width(level), i > 0 && j === 0 ? width(level) : 0)
    if (level > 0) table.transposed(`up_blocks.${i}.${blocks}`, width(level), width(level - 1), 4)
  })
  table.layer('clf', labels, width(0), 1, 1)
  return table.shapes
}

export interface PaellaV3Sizes {
  readonly labels: number
  readonly cIn: number
  readonly cOut: number
  readonly cR: number
  readonly patch: number
  readonly kernel: number
  readonly widths: readonly number[]
  /** Whether a level's blocks attend. */
  readonly attends: readonly boolean[]
  /** Groups of C, T and, where the level attends, A; from the top down. */
  readonly blocks: readonly number[]
  readonly condition: {
    readonly channels: number
    readonly byt5: number
    readonly clip: number
    readonly tokens: number
  }
}

export function paellaV3Sizes(sides: Sides): PaellaV3Sizes {
  const levels = 1 + sides.run((i) => `down_blocks.${i + 1}.0.1.weight`)
  const each = Array.from({ length: levels }, (_, level) => level)
  const first = (i: number): number => (i === 0 ? 0 : 1)
  const attends = each.map((i) => sides.has(`down_blocks.${i}.${first(i) + 2}.kv_mapper.1.weight`))
  const cIn = sides.of('in_mapper.0.weight', 1)
  const channels = sides.of('byt5_mapper.weight', 0)
  return {
    labels: sides.of('in_mapper.0.weight', 0),
    cIn,
    cOut: sides.of('out_mapper.1.weight', 1),
    cR: sides.of('down_blocks.0.1.mapper.weight', 1),
    patch: Math.round(Math.sqrt(sides.of('embedding.1.weight', 1) / cIn)),
    kernel: sides.of('down_blocks.0.0.depthwise.weight', 2),
    widths: each.map((i) => sides.of(i === 0 ? 'embedding.1.weight' : `down_blocks.${i}.0.1.weight`, 0)),
    attends,
    blocks: each.map((i) =>
      sides.run((j) => `down_blocks.${i}.${first(i) + j * (attends[i] ? 3 : 2)}.depthwise.weight`),
    ),
    condition: {
      channels,
      byt5: sides.of('byt5_mapper.weight', 1),
      clip: sides.of('clip_mapper.weight', 1),
      tokens: Math.round(sides.of('clip_mapper.weight', 0) / channels),
    },
  }
}

export function paellaV3Table(sizes: PaellaV3Sizes): ReadonlyMap<string, Shape> {
  const { labels, cIn, cOut, cR, patch, kernel, widths, attends, blocks, condition } = sizes
  const table = new ShapeTable()
  const width = (level: number): number => widths[level] ?? 0
  const group = (key: (index: number) => string, at: number, level: number, inputs: number): number => {
    const c = width(level)
    table.layer(`${key(at)}.depthwise`, c, inputs, kernel, kernel)
    table.layer(`${key(at)}.channelwise.0`, 4 * c, c)
    table.add(`${key(at)}.channelwise.2.gamma`, 1, 1, 1, 4 * c)
    table.add(`${key(at)}.channelwise.2.beta`, 1, 1, 1, 4 * c)
    table.layer(`${key(at)}.channelwise.4`, c, 4 * c)
    table.layer(`${key(at + 1)}.mapper`, 2 * c, cR)
    if (!attends[level]) return at + 2
    table.attention(`${key(at + 2)}.attention.attn`, c)
    table.layer(`${key(at + 2)}.kv_mapper.1`, c, condition.channels)
    return at + 3
  }
  table.layer('byt5_mapper', condition.channels, condition.byt5)
  table.layer('clip_mapper', condition.channels * condition.tokens, condition.clip)
  table.layer('clip_image_mapper', condition.channels * condition.tokens, condition.clip)
  table.add('in_mapper.0.weight', labels, cIn)
  table.layer('embedding.1', width(0), cIn * patch * patch, 1, 1)
  widths.forEach((c, level) => {
    if (level > 0) table.layer(`down_blocks.${level}.0.1`, c, width(level - 1), 2, 2)
    let at = level === 0 ? 0 : 1
    for (let j = 0; j < (blocks[level] ?? 0); j++) at = group((i) => `down_blocks.${level}.${i}`, at, level, 1)
  })
  widths.forEach((_, i) => {
    const level = widths.length - 1 - i
    let at = 0
    // The first block of a level takes the kept map of the way down beside its own: two inputs a group.
    for (let j = 0; j < (blocks[level] ?? 0); j++)
      at = group((k) => `up_blocks.${i}.${k}`, at, level, i > 0 && j === 0 ? 2 : 1)
    if (level > 0) table.transposed(`up_blocks.${i}.${at}.1`, width(level), width(level - 1), 2)
  })
  table.layer('clf.1', cOut * patch * patch, width(0), 1, 1)
  table.add('out_mapper.1.weight', labels, cOut, 1, 1)
  return table.shapes
}

export interface PriorSizes {
  readonly clip: number
  readonly hidden: number
  readonly cR: number
  readonly blocks: number
}

export function priorSizes(sides: Sides): PriorSizes {
  const [hidden, clip] = [sides.of('blocks.0.weight', 0), sides.of('blocks.0.weight', 1)]
  return {
    clip,
    hidden,
    cR: sides.of('blocks.1.0.weight', 1) - hidden - clip,
    blocks: sides.run((i) => `blocks.${i + 1}.0.weight`),
  }
}

/** A block sees its input, the text's feature and the time. */
export function priorTable({ clip, hidden, cR, blocks }: PriorSizes): ReadonlyMap<string, Shape> {
  const table = new ShapeTable()
  table.layer('blocks.0', hidden, clip)
  for (let i = 1; i <= blocks; i++) {
    table.add(`blocks.${i}.0.weight`, 4 * hidden, hidden + clip + cR)
    table.layer(`blocks.${i}.1`, 4 * hidden)
    table.add(`blocks.${i}.3.weight`, hidden, 4 * hidden)
    table.layer(`blocks.${i}.4`, hidden)
  }
  table.layer(`blocks.${blocks + 1}`, clip, hidden)
  return table.shapes
}
