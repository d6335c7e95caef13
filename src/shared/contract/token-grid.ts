/**
 * Token grids as plain data: integers for those who work on them, and packed for whatever keeps or sends them. Two bytes a token,
 * as no codebook here has more than 65,536 codes.
 */
import { z } from 'zod'
import { StudioError } from './errors.ts'

/** Integers [height, width], row by row. */
export interface TokenGrid {
  readonly width: number
  readonly height: number
  readonly tokens: Int32Array
}

const side = z.int().min(1).max(2048)

/** `codes`: unsigned 16-bit little endian, row by row. */
export const packedGridSchema = z
  .object({
    width: side,
    height: side,
    codes: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes were expected'),
  })
  .refine(({ width, height, codes }) => codes.length === width * height * 2, 'codes must hold width x height x 2 bytes')

export type PackedGrid = z.infer<typeof packedGridSchema>

/** @throws StudioError 'bad-request' for a token that two bytes do not hold */
export function packTokens({ width, height, tokens }: TokenGrid): PackedGrid {
  const codes = new Uint8Array(tokens.length * 2)
  for (const [cell, token] of tokens.entries()) {
    if (token < 0 || token > 0xffff) {
      throw new StudioError('bad-request', `${token} is no token. Give codes of 0 to 65535.`)
    }
    codes[cell * 2] = token & 0xff
    codes[cell * 2 + 1] = token >> 8
  }
  return { width, height, codes }
}

export function unpackTokens({ width, height, codes }: PackedGrid): TokenGrid {
  const tokens = new Int32Array(width * height)
  for (let cell = 0; cell < tokens.length; cell++) {
    tokens[cell] = (codes[cell * 2] ?? 0) | ((codes[cell * 2 + 1] ?? 0) << 8)
  }
  return { width, height, tokens }
}
