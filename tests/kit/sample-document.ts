/** A document as a person might have made it: twelve layers, groups in groups, masks, a region, and layers the model made. */
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  type DocumentStore,
  newDocument,
  setBlendMode,
  setLayerMask,
  setLocked,
  setOpacity,
  setVisible,
  type Surface,
} from '../../src/document/index.ts'

let tiles = 0

/** Pixels that nobody looks into; each time another object with other tiles. */
export function sampleSurface(channels: 1 | 4): Surface {
  tiles += 1
  return { channels, tiles: { '0,0': tiles.toString(16).padStart(64, '0') } }
}

function recipe(use: string, prompt: string, seed: number): string {
  return JSON.stringify({
    format: 'paella-studio-recipe/1',
    app: '0.2.0',
    modelSha256: 'a'.repeat(64),
    tokensSha256: 'b'.repeat(64),
    request: {
      version: 1,
      model: 'paella-mini',
      negative: 'text, frame',
      size: { width: 512, height: 512 },
      seed,
      count: 1,
      use: { use, prompt },
      sampling: { steps: 10, guidance: 4 },
    },
  })
}

export function sampleDocument(): DocumentStore {
  const store = newDocument({ width: 1024, height: 768 })
  const picture = (name: string, parent: string | null = null, made?: string) =>
    addRasterLayer(store, {
      name,
      surface: sampleSurface(4),
      place: { parent },
      ...(made === undefined ? {} : { recipe: made }),
    })
  const paper = picture('Paper')
  setLocked(store, paper, true)
  const sky = picture('Sky', null, recipe('text', 'an evening sky over low hills, soft clouds', 71))
  setLayerMask(store, sky, { surface: sampleSurface(1), enabled: true })
  const village = addGroup(store, { name: 'Village' })
  picture('Houses', village, recipe('inpaint', 'whitewashed houses with blue doors', 1204))
  const lights = addGroup(store, { name: 'Lights', place: { parent: village } })
  const glow = picture('Glow', lights)
  setBlendMode(store, glow, 'screen')
  setOpacity(store, glow, 0.6)
  picture('Windows', lights)
  const trees = picture('Trees', village)
  setLayerMask(store, trees, { surface: sampleSurface(1), enabled: false })
  const shade = picture('Shade')
  setBlendMode(store, shade, 'multiply')
  setOpacity(store, shade, 0.45)
  addMaskLayer(store, { name: 'Lake', surface: sampleSurface(1), prompt: 'a still lake with reflections' })
  const notes = picture('Notes and a name that is far too long for the panel')
  setVisible(store, notes, false)
  picture('Boat')
  return store
}
