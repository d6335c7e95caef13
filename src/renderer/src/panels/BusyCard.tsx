/** What the person waits for, and what cannot be waited for: the program behind the window is gone. */
import { Unplug } from 'lucide-react'
import { useStudioState } from '../state/use-studio.tsx'

export function BusyCard() {
  const busy = useStudioState((state) => state.busy)
  return (
    <div role="status" className="busy-place">
      {busy !== null && (
        <div className="busy">
          <p>{busy.text}</p>
          <div
            role="progressbar"
            aria-label={busy.text}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={busy.share === null ? undefined : Math.round(busy.share * 100)}
            className={busy.share === null ? 'progress is-endless' : 'progress'}
          >
            <span
              className="progress-fill"
              style={busy.share === null ? undefined : { width: `${busy.share * 100}%` }}
            />
          </div>
        </div>
      )}
    </div>
  )
}

export function LostBanner() {
  const reason = useStudioState((state) => state.disconnected)
  if (reason === null) return null
  return (
    <div role="alert" className="lost-banner">
      <Unplug className="icon" aria-hidden />
      <p className="selectable">{reason}</p>
    </div>
  )
}
