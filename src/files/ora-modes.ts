/** Blend modes as OpenRaster's composite-op names them, both ways. */
import { type BlendMode, blendModes } from '../document/records.ts'

/** The specification has no exclusion; this is Krita's name for it. */
const ownNames: Readonly<Partial<Record<BlendMode, string>>> = {
  normal: 'svg:src-over',
  exclusion: 'krita:exclusion',
}

const modes: ReadonlyMap<string, BlendMode> = new Map([
  ...blendModes.map((mode) => [`svg:${mode}`, mode] as const),
  ...blendModes.map((mode) => [compositeOp(mode), mode] as const),
])

export function compositeOp(mode: BlendMode): string {
  return ownNames[mode] ?? `svg:${mode}`
}

/** Undefined for a name that none of our modes has. */
export function blendModeOf(compositeOp: string): BlendMode | undefined {
  return modes.get(compositeOp)
}
