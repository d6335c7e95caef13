/** A document as a person might have made it: twelve layers, groups in groups, masks, a region, and layers the model made. */
import {
  addGroup,
  addMaskLayer,
  addRasterLayer,
  type Candidate,
  type DocumentStore,
  type Generated,
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

/** As a run of three pictures leaves it: the second one was taken. */
function sampleResults(prompt: string): Generated {
  const area = { x: 0, y: 0, width: 8, height: 8 }
  const candidate = (seed: number, pictureId: string | null): Candidate => ({
    surface: sampleSurface(4),
    recipe: recipe('text', prompt, seed),
    grid: { width: 2, height: 2, codes: 'AAAAAAAAAAA=' },
    confidence: 'AAAAAA==',
    pictureId,
  })
  const candidates = { '0': candidate(71, 'picture-71'), '1': candidate(72, 'picture-72'), '2': candidate(73, null) }
  return { rect: area, area, candidates, chosen: '1', intact: true }
}

export function sampleDocument(): DocumentStore {
  const store = newDocument({ width: 1024, height: 768 })
  const picture = (name: string, parent: string | null = null, made?: string, generated?: Generated) =>
    addRasterLayer(store, {
      name,
      surface: sampleSurface(4),
      place: { parent },
      ...(made === undefined ? {} : { recipe: made }),
      ...(generated === undefined ? {} : { generated }),
    })
  const paper = picture('Paper')
  setLocked(store, paper, true)
  const clouds = 'an evening sky over low hills, soft clouds'
  const sky = picture('Sky', null, recipe('text', clouds, 71), sampleResults(clouds))
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
