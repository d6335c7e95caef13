/** How the sections of the right column share its height. */
import { clamp } from '../../../shared/geometry/rect.ts'
import type { PanelLayout } from '../studio/studio-state.ts'

export type SectionId = 'layers' | 'properties' | 'history'
/** What has a height of its own; the first open section takes what is left. */
export type SizedSection = keyof PanelLayout['heights']

export const defaultLayout: PanelLayout = { heights: { properties: 232, history: 168 }, collapsed: [] }

/** Of an open section, with its heading. */
export const leastHeight = 104
const mostHeight = 800

/** Settings files hold what they may: heights are made possible ones. */
export function fitLayout(layout: PanelLayout | undefined): PanelLayout {
  if (layout === undefined) return defaultLayout
  const fit = (section: SizedSection): number => {
    const height = layout.heights[section]
    return Number.isFinite(height) ? clamp(Math.round(height), leastHeight, mostHeight) : defaultLayout.heights[section]
  }
  return { heights: { properties: fit('properties'), history: fit('history') }, collapsed: layout.collapsed }
}

export const withHeight = (layout: PanelLayout, section: SizedSection, height: number): PanelLayout =>
  fitLayout({ ...layout, heights: { ...layout.heights, [section]: height } })

export function withToggled(layout: PanelLayout, section: SectionId): PanelLayout {
  const others = layout.collapsed.filter((id) => id !== section)
  return { ...layout, collapsed: others.length < layout.collapsed.length ? others : [...others, section] }
}
