/**
 * Attention, as PyTorch's nn.MultiheadAttention packs it: of a sequence with itself, or over a memory as well. Weights are asked for
 * by their checkpoint keys, inside the scope that the caller has opened.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Value } from '../onnx/graph.ts'
import { add, concat, matmul, mul, reshape, softmax, split, transpose } from '../onnx/ops.ts'
import { affine, linear, width } from './layers.ts'

/**
 * nn.MultiheadAttention of a sequence with itself: [B, N, C] -> [B, N, C]
 * @param mask added to the scores, [N, N]
 */
export function attention(x: Value, key: string, heads: number, mask?: Value): Value {
  return x.graph.scope(key, () => {
    const [q, k, v] = inProjection(x, width(x), 'qkv')
    assert(q && k && v, 'the packed projection has three parts')
    return linear(attend(q, k, v, heads, { mask }), 'out_proj', width(x))
  })
}

/** Keys and values of more to look at, for `attentionOver`: [B, M, C] -> [B, M, 2·C]. It depends on nothing but `x`. */
export const attentionMemory = (x: Value, key: string): Value =>
  x.graph.scope(key, () => concat(inProjection(x, width(x), 'kv'), -1))

/**
 * nn.MultiheadAttention of a sequence over itself (where `self`) and a memory: [B, N, C] -> [B, N, C]
 * @param memory what `attentionMemory` gave, [B, M, 2·C]
 * @param mask added to the scores, [B, 1, 1, N + M] or without `self` [B, 1, 1, M]
 */
export function attentionOver(
  x: Value,
  key: string,
  heads: number,
  memory: Value,
  { self, mask }: { readonly self: boolean; readonly mask: Value },
): Value {
  const channels = width(x)
  return x.graph.scope(key, () => {
    const [q, ...own] = inProjection(x, channels, self ? 'qkv' : 'q')
    const [k, v] = split(memory, -1, [channels, channels]).map((part, i) => concat([...own.slice(i, i + 1), part], 1))
    assert(q && k && v, 'three parts here, two there')
    return linear(attend(q, k, v, heads, { mask }), 'out_proj', channels)
  })
}

interface AttendOptions {
  /** Of the scores before the softmax; default 1 / √(width of a head). */
  readonly scale?: number
  /** Added to the scores, broadcast to [B, heads, N, M]. */
  readonly mask?: Value | undefined
}

/** Scaled dot-product attention: q [B, N, C], k and v [B, M, C] -> [B, N, C] */
export function attend(q: Value, k: Value, v: Value, heads: number, { scale, mask }: AttendOptions = {}): Value {
  const channels = width(q)
  assert(q.shape.length === 3, 'attention needs [batch, length, channels]')
  assert(channels % heads === 0, `${channels} channels do not divide into ${heads} heads`)
  const headWidth = channels / heads
  const [queries, keys, values] = [q, k, v].map((part) =>
    transpose(reshape(part, [...part.shape.slice(0, 2), heads, headWidth]), [0, 2, 1, 3]),
  ) // [B, heads, N or M, headWidth] each
  assert(queries && keys && values, 'three in, three out')
  const factor = scale ?? headWidth ** -0.5
  const scores = matmul(factor === 1 ? queries : mul(queries, factor), transpose(keys, [0, 1, 3, 2])) // [B, heads, N, M]
  const mixed = matmul(softmax(mask ? add(scores, mask) : scores), values)
  return reshape(transpose(mixed, [0, 2, 1, 3]), q.shape)
}

/**
 * The packed projection of nn.MultiheadAttention, of which `parts` are asked for: [..., C] -> a [..., out] for each, in the
 * order query, key, value.
 */
function inProjection(x: Value, out: number, parts: 'qkv' | 'q' | 'kv'): readonly Value[] {
  const from = parts === 'kv' ? out : 0
  const rows = [from, from + parts.length * out] as const
  const packed = affine(x, 'in_proj_weight', 'in_proj_bias', [3 * out, width(x)], { rows })
  return split(packed, -1, Array<number>(parts.length).fill(out))
}
