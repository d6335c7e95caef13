/** The two colours that a person paints with. */

/** sRGB, 0..255 each. */
export type Colour = readonly [red: number, green: number, blue: number]

export interface Colours {
  readonly foreground: Colour
  readonly background: Colour
}

export const defaultColours: Colours = { foreground: [0, 0, 0], background: [255, 255, 255] }
