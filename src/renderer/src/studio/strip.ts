/** The pictures of an interpolation as one file that plays for ever. */
import { generating, told, work } from '../strings/steps.ts'
import type { Parts } from './parts.ts'
import type { Stage } from './staging.ts'

/** Each picture shows for so long. */
const milliseconds = 120

export async function exportStrip(parts: Parts, stage: Stage | null, format: 'webp' | 'gif'): Promise<void> {
  if (stage === null || stage.results.length < 2) return
  const { api, desktop, queue, notices, holder } = parts
  const chosen = await desktop.chooseSave({ suggested: `${generating.strip}.${format}`, kind: format })
  if (chosen === null) return
  await queue.run(work.exporting, async () => {
    const frames = stage.results.map(({ pixels }) => pixels)
    const bytes = await api.encodeAnimation({ frames, format, milliseconds })
    const { name, path } = await api.writeAnimation({ path: chosen.path, bytes })
    const canReveal = holder.state.desktop.nativeDialogs
    notices.tell('info', told.exported(canReveal ? name : path), {
      action: canReveal ? { label: told.reveal, action: `reveal:${path}` } : null,
    })
  })
}
