/** Each region has a colour of its own, the same in the properties and on the canvas. */
import type { LayerId, MaskLayer, Records } from '../../../document/index.ts'

/** Far apart for eyes of all kinds, and neither light nor dark: they show on any picture. */
const colours = ['#e8632c', '#2f9bd6', '#4caf50', '#a96ee8', '#d9a514', '#e0519a', '#1fa59a', '#8a7f72'] as const

/** In the order in which they came into the document: moving one leaves the colours of all. */
export function maskLayers(records: Records): MaskLayer[] {
  return [...records.values()].filter((record) => record.kind === 'mask')
}

export function regionColour(records: Records, id: LayerId): string {
  const index = maskLayers(records).findIndex((layer) => layer.id === id)
  return colours[Math.max(0, index) % colours.length] ?? colours[0]
}
