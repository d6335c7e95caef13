/** A whole picture and what its file tells, as long as it is looked at. */
import { useEffect, useState } from 'react'
import type { PictureId } from '../../../../shared/contract/gallery-api.ts'
import { useStudio } from '../../state/use-studio.tsx'
import type { PictureDetails } from '../../studio/library-shelf.ts'
import { toErrorRecord } from '../../../../shared/contract/errors.ts'

/** Ms before a file is read: whoever runs through the pictures with the arrow keys reads none of them. */
const rest = 80

export type Details = PictureDetails | { readonly problem: string } | null

/** Null until it is there, or where none is asked for. */
export function useDetails(id: PictureId | null): Details {
  const { gallery } = useStudio()
  const [details, setDetails] = useState<{ readonly id: PictureId; readonly is: Details } | null>(null)
  useEffect(() => {
    if (id === null) return
    let url: string | null = null
    let isOver = false
    const timer = setTimeout(() => {
      gallery.details(id).then(
        (is) => {
          if (isOver) return URL.revokeObjectURL(is.url)
          url = is.url
          setDetails({ id, is })
        },
        (error: unknown) => {
          if (!isOver) setDetails({ id, is: { problem: toErrorRecord(error).message } })
        },
      )
    }, rest)
    return () => {
      isOver = true
      clearTimeout(timer)
      if (url !== null) URL.revokeObjectURL(url)
    }
  }, [gallery, id])
  return details?.id === id ? details.is : null
}
