/**
 * How large a document may be. The store keeps to these limits and so does the reader of files: what can be made here can be
 * saved and opened again, and a hostile file cannot ask for more.
 */
export const limits = {
  /** Of the canvas, in px. */
  canvasSide: 32_768,
  /** Of the frame, in px; its corner may lie this far outside of the canvas. */
  frameSide: 32_768,
  layers: 1000,
  /** Groups in groups. */
  depth: 16,
  /** Characters. */
  name: 200,
  prompt: 20_000,
  recipe: 1_000_000,
  /** Of a token grid: characters of its codes in base64, and cells a side. */
  codes: 1_000_000,
  gridSide: 2048,
  id: 64,
  order: 64,
  /** Of one surface: 65,536 x 65,536 px. */
  tiles: 65_536,
  /** Farthest tile from the origin, either way. */
  tileIndex: 4096,
} as const
