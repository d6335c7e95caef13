/** The batch that is being put together: its fields, kept from one time to the next, and the plan that follows them. */
import { useEffect, useRef, useState } from 'react'
import type { BatchPlan, BatchSpec } from '../../../../shared/contract/batch.ts'
import { toErrorRecord } from '../../../../shared/contract/errors.ts'
import { useStudio, useStudioState } from '../../state/use-studio.tsx'
import { type BatchDraft, firstDraft, missingOf, remembered } from '../../studio/batch-draft.ts'
import type { StudioModel } from '../../studio/studio-model.ts'

/** Ms after the last change before it is planned, and before it is written down. */
const rest = 300

export type Planned =
  | { readonly is: 'missing'; readonly what: NonNullable<ReturnType<typeof missingOf>> }
  | { readonly is: 'problem'; readonly text: string }
  | { readonly is: 'plan'; readonly plan: BatchPlan; readonly spec: BatchSpec }

export function useBatch() {
  const studio = useStudio()
  const [draft, setDraft] = useState(() => firstOf(studio))
  const [file, setFile] = useState(studio.batches.file)
  /** Whether one runs: what has ended is no longer to be made. */
  const ran = useStudioState(({ batch }) => batch.is)
  const unsaved = useRef<BatchDraft | null>(null)
  const { planned, isPlanning } = usePlan(studio, draft, file, ran)

  useEffect(() => {
    const save = (): void => {
      if (unsaved.current !== null) studio.setPreferences({ batch: remembered(unsaved.current) })
      unsaved.current = null
    }
    const timer = setInterval(save, 2 * rest)
    return () => {
      clearInterval(timer)
      save()
    }
  }, [studio])

  function change(changes: Partial<BatchDraft>): void {
    const next = { ...draft, ...changes }
    unsaved.current = next
    setDraft(next)
  }

  /** What cannot be read leaves the list as it was. @returns why, in words */
  async function load(): Promise<string | null> {
    const source = await studio.choosePrompts()
    if (source === null) return null
    try {
      setFile(await studio.batches.readFile(source))
      return null
    } catch (error) {
      return toErrorRecord(error).message
    }
  }

  function unload(): void {
    studio.batches.file = null
    setFile(null)
  }

  return { draft, file, planned, isPlanning, change, load, unload }
}

export type Batch = ReturnType<typeof useBatch>

function firstOf({ state }: StudioModel): BatchDraft {
  const { preferences, start } = state
  if (preferences.batch !== undefined) return preferences.batch
  const folder = start?.folder ?? ''
  return { ...firstDraft, out: folder === '' ? '' : `${folder}${folder.includes('\\') ? '\\' : '/'}Batch` }
}

/** The last plan is shown until the next is there. */
function usePlan(studio: StudioModel, draft: BatchDraft, file: StudioModel['batches']['file'], ran: string) {
  const [planned, setPlanned] = useState<Planned | null>(null)
  const [isPlanning, setPlanning] = useState(true)
  useEffect(() => {
    let isOver = false
    const timer = setTimeout(() => {
      void plan(studio, draft).then((result) => {
        if (isOver) return
        setPlanned(result)
        setPlanning(false)
      })
    }, rest)
    setPlanning(true)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [studio, draft, file, ran])
  return { planned, isPlanning }
}

async function plan({ batches }: StudioModel, draft: BatchDraft): Promise<Planned> {
  try {
    const rows = await batches.rowsOf(draft)
    const what = missingOf(draft, rows.length)
    if (what !== null) return { is: 'missing', what }
    const spec = await batches.specOf(draft)
    return { is: 'plan', plan: await batches.plan(spec), spec }
  } catch (error) {
    return { is: 'problem', text: toErrorRecord(error).message }
  }
}
