/**
 * A layer in small, as it lies on the canvas. Asked for anew whenever its pixels are others (their surface is another object
 * then) or the canvas has another size; what was made for a surface is kept as long as the surface is.
 */
import { useEffect, useRef, useState } from 'react'
import type { LayerId, Surface } from '../../../../document/index.ts'
import type { Target } from '../../../../editor/index.ts'
import type { Pixels } from '../../../../shared/contract/picture.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import type { StudioModel } from '../../studio/studio-model.ts'
import { canvasOf } from '../canvas-of.ts'

/** CSS px. */
const side = 28

interface Made {
  /** Of the canvas: '1024 x 768'. */
  readonly size: string
  readonly pixels: Promise<Pixels | null>
}

const made = new WeakMap<Surface, Made>()

function thumbnailOf(studio: StudioModel, { surface, id, part }: Props, size: string): Promise<Pixels | null> {
  const known = made.get(surface)
  if (known?.size === size) return known.pixels
  const pixels = studio.thumbnail(id, part, side * Math.ceil(window.devicePixelRatio))
  made.set(surface, { size, pixels })
  // What could not be made is asked for again the next time.
  const forget = (): unknown => made.delete(surface)
  pixels.then((result) => result ?? forget(), forget)
  return pixels
}

interface Props {
  readonly id: LayerId
  readonly part: Target['part']
  readonly surface: Surface
}

export function Thumbnail({ id, part, surface }: Props) {
  const studio = useStudio()
  const size = useStudioState(({ document }) => {
    const canvas = canvasOf(document)
    return `${canvas?.width} x ${canvas?.height}`
  })
  const canvas = useRef<HTMLCanvasElement>(null)
  const [isEmpty, setEmpty] = useState(true)

  useEffect(() => {
    let isWanted = true
    thumbnailOf(studio, { surface, id, part }, size).then(
      (pixels) => {
        if (!isWanted) return
        setEmpty(pixels === null)
        if (pixels !== null && canvas.current !== null) draw(canvas.current, pixels)
      },
      () => {
        if (isWanted) setEmpty(true)
      },
    )
    return () => {
      isWanted = false
    }
  }, [studio, surface, id, part, size])

  return (
    <span className={`thumbnail is-${part}`} aria-hidden>
      <canvas ref={canvas} hidden={isEmpty} />
    </span>
  )
}

function draw(canvas: HTMLCanvasElement, { width, height, channels, data }: Pixels): void {
  canvas.width = width
  canvas.height = height
  const rgba = new ImageData(width, height)
  for (let i = 0; i < width * height; i++) {
    const from = i * channels
    const grey = channels === 1
    rgba.data[i * 4] = data[from] ?? 0
    rgba.data[i * 4 + 1] = data[grey ? from : from + 1] ?? 0
    rgba.data[i * 4 + 2] = data[grey ? from : from + 2] ?? 0
    rgba.data[i * 4 + 3] = channels === 4 ? (data[from + 3] ?? 0) : 255
  }
  canvas.getContext('2d')?.putImageData(rgba, 0, 0)
}
