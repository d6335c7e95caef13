/** A result in small. Pixels never change: what was made for them is kept as long as they are. */
import { useEffect, useRef } from 'react'
import type { Pixels } from '../../../../shared/contract/picture.ts'
import { smallPicture } from './small-picture.ts'

/** Px of the device a side: sharp on a dense screen, and small enough to be made within a frame. */
const side = 96

const made = new WeakMap<Pixels, Pixels>()

function smallOf(pixels: Pixels): Pixels {
  const small = made.get(pixels) ?? smallPicture(pixels, side)
  made.set(pixels, small)
  return small
}

export function StagedThumbnail({ pixels }: { readonly pixels: Pixels }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    const { width, height, data } = smallOf(pixels)
    element.width = width
    element.height = height
    context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0)
  }, [pixels])
  return <canvas ref={canvas} className="staged-picture" aria-hidden />
}
