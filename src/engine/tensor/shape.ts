/**
 * Shapes that are checked while a graph is built. A dimension is a number, or a product of a number and named unknowns
 * (`4·h`): the token grid's size and the batch are unknown when a graph is built, but that one level is half as wide as the
 * level above, or that rows are b·h·w, is known and checked.
 */
import { assert } from '../../shared/base/assert.ts'

/** times · symbols + plus */
export interface SymbolicDim {
  readonly times: number
  /** Sorted, so that equal products look equal. */
  readonly symbols: readonly string[]
  readonly plus: number
}
export type Dim = number | SymbolicDim
export type Shape = readonly Dim[]

/** `symbol('h', 4)` is four times the unknown h. */
export function symbol(name: string, times = 1): Dim {
  return { times, symbols: [name], plus: 0 }
}

/** Product of dimensions: the number of elements, or of rows. */
export function product(dims: Shape): Dim {
  let times = 1
  const symbols: string[] = []
  for (const dim of dims) {
    if (typeof dim === 'number') times *= dim
    else {
      assert(dim.plus === 0, `no product with a padded side ${formatDim(dim)}`)
      times *= dim.times
      symbols.push(...dim.symbols)
    }
  }
  return symbols.length === 0 ? times : { times, symbols: symbols.sort(), plus: 0 }
}

/** The side of things joined: a number, or an unknown of its own, called by what it is the sum of. */
export function sum(dims: Shape): Dim {
  if (dims.every((dim) => typeof dim === 'number')) return dims.reduce((total, dim) => total + dim, 0)
  return symbol(`(${dims.map(formatDim).join('+')})`)
}

export function multiply(dim: Dim, factor: number): Dim {
  return product([dim, factor])
}

/** Exact division. @throws where `divisor` does not divide the known factor, so that no cell is ever lost silently. */
export function divide(dim: Dim, divisor: number): Dim {
  const size = typeof dim === 'number' ? { times: dim, plus: 0 } : dim
  assert(size.times % divisor === 0 && size.plus === 0, `${formatDim(dim)} does not divide by ${divisor}`)
  return typeof dim === 'number' ? dim / divisor : { ...dim, times: dim.times / divisor }
}

export function grow(dim: Dim, by: number): Dim {
  return typeof dim === 'number' ? dim + by : { ...dim, plus: dim.plus + by }
}

/** The side that a convolution gives: floor((side + 2 pad - kernel) / stride) + 1. */
export function convolved(dim: Dim, kernel: number, stride: number, pad: number): Dim {
  const side = (size: number): number => Math.floor((size + 2 * pad - kernel) / stride) + 1
  if (typeof dim === 'number') return side(dim)
  assert(dim.times % stride === 0, `${formatDim(dim)} does not divide by the stride ${stride}`)
  return { ...dim, times: dim.times / stride, plus: side(dim.plus) }
}

export function sameDim(a: Dim, b: Dim): boolean {
  return formatDim(a) === formatDim(b)
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => sameDim(dim, b[axis] ?? -1))
}

/** NumPy broadcasting. @throws where two dimensions differ and neither is 1. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    if (left === 1) return right
    assert(right === 1 || sameDim(left, right), `${formatShape(a)} and ${formatShape(b)} do not broadcast`)
    return left
  })
}

/** A dimension where the unknowns have these sizes; undefined where one of its own is not among them. */
export function sizeOf(dim: Dim, sizes: Readonly<Record<string, number>>): number | undefined {
  if (typeof dim === 'number') return dim
  const factors = dim.symbols.map((name) => sizes[name])
  if (factors.includes(undefined)) return undefined
  return factors.reduce<number>((total, factor) => total * (factor ?? 0), dim.times) + dim.plus
}

/** A dimension that must be a plain number, as channel counts are. */
export function known(dim: Dim | undefined): number {
  assert(typeof dim === 'number', `a known dimension was needed, not ${dim === undefined ? 'none' : formatDim(dim)}`)
  return dim
}

/** Also the `dim_param` that goes into the file. */
export function formatDim(dim: Dim): string {
  if (typeof dim === 'number') return String(dim)
  const base = [...(dim.times === 1 ? [] : [dim.times]), ...dim.symbols].join('*')
  return dim.plus === 0 ? base : `${base}${dim.plus > 0 ? '+' : ''}${dim.plus}`
}

export function formatShape(shape: Shape): string {
  return `[${shape.map(formatDim).join(', ')}]`
}
