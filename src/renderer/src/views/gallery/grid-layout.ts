/**
 * Where each picture of the gallery lies: days one below the other, each with a heading and rows of squares. It follows from how
 * many pictures each day has, so that 10,000 of them have their place before one is known.
 */
export interface Day {
  readonly day: string
  readonly count: number
}

export interface Section extends Day {
  /** Index of its first picture. */
  readonly from: number
  readonly top: number
  readonly height: number
}

export interface GridLayout {
  readonly sections: readonly Section[]
  readonly columns: number
  /** Side of a square; what lies between two is `gap`. */
  readonly side: number
  readonly height: number
  readonly count: number
}

export const gap = 8
export const headingHeight = 40
/** Squares are as wide as they must be to fill the width, and never narrower than that. */
const leastSide = 148

export function gridLayout(days: readonly Day[], width: number): GridLayout {
  const columns = Math.max(1, Math.floor((width + gap) / (leastSide + gap)))
  const side = Math.max(1, Math.floor((width - gap * (columns - 1)) / columns))
  let top = 0
  let from = 0
  const sections = days.map(({ day, count }) => {
    const height = headingHeight + Math.ceil(count / columns) * (side + gap)
    const section = { day, count, from, top, height }
    top += height
    from += count
    return section
  })
  return { sections, columns, side, height: top, count: from }
}

/** Undefined where there is no such picture. */
export function placeOf(layout: GridLayout, index: number): { readonly x: number; readonly y: number } | undefined {
  const section = sectionOf(layout, index)
  if (section === undefined) return undefined
  const at = index - section.from
  const step = layout.side + gap
  return {
    x: (at % layout.columns) * step,
    y: section.top + headingHeight + Math.floor(at / layout.columns) * step,
  }
}

/** Sections between two heights, and of each the pictures that reach in, whole rows of them: from..to, `to` not among them. */
export function visibleIn(
  layout: GridLayout,
  top: number,
  bottom: number,
): readonly { readonly section: Section; readonly from: number; readonly to: number }[] {
  const { sections, columns, side } = layout
  const step = side + gap
  const first = firstThat(sections, (section) => section.top + section.height > top)
  const found = []
  for (let i = first; i < sections.length; i++) {
    const section = sections[i] as Section
    if (section.top >= bottom) break
    const rows = section.top + headingHeight
    const row = Math.max(0, Math.floor((top - rows) / step))
    const end = Math.max(0, Math.ceil((bottom - rows) / step))
    const from = section.from + Math.min(section.count, row * columns)
    found.push({ section, from, to: Math.max(from, section.from + Math.min(section.count, end * columns)) })
  }
  return found
}

/** Where a key leads to from a picture; the same picture at the edge. Up and down keep the column over the border of a day. */
export function moveFrom(layout: GridLayout, index: number, key: string, rowsAPage: number): number {
  const last = layout.count - 1
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1)
    case 'ArrowRight':
      return Math.min(last, index + 1)
    case 'ArrowUp':
      return rowsAway(layout, index, -1)
    case 'ArrowDown':
      return rowsAway(layout, index, 1)
    case 'PageUp':
      return rowsAway(layout, index, -rowsAPage)
    case 'PageDown':
      return rowsAway(layout, index, rowsAPage)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return index
  }
}

function rowsAway(layout: GridLayout, index: number, rows: number): number {
  let at = index
  for (let i = 0; i < Math.abs(rows); i++) at = rows < 0 ? above(layout, at) : below(layout, at)
  return at
}

function below({ sections, columns }: GridLayout, index: number): number {
  const number = sections.findIndex(({ from, count }) => index < from + count)
  const section = sections[number]
  if (section === undefined) return index
  const at = index - section.from
  const next = at + columns
  if (next < section.count) return section.from + next
  const isLastRow = Math.floor(at / columns) === Math.floor((section.count - 1) / columns)
  // The last row is shorter: its last picture is the nearest.
  if (!isLastRow) return section.from + section.count - 1
  const after = sections[number + 1]
  return after === undefined ? index : after.from + Math.min(after.count - 1, at % columns)
}

function above({ sections, columns }: GridLayout, index: number): number {
  const number = sections.findIndex(({ from, count }) => index < from + count)
  const section = sections[number]
  if (section === undefined) return index
  const at = index - section.from
  if (at >= columns) return index - columns
  const before = sections[number - 1]
  if (before === undefined) return index
  const row = Math.floor((before.count - 1) / columns) * columns
  return before.from + Math.min(before.count - 1, row + (at % columns))
}

function sectionOf({ sections }: GridLayout, index: number): Section | undefined {
  if (index < 0) return undefined
  return sections[firstThat(sections, ({ from, count }) => index < from + count)]
}

/** Of a list that is false first and true from some place on: that place; the length where it is never true. */
function firstThat<T>(list: readonly T[], isTrue: (item: T) => boolean): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isTrue(list[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
