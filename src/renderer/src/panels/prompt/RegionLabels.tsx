/**
 * The regions over the canvas, where a run would draw them: a tint of the colour that each has, and its name in the middle. They
 * take no part in what the pointer does.
 */
import { useEffect, useRef, useState } from 'react'
import type { MaskLayer } from '../../../../document/index.ts'
import { toScreen } from '../../../../editor/index.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import type { StudioState } from '../../studio/studio-state.ts'
import { canvasOf } from '../canvas-of.ts'
import { maskLayers, regionColour } from '../region-colours.ts'
import { type RegionShape, regionShape } from './region-shape.ts'

/** Px of a region's picture a side; it is stretched over the canvas, where a soft edge does no harm. */
const side = 192

export function RegionLabels() {
  const records = useStudioState((state) => (areShown(state) ? (state.document?.records ?? null) : null))
  if (records === null) return null
  return (
    <div className="regions">
      {maskLayers(records)
        .filter(({ visible, prompt }) => visible && prompt !== '')
        .map((layer) => (
          <Region key={layer.id} layer={layer} colour={regionColour(records, layer.id)} />
        ))}
    </div>
  )
}

/** Before the run: while it goes on, and over its results, the picture is to be seen. */
function areShown({ generation, staging }: StudioState): boolean {
  return generation.verb === 'regions' && generation.running === null && staging === null
}

function Region({ layer, colour }: { readonly layer: MaskLayer; readonly colour: string }) {
  const shape = useShape(layer, colour)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { camera, size } = useStudioState(({ session, document }) => ({
    camera: session.camera,
    size: canvasOf(document),
  }))

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (shape === null || context === null || context === undefined) return
    const { width, height, data } = shape.tint
    Object.assign(context.canvas, { width, height })
    context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0)
  }, [shape])

  if (shape === null || size === null) return null
  const middle = toScreen(camera, { x: shape.middle.x * size.width, y: shape.middle.y * size.height })
  return (
    <>
      <canvas
        ref={canvas}
        className="region-tint"
        aria-hidden
        style={{
          left: camera.x,
          top: camera.y,
          width: size.width * camera.zoom,
          height: size.height * camera.zoom,
        }}
      />
      <p className="region-label" style={{ left: middle.x, top: middle.y }}>
        <span className="region-dot" style={{ background: colour }} />
        <span className="region-name">{layer.name}</span>
        <span className="region-prompt">{layer.prompt}</span>
      </p>
    </>
  )
}

function useShape({ id, surface }: MaskLayer, colour: string): RegionShape | null {
  const studio = useStudio()
  const [shape, setShape] = useState<RegionShape | null>(null)
  useEffect(() => {
    let isWanted = true
    studio.thumbnail(id, 'pixels', side).then(
      (mask) => {
        if (isWanted) setShape(regionShape(mask, colour))
      },
      () => {
        if (isWanted) setShape(null)
      },
    )
    return () => {
      isWanted = false
    }
  }, [studio, id, surface, colour])
  return shape
}
